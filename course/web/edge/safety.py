"""Security headers on every response, and protection from cross-site request forgery."""

from flask import Flask, Response, current_app, request

from course.content.hosts import Hosts
from course.web.edge.errors import Forbidden

CONTENT_SECURITY_POLICY = Hosts().policy
"""The policy of a course that allows no other hosts."""

POLICY = "course_policy"
"""The name of the extension that returns the policy of the published course."""

HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
"""Set on every response, including pages of the site."""

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")


def init_app(app: Flask) -> None:
    """Guard every request of *app*."""
    app.before_request(refuse_other_sites)
    app.after_request(add_headers)


def refuse_other_sites() -> None:
    """Reject a write that another site made a browser send."""
    if request.method in SAFE_METHODS:
        return
    headers = request.headers
    if is_cross_site(headers.get("Sec-Fetch-Site"), headers.get("Origin"), request.host):
        raise Forbidden("This was sent from another site, so it was not carried out.")


def is_cross_site(fetch_site: str | None, origin: str | None, host: str | None) -> bool:
    """Return whether another site made a browser send a request to *host*.

    Static pages cannot carry a token, so this relies on the header Sec-Fetch-Site, or on Origin in browsers
    that lack it. Programs send neither, and only cookies that were given to them.
    """
    if fetch_site is not None:
        return fetch_site not in ("same-origin", "none")
    return origin is not None and origin.partition("://")[2] != host


def add_headers(response: Response) -> Response:
    """Add the security headers, and forbid caching unless the view allows it."""
    if policy := current_app.extensions.get(POLICY):
        response.headers.setdefault("Content-Security-Policy", policy())
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Cache-Control", "no-store")
    return response
