"""WSGI entry point: `granian --interface wsgi server:app`."""

from course.web import create_app

app = create_app()
