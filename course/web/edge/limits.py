"""Rate limits on writes, for each browser or network.

`course.web.people.requester` counts every write right after the check for other sites, so that invalid
requests count too. Each process counts its share of the limit in memory; where Redis is configured, all
processes count together. Passwords and mail have separate limits (`course.web.people.sign_in_limits`).
"""

import contextlib
import functools
import hashlib
import hmac
import ipaddress
import logging
import math
import time

import limits
from flask import Flask, current_app, request
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter
from werkzeug.exceptions import TooManyRequests

from course.content.counts import pluralise
from course.web.edge.limit_storage import InProcessStorage

log = logging.getLogger(__name__)


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

    def count(self, sign_in_id: int | None, address: str | None) -> None:
        """Count a write of a browser, or of its network if it has no session; raises Limited.

        While writes cannot be counted, all are allowed: an answer is worth more than the limit.
        """
        who = f"sign-in {sign_in_id}" if sign_in_id else f"network {self._network(address)}"
        try:
            seconds = self._count(who)
        except self._storage_errors as error:
            if not self._storage_failed:
                log.error("Writes are not limited, they cannot be counted: %s", error)
            self._storage_failed = True
            return
        self._storage_failed = False
        if seconds:
            raise Limited(seconds)

    def _network(self, address: str | None) -> str:
        return network_pseudonym(address or "", self.config["SECRET_KEY"])

    def _count(self, who: str) -> int:
        """Return 0 if a write of *who* is allowed, else the seconds until the next one is."""
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


def network() -> str:
    """Return a pseudonym of the request's network."""
    return network_pseudonym(request.remote_addr or "", current_app.config["SECRET_KEY"])


def network_pseudonym(text: str, secret: str) -> str:
    """Return a pseudonym of the network of an address: an IPv4 address, or an IPv6 /64 prefix."""
    with contextlib.suppress(ValueError):
        address = ipaddress.ip_address(text)
        if isinstance(address, ipaddress.IPv6Address):
            mapped = address.ipv4_mapped
            text = str(mapped or ipaddress.ip_network((address, 64), strict=False).network_address)
    return pseudonym("network", text, secret)


def pseudonym(kind: str, text: str, secret: str) -> str:
    """Return a keyed hash of an address, 32 hex digits, so that counters hold no addresses."""
    return hmac.digest(secret.encode(), f"{kind} {text}".encode(), hashlib.sha256).hex()[:32]
