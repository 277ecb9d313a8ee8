"""How long a database may keep its callers waiting."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True)
class Timeouts:
    """Seconds for opening a connection, for a lock and for one statement; 0 for *statement* is no end."""

    connect: int = 3
    lock: int = 10
    statement: int = 0


def for_service(config: Mapping[str, Any]) -> Timeouts:
    """Return what the settings say."""
    return Timeouts(
        config["DATABASE_CONNECT_TIMEOUT"],
        config["DATABASE_LOCK_TIMEOUT"],
        config["DATABASE_STATEMENT_TIMEOUT"],
    )


def for_commands(config: Mapping[str, Any]) -> Timeouts:
    """Return what holds for commands, whose statements may be long ones."""
    return replace(for_service(config), statement=0)


def for_migrations(config: Mapping[str, Any]) -> Timeouts:
    """Return what holds for migrations, which also wait for answers under way and other machines."""
    return replace(for_commands(config), lock=max(60, config["DATABASE_LOCK_TIMEOUT"]))
