"""Flask's signed session cookie, made tolerant of clocks that differ between machines."""

from datetime import datetime
from typing import Any

from flask import Flask, Request, Response, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from itsdangerous import BadSignature, SignatureExpired, TimestampSigner, URLSafeTimedSerializer


class Signer(TimestampSigner):
    """Accepts a signature dated in the future, which the library rejects.

    Only we have the key, so a future date means that the clocks of two machines differ, or that this one was
    set back. Rejecting it would sign people out, and guests would lose their record for good.
    """

    def unsign(
        self, signed_value: Any, max_age: int | None = None, return_timestamp: Any = False
    ) -> Any:
        value: bytes
        made: datetime
        value, made = super().unsign(signed_value, return_timestamp=True)
        if max_age is not None and self.get_timestamp() - made.timestamp() > max_age:
            raise SignatureExpired(f"older than {max_age} seconds", value, made)
        return (value, made) if return_timestamp else value


class CookieSessions(SecureCookieSessionInterface):
    """Flask's sessions with our signer."""

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        serializer = super().get_signing_serializer(app)
        if serializer is not None:
            serializer.signer = Signer
        return serializer

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Set the cookie for the site's path, and delete an old one that was set for the whole host.

        Earlier versions set that. Browsers send it last, after cookies for longer paths.
        """
        super().save_session(app, session, response)
        path, name = self.get_cookie_path(app), self.get_cookie_name(app)
        if path == "/" or not session.modified:
            return
        cookies = request.cookies.getlist(name)
        if cookies and self._is_signed(app, cookies[-1]):  # it is not the cookie of a course at "/"
            secure = self.get_cookie_secure(app)
            response.delete_cookie(name, path="/", secure=secure, httponly=True, samesite="Lax")

    def has_signed(self, app: Flask, request: Request) -> bool:
        """Return whether a request has a cookie that we signed, expired or not."""
        return self._is_signed(app, request.cookies.get(self.get_cookie_name(app), ""))

    def _is_signed(self, app: Flask, cookie: str) -> bool:
        serializer = self.get_signing_serializer(app)
        try:
            return serializer is not None and bool(serializer.loads(cookie).get("_user_id"))
        except BadSignature:
            return False
