"""CSV for spreadsheet programs: a question begins a row and goes on in the rows below it, a part in each.

Cells that a spreadsheet would take for a formula are written behind an apostrophe, which reading takes off.
"""

import csv
import datetime
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from course.content import questions
from course.content.model import slug
from course.content.problems import did_you_mean, short
from course.content.questions.base import Question
from course.content.questions.blank import Blanks
from course.content.questions.match import Match
from course.content.questions.multiple import Multiple
from course.content.questions.numeric import Numeric
from course.content.questions.order import Order
from course.content.questions.poll import Poll
from course.content.questions.single import Single
from course.content.questions.text import FreeText
from course.formats import answers
from course.formats.items import (
    ExportedQuestion,
    Item,
    Outcome,
    Refused,
    Written,
    left_behind,
    unusable,
)

ENDING = ".csv"

_NO_PLACE = "a table has no questions of type '{}'"

OF_QUESTION = ("id", "type", "objective", "prompt", "points", "hint", "explanation", "group", "tags",
               "sources", "review_after", "shuffle", "tolerance", "unit", "solution", "scoring")  # fmt: skip
OF_PART = ("part", "right", "wrong", "feedback", "misconception", "fixed", "weight")
COLUMNS = OF_QUESTION[:4] + OF_PART + OF_QUESTION[4:]


class Row(dict[str, str]):
    """The cells of a row by their columns; *used* gathers those that a reader looked at."""

    def __init__(self, cells: dict[str, str]) -> None:
        super().__init__(cells)
        self.used: set[str] = set()

    def __getitem__(self, column: str) -> str:
        self.used.add(column)
        return super().__getitem__(column)

    @property
    def unused(self) -> list[str]:
        """The columns that are filled in, and that nobody looked at."""
        return [column for column, cell in self.items() if cell and column not in self.used]


_YES = {"x", "yes", "true", "1", "right", "correct", "ja", "oui", "si", "sí", "wahr", "vrai"}
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_NUMBER = re.compile(r"-?\d+([.,]\d+)?%?")


@dataclass
class _Block:
    """The rows of one question."""

    line: int
    head: Row
    parts: list[Row] = field(default_factory=list)
    rows: list[tuple[int, Row]] = field(default_factory=list)
    """All of them, with their lines."""
    refused: str = ""
    """Why it cannot be read."""


def recognises(text: str) -> bool:
    first = text.lstrip("\r\n").split("\n", 1)[0].casefold()
    cells = {cell.strip(' "\r') for cell in re.split(r"[,;\t]", first)}
    return len(cells & {*COLUMNS}) >= 2


def read(text: str, name: str) -> list[Item]:
    """Return the questions of a table; raises CourseError for one that is laid out otherwise."""
    items = [_item(block) for block in _blocks(text, name)]
    if not items:
        raise unusable(
            name, "holds no question below its headings", "see the documents for the layout"
        )
    return items


def _blocks(text: str, name: str) -> Iterator[_Block]:
    rows = _rows(text, name)
    line, heads = next(rows, (1, []))
    columns = _columns(heads, name, line)
    block: _Block | None = None
    for line, cells in rows:
        known = dict(zip(columns, map(_bare, cells), strict=False))
        row = Row(dict.fromkeys(COLUMNS, "") | known)
        if not any(row.values()) and len(cells) <= len(columns):
            continue
        if row["type"] or row["prompt"] or row["id"]:
            if block is not None:
                yield block
            block = _Block(line, row)
        elif block is None:
            trouble = "a row goes on with a question, and none was begun: fill in 'type' and 'prompt' first"
            yield _Block(line, row, refused=trouble)
            continue
        block.rows.append((line, row))
        if len(cells) > len(columns) and any(cells[len(columns) :]):
            trouble = (
                f"the row in line {line} has {len(cells)} cells and the headings {len(columns)}: "
            )
            block.refused = trouble + "put cells that hold separators in double quotes"
        if any(row.get(column) for column in OF_PART):
            block.parts.append(row)
    if block is not None:
        yield block


def _rows(text: str, name: str) -> Iterator[tuple[int, list[str]]]:
    first = text.split("\n", 1)[0]
    separator = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    line = 1
    try:
        for cells in reader:
            if cells:
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        hint = "a quote inside a quoted cell is written twice, and each quote is closed"
        message = f"the row that begins here is no row of a table: {short(error)}"
        raise unusable(name, message, hint, line=line) from None


def _columns(heads: list[str], name: str, line: int) -> list[str]:
    columns = [head.strip().casefold().replace(" ", "_") for head in heads]
    for column in columns:
        if column and column not in COLUMNS:
            hint = did_you_mean(column, COLUMNS)
            raise unusable(name, f"there is no column '{short(column)}'", hint, line=line)
        if column and columns.count(column) > 1:
            raise unusable(name, f"the column '{column}' stands twice", "keep one", line=line)
    if missing := [column for column in ("type", "prompt") if column not in columns]:
        hint = f"the first line names the columns: {', '.join(COLUMNS)}"
        raise unusable(name, f"the column '{missing[0]}' is missing", hint, line=line)
    return columns


def _bare(cell: str) -> str:
    text = cell.replace("\r\n", "\n").replace("\r", "\n")
    return (text[1:] if text.startswith("'") and _FORMULA.match(text) else text).strip()


def _item(block: _Block) -> Item:
    head = block.head
    item = Item(head["id"] or short(head["prompt"]), f"line {block.line}", refused=block.refused)
    item.id, item.category = head["id"], head["objective"]
    if item.refused:
        return item
    try:
        item.data = _data(block)
    except Refused as reason:
        item.refused = str(reason)
        return item
    for line, row in block.rows:
        for column in row.unused:
            where = "" if row is head else f" in line {line}"
            item.report_loss(
                f"'{column or 'a column without a heading'}'{where}, which has no place here"
            )
    return item


def _data(block: _Block) -> dict[str, Any]:
    head = block.head
    kind = head["type"].casefold()
    if kind not in questions.TYPES:
        hint = did_you_mean(kind, questions.TYPES)
        raise Refused(f"there is no question type '{short(kind)}'; {hint}".rstrip("; "))
    if kind not in _READERS:
        raise Refused(_NO_PLACE.format(kind))
    data: dict[str, Any] = {"type": kind, "prompt": head["prompt"]}
    if head["shuffle"]:
        data["shuffle"] = head["shuffle"].casefold() in _YES
    for key in ("hint", "explanation"):
        if head[key]:
            data[key] = head[key]
    if head["scoring"]:
        data["scoring"] = head["scoring"].casefold()
    if head["points"]:
        data["points"] = answers.parse_number(head["points"])
    if head["group"]:
        data["group"] = slug(head["group"])
    if head["tags"]:
        data["tags"] = list(dict.fromkeys(slug(tag) for tag in re.split(r"[\s,;]+", head["tags"])))
    if head["sources"]:
        data["sources"] = _listed(head["sources"])
    if head["review_after"]:
        data["review_after"] = _date(head["review_after"])
    return {**data, **_READERS[kind](block)}


def _date(text: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise Refused(f"'{short(text)}' is no date such as 2026-11-22") from None


def _with_feedback(row: Row, *keys: str, **data: Any) -> dict[str, Any]:
    return {**data, **{key: row[key] for key in ("feedback", *keys) if row[key]}}


def _listed(cell: str) -> list[str]:
    """Return the entries of a cell: parted by |, which stands for itself behind a backslash."""
    entries = (part.replace("\\|", "|").strip() for part in re.split(r"(?<!\\)\|", cell))
    return [entry for entry in entries if entry]


def _joined(entries: Sequence[str]) -> str:
    return " | ".join(entry.replace("|", "\\|") for entry in entries)


def _read_options(block: _Block) -> dict[str, Any]:
    options = []
    for row in block.parts:
        option = _with_feedback(row, "misconception", text=row["part"])
        if row["right"].casefold() in _YES:
            option["correct"] = True
        elif row["right"]:
            raise Refused(f"'right' says '{short(row['right'])}'; write x for right, or nothing")
        if row["weight"]:
            option["weight"] = answers.parse_number(row["weight"])
        options.append(option | _fixed(row))
    return {"options": options}


def _fixed(row: Row) -> dict[str, Any]:
    return {"fixed": row["fixed"].casefold() in _YES} if row["fixed"] else {}


def _read_poll(block: _Block) -> dict[str, Any]:
    return {"options": [_with_feedback(row, text=row["part"]) | _fixed(row) for row in block.parts]}


def _read_numeric(block: _Block) -> dict[str, Any]:
    data: dict[str, Any] = {}
    slips = []
    for row in block.parts:
        if row["right"]:
            data |= _with_feedback(row, answer=answers.parse_number(row["right"]))
        else:
            slips.append(
                _with_feedback(row, "misconception", answer=answers.parse_number(row["wrong"]))
            )
    if tolerance := block.head["tolerance"]:
        data["tolerance"] = (
            tolerance if tolerance.endswith("%") else answers.parse_number(tolerance)
        )
    for key in ("unit", "solution"):
        if block.head[key]:
            data[key] = block.head[key]
    return {**data, "slips": slips} if slips else data


def _read_blank(block: _Block) -> dict[str, Any]:
    blanks: dict[str, Any] = {}
    for row in block.parts:
        gap = blanks.setdefault(slug(row["part"].strip("[]")), {"accept": []})
        if row["right"]:
            gap |= _with_feedback(row, accept=_listed(row["right"]))
        else:
            slip = _with_feedback(row, "misconception", answer=row["wrong"])
            gap.setdefault("slips", []).append(slip)
    return {"blanks": blanks}


def _read_order(block: _Block) -> dict[str, Any]:
    placed: dict[float, list[dict[str, Any]]] = {}
    for row in block.parts:
        placed.setdefault(answers.parse_number(row["right"]), []).append(
            _with_feedback(row, text=row["part"])
        )
    return {"items": [g[0] if len(g) == 1 else g for _, g in sorted(placed.items())]}


def _read_match(block: _Block) -> dict[str, Any]:
    pairs = [_with_feedback(r, left=r["part"], right=r["right"]) for r in block.parts if r["part"]]
    rest = [
        _with_feedback(r, "misconception", text=r["wrong"]) for r in block.parts if not r["part"]
    ]
    return {"pairs": pairs, "distractors": rest} if rest else {"pairs": pairs}


def _read_text(block: _Block) -> dict[str, Any]:
    checklist = [row["part"] for row in block.parts if row["part"]]
    example = next((row["right"] for row in block.parts if row["right"]), "")
    data: dict[str, Any] = {"checklist": checklist} if checklist else {}
    return {**data, "example": example} if example else data


_READERS = {
    "single": _read_options,
    "multiple": _read_options,
    "poll": _read_poll,
    "numeric": _read_numeric,
    "blank": _read_blank,
    "order": _read_order,
    "match": _read_match,
    "text": _read_text,
}


# Writing


def write(asked: Sequence[ExportedQuestion]) -> Written:
    """Return the questions as a table that spreadsheet programs open."""
    outcomes, rows = [], []
    for entry in asked:
        outcome = Outcome(entry.question.id, entry.place)
        outcomes.append(outcome)
        try:
            rows += _written(entry.question)
        except Refused as reason:
            outcome.refused = str(reason)
            continue
        carried = {*OF_QUESTION, "options", "answer", "slips", "blanks", "items", "pairs"}
        carried |= {"distractors", "checklist", "example", "feedback"}
        for note in left_behind(entry.question, carried, (*OF_PART, "slips")):
            outcome.report_loss(note)
        if "![" in str(entry.question.dump()):
            outcome.report_loss("pictures: their links stay, but a table holds none")
    if not rows:
        return Written(None, outcomes)
    made = io.StringIO(newline="")
    writer = csv.DictWriter(made, COLUMNS, restval="", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows({key: _guarded(cell) for key, cell in row.items()} for row in rows)
    return Written(made.getvalue().encode("utf-8-sig"), outcomes)


def _guarded(cell: str) -> str:
    return f"'{cell}" if _FORMULA.match(cell) and not _NUMBER.fullmatch(cell) else cell


def _written(question: Question) -> list[dict[str, str]]:
    head = {
        "id": question.id,
        "type": question.type,
        "objective": question.objective,
        "prompt": question.prompt,
        "points": "" if question.points == 1 else answers.plain(question.points),
        "hint": question.hint or "",
        "explanation": question.explanation or "",
        "group": question.group or "",
        "tags": " ".join(question.tags),
        "sources": _joined(question.sources),
        "review_after": question.review_after.isoformat() if question.review_after else "",
        "shuffle": _yes_or_no(getattr(question, "shuffle", None)),
        "scoring": question.model_dump(exclude_defaults=True).get("scoring", ""),
    }
    if isinstance(question, Numeric):
        tolerance = question.tolerance
        if tolerance:
            head["tolerance"] = (
                tolerance if isinstance(tolerance, str) else answers.plain(tolerance)
            )
        head["unit"] = question.unit or ""
        head["solution"] = question.solution or ""
    first, *rest = [*_parts(question)]
    return [head | first, *rest]


def _part(made: Any = None, **cells: str) -> dict[str, str]:
    """Return the cells of a part, with what is said about it."""
    for key in ("feedback", "misconception"):
        if text := getattr(made, key, None):
            cells[key] = text
    if text := _yes_or_no(getattr(made, "fixed", None)):
        cells["fixed"] = text
    if (weight := getattr(made, "weight", None)) is not None:
        cells["weight"] = answers.plain(weight)
    return cells


def _yes_or_no(value: bool | None) -> str:
    return "" if value is None else "x" if value else "no"


def _parts(question: Question) -> Iterator[dict[str, str]]:
    match question:
        case Numeric():
            cells = {"right": answers.plain(question.answer)}
            yield _part(**cells, **({"feedback": question.feedback} if question.feedback else {}))
            for slip in question.slips:
                yield _part(slip, wrong=answers.plain(slip.answer))
        case Blanks():
            for name, blank in question.blanks.items():
                yield _part(blank, part=name, right=_joined(blank.accept))
                for wrong in blank.slips:
                    yield _part(wrong, part=name, wrong=wrong.answer)
        case Order():
            for place, entry in enumerate(question.items, start=1):
                for one in entry if isinstance(entry, list) else [entry]:
                    yield _part(one, part=one.text, right=str(place))
        case Match():
            for pair in question.pairs:
                yield _part(pair, part=pair.left, right=pair.right)
            for distractor in question.distractors:
                yield _part(distractor, wrong=distractor.text)
        case FreeText():
            first, *rest = question.checklist
            yield _part(part=first, right=question.example or "")
            for line in rest:
                yield _part(part=line)
        case Single() | Multiple() | Poll():
            for option in question.options:
                yield _part(
                    option, part=option.text, right="x" if getattr(option, "correct", False) else ""
                )
        case _:
            raise Refused(_NO_PLACE.format(question.type))
