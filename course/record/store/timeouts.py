"""Time-outs of the database."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True)
class Timeouts:
    """Seconds for opening a connection, for a lock and for one statement; *statement* 0 is unlimited."""

    connect: int = 3
    lock: int = 10
    statement: int = 0


def for_service(config: Mapping[str, Any]) -> Timeouts:
    """Return the time-outs of the settings."""
    return Timeouts(
        config["DATABASE_CONNECT_TIMEOUT"],
        config["DATABASE_LOCK_TIMEOUT"],
        config["DATABASE_STATEMENT_TIMEOUT"],
    )


def for_commands(config: Mapping[str, Any]) -> Timeouts:
    """Return the time-outs for commands, whose statements may take long."""
    return replace(for_service(config), statement=0)


def for_migrations(config: Mapping[str, Any]) -> Timeouts:
    """Return the time-outs for migrations, which wait for running transactions and other machines."""
    return replace(for_commands(config), lock=max(60, config["DATABASE_LOCK_TIMEOUT"]))
