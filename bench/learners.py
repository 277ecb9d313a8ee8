"""Learners by the thousand, each with the cookie that a browser would hold."""

from collections.abc import Iterator
from pathlib import Path

from course.record.people import learners
from course.web import create_app, current

SECRET = "benchmarks sign with this, and nobody else"


class LearnersError(Exception):
    """The service's cookies are no longer made as this module makes them."""


def settings(database_url: str, root: Path) -> dict[str, str]:
    """Return what the service needs over *database_url*, for the course built in *root*."""
    return {
        "SECRET_KEY": SECRET,
        "DATABASE_URL": database_url,
        "SITE_DIR": str(root / "site"),
        "PUBLISHED_FILE": str(root / "build/course.json"),
    }


def cookies(database_url: str, root: Path, many: int) -> Iterator[str]:
    """Make guests in the record and yield the cookie of each.

    The service gives one learner its cookie. The others' are signed alike and hold their own tokens.
    """
    app = create_app(settings(database_url, root))
    response = app.test_client().post("/api/v1/session")
    with app.app_context():
        signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
        database = current.database()
    name, _, value = response.headers["Set-Cookie"].split(";")[0].partition("=")
    held = signer.loads(value)
    if "_user_id" not in held:
        raise LearnersError(f"The session's cookie holds no token: {', '.join(held)}.")
    try:
        with database.write() as session:
            tokens = [learners.start_guest(session, "bench") for _ in range(many)]
    finally:
        database.close()
    for token in tokens:
        yield f"{name}={signer.dumps(held | {'_user_id': token})}"


def lines(cookies: Iterator[str], path: str) -> Iterator[str]:
    """Yield what bench/load.lua reads of learners who post to *path*."""
    headers = "Sec-Fetch-Site: same-origin\tContent-Type: application/json"
    for cookie in cookies:
        yield f"POST {path}\t{headers}\tCookie: {cookie}"
