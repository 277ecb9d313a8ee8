"""bench/results.json: the figures of each subject, with the day, the command and the machine they come from.

A subject that is measured again replaces its own figures and leaves the others'.
"""

import json
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).with_name("results.json")

Results = dict[str, dict[str, Any]]
"""By subject: what its `measure` returned, and under "run" where that comes from."""


def read(path: Path = RESULTS) -> Results:
    """Return what is kept; nothing where there is no file."""
    if not path.exists():
        return {}
    found: Results = json.loads(path.read_text(encoding="utf-8"))
    # What an earlier version kept, with one machine for all subjects, has no place in today's tables.
    return {} if "machine" in found else found


def keep(results: Results, path: Path = RESULTS) -> None:
    """Put *results* in the place of those of the same subjects."""
    merged = read(path) | results
    fresh = path.with_suffix(
        ".new"
    )  # so that a run that is stopped leaves the old file or the new one
    fresh.write_text(json.dumps(merged, indent=1) + "\n", encoding="utf-8")
    fresh.replace(path)
