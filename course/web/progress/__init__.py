"""My learning."""
