"""Questions written as Moodle XML; `moodle` reads it."""

import base64
from collections.abc import Sequence
from pathlib import Path

from course.content.problems import short
from course.content.questions.base import Question
from course.content.questions.blank import GAP, Blanks
from course.content.questions.match import Match
from course.content.questions.multiple import Multiple
from course.content.questions.numeric import Numeric
from course.content.questions.order import Order
from course.content.questions.single import Single
from course.content.questions.text import FreeText
from course.formats import answers, cloze, essays, prose, xml
from course.formats.answers import Answer
from course.formats.items import (
    ExportedQuestion,
    Outcome,
    Refused,
    Written,
    left_behind,
    moodle_folder,
)
from course.formats.moodle import GRADING
from course.formats.xml import Element, add


def write(asked: Sequence[ExportedQuestion], root: Path) -> Written:
    """Return the questions as a file that Moodle can import; pictures are read from *root*."""
    quiz, outcomes, category = Element("quiz"), [], ""
    for entry in asked:
        outcome = Outcome(entry.question.id, entry.place)
        outcomes.append(outcome)
        try:
            made = _written(entry, outcome, root)
        except Refused as reason:
            outcome.refused = str(reason)
            continue
        here = moodle_folder(entry)
        if here != category:
            category = here
            add(add(add(quiz, "question", type="category"), "category"), "text", here)
        quiz.append(made)
    return Written(xml.written(quiz) if len(quiz) else None, outcomes)


_PARTS = {
    "single": {"feedback"},
    "multiple": {"feedback", "weight"},
    "numeric": {"feedback", "slips"},
    "blank": {"feedback", "slips"},
}
_KEYS = {"options", "pairs", "distractors", "blanks", "items", "answer", "tolerance", "slips", "unit",
         "tags", "hint", "points", "checklist", "example", "shuffle"}  # fmt: skip


def _written(entry: ExportedQuestion, outcome: Outcome, root: Path) -> Element:
    question = entry.question
    made = Element("question")
    write = _Writer(entry, outcome, root)
    kind = _kind(question)
    made.set("type", kind)
    add(add(made, "name"), "text", question.id)
    prompt = question.prompt
    if isinstance(question, Blanks):
        prompt = cloze.write(question) if kind == "cloze" else GAP.sub("_____", prompt)
    write.text(made, "questiontext", prompt)
    write.text(made, "generalfeedback", question.explanation or "")
    if kind != "cloze":
        add(made, "defaultgrade", f"{question.points:g}")
    elif question.points != len(question.model_dump()["blanks"]):
        outcome.report_loss("the points: Moodle counts one for each gap")
    add(made, "penalty", "0.3333333")
    add(made, "hidden", "0")
    add(made, "idnumber", question.id)
    _answers_of(question, made, write, outcome)
    if question.hint:
        write.text(made, "hint", question.hint)
    if question.tags:
        tags = add(made, "tags")
        for tag in question.tags:
            add(add(tags, "tag"), "text", tag)
    keys = _KEYS | {"feedback"} if isinstance(question, Numeric) else _KEYS
    if isinstance(question, Order) or getattr(question, "scoring", "") == "weights":
        keys = keys | {"scoring"}
    for note in left_behind(question, keys, _PARTS.get(question.type, ())):
        outcome.report_loss(note)
    return made


def _kind(question: Question) -> str:
    if isinstance(question, Blanks):
        return "shortanswer" if len(question.blanks) == 1 else "cloze"
    kinds: dict[type[Question], str] = {
        Single: "multichoice",
        Multiple: "multichoice",
        Numeric: "numerical",
        Match: "matching",
        Order: "ordering",
        FreeText: "essay",
    }
    if type(question) not in kinds:
        raise Refused(f"Moodle has no questions of type '{question.type}'")
    return kinds[type(question)]


class _Writer:
    """Writes one question's texts, as Markdown, with the pictures they show."""

    def __init__(self, entry: ExportedQuestion, outcome: Outcome, root: Path) -> None:
        self.entry, self.outcome, self.root = entry, outcome, root

    def text(self, parent: Element, tag: str, text: str, /, **attributes: str) -> Element:
        made = add(parent, tag, **attributes, format="markdown")
        links = {}
        files: dict[str, bytes] = {}
        for picture in prose.pictures(text, self.entry.folder, self.root):
            if picture.content:
                links[picture.link] = f"@@PLUGINFILE@@/{picture.name}"
                files[picture.name] = picture.content
            else:
                self.outcome.report_loss(f"the picture '{short(picture.link)}' was not found")
        add(made, "text", prose.relinked(text, links))
        for name, content in files.items():
            encoded = base64.b64encode(content).decode()
            add(made, "file", encoded, name=name, path="/", encoding="base64")
        return made


def _answers_of(question: Question, made: Element, write: _Writer, outcome: Outcome) -> None:
    match question:
        case Single() | Multiple():
            _write_choices(question, made, write, outcome)
        case Numeric():
            if isinstance(question.tolerance, str):
                outcome.report_loss(f"the tolerance of {question.tolerance} is written as a number")
            for answer in answers.number_answers(question):
                node = _write_answer(made, write, answer)
                add(node, "tolerance", answers.plain(answer.tolerance))
            _write_unit(question, made)
        case Blanks() if len(question.blanks) == 1:
            if [*question.blanks] != [answers.GAP_NAME]:
                outcome.report_loss("the name of the gap")
            add(made, "usecase", "0")
            for answer in answers.gap_answers(*question.blanks.values()):
                _write_answer(made, write, answer)
        case Blanks():
            outcome.report_loss("the names of the gaps")
        case Match():
            _write_pairs(question, made, write, outcome)
        case Order():
            _write_order(question, made, write, outcome)
        case FreeText():
            add(made, "responseformat", "editor")
            add(made, "responserequired", "1")
            add(made, "responsefieldlines", "10")
            add(made, "attachments", "0")
            write.text(made, "graderinfo", essays.grader_notes(question))


def _write_answer(made: Element, write: _Writer, answer: Answer) -> Element:
    node = add(made, "answer", fraction=f"{100 * answer.share:g}", format="plain_text")
    add(node, "text", answer.text)
    write.text(node, "feedback", answer.feedback)
    return node


def _write_choices(
    question: Single | Multiple, made: Element, write: _Writer, outcome: Outcome
) -> None:
    many = isinstance(question, Multiple)
    count = sum(option.correct for option in question.options)
    worth = [float(option.correct) for option in question.options]
    if isinstance(question, Multiple):
        worth = answers.shares_of(question)
    if count > 10:
        outcome.report_loss(
            f"Moodle knows no share of 1/{count}: choose 'nearest grade' when importing"
        )
    add(made, "single", "false" if many else "true")
    add(made, "shuffleanswers", "true" if question.shuffle else "false")
    add(made, "answernumbering", "none")
    for option, share in zip(question.options, worth, strict=True):
        node = write.text(made, "answer", option.text, fraction=f"{100 * share:.7g}")
        write.text(node, "feedback", option.feedback or "")


def _write_unit(question: Numeric, made: Element) -> None:
    if question.unit:
        unit = add(add(made, "units"), "unit")
        add(unit, "multiplier", "1")
        add(unit, "unit_name", question.unit)
    add(made, "unitgradingtype", "0")
    add(made, "unitpenalty", "0")
    add(made, "showunits", "0" if question.unit else "3")
    add(made, "unitsleft", "0")


def _write_pairs(question: Match, made: Element, write: _Writer, outcome: Outcome) -> None:
    add(made, "shuffleanswers", "true" if question.shuffle else "false")
    listed = [(pair.left, pair.right) for pair in question.pairs]
    for left, right in [*listed, *(("", distractor.text) for distractor in question.distractors)]:
        if not prose.is_plain(right):
            outcome.report_loss(f"'{short(right)}' is shown as plain words")
        node = write.text(made, "subquestion", left)
        add(add(node, "answer"), "text", prose.to_plain(right))


def _write_order(question: Order, made: Element, write: _Writer, outcome: Outcome) -> None:
    for tag, text in (
        ("layouttype", "VERTICAL"),
        ("selecttype", "ALL"),
        ("selectcount", "0"),
        ("gradingtype", GRADING[question.scoring]),
        ("showgrading", "SHOW"),
        ("numberingstyle", "none"),
    ):
        add(made, tag, text)
    if any(isinstance(entry, list) for entry in question.items):
        outcome.report_loss("items that may stand in any order among themselves got a fixed one")
    flat = [i for entry in question.items for i in (entry if isinstance(entry, list) else [entry])]
    for number, item in enumerate(flat, start=1):
        write.text(made, "answer", item.text, fraction=f"{number}")
