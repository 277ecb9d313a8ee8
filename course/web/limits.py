"""How much one browser or one network may do in a minute."""

from flask import Flask, current_app
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from course.web import parts


def _who() -> str:
    identity = parts.identity()
    return f"sign-in {identity.sign_in_id}" if identity else f"address {get_remote_address()}"


limiter = Limiter(_who, headers_enabled=False)


def init_app(app: Flask) -> None:
    """Count where the settings say."""
    app.config.setdefault("RATELIMIT_STORAGE_URI", app.config["LIMIT_STORAGE"])
    limiter.init_app(app)


writes = limiter.limit(lambda: str(current_app.config["LIMIT_WRITES"]))
"""For whatever writes to a learner's record."""

sign_in = limiter.limit(
    lambda: str(current_app.config["LIMIT_SIGN_IN"]), key_func=get_remote_address
)
"""For whatever checks a password or sends mail."""
