"""How much one browser, or one network, may write in some time.

Every request that writes is counted before more of it is looked at than whether another site sent it, so that
those which are no good count too. Each process counts its part of the limit in memory, or all count together
in Redis, where that is set. Passwords and mail have limits of their own (`course.web.people.sign_in_limits`).
"""

import contextlib
import functools
import hashlib
import hmac
import ipaddress
import logging
import math
import time
from typing import cast

import limits
from flask import Flask, current_app, request
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter
from werkzeug.exceptions import TooManyRequests

from course.record.answering.preparing import Sender
from course.web import parts
from course.web.edge.asgi import COUNTED
from course.web.edge.safety import SAFE_METHODS
from course.web.statistics.counting import InProcess

log = logging.getLogger(__name__)

DEAR = frozenset({"accounts.data_json", "accounts.data_csv"})
"""What only reads and is limited as writes are, since it reads everything."""


class Limited(TooManyRequests):
    """Too much was done; *seconds* tells when to try again."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        super().__init__(f"That was a lot at once. {spoken(seconds)}", retry_after=seconds)

    def __str__(self) -> str:
        return str(self.description)


def spoken(seconds: int) -> str:
    """Return a sentence that says when to try again."""
    minutes = math.ceil(seconds / 60)
    return f"Try again in {'a minute' if minutes == 1 else f'{minutes} minutes'}."


class Writes:
    """Counts answers and whatever else writes to a learner's record, for each browser that is known."""

    def __init__(self, app: Flask) -> None:
        place = str(app.config["LIMIT_STORAGE"])
        self.at_once = place == "memory://"
        """Whether counting asks no other machine."""
        storage = InProcess() if self.at_once else storage_from_string(place)
        self._away = () if self.at_once else storage.base_exceptions
        """What is raised where counts lie on a machine that cannot be reached."""
        self._is_away = False
        self._limiter = FixedWindowRateLimiter(storage)
        self.config = app.config

    def allows(self, sender: Sender) -> bool:
        """Count an answer; return whether it is within the limit."""
        return self.wait(f"sign-in {sender.sign_in_id}") == 0

    def wait(self, who: str) -> int:
        """Count a request; return in how many seconds the next one is taken, 0 where this one is.

        Where nothing can be counted, all are taken: answers are worth more than a limit on them.
        """
        try:
            seconds = self._wait(who)
        except self._away as error:
            if not self._is_away:
                log.error("Writes are not limited, they cannot be counted: %s", error)
            self._is_away = True
            return 0
        self._is_away = False
        return seconds

    def _wait(self, who: str) -> int:
        share = self.config["WORKERS"] if self.at_once else 1
        for item in parsed(self.config["LIMIT_WRITES"], share):
            if not self._limiter.hit(item, who):
                reset_at = self._limiter.get_window_stats(item, who).reset_time
                return max(1, math.ceil(reset_at - time.time()))
        return 0


@functools.cache
def parsed(text: str, share: int = 1) -> list[limits.RateLimitItem]:
    """Return the limits that *text* names, each divided by *share*."""
    return [
        type(item)(max(1, item.amount // share), item.multiples) for item in limits.parse_many(text)
    ]


def init_app(app: Flask) -> None:
    """Count every write to *app*."""
    app.extensions["course_writes"] = Writes(app)
    app.before_request(_count_write)


def _count_write() -> None:
    if request.method in SAFE_METHODS and request.endpoint not in DEAR:
        return
    if request.environ.get(COUNTED):  # by the short way for answers
        return
    identity = parts.identity()
    who = f"sign-in {identity.sign_in_id}" if identity else f"network {network()}"
    if seconds := cast(Writes, current_app.extensions["course_writes"]).wait(who):
        raise Limited(seconds)


def network() -> str:
    """Return a pseudonym of the network that a request came from: what one customer of a provider has."""
    text = request.remote_addr or ""
    with contextlib.suppress(ValueError):
        address = ipaddress.ip_address(text)
        if isinstance(address, ipaddress.IPv6Address):
            mapped = address.ipv4_mapped
            text = str(mapped or ipaddress.ip_network((address, 64), strict=False).network_address)
    return pseudonym("network", text)


def pseudonym(kind: str, text: str) -> str:
    """Return what stands for an address that is counted: 32 hex digits, made with the secret key."""
    key = current_app.config["SECRET_KEY"].encode()
    return hmac.digest(key, f"{kind} {text}".encode(), hashlib.sha256).hex()[:32]
