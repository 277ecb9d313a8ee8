"""The database: engine, sessions, statements, schema and migrations. Knows none of the subjects beside it."""
