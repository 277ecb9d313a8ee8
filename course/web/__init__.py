"""HTTP: one folder for each subject, views and templates together."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import jinja2
from flask_openapi3.models.info import Info
from flask_openapi3.openapi import OpenAPI
from werkzeug.middleware.proxy_fix import ProxyFix

from course import __version__, settings
from course.content import counts
from course.content.course import Course
from course.markup import times
from course.record.answering.recording import Recorder
from course.record.revisions.published_course import PublishedCourse, read_course
from course.record.store import schema, timeouts
from course.record.store.database import Database
from course.web.answering import answers
from course.web.api import routes
from course.web.api.answers import Answers, BesideFlask
from course.web.edge import asgi, errors, front, health, intake, safety
from course.web.edge.front import Front
from course.web.edge.static import Mounted, SiteFiles
from course.web.mail import messages, sending
from course.web.people import (
    access,
    accounts,
    cookie_check,
    identity,
    learners,
    owners,
    requester,
    signing_in,
)
from course.web.progress import learning
from course.web.statistics import recounting, teaching


def create_app(config: Mapping[str, Any] | None = None) -> OpenAPI:
    """Return the service, set up from COURSE_... variables or from *config*.

    Raises SettingError for a setting that is missing or nonsense, and SchemaError for a database that
    is not at this version's schema: the factory migrates nothing.
    """
    app = intake.Service(
        __name__,
        info=Info(title="Course", version=__version__, description=routes.ABOUT),
        security_schemes=routes.SECURITY_SCHEMES,
        doc_ui=False,
        validation_error_callback=routes.invalid,
        static_folder=None,
    )
    app.jinja_loader = _templates()
    app.jinja_env.filters.update(counts.FILTERS, **times.FILTERS)
    app.config.from_mapping(settings.from_environment({}))
    app.config.from_mapping(settings.from_environment() if config is None else config)
    settings.check(app.config)
    messages.check(app.config)
    course_file = Path(app.config["PUBLISHED_FILE"])
    site_url = app.config["SITE_URL"] or _site_url(course_file)
    base = Course("", site_url, ()).base
    app.config.update(
        MAX_CONTENT_LENGTH=64 * 1024,
        PERMANENT_SESSION_LIFETIME=timedelta(days=app.config["SESSION_DAYS"]),
        SESSION_COOKIE_NAME="course",
        SESSION_COOKIE_PATH=base,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=site_url.startswith("https:"),
        SESSION_REFRESH_EACH_REQUEST=False,
        REMEMBER_COOKIE_NAME="\0",  # no cookie has this name, so that Flask-Login never reads its own
        PUBLIC_URL=site_url,
    )

    database = Database(app.config["DATABASE_URL"], timeouts.for_service(app.config))
    try:
        schema.check(database)
        _assemble(app, database, course_file, base)
    except BaseException:
        database.close()
        raise
    return app


def _assemble(app: OpenAPI, database: Database, course_file: Path, base: str) -> None:
    """Give *app* its record, its views and what surrounds them."""
    if app.config["SITE_URL"] and (built_for := _site_url(course_file)) != app.config["SITE_URL"]:
        message = (
            "COURSE_SITE_URL is %s, but the site was built for %s: build it with the same address."
        )
        app.logger.warning(message, app.config["SITE_URL"], built_for)
    app.extensions["course_database"] = database
    app.extensions["course_published"] = published_course = PublishedCourse(course_file, database)
    app.extensions[safety.POLICY] = lambda: published_course.policy
    app.extensions["course_mail"] = sending.Sender(database, app.config)
    app.extensions["course_recorder"] = Recorder(database, app.config["QUEUE"])

    first = (safety, identity, requester, intake, access, errors, health)  # in this order
    for part in (*first, cookie_check, owners, recounting):
        part.init_app(app)
    register_views(app)
    access.endpoints(app)

    inner: Any = app.wsgi_app
    site = None
    if app.config["SERVE_SITE"]:
        inner = site = SiteFiles(inner, Path(app.config["SITE_DIR"]))
    inner = Mounted(inner, base)
    if hops := app.config["PROXIES"]:
        inner = ProxyFix(inner, x_for=hops, x_proto=hops, x_host=hops)
    recorded = Answers(app, base)
    app.wsgi_app = BesideFlask(inner, recorded)  # type: ignore[method-assign]
    flask = asgi.InThreads(inner, front.THREADS, app.config["MAX_CONTENT_LENGTH"])
    app.extensions["course_front"] = Front(
        base, site, recorded, flask, app.extensions["course_readiness"]
    )


def register_views(app: OpenAPI) -> None:
    """Add every address to *app*."""
    for part in (answers, learning, signing_in, accounts, teaching, learners):
        app.register_blueprint(part.bp)
    routes.register(app)
    health.register(app)


def create_front(config: Mapping[str, Any] | None = None) -> Front:
    """Return the ASGI application, which records answers on the event loop and sends mail in a thread."""
    app = create_app(config)
    app.extensions["course_mail"].start()
    made: Front = app.extensions["course_front"]
    return made


def _templates() -> jinja2.BaseLoader:
    """Return a loader that maps "SUBJECT/NAME" to NAME in the folder `templates` of that subject."""
    folders = Path(__file__).parent.glob("*/templates")
    return jinja2.PrefixLoader(
        {path.parent.name: jinja2.FileSystemLoader(path) for path in folders}
    )


def _site_url(course_file: Path) -> str:
    if not course_file.is_file():
        return ""
    return read_course(course_file).site_url
