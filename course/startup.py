"""Checks before the service starts, and the errors that they raise."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from course.record.revisions.published_course import PublicationError, read_course
from course.record.store import readiness
from course.record.store.database import Database
from course.record.store.schema import SchemaError
from course.settings import SettingError

PAGES = ("index.html", "404.html")
"""The home page, and the page that is the shell of the service's own pages."""

ERRORS = (SettingError, SchemaError, PublicationError, OSError)
"""The errors of `check` and `create_app`; their messages say what is wrong and how to fix it."""


def check(config: Mapping[str, Any]) -> None:
    """Raise PublicationError unless the course can be read and the site, if served, is complete."""
    read_course(Path(config["PUBLISHED_FILE"]))
    site = Path(config["SITE_DIR"])
    missing = [name for name in PAGES if not (site / name).is_file()]
    if config["SERVE_SITE"] and missing:
        raise PublicationError(
            f"The site in {site} is not whole: {missing[0]} is missing. Run 'course build' first."
        )


def check_record(database: Database) -> None:
    """Close *database* and raise SchemaError unless it takes answers."""
    if problem := readiness.problem(database):
        database.close()
        raise SchemaError(f"No answer could be recorded: {problem}.")


def is_whole(config: Mapping[str, Any]) -> bool:
    """Return whether `check` succeeds."""
    try:
        check(config)
    except PublicationError:
        return False
    return True
