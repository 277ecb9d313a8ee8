"""Figures of questions to take away: JSON as they are nested, CSV with a row for each figure."""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from typing import Any

from course.record.people.personal_data import safe
from course.record.statistics import flags
from course.record.statistics.intervals import Estimate
from course.record.statistics.item_statistics import Figures

COLUMNS = (
    "lesson", "question", "revision", "present", "figure", "part", "option", "right", "count",
    "n", "value", "low", "high", "needs", "note",
)  # fmt: skip


def as_json(figures: Iterable[Figures]) -> str:
    """Return figures as JSON, shares and correlations as numbers between -1 and 1."""
    return json.dumps([plain(one) for one in figures], ensure_ascii=False, indent=2) + "\n"


def plain(figures: Figures) -> dict[str, Any]:
    """Return figures as plain data; a figure that there is none of is null, with the reason."""
    return {
        "lesson": figures.lesson,
        "question": figures.question.id,
        "type": figures.question.type,
        "revision": figures.revision,
        "present": figures.is_present,
        "published_at": figures.published_at.isoformat() if figures.published_at else None,
        "n": figures.n,
        "facility": _plain(figures.facility),
        "discrimination": _plain(figures.discrimination),
        "median_seconds": _plain(figures.seconds),
        "parts": [
            {
                "text": part.text,
                "options": [
                    {
                        "text": option.text,
                        "right": option.right,
                        "count": option.count,
                        "share": _plain(option.share),
                    }
                    for option in part.options
                ],
            }
            for part in figures.parts
        ],
        "typed": [
            {"gap": typed.gap, "text": typed.text, "count": typed.count} for typed in figures.typed
        ],
        "flags": [
            {"code": flag.code, "text": flag.text, "why": flag.why}
            for flag in flags.question_flags(figures)
        ],
    }


def _plain(estimate: Estimate | None) -> dict[str, Any] | None:
    if estimate is None:
        return None
    return {
        "n": estimate.n,
        "needs": estimate.needs,
        "value": _rounded(estimate.value),
        "low": _rounded(estimate.low),
        "high": _rounded(estimate.high),
        "why": estimate.why,
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def as_csv(figures: Iterable[Figures]) -> str:
    """Return figures as a table that spreadsheets open as it is meant."""
    out = io.StringIO()
    write = csv.DictWriter(out, COLUMNS, restval="", quoting=csv.QUOTE_NONNUMERIC)
    write.writeheader()
    for one in figures:
        for row in _rows(one):
            write.writerow({name: safe(cell) for name, cell in row.items()})
    return "\ufeff" + out.getvalue()  # the mark tells spreadsheets that this is UTF-8


def _rows(figures: Figures) -> Iterator[dict[str, Any]]:
    about = {
        "lesson": figures.lesson,
        "question": figures.question.id,
        "revision": figures.revision,
        "present": "yes" if figures.is_present else "no",
    }
    yield about | {"figure": "learners", "count": figures.n}
    whole = {
        "facility": figures.facility,
        "discrimination": figures.discrimination,
        "median seconds": figures.seconds,
    }
    for name, estimate in whole.items():
        if estimate is not None:
            yield about | {"figure": name} | _cells(estimate)
    for part in figures.parts:
        for option in part.options:
            right = {None: "", True: "yes", False: "no"}[option.right]
            yield (
                about
                | {"figure": "chosen", "part": part.text, "option": option.text, "right": right}
                | {"count": option.count}
                | _cells(option.share)
            )
    for typed in figures.typed:
        found = {"part": typed.gap, "option": typed.text, "right": "no", "count": typed.count}
        yield about | {"figure": "typed"} | found
    for flag in flags.question_flags(figures):
        yield about | {"figure": "flag", "option": flag.code, "note": f"{flag.text}. {flag.why}"}


def _cells(estimate: Estimate) -> dict[str, Any]:
    found = {
        "value": estimate.value,
        "low": estimate.low,
        "high": estimate.high,
    }
    return {
        "n": estimate.n,
        "needs": estimate.needs,
        "note": estimate.why,
        **{name: _rounded(value) for name, value in found.items()},
    }
