"""Alembic's way in: it runs on the connection that `schema.upgrade` hands over."""

from alembic import context

from course.record.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
