"""The service for other servers: `granian --interface asginl server:front`, or `server:app` for WSGI.

Both do the same. By WSGI each answer takes a thread and Flask's time.
"""

from course.web import create_app

app = create_app()
app.extensions["course_mail"].start()
front = app.extensions["course_front"]
