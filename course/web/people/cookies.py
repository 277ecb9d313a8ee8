"""A cache that maps session cookies to senders, for use on the event loop.

Invariants:
- A valid cookie is cached for CACHE_SECONDS with its sign-in. The cache does not notice when the sign-in
  ends: the transaction that records an answer checks that.
- Only the value of our signed session cookie is cached, so that other cookies of a client take no memory.
- One query runs at a time, for all requests that arrived during the previous one.
"""

import asyncio
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

from flask.sessions import SecureCookieSessionInterface
from flask_openapi3.openapi import OpenAPI
from itsdangerous import BadSignature

from course.record.answering.preparing import Sender
from course.record.people import access
from course.record.people.access import Permission
from course.record.store.database import Database
from course.web.people import requester

CACHE_SECONDS = 300.0
"""Seconds for which a valid cookie is cached."""

MAX_CACHED = 20_000
"""Maximum number of cached cookies."""

MAX_COOKIE_CHARACTERS = 1024
"""Longer cookies are not cached; ours have about 200 characters."""


class SenderCache:
    """The senders of requests, by their session cookie."""

    def __init__(self, app: OpenAPI, database: Database) -> None:
        self.database = database
        self.name: str = app.config["SESSION_COOKIE_NAME"]
        self.lifetime = int(app.permanent_session_lifetime.total_seconds())
        interface = app.session_interface
        assert isinstance(interface, SecureCookieSessionInterface)  # noqa: S101 - for the type checker
        self.serializer = interface.get_signing_serializer(app)
        self._cache: dict[str, tuple[float, Sender]] = {}
        self._waiting: list[tuple[str, asyncio.Future[Sender | None]]] = []
        self._query_task: asyncio.Task[None] | None = None
        self._thread = ThreadPoolExecutor(1, "cookies")

    def __len__(self) -> int:
        return len(self._cache)

    async def sender(self, header: str) -> Sender | None:
        """Return the sender that a Cookie header identifies; None without a valid session.

        Raises sqlalchemy.exc.SQLAlchemyError.
        """
        value = self._value(header)
        if not value:
            return None
        until, sender = self._cache.get(value, (0.0, None))
        if until > time.monotonic():
            return sender
        mine = asyncio.get_running_loop().create_future()
        self._waiting.append((value, mine))
        if self._query_task is None:
            self._query_task = asyncio.create_task(self._query_waiting())
        found: Sender | None = await mine
        return found

    def forget(self, header: str) -> None:
        """Remove a cookie from the cache, so that it is queried again."""
        self._cache.pop(self._value(header), None)

    def _value(self, header: str) -> str:
        """Return the first session cookie in a Cookie header, as Flask does; "" if there is none."""
        for pair in header.split(";"):
            name, _, value = pair.partition("=")
            if name.strip() == self.name:
                return value.strip()
        return ""

    async def _query_waiting(self) -> None:
        """Query all waiting cookies together, until none is left."""
        loop = asyncio.get_running_loop()
        try:
            while self._waiting:
                group, self._waiting = self._waiting, []
                values = {value for value, _ in group}
                found: Mapping[str, Sender] = {}
                failure: Exception | None = None
                try:
                    found = await loop.run_in_executor(self._thread, self._find_senders, values)
                except Exception as error:  # every request that waits reports it
                    failure = error
                self._store(found)
                for value, outcome in group:
                    if outcome.done():  # the request was cancelled
                        continue
                    if failure is not None:
                        outcome.set_exception(failure)
                    else:
                        outcome.set_result(found.get(value))
        finally:
            self._query_task = None

    def _store(self, found: Mapping[str, Sender]) -> None:
        if len(self._cache) + len(found) > MAX_CACHED:
            self._cache.clear()
        until = time.monotonic() + CACHE_SECONDS
        self._cache.update(
            (value, (until, sender))
            for value, sender in found.items()
            if len(value) <= MAX_COOKIE_CHARACTERS
        )

    def _find_senders(self, values: set[str]) -> dict[str, Sender]:
        tokens = {value: token for value in values if (token := self._token(value))}
        known = requester.identify(self.database, set(tokens.values()))
        return {
            value: Sender(who.learner_id, who.sign_in_id)
            for value, token in tokens.items()
            if (who := known.get(token)) and access.may(who, Permission.OWN_RECORD)
        }

    def _token(self, cookie: str) -> str | None:
        if self.serializer is None:
            return None
        try:
            token = self.serializer.loads(cookie, max_age=self.lifetime).get("_user_id")
        except BadSignature:
            return None
        return token if isinstance(token, str) else None
