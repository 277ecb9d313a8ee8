"""Moodle XML, the fullest of Moodle's own formats for questions.

The elements are those that Moodle's reader and writer use (docs.moodle.org, Moodle XML format).
`moodle_writing` writes it.
"""

import re
from collections.abc import Callable
from typing import Any

from course.content.model import slug
from course.content.problems import short
from course.formats import answers, cloze, essays, prose, xml
from course.formats.answers import Answer
from course.formats.items import (
    Item,
    Refused,
    last_folder,
    unusable,
)
from course.formats.xml import Element, add, words

ENDING = ".xml"

_STANDARD = {
    "your answer is correct.",
    "your answer is partially correct.",
    "your answer is incorrect.",
}
"""What Moodle itself says where nobody wrote anything else."""


def recognises(root: Element) -> bool:
    return root.tag == "quiz"


def read(root: Element, name: str) -> list[Item]:
    """Return the questions of a Moodle file; raises CourseError when there is none."""
    items: list[Item] = []
    category = ""
    for question in root.iter("question"):
        if question.get("type") == "category":
            category = last_folder(words(question, "category/text"))
        else:
            items.append(_item(question, len(items) + 1, category))
    if not items:
        raise unusable(name, "holds no question", "export a category that has questions")
    return items


def _item(question: Element, number: int, category: str) -> Item:
    title = words(question, "name/text")
    kind = question.get("type") or ""
    item = Item(title or f"question {number}", f"question {number}", category=category)
    item.id = words(question, "idnumber") or title
    try:
        if kind == "description":
            raise Refused("it is a text that asks nothing")
        if kind not in _READERS:
            raise Refused(f"there is no question type here for Moodle's '{short(kind)}'")
        data = _READERS[kind](question, item)
        item.data = {"type": data["type"], **_common(question, item), **data}
    except Refused as reason:
        item.refused = str(reason)
    return item


def _common(question: Element, item: Item) -> dict[str, Any]:
    data: dict[str, Any] = {"prompt": _text(question.find("questiontext"), item)}
    hints = [text for hint in question.findall("hint") if (text := _text(hint, item))]
    if hints:
        data["hint"] = hints[0]
    if len(hints) > 1:
        item.report_loss(f"{len(hints) - 1} further hints" if len(hints) > 2 else "a second hint")
    if text := _text(question.find("generalfeedback"), item):
        data["explanation"] = text
    points = xml.number(words(question, "defaultgrade"))
    if points is not None and points != 1:
        data["points"] = answers.round_number(points)
    tags = [words(tag) for tag in question.findall("tags/tag")]
    if tags:
        data["tags"] = list(dict.fromkeys(slug(tag) for tag in tags))
    for tag, about in (
        ("correctfeedback", "right"),
        ("partiallycorrectfeedback", "partly right"),
        ("incorrectfeedback", "wrong"),
    ):
        text = _text(question.find(tag), item)
        if text and text.casefold() not in _STANDARD:
            item.report_loss(f"what is said to any {about} answer")
    penalty = xml.number(words(question, "penalty")) or 0
    if (
        question.get("type") != "truefalse"
        and 0.001 < abs(penalty) < 1
        and abs(penalty - 1 / 3) > 0.001
    ):
        item.report_loss(f"the penalty of {answers.percent(penalty)} for each further try")
    if words(question, "image") or words(question, "image_base64"):
        item.report_loss("a picture in the form of Moodle 1")
    if words(question, "hidden") == "1":
        item.remarks.append("was hidden there")
    shuffled = words(question, "shuffleanswers").casefold() in ("1", "true")
    if shuffled and question.get("type") in ("multichoice", "matching"):
        data["shuffle"] = True
    return data


def _text(node: Element | None, item: Item) -> str:
    """Return a text in any of Moodle's formats as Markdown."""
    if node is None:
        return ""
    text = words(node, "text") if node.find("text") is not None else (node.text or "").strip()
    find = _finder(node)
    match node.get("format", "html"):
        case "markdown":
            return prose.from_markdown(text.replace("@@PLUGINFILE@@/", ""), item, find)
        case "plain_text":
            return prose.from_plain(text, item)
        case "moodle_auto_format":
            return prose.from_auto(text.replace("@@PLUGINFILE@@/", ""), item, find)
    return prose.from_html(text.replace("@@PLUGINFILE@@/", ""), item, find)


def _finder(node: Element) -> Callable[[str], bytes | None]:
    files = {file.get("name", ""): file for file in node.findall("file")}

    def find(name: str) -> bytes | None:
        file = files.get(name.partition("?")[0].rpartition("/")[2])
        return None if file is None else prose.decoded(file.text or "")

    return find


def _plain(node: Element) -> str:
    return " ".join(words(node, "text").split())


def _share(node: Element) -> float:
    return (xml.number(node.get("fraction")) or 0.0) / 100


def _answers(question: Element, item: Item, *, rich: bool) -> list[Answer]:
    return [
        Answer(
            _text(node, item) if rich else _plain(node),
            _share(node),
            _text(node.find("feedback"), item),
            abs(xml.number(words(node, "tolerance")) or 0.0),
        )
        for node in question.findall("answer")
    ]


def _multichoice(question: Element, item: Item) -> dict[str, Any]:
    many = words(question, "single").casefold() in ("0", "false")
    return answers.choices(item, _answers(question, item, rich=True), many=many)


def _all_or_nothing(question: Element, item: Item) -> dict[str, Any]:
    """Return a question of Moodle's plugin for several choices that count together."""
    listed = _answers(question, item, rich=True)
    gain, loss = answers.shares(sum(answer.share > 0 for answer in listed) or 1)
    for answer in listed:
        answer.share = gain if answer.share > 0 else loss
    return {**answers.choices(item, listed, many=True), "scoring": "all-or-nothing"}


def _truefalse(question: Element, item: Item) -> dict[str, Any]:
    listed = _answers(question, item, rich=True)
    for answer in listed:
        answer.text = answer.text.capitalize()
    return answers.choices(item, listed, many=False)


def _shortanswer(question: Element, item: Item) -> dict[str, Any]:
    if words(question, "usecase") == "1":
        item.report_loss("capitals mattered; here they do not")
    prompt = _text(question.find("questiontext"), item)
    return answers.typed(item, prompt, _answers(question, item, rich=False))


def _numerical(question: Element, item: Item) -> dict[str, Any]:
    data = answers.numbers(item, _answers(question, item, rich=False))
    units = [words(unit, "unit_name") for unit in question.findall("units/unit")]
    factors = [xml.number(words(unit, "multiplier")) for unit in question.findall("units/unit")]
    own = [unit for unit, factor in zip(units, factors, strict=True) if factor in (1, None)]
    if own:
        data["unit"] = own[0]
    if len(units) > len(own[:1]):
        others = ", ".join(unit for unit in units if unit not in own[:1])
        item.report_loss(f"answers in other units ({others})")
    if words(question, "unitgradingtype") not in ("", "0"):
        item.report_loss("points for the unit itself")
    return data


def _matching(question: Element, item: Item) -> dict[str, Any]:
    pairs, distractors = [], []
    for node in question.findall("subquestion"):
        left, right = _text(node, item), prose.escaped(" ".join(words(node, "answer/text").split()))
        if left and right:
            pairs.append({"left": left, "right": right})
        elif right:
            distractors.append({"text": right})
        elif left:
            item.report_loss(f"'{short(left)}', which belongs to nothing on the other side")
    data: dict[str, Any] = {"type": "match", "pairs": pairs}
    return {**data, "distractors": distractors} if distractors else data


def _essay(question: Element, item: Item) -> dict[str, Any]:
    if words(question, "responseformat") == "noinline":
        raise Refused("it asks for a file, and no files are taken here")
    for tag, what in (
        ("responsetemplate", "the text that learners start from"),
        ("minwordlimit", "the least number of words"),
        ("maxwordlimit", "the largest number of words"),
    ):
        if words(question, tag) not in ("", "0"):
            item.report_loss(what)
    if (words(question, "attachments") or "0") != "0":
        item.report_loss("attached files are not taken here")
    return {"type": "text", **essays.checked(_text(question.find("graderinfo"), item))}


def _ordering(question: Element, item: Item) -> dict[str, Any]:
    items = []
    for node in question.findall("answer"):
        items.append({"text": _text(node, item)})
        if _text(node.find("feedback"), item):
            item.report_loss("what is said to single items")
    if words(question, "selecttype") not in ("", "0", "ALL"):
        item.report_loss("each learner met a part of the items; here everybody meets all")
    grading = words(question, "gradingtype")
    scoring = {"scoring": "all-or-nothing"} if grading in ("-1", "ALL_OR_NOTHING") else {}
    if not scoring and grading not in ("", "0", "ABSOLUTE_POSITION"):
        item.report_loss("it was graded in another way; here each item at its right place counts")
    return {"type": "order", **scoring, "items": items}


GRADING = {"parts": "ABSOLUTE_POSITION", "all-or-nothing": "ALL_OR_NOTHING"}
"""What Moodle calls the scoring of an order."""


def _cloze(question: Element, item: Item) -> dict[str, Any]:
    node = question.find("questiontext")
    if node is None:
        raise Refused("it has no text")
    question_text = Element("questiontext", node.attrib)
    question_text.extend(node.findall("file"))
    inner = add(question_text, "text")

    def as_text(text: str) -> str:
        inner.text = text
        return _text(question_text, item)

    return cloze.read(item, words(node, "text"), as_text)


def _gapselect(question: Element, item: Item) -> dict[str, Any]:
    """Return a text with words to choose or to drag into its places, [[1]] being the first word."""
    options = [*question.findall("selectoption"), *question.findall("dragbox")]
    listed = [(_plain(node), words(node, "group")) for node in options]
    node = question.find("questiontext")
    fields: list[cloze.Menu] = []

    def taken(match: re.Match[str]) -> str:
        if not 0 < int(match[1]) <= len(listed):
            raise Refused(f"its place [[{match[1]}]] names no choice")
        right, group = listed[int(match[1]) - 1]
        fields.append((right, [text for text, other in listed if other == group]))
        return f"\ue000{len(fields)}\ue001"

    prompt = re.sub(r"\\?\[\\?\[(\d+)\]\]", taken, _text(node, item))
    if not fields:
        raise Refused("no place to fill was found in its text")
    return cloze.menus(item, prompt, fields)


_READERS = {
    "multichoice": _multichoice,
    "multichoiceset": _all_or_nothing,
    "truefalse": _truefalse,
    "shortanswer": _shortanswer,
    "numerical": _numerical,
    "matching": _matching,
    "essay": _essay,
    "ordering": _ordering,
    "multianswer": _cloze,
    "cloze": _cloze,
    "gapselect": _gapselect,
    "ddwtos": _gapselect,
}
