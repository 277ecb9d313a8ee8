"""Who sends a request: from which site, with whose session, and how often. For pages and the API alike.

Flask's pages use this through hooks and Flask-Login, the event loop through `course.web.api.answers`. So what
is refused for one is refused for the other, and counts towards the same limit.
"""

from collections.abc import Collection
from typing import cast

from flask import Flask, current_app, request
from sqlalchemy.exc import SQLAlchemyError

from course.record.people import learners
from course.record.people.learners import Identity
from course.record.store.database import Database
from course.record.store.unavailable import is_unavailable
from course.web import current
from course.web.edge.errors import Forbidden
from course.web.edge.limits import WriteLimit

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")

COSTLY_READS = frozenset({"accounts.data_json", "accounts.data_csv"})
"""Endpoints that only read, but are limited like writes because they read the whole record of a learner."""


def init_app(app: Flask) -> None:
    """Check every write to *app*: where it comes from, then how many came before it."""
    app.extensions["course_writes"] = WriteLimit(app)
    app.before_request(_check_write)


def _check_write() -> None:
    is_write = request.method not in SAFE_METHODS
    if is_write:
        headers = request.headers
        refuse_other_site(headers.get("Sec-Fetch-Site"), headers.get("Origin"), request.host)
    if is_write or request.endpoint in COSTLY_READS:
        limit = cast(WriteLimit, current_app.extensions["course_writes"])
        who = current.identity()
        limit.count(who.sign_in_id if who else None, request.remote_addr)


def refuse_other_site(fetch_site: str | None, origin: str | None, host: str | None) -> None:
    """Raise Forbidden for a write to *host* that another site made a browser send.

    Static pages cannot carry a token, so this relies on the header Sec-Fetch-Site, or on Origin in browsers
    that lack it. Programs send neither, and only cookies that were given to them.
    """
    if fetch_site is not None:
        is_other = fetch_site not in ("same-origin", "none")
    else:
        is_other = origin is not None and origin.partition("://")[2] != host
    if is_other:
        raise Forbidden("This was sent from another site, so it was not carried out.")


def identify(database: Database, tokens: Collection[str]) -> dict[str, Identity]:
    """Return whose session each of *tokens* names, without those that have ended; note their visits."""
    found = learners.identify_all(database, tokens) if tokens else {}
    if unseen := [who.sign_in_id for who in found.values() if not who.seen_lately]:
        _note_visits(database, unseen)
    return found


def _note_visits(database: Database, sign_in_ids: Collection[int]) -> None:
    """Note when browsers were used; if the database takes no writes, they are served all the same."""
    try:
        with database.write() as session:
            for sign_in_id in sign_in_ids:
                learners.record_use(session, sign_in_id)
    except SQLAlchemyError as error:
        if not is_unavailable(error):
            raise
