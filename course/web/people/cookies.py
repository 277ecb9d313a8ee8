"""Whom a session's cookie stands for, told on an event loop: remembered, or looked up with others.

What holds:
- A cookie that was found good is remembered for REMEMBERED seconds, with the sign-in that it names. Whether
  that has ended since is not seen here: whoever records for it looks.
- What is remembered is the value of the session's cookie alone, which we signed: whatever other cookies a
  client sends beside it takes no memory.
- One query is under way at a time, for all who came during the one before.
- What cannot be told here, because the cookie is not in order or the database is away, is left to Flask.
"""

import asyncio
import logging
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

from flask.sessions import SecureCookieSessionInterface
from flask_openapi3.openapi import OpenAPI
from itsdangerous import BadSignature

from course.record.answering.preparing import Sender
from course.record.people import learners
from course.record.store.database import Database
from course.record.store.unavailable import is_unavailable

REMEMBERED = 300.0
"""Seconds for which a cookie is remembered that was found good."""

MOST = 20_000
"""How many cookies are remembered at once."""

log = logging.getLogger(__name__)


LONGEST = 1024
"""Characters of the longest cookie that is looked at here; ours have some 200."""


class Cookies:
    """The senders of requests, by the session's cookie that they came with."""

    def __init__(self, app: OpenAPI, database: Database) -> None:
        self.database = database
        self.name: str = app.config["SESSION_COOKIE_NAME"]
        self.lifetime = int(app.permanent_session_lifetime.total_seconds())
        interface = app.session_interface
        assert isinstance(interface, SecureCookieSessionInterface)  # noqa: S101 - for the type checker
        self.serializer = interface.get_signing_serializer(app)
        self._known: dict[str, tuple[float, Sender]] = {}
        self._waiting: list[tuple[str, asyncio.Future[Sender | None]]] = []
        self._looking: asyncio.Task[None] | None = None
        self._thread = ThreadPoolExecutor(1, "cookies")

    def __len__(self) -> int:
        return len(self._known)

    async def sender(self, header: str) -> Sender | None:
        """Return whom a Cookie header stands for; None where Flask has to look at it."""
        value = self._value(header)
        if not value or len(value) > LONGEST:
            return None
        until, sender = self._known.get(value, (0.0, None))
        if until > time.monotonic():
            return sender
        mine = asyncio.get_running_loop().create_future()
        self._waiting.append((value, mine))
        if self._looking is None:
            self._looking = asyncio.create_task(self._look())
        found: Sender | None = await mine
        return found

    def forget(self, header: str) -> None:
        """Look a cookie up again when it comes next."""
        self._known.pop(self._value(header), None)

    def _value(self, header: str) -> str:
        """Return the session's cookie in a Cookie header: the first one, as Flask does; "" without one."""
        for pair in header.split(";"):
            name, _, value = pair.partition("=")
            if name.strip() == self.name:
                return value.strip()
        return ""

    async def _look(self) -> None:
        """Look up those who wait, all at once, until nobody does."""
        loop = asyncio.get_running_loop()
        try:
            while self._waiting:
                group, self._waiting = self._waiting, []
                values = {value for value, _ in group}
                try:
                    found = await loop.run_in_executor(self._thread, self._found, values)
                except Exception as error:  # nobody waits for ever, and Flask reports what is wrong
                    is_known = is_unavailable(error)
                    log.warning("Sessions could not be looked up.", exc_info=not is_known)
                    found = {}
                self._remember(found)
                for value, outcome in group:
                    if not outcome.done():  # whoever asked may be gone
                        outcome.set_result(found.get(value))
        finally:
            self._looking = None

    def _remember(self, found: Mapping[str, Sender]) -> None:
        if len(self._known) + len(found) > MOST:
            self._known.clear()
        until = time.monotonic() + REMEMBERED
        self._known.update((value, (until, sender)) for value, sender in found.items())

    def _found(self, values: set[str]) -> dict[str, Sender]:
        tokens = {value: token for value in values if (token := self._token(value))}
        known = learners.identified(self.database, tokens.values())
        return {
            value: Sender(who.learner_id, who.sign_in_id)
            for value, token in tokens.items()
            if (who := known.get(token)) and who.seen_lately  # Flask notes that it was seen
        }

    def _token(self, cookie: str) -> str | None:
        if self.serializer is None:
            return None
        try:
            token = self.serializer.loads(cookie, max_age=self.lifetime).get("_user_id")
        except BadSignature:
            return None
        return token if isinstance(token, str) else None
