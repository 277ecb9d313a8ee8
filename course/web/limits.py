"""How much one browser or one network may do in a minute."""

import functools

import limits
from flask import Flask, current_app
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from course.record.preparing import Sender
from course.web import parts
from course.web.counting import InProcess


def _who() -> str:
    identity = parts.identity()
    return f"sign-in {identity.sign_in_id}" if identity else f"address {get_remote_address()}"


limiter = Limiter(_who, headers_enabled=False)


def init_app(app: Flask) -> None:
    """Count where the settings say."""
    place = str(app.config["LIMIT_STORAGE"])
    ours = f"{InProcess.STORAGE_SCHEME[0]}://"
    app.config.setdefault("RATELIMIT_STORAGE_URI", ours if place == "memory://" else place)
    limiter.init_app(app)


writes = limiter.limit(lambda: str(current_app.config["LIMIT_WRITES"]))
"""For whatever writes to a learner's record."""


class Writes:
    """The same limit, for answers that reach the record without Flask's help."""

    ENDPOINT = "api.record"
    """Under which Flask counts them: one counter for both ways."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.at_once = isinstance(limiter.storage, InProcess)
        """Whether counting asks no other machine."""

    def allows(self, sender: Sender) -> bool:
        """Count an answer; return whether it is within the limit."""
        who = f"sign-in {sender.sign_in_id}"
        items = _parsed(self.app.config["LIMIT_WRITES"])
        return all(limiter.limiter.hit(item, who, self.ENDPOINT) for item in items)


@functools.cache
def _parsed(text: str) -> list[limits.RateLimitItem]:
    return limits.parse_many(text)


sign_in = limiter.limit(
    lambda: str(current_app.config["LIMIT_SIGN_IN"]), key_func=get_remote_address
)
"""For whatever checks a password or sends mail."""
