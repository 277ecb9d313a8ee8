"""GIFT, the text format of Moodle: questions in plain text, the answers in braces.

The grammar is that of Moodle's own reader and of its documentation (docs.moodle.org, GIFT format).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from course.content.model import slug
from course.content.problems import short
from course.content.questions.base import Question
from course.content.questions.blank import GAP, Blanks
from course.content.questions.match import Match
from course.content.questions.multiple import Multiple
from course.content.questions.numeric import Numeric
from course.content.questions.single import Single
from course.content.questions.text import FreeText
from course.formats import answers, prose
from course.formats.answers import Answer
from course.formats.items import (
    ExportedQuestion,
    Item,
    Outcome,
    Refused,
    Written,
    last_folder,
    left_behind,
    moodle_folder,
    unusable,
)

ENDING = ".gift.txt"

# Escaped signs rest as private characters while the text is taken apart.
_SIGNS = ":#={}~\\"
_HIDDEN = {sign: chr(0xF100 + number) for number, sign in enumerate(_SIGNS)}
_SHOWN = str.maketrans({hidden: sign for sign, hidden in _HIDDEN.items()} | {"\uf10f": "\n"})
_ESCAPE = re.compile(r"\\([:#={}~\\n])")
_PLACE = "\ue000"
"""Where the answers stood in the text."""
_WEIGHT = re.compile(r"%(-?\d{1,3}(?:\.\d*)?)%")
_MARK = re.compile(r"\[(id|tag):([^\]]*)\]")
_FORMAT = re.compile(r"\[(html|moodle|plain|markdown)\]")


_ANSWERS = re.compile(r"(?<!\\)\{\s*(?:[=~#][^{}]*|(?:T|F|TRUE|FALSE)\s*(?:#[^{}]*)?)?(?<!\\)\}")
"""Braces as only GIFT has them: around answers, or around nothing."""


@dataclass
class _Chunk:
    """One question as written in the file."""

    line: int
    text: str
    category: str
    marks: list[tuple[str, str]] = field(default_factory=list)


def recognises(text: str) -> bool:
    return bool(_ANSWERS.search(text) or text.lstrip().startswith("$CATEGORY:"))


def read(text: str, name: str) -> list[Item]:
    """Return the questions of a GIFT file; raises CourseError when there is none."""
    items = [_item(chunk) for chunk in _chunks(text)]
    if not items:
        raise unusable(name, "holds no question in GIFT", "a question is a text with {answers}")
    return items


def _chunks(text: str) -> Iterator[_Chunk]:
    category = ""
    lines = [*text.split("\n"), ""]
    marks: list[tuple[str, str]] = []
    held: list[str] = []
    first = 0
    for number, line in enumerate(lines, start=1):
        plain = line.strip()
        if plain.startswith("//"):
            marks += _MARK.findall(plain)
        elif plain.startswith("$CATEGORY:") and not held:
            category = last_folder(plain.removeprefix("$CATEGORY:"))
        elif plain:
            first = first or number
            held.append(line.strip())
        elif held and not _goes_on(held, lines, number):
            yield _Chunk(first, "\n".join(held), category, marks)
            held, marks, first = [], [], 0


def _goes_on(held: list[str], lines: list[str], number: int) -> bool:
    """Whether the blank line before *number* is inside braces, with answers after it."""
    text = _ESCAPE.sub("", "\n".join(held))
    if text.count("{") <= text.count("}"):
        return False
    after = next((n for n in range(number, len(lines)) if lines[n].strip()), len(lines) - 1)
    return lines[after].strip().startswith(("~", "=", "#", "}"))


def _item(chunk: _Chunk) -> Item:
    text = _ESCAPE.sub(lambda match: _HIDDEN.get(match[1], "\uf10f"), chunk.text)
    title = ""
    if match := re.match(r"::(.*?)::", text, re.DOTALL):
        title, text = _shown(match[1]), text[match.end() :].strip()
    item = Item(title or short(_shown(text)), f"line {chunk.line}", category=chunk.category)
    marks = dict(chunk.marks)
    item.id = marks.get("id", "") or title
    try:
        item.data = _data(item, text)
        if tags := [slug(value) for kind, value in chunk.marks if kind == "tag"]:
            item.data["tags"] = list(dict.fromkeys(tags))
    except Refused as reason:
        item.refused = str(reason)
    return item


def _shown(text: str) -> str:
    return " ".join(text.translate(_SHOWN).split())


def _data(item: Item, text: str) -> dict[str, Any]:
    braces = re.sub(r"[^{}]", "", text)
    if not braces:
        raise Refused("it is a text that asks nothing")
    if braces != "{}":
        raise Refused("its braces { } do not make one pair: write \\{ or \\} for those in a text")
    before, _, rest = text.partition("{")
    within, _, after = rest.partition("}")
    within, _, general = within.strip().partition("####")
    before = re.sub(r"\s+$", " ", before if after.strip() else f"{before} ")
    kind, stem = _format(f"{before}{_PLACE}{after}", "moodle")
    data = _answers(item, kind, within.strip())
    prompt = _markdown(item, stem, kind)
    if "answers" in data:
        data = answers.typed(item, prompt, data["answers"])
    else:
        gone = prompt.removesuffix(_PLACE).rstrip()
        data = {"type": data["type"], "prompt": gone.replace(_PLACE, "_____"), **data}
    if general.strip():
        data["explanation"] = _markdown(item, *reversed(_format(general, kind)))
    return data


def _format(text: str, kind: str) -> tuple[str, str]:
    """Return the text's format, which is *kind* unless it says so itself, and the text."""
    if match := _FORMAT.match(text.strip()):
        return match[1], text.strip()[match.end() :].strip()
    return kind, text.strip()


def _markdown(item: Item, text: str, kind: str) -> str:
    if kind == "markdown":
        return prose.from_markdown(text.translate(_SHOWN), item)
    if kind == "plain":
        return prose.from_plain(text.translate(_SHOWN), item)
    joined = " ".join(text.split("\n")) if kind == "moodle" else text
    plain = joined.translate(_SHOWN)
    return prose.from_auto(plain, item) if kind == "moodle" else prose.from_html(plain, item)


def _answers(item: Item, kind: str, within: str) -> dict[str, Any]:
    """Return type and answers; a blank question's answers wait under "answers" for its prompt."""
    if not within:
        return {"type": "text"}
    if within.startswith("#"):
        return answers.numbers(item, list(_numbers(item, kind, within[1:].strip())))
    if "~" in within:
        parts = within.replace("=", "~=").split("~")
        many = "=" not in within
        listed = [_answer(item, kind, part, rich=True) for part in parts if part.strip()]
        return answers.choices(item, listed, many=many)
    if "=" in within and "->" in within:
        return _match(item, kind, within)
    if (bare := within.partition("#")[0].strip()) in ("T", "TRUE", "F", "FALSE"):
        return _true_or_false(item, kind, within, right=bare.startswith("T"))
    parts = [part for part in within.split("=") if part.strip()]
    return {"type": "blank", "answers": [_answer(item, kind, f"={p}", rich=False) for p in parts]}


def _answer(item: Item, kind: str, part: str, *, rich: bool) -> Answer:
    text = part.strip()
    share = 1.0 if text.startswith("=") else 0.0
    text = text.removeprefix("=").strip()
    if match := _WEIGHT.match(text):
        share, text = float(match[1]) / 100, text[match.end() :]
    text, _, feedback = text.partition("#")
    own, text = _format(text, kind)
    text = _markdown(item, text, own) if rich else _shown(text)
    if not text:
        raise Refused("an answer is empty")
    return Answer(text, share, _markdown(item, *reversed(_format(feedback, kind))))


def _numbers(item: Item, kind: str, within: str) -> Iterator[Answer]:
    within, wrong, after = within.partition("~")
    for part in (part for part in within.split("=") if part.strip()):
        answer = _answer(item, "plain", f"={part.strip()}", rich=False)
        _, _, feedback = part.partition("#")
        text = _markdown(item, *reversed(_format(feedback, kind)))
        low, dots, high = answer.text.partition("..")
        number, _, tolerance = answer.text.partition(":")
        if dots:
            found = answers.range_answer(
                float(answers.parse_number(low)), float(answers.parse_number(high))
            )
            yield Answer(found.text, answer.share, text, found.tolerance)
        else:
            margin = float(answers.parse_number(tolerance)) if tolerance.strip() else 0.0
            yield Answer(number.strip(), answer.share, text, margin)
    if wrong:
        feedback = after.partition("#")[2] or after
        yield Answer("*", 0.0, _markdown(item, *reversed(_format(feedback, kind))))


def _match(item: Item, kind: str, within: str) -> dict[str, Any]:
    pairs, distractors = [], []
    for part in (part for part in within.split("=") if part.strip()):
        left, arrow, right = part.partition("->")
        if not arrow or not right.strip():
            raise Refused(f"'{short(_shown(part))}' is no pair of a left and a right side")
        text = _markdown(item, *reversed(_format(left, kind)))
        plain = prose.escaped(_shown(right))
        if text:
            pairs.append({"left": text, "right": plain})
        else:
            distractors.append({"text": plain})
    data: dict[str, Any] = {"type": "match", "pairs": pairs}
    return {**data, "distractors": distractors} if distractors else data


def _true_or_false(item: Item, kind: str, within: str, *, right: bool) -> dict[str, Any]:
    _, _, feedback = within.partition("#")
    wrong_said, _, right_said = feedback.partition("#")
    listed = [
        Answer(
            text,
            1.0 if is_right else 0.0,
            _markdown(item, *reversed(_format(right_said if is_right else wrong_said, kind))),
        )
        for text, is_right in (("True", right), ("False", not right))
    ]
    return answers.choices(item, listed, many=False)


# Writing


def write(asked: Sequence[ExportedQuestion]) -> Written:
    """Return the questions as a GIFT file that Moodle can import."""
    lines, outcomes, category = [], [], ""
    for entry in asked:
        outcome = Outcome(entry.question.id, entry.place)
        outcomes.append(outcome)
        try:
            body = _body(entry.question, outcome)
        except Refused as reason:
            outcome.refused = str(reason)
            continue
        if (here := moodle_folder(entry)) != category:
            lines.append(f"$CATEGORY: {here}\n")
            category = here
        marks = [f"[id:{entry.question.id}]", *(f"[tag:{tag}]" for tag in entry.question.tags)]
        lines.append(f"// {' '.join(marks)}\n::{entry.question.id}::{body}\n")
    content = "\n".join(lines).encode() if lines else None
    return Written(content, outcomes)


def _body(question: Question, outcome: Outcome) -> str:
    parts = {"single": {"feedback"}, "multiple": {"feedback", "weight"}}
    parts |= {"blank": {"feedback", "slips"}, "numeric": {"feedback", "slips"}}
    carried = {"options", "pairs", "distractors", "blanks", "tags", "answer", "tolerance", "slips"}
    if isinstance(question, Numeric):
        carried.add("feedback")
    if isinstance(question, Multiple) and question.scoring == "weights":
        carried.add("scoring")
    match question:
        case Single() | Multiple():
            written = _choices(question)
        case Numeric():
            written = _numeric(question, outcome)
        case Match():
            written = _pairs(question, outcome)
        case Blanks():
            return _blank(question, outcome, carried, parts["blank"])
        case FreeText():
            written = ""
        case _:
            raise Refused(f"GIFT has no questions of type '{question.type}'")
    for note in left_behind(question, carried, parts.get(question.type, ())):
        outcome.report_loss(note)
    _report_pictures(question, outcome)
    return f"[markdown]{_escaped(question.prompt)} {{{written}{_general(question)}}}"


def _report_pictures(question: Question, outcome: Outcome) -> None:
    if "![" in str(question.dump()):
        outcome.report_loss("pictures: their links stay, but GIFT holds none")


def _general(question: Question) -> str:
    return f"\t####{_escaped(question.explanation)}\n" if question.explanation else ""


def _escaped(text: str) -> str:
    escaped = "".join(f"\\{sign}" if sign in _SIGNS else sign for sign in text)
    return escaped.replace("\n", "\\n")


def _rich(text: str) -> str:
    """Return a text behind a weight, which must not look like a weight or a format itself."""
    return f"[markdown]{_escaped(text)}" if text.startswith(("%", "[")) else _escaped(text)


def _feedback(text: str | None) -> str:
    return f"#{_rich(text)}" if text else ""


def _choices(question: Single | Multiple) -> str:
    marks = ["=" if option.correct else "~" for option in question.options]
    if isinstance(question, Multiple):
        marks = [f"~%{100 * share:.7g}%" for share in answers.shares_of(question)]
    lines = []
    for option, mark in zip(question.options, marks, strict=True):
        lines.append(f"\n\t{mark}{_rich(option.text)}{_feedback(option.feedback)}")
    return "".join(lines) + "\n"


def _numeric(question: Numeric, outcome: Outcome) -> str:
    if isinstance(question.tolerance, str):
        outcome.report_loss(f"the tolerance of {question.tolerance} is written as a number")
    if question.unit:
        outcome.report_loss("the unit cannot be carried")
    lines = ["#"]
    for answer in answers.number_answers(question):
        if answer.text == "*":
            lines.append(f"\t~{_feedback(answer.feedback)}")
        else:
            margin = answers.plain(answer.tolerance)
            weight = "" if answer.share else "%0%"
            lines.append(f"\t={weight}{answer.text}:{margin}{_feedback(answer.feedback)}")
    return "\n".join(lines) + "\n"


def _pairs(question: Match, outcome: Outcome) -> str:
    listed = [(pair.left, pair.right) for pair in question.pairs]
    listed += [("", distractor.text) for distractor in question.distractors]
    lines = []
    for left, right in listed:
        if not prose.is_plain(right):
            outcome.report_loss(f"'{short(right)}' is shown as plain words")
        plain = prose.to_plain(right).replace("\n", " ")
        lines.append(f"\n\t={_rich(left.replace('->', '-&gt;'))} -> {_escaped(plain)}")
    return "".join(lines) + "\n"


def _blank(question: Blanks, outcome: Outcome, carried: set[str], parts: set[str]) -> str:
    if len(question.blanks) > 1:
        raise Refused(f"GIFT has one gap in a question, and this one has {len(question.blanks)}")
    ((name, blank),) = question.blanks.items()
    if name != answers.GAP_NAME:
        outcome.report_loss("the name of the gap")
    lines = []
    for answer in answers.gap_answers(blank):
        if "->" in answer.text:
            raise Refused("GIFT takes '->' in an answer for a pair to match")
        lines.append(
            f"\n\t=%{100 * answer.share:g}%{_escaped(answer.text)}{_feedback(answer.feedback)}"
        )
    for note in left_behind(question, carried, parts):
        outcome.report_loss(note)
    _report_pictures(question, outcome)
    before, after = (_escaped(part) for part in GAP.split(question.prompt)[::2])
    return f"[markdown]{before}{{{''.join(lines)}\n{_general(question)}}}{after}"
