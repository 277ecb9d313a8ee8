"""The service for other servers: `granian --interface asginl server:front`, or `server:app` for WSGI.

Both answer alike. By WSGI each answer takes a thread and Flask's time; and what `course.web.edge.front`
refuses by ASGI is left to that server: large headers, long addresses, several hosts, bodies that do not
arrive.
"""

import sys

from course import settings, startup
from course.web import create_app

try:
    startup.check(settings.from_environment())
    app = create_app()
    startup.check_record(app.extensions["course_database"])
except startup.ERRORS as error:
    sys.exit(f"The course cannot be served. {error}")
app.extensions["course_mail"].start()
front = app.extensions["course_front"]
