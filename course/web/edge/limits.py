"""Rate limits on writes, for each browser or network.

Every request that writes is counted right after the check for other sites, so that invalid requests count
too. Each process counts its share of the limit in memory; where Redis is configured, all processes count
together. Passwords and mail have separate limits (`course.web.people.sign_in_limits`).
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

from course.content.counts import pluralise
from course.record.answering.preparing import Sender
from course.web import current
from course.web.edge.asgi import COUNTED
from course.web.edge.limit_storage import InProcessStorage
from course.web.edge.safety import SAFE_METHODS

log = logging.getLogger(__name__)

COSTLY_READS = frozenset({"accounts.data_json", "accounts.data_csv"})
"""Endpoints that only read, but are limited like writes because they read the whole record of a learner."""


class Limited(TooManyRequests):
    """A rate limit was exceeded; *seconds* is the time until the next attempt is allowed."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        super().__init__(
            f"That was a lot in a short time. {retry_message(seconds)}", retry_after=seconds
        )

    def __str__(self) -> str:
        return str(self.description)


def retry_message(seconds: int) -> str:
    """Return a sentence that names the waiting time in minutes."""
    minutes = math.ceil(seconds / 60)
    return f"Try again in {pluralise(minutes, 'a minute', f'{minutes} minutes')}."


class WriteLimit:
    """Counts answers and all other writes, for each known browser, or else for each network."""

    def __init__(self, app: Flask) -> None:
        place = str(app.config["LIMIT_STORAGE"])
        self.in_memory = place == "memory://"
        """Whether counting needs no other machine."""
        storage = InProcessStorage() if self.in_memory else storage_from_string(place)
        self._storage_errors = () if self.in_memory else storage.base_exceptions
        """The exceptions that mean the counters' machine cannot be reached."""
        self._storage_failed = False
        self._limiter = FixedWindowRateLimiter(storage)
        self.config = app.config

    def allows(self, sender: Sender) -> bool:
        """Count an answer; return whether it is within the limit."""
        return self.count(f"sign-in {sender.sign_in_id}") == 0

    def count(self, who: str) -> int:
        """Count a request of *who*; return 0 if it is allowed, else the seconds until the next one is.

        While requests cannot be counted, all are allowed: an answer is worth more than the limit.
        """
        try:
            seconds = self._count(who)
        except self._storage_errors as error:
            if not self._storage_failed:
                log.error("Writes are not limited, they cannot be counted: %s", error)
            self._storage_failed = True
            return 0
        self._storage_failed = False
        return seconds

    def _count(self, who: str) -> int:
        share = self.config["WORKERS"] if self.in_memory else 1
        for item in parse_limits(self.config["LIMIT_WRITES"], share):
            if not self._limiter.hit(item, who):
                reset_at = self._limiter.get_window_stats(item, who).reset_time
                return max(1, math.ceil(reset_at - time.time()))
        return 0


@functools.cache
def parse_limits(text: str, share: int = 1) -> list[limits.RateLimitItem]:
    """Return the limits in *text*, such as "20 per minute", each divided by *share* processes."""
    return [
        type(item)(max(1, item.amount // share), item.multiples) for item in limits.parse_many(text)
    ]


def init_app(app: Flask) -> None:
    """Count every write to *app*."""
    app.extensions["course_writes"] = WriteLimit(app)
    app.before_request(_count_write)


def _count_write() -> None:
    if request.method in SAFE_METHODS and request.endpoint not in COSTLY_READS:
        return
    if request.environ.get(COUNTED):  # by FastAnswers
        return
    identity = current.identity()
    who = f"sign-in {identity.sign_in_id}" if identity else f"network {network()}"
    if seconds := cast(WriteLimit, current_app.extensions["course_writes"]).count(who):
        raise Limited(seconds)


def network() -> str:
    """Return a pseudonym of the request's network: its IPv4 address, or its IPv6 /64 prefix."""
    text = request.remote_addr or ""
    with contextlib.suppress(ValueError):
        address = ipaddress.ip_address(text)
        if isinstance(address, ipaddress.IPv6Address):
            mapped = address.ipv4_mapped
            text = str(mapped or ipaddress.ip_network((address, 64), strict=False).network_address)
    return pseudonym("network", text)


def pseudonym(kind: str, text: str) -> str:
    """Return a keyed hash of an address, 32 hex digits, so that counters hold no addresses."""
    key = current_app.config["SECRET_KEY"].encode()
    return hmac.digest(key, f"{kind} {text}".encode(), hashlib.sha256).hex()[:32]
