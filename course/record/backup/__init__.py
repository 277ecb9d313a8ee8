"""Backups: the whole record in one file, made while the service runs, checked, and restored."""
