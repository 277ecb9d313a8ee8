"""What every request passes: files, limits, origin, errors and health, in ASGI and WSGI."""
