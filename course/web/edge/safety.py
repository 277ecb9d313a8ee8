"""Security headers on every response."""

from flask import Flask, Response, current_app

from course.content.hosts import Hosts

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


def init_app(app: Flask) -> None:
    """Add the headers to every response of *app*."""
    app.after_request(add_headers)


def add_headers(response: Response) -> Response:
    """Add the security headers, and forbid caching unless the view allows it."""
    if policy := current_app.extensions.get(POLICY):
        response.headers.setdefault("Content-Security-Policy", policy())
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Cache-Control", "no-store")
    return response
