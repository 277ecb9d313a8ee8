"""What keeps strangers out: headers for every response, and no writes on behalf of other sites."""

from flask import Flask, Response, current_app, request

from course.content.hosts import Hosts
from course.web.edge.errors import Forbidden

CONTENT_SECURITY_POLICY = Hosts().policy
"""The policy where the course names no other hosts."""

POLICY = "course_policy"
"""The extension that returns the policy of the present course, where that may be another."""

HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
"""Set on every response, pages of the site too."""

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")


def init_app(app: Flask) -> None:
    """Guard every request of *app*."""
    app.before_request(refuse_other_sites)
    app.after_request(add_headers)


def refuse_other_sites() -> None:
    """Refuse a write that another site made a browser send."""
    if request.method in SAFE_METHODS:
        return
    headers = request.headers
    if is_from_elsewhere(headers.get("Sec-Fetch-Site"), headers.get("Origin"), request.host):
        raise Forbidden("This was sent from another site, so it was not carried out.")


def is_from_elsewhere(fetch_site: str | None, origin: str | None, host: str | None) -> bool:
    """Return whether another site made a browser send a request to *host*.

    Static pages cannot carry a token, so the browser's own word is taken: Sec-Fetch-Site, or Origin in
    browsers that lack it. A program sends neither, and no cookie that it was not given either.
    """
    if fetch_site is not None:
        return fetch_site not in ("same-origin", "none")
    return origin is not None and origin.partition("://")[2] != host


def add_headers(response: Response) -> Response:
    """Add what every response carries. Nothing that the service renders is for a shared cache."""
    if policy := current_app.extensions.get(POLICY):
        response.headers.setdefault("Content-Security-Policy", policy())
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Cache-Control", "no-store")
    return response
