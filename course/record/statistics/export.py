"""Export of question statistics: JSON nested as the figures are, CSV with a row for each figure."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from course.record import spreadsheets
from course.record.spreadsheets import Column
from course.record.statistics import flags
from course.record.statistics.intervals import Estimate
from course.record.statistics.item_statistics import Figures


def _column(name: str, meaning: str) -> Column[dict[str, Any]]:
    return Column(name, meaning, lambda row: row.get(name, ""))


COLUMNS = (
    _column("lesson", "The lesson's id."),
    _column("question", "The question's id."),
    _column("revision", "The revision of the question that was answered."),
    _column("present", "`yes` for the revision that is asked now."),
    _column(
        "figure",
        "What the row holds: `learners`, `facility`, `discrimination`, `median seconds`, `chosen` (an "
        "option), `typed` (a wrong answer) or `flag`.",
    ),
    _column("part", "The row or the gap that an option or a typed answer belongs to."),
    _column("option", "The option, what was typed, or the code of the flag."),
    _column("right", "`yes` or `no` for an option that is right or wrong."),
    _column(
        "count", "How many learners: all, those who chose the option, or those who typed this."
    ),
    _column("n", "How many learners the figure is computed from."),
    _column("value", "The figure: a share or a correlation as a number from -1 to 1, or seconds."),
    _column("low", "The lower end of its 95% interval."),
    _column("high", "The upper end."),
    _column("needs", "How many learners the figure needs; with fewer, `value` is empty."),
    _column("note", "Why there is no value, or what the flag says."),
)


def _estimates(figures: Figures) -> dict[str, Estimate | None]:
    """Return the figures of a whole question, by name."""
    return {
        "facility": figures.facility,
        "discrimination": figures.discrimination,
        "median seconds": figures.seconds,
    }


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
        **{name.replace(" ", "_"): _plain(found) for name, found in _estimates(figures).items()},
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
    ends = {"value": estimate.value, "low": estimate.low, "high": estimate.high}
    rounded = {name: _rounded(number) for name, number in ends.items()}
    return {"n": estimate.n, "needs": estimate.needs, **rounded, "why": estimate.why}


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def as_csv(figures: Iterable[Figures]) -> str:
    """Return figures as CSV, a row for each figure; see COLUMNS."""
    return spreadsheets.as_csv(COLUMNS, (row for one in figures for row in _rows(one)))


def _rows(figures: Figures) -> Iterator[dict[str, Any]]:
    about = {
        "lesson": figures.lesson,
        "question": figures.question.id,
        "revision": figures.revision,
        "present": "yes" if figures.is_present else "no",
    }
    yield about | {"figure": "learners", "count": figures.n}
    for name, estimate in _estimates(figures).items():
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
    found = _plain(estimate) or {}
    return {"note" if name == "why" else name: value for name, value in found.items()}
