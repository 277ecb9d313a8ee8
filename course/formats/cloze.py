"""Moodle's Cloze questions: answers written into the text, as {1:SHORTANSWER:=right~wrong#feedback}."""

import html
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from course.content.questions.blank import GAP, Blanks
from course.formats import answers
from course.formats.answers import Answer
from course.formats.items import Item, Refused

_KINDS = {
    "SHORTANSWER": "words", "SA": "words", "MW": "words",
    "SHORTANSWER_C": "exact", "SAC": "exact", "MWC": "exact",
    "NUMERICAL": "number", "NM": "number",
    "MULTICHOICE": "menu", "MC": "menu", "MULTIRESPONSE": "several", "MR": "several",
}  # fmt: skip
_FIELD = re.compile(r"\{(\d*):([A-Z_]+):((?:\\.|[^}])*)\}", re.DOTALL)
_PART = re.compile(r"(?<!\\)~")
_FEEDBACK = re.compile(r"(?<!\\)(?<!&)#")
_TAGS = re.compile(r"<[^>]*>")


@dataclass
class _Field:
    weight: int
    kind: str
    answers: list[Answer]


def read(item: Item, text: str, say: Callable[[str], str]) -> dict[str, Any]:
    """Return the question that a Cloze text asks; *describe* makes Markdown of the text around the fields."""
    fields: list[_Field] = []

    def taken(match: re.Match[str]) -> str:
        fields.append(_field(match))
        return f"\ue000{len(fields)}\ue001"

    prompt = answers.without_gaps(say(_FIELD.sub(taken, text)))
    if not fields:
        raise Refused("no field to fill in was found in its text")
    if any(one.kind == "several" for one in fields):
        raise Refused("a field takes several choices at once, which stands in no gap here")
    if len({one.weight for one in fields}) > 1:
        weights = ", ".join(str(one.weight) for one in fields)
        item.report_loss(f"its fields weighed {weights}; here each counts alike")
    if len(fields) == 1 and fields[0].kind in ("number", "menu"):
        return _alone(item, prompt, fields[0])
    if all(one.kind == "menu" for one in fields):
        return menus(item, prompt, [_options(one.answers) for one in fields])
    blanks = {}
    for number, one in enumerate(fields, start=1):
        blanks[f"gap-{number}"] = _gap(item, number, one)
        prompt = prompt.replace(f"\ue000{number}\ue001", f"[[gap-{number}]]")
    return {"type": "blank", "prompt": prompt, "blanks": blanks}


def _field(match: re.Match[str]) -> _Field:
    kind = _KINDS.get(match[2]) or _KINDS.get(match[2].rpartition("_")[0], "")
    if not kind:  # MCV, MRHS and the like
        kind = {"MC": "menu", "MR": "several"}.get(match[2][:2], "")
    if not kind:
        raise Refused(f"a field of the kind {match[2]} is not known here")
    return _Field(
        int(match[1] or 1), kind, [_answer(p) for p in _PART.split(match[3]) if p.strip()]
    )


def _answer(part: str) -> Answer:
    text, _, feedback = (
        (part, "", "")
        if not (found := _FEEDBACK.search(part))
        else (part[: found.start()], "#", part[found.end() :])
    )
    text, share = text.strip(), 0.0
    if text.startswith("="):
        text, share = text[1:], 1.0
    elif match := re.match(r"%(-?\d+(?:\.\d+)?)%", text):
        text, share = text[match.end() :], float(match[1]) / 100
    return Answer(_plain(text), share, _plain(feedback))


def _plain(text: str) -> str:
    words = html.unescape(_TAGS.sub("", text))
    return " ".join(re.sub(r"\\([~#}])", r"\1", words).split())


def _ranged(answer: Answer) -> Answer:
    number, _, tolerance = answer.text.partition(":")
    margin = float(answers.parse_number(tolerance)) if tolerance.strip() else 0.0
    return Answer(number.strip(), answer.share, answer.feedback, margin)


def _alone(item: Item, prompt: str, one: _Field) -> dict[str, Any]:
    prompt = prompt.replace("\ue0001\ue001", "_____")
    if one.kind == "menu":
        return {"prompt": prompt, **answers.choices(item, one.answers, many=False)}
    return {"prompt": prompt, **answers.numbers(item, [_ranged(a) for a in one.answers])}


def _gap(item: Item, number: int, one: _Field) -> dict[str, Any]:
    listed = one.answers
    if one.kind == "menu":
        item.report_loss(f"gap {number} was a menu to choose from; here its word is typed")
    if one.kind == "exact":
        item.report_loss(f"in gap {number}, capitals mattered; here they do not")
    if one.kind == "number":
        listed = [_ranged(answer) for answer in listed]
        item.report_loss(f"gap {number} asked for a number; here it is compared as a word")
    return answers.gap(item, listed)


Menu = tuple[str, list[str]]
"""The right words of a menu, and all of its words."""


def _options(listed: Sequence[Answer]) -> Menu:
    right = [answer.text for answer in listed if answer.share >= 1 - answers.NEAR]
    if len(right) != 1:
        raise Refused("a menu has not exactly one right choice")
    return right[0], [answer.text for answer in listed]


def menus(item: Item, prompt: str, fields: Sequence[Menu]) -> dict[str, Any]:
    """Return fields with menus as pairs to match: each numbered place in the text and its words."""
    for number in range(1, len(fields) + 1):
        prompt = prompt.replace(f"\ue000{number}\ue001", f"**({number})**")
    if len(fields) == 1:
        right, listed = fields[0]
        offered = [Answer(text, 1.0 if text == right else 0.0) for text in dict.fromkeys(listed)]
        return {
            "prompt": prompt.replace("**(1)**", "_____"),
            **answers.choices(item, offered, many=False),
        }
    item.report_loss(
        "its menus within the text became numbered places to match, with one list of choices"
    )
    rights = [right for right, _ in fields]
    rest = dict.fromkeys(text for _, listed in fields for text in listed if text not in rights)
    data: dict[str, Any] = {
        "type": "match",
        "prompt": prompt,
        "pairs": [{"left": f"({n})", "right": right} for n, right in enumerate(rights, start=1)],
    }
    return {**data, "distractors": [{"text": text} for text in rest]} if rest else data


def write(question: Blanks) -> str:
    """Return the prompt of a question with its gaps as Cloze fields."""
    return GAP.sub(lambda match: _written(question.blanks[match[1]]), question.prompt)


def _written(blank: Any) -> str:
    parts = []
    for answer in answers.gap_answers(blank):
        feedback = f"#{_escaped(answer.feedback)}" if answer.feedback else ""
        parts.append(f"%{100 * answer.share:g}%{_escaped(answer.text)}{feedback}")
    return f"{{1:SHORTANSWER:{'~'.join(parts)}}}"


def _escaped(text: str) -> str:
    return re.sub(r"([~#}])", r"\\\1", " ".join(text.split()))
