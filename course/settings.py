# ruff: noqa: E501 - a table reads best with one row a line
"""Every setting of the service: its name, its default, and what it is for.

Each is read from the environment as COURSE_<NAME>. The operators' table is made from this list.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Setting:
    """One setting; the type of its default is the type of its value."""

    name: str
    default: Any
    help: str

    @property
    def variable(self) -> str:
        return f"COURSE_{self.name}"


class SettingError(Exception):
    """An invalid setting; the message names the variable and the fix."""


SETTINGS = (
    Setting("SECRET_KEY", "", "Signs cookies. 32 random characters or more; must stay the same. No default: the service does not start without it (`course serve` makes one in the data folder)."),
    Setting("DATABASE_URL", "sqlite:///data/course.sqlite", "Where the record lies: `sqlite:///path` or `postgresql+psycopg://user:password@host/name`."),
    Setting("DATABASE_CONNECT_TIMEOUT", 3, "Seconds that the service waits for PostgreSQL to take a connection."),
    Setting("DATABASE_LOCK_TIMEOUT", 10, "Seconds that the service waits for a lock that somebody else holds in the database. Then it answers 503, and browsers try again."),
    Setting("DATABASE_STATEMENT_TIMEOUT", 20, "Seconds that PostgreSQL may take for one statement of the service. Commands such as `course statistics` may take as long as they need."),
    Setting("SITE_URL", "", "The public address of the site, such as `https://learn.example.org/`. Taken from mkdocs.yml when empty. With https, cookies are sent over TLS only."),
    Setting("SITE_DIR", "site", "The built site."),
    Setting("PUBLISHED_FILE", "build/course.json", "The published questions with their keys, written by `course build`. Never served."),
    Setting("SERVE_SITE", True, "Whether the service serves the built site, too. Turn it off where nginx or a CDN does."),
    Setting("PROXIES", 0, "How many reverse proxies stand in front. Each must set X-Forwarded-For, -Proto and -Host itself: what they say is believed."),
    Setting("SMTP_URL", "", "How mail leaves: `smtp://user:password@host:587` (STARTTLS where offered) or `smtps://…:465`. Empty: mail is written to the outbox folder."),
    Setting("MAIL_FROM", "course@localhost", "The sender of mail."),
    Setting("OUTBOX", "data/outbox", "Folder for mail where there is no SMTP server."),
    Setting("SESSION_DAYS", 365, "How long a browser stays known after its first visit."),
    Setting("WORKERS", 1, "How many processes share a limit that each counts in memory. `course serve --workers` sets it."),
    Setting("LIMIT_SIGN_IN", "20 per minute", "Wrong passwords, and forms about accounts that cannot be used, for each network. Successes do not count."),
    Setting("LIMIT_PASSWORD", "10 per 15 minutes", "Wrong passwords for one account, from one network or in one browser."),
    Setting("LIMIT_ACCOUNT", "50 per hour", "Wrong passwords for one account from all networks together. Beyond, each network has one; browsers that were signed in before keep theirs."),
    Setting("LIMIT_MAIL", "100 per hour", "Mails that one network may ask for."),
    Setting("LIMIT_WRITES", "600 per minute", "Answers and other requests that write, for each browser that is known; for others, for each network."),
    Setting("QUEUE", 256, "How many answers may wait to be stored in each process. Beyond, a browser is told to send its answer again after a second, which it does by itself."),
    Setting("LIMIT_STORAGE", "memory://", "Where `COURSE_LIMIT_WRITES` is counted. `memory://` counts in each process, which allows its part of the limit; `redis://host` counts for all machines, and needs the Python package `redis`; while that is away, these writes are not limited. The other limits lie in the database."),
)  # fmt: skip


def from_environment(environment: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """Return every setting, from *environment* or its default; raises SettingError for invalid values."""
    known = {setting.variable for setting in SETTINGS}
    for name in environment:
        if name.startswith("COURSE_") and name not in known | TEST_VARIABLES:
            raise SettingError(
                f"{name} is no setting of the course. Known: {', '.join(sorted(known))}"
            )
    return {s.name: _parse(s, environment.get(s.variable)) for s in SETTINGS}


def check(config: Mapping[str, Any], *, makes_key: bool = False) -> None:
    """Raise SettingError for an invalid setting; with *makes_key*, the secret key may be missing."""
    key = config["SECRET_KEY"]
    if len(key) < 32 and (key or not makes_key):
        what = "is missing" if not key else "is too short"
        raise SettingError(
            f"COURSE_SECRET_KEY {what}: set it to 32 random characters or more, such as the output of "
            "`python3 -c 'import secrets; print(secrets.token_urlsafe(48))'`, and keep it."
        )
    check_database(config)
    if config["SMTP_URL"] and not _is_address(config["SMTP_URL"], "smtp", "smtps"):
        raise SettingError(
            "COURSE_SMTP_URL must look like smtp://user:password@host:587 or smtps://host."
        )
    if config["SITE_URL"] and not _is_address(config["SITE_URL"], "http", "https"):
        raise SettingError(
            "COURSE_SITE_URL must begin with http:// or https:// and name a host, such as "
            "https://learn.example.org/."
        )
    check_ranges(config)
    check_limits(config)


def _is_address(text: str, *schemes: str) -> bool:
    try:
        found = urlsplit(text)
        return found.scheme in schemes and bool(found.hostname) and found.port != 0
    except ValueError:
        return False


def check_database(config: Mapping[str, Any]) -> None:
    """Raise SettingError for an invalid database setting."""
    from sqlalchemy import exc, make_url  # only for who checks: listing the settings needs neither

    try:
        found = make_url(config["DATABASE_URL"]).drivername
    except exc.ArgumentError:
        found = ""
    if found not in ("sqlite", "sqlite+pysqlite", "postgresql+psycopg"):
        raise SettingError(
            "COURSE_DATABASE_URL must begin with sqlite:/// or postgresql+psycopg://."
        )
    for name in ("DATABASE_CONNECT_TIMEOUT", "DATABASE_LOCK_TIMEOUT", "DATABASE_STATEMENT_TIMEOUT"):
        if not 1 <= config[name] <= 3600:
            raise SettingError(f"COURSE_{name} must be a number of seconds from 1 to 3600.")


RANGES = {
    "SESSION_DAYS": (1, 36_500),
    "WORKERS": (1, 1_000),
    "QUEUE": (1, 1_000_000),
    "PROXIES": (0, 100),
}
"""The minimum and maximum of numeric settings."""


def check_ranges(config: Mapping[str, Any]) -> None:
    """Raise SettingError for a number outside of RANGES."""
    for name, (least, greatest) in RANGES.items():
        if not least <= config[name] <= greatest:
            raise SettingError(f"COURSE_{name} must be a number from {least} to {greatest}.")


def check_limits(config: Mapping[str, Any]) -> None:
    """Raise SettingError for an invalid limit or storage of limits."""
    import limits.storage  # a tenth of a second, which commands without a server do not need

    for name in LIMITS:
        try:
            found = limits.parse_many(config[name])
        except ValueError:
            raise SettingError(f"COURSE_{name} must read like '20 per minute'.") from None
        if name != "LIMIT_WRITES" and len(found) > 1:
            raise SettingError(f"COURSE_{name} must be one limit, such as '20 per minute'.")
        if any(limit.amount < 1 for limit in found):
            raise SettingError(f"COURSE_{name} must allow at least one.")
    place = config["LIMIT_STORAGE"]
    if place == "memory://":
        return
    try:
        limits.storage.storage_from_string(place)
    except Exception as error:  # each storage library raises its own
        raise SettingError(
            f"COURSE_LIMIT_STORAGE cannot be used ({error}). Give memory:// or redis://host, and install "
            "the Python package 'redis' for the latter."
        ) from None


LIMITS = ("LIMIT_SIGN_IN", "LIMIT_PASSWORD", "LIMIT_ACCOUNT", "LIMIT_MAIL", "LIMIT_WRITES")


TEST_VARIABLES = {"COURSE_CHROMIUM", "COURSE_HISTORIES", "COURSE_HISTORIES_SEED"}
"""Variables that the tests read, not the service."""


def _parse(setting: Setting, text: str | None) -> Any:
    if text is None:
        return setting.default
    if isinstance(setting.default, bool):
        if text.lower() in ("1", "true", "yes", "on"):
            return True
        if text.lower() in ("0", "false", "no", "off"):
            return False
        raise SettingError(f"{setting.variable} must be true or false, not '{text}'.")
    if isinstance(setting.default, int):
        if not text.isdecimal():
            raise SettingError(f"{setting.variable} must be a whole number, not '{text}'.")
        return int(text)
    return text
