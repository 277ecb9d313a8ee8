"""Answers worth a share, as Moodle and GIFT have them, made into questions of ours and back."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from course.content.folding import fold
from course.content.percent import percentage
from course.content.problems import short
from course.content.questions.blank import GAP
from course.content.questions.multiple import Multiple
from course.content.questions.numeric import Numeric
from course.formats.items import Item, Refused

NEAR = 0.005
"""Shares are written with few digits: 33.333% is a third."""


@dataclass
class Answer:
    """One answer that a file lists. *share* of the points: 1 for right, 0 for wrong, below 0 to lose some."""

    text: str
    share: float
    feedback: str = ""
    tolerance: float = 0.0


def percent(share: float) -> str:
    return percentage(f"{100 * share:.5g}")


def with_feedback(data: dict[str, Any], feedback: str) -> dict[str, Any]:
    return {**data, "feedback": feedback} if feedback else data


def choices(item: Item, answers: Sequence[Answer], *, many: bool) -> dict[str, Any]:
    """Return the type and options of a question with *answers* to choose from."""
    if len(answers) < 2:
        raise Refused("it has fewer than two options")
    right = _right_of_many(item, answers) if many else _right_of_one(item, answers)
    is_weighted = many and not _count_alike(answers, right)
    options = []
    for answer in answers:
        option: dict[str, Any] = {"text": answer.text}
        if answer in right:
            option["correct"] = True
        if is_weighted:
            option["weight"] = round_number(float(f"{100 * answer.share:.5g}"))
        options.append(with_feedback(option, answer.feedback))
    scoring = {"scoring": "weights"} if is_weighted else {}
    return {"type": "multiple" if many else "single", **scoring, "options": options}


def _right_of_one(item: Item, answers: Sequence[Answer]) -> list[Answer]:
    most = max(answer.share for answer in answers)
    right = [answer for answer in answers if answer.share == most]
    if most <= 0:
        raise Refused("no option is right")
    if len(right) > 1:
        raise Refused(
            f"{len(right)} options are equally right where one may be chosen; a single question has one key"
        )
    if most < 1 - NEAR:
        item.report_loss(f"the best option was worth {percent(most)}; here it is right")
    for answer in answers:
        if answer is not right[0] and abs(answer.share) > NEAR:
            item.report_loss(
                f"'{short(answer.text)}' was worth {percent(answer.share)}; here it is wrong"
            )
    return right


def _right_of_many(item: Item, answers: Sequence[Answer]) -> list[Answer]:
    right = [answer for answer in answers if answer.share > 0]
    if not right:
        raise Refused("no option is right")
    total = sum(answer.share for answer in right)
    if abs(total - 1) > NEAR:
        item.report_loss(
            f"right options were worth {percent(total)} together; here they are worth all"
        )
    return right


def _count_alike(answers: Sequence[Answer], right: Sequence[Answer]) -> bool:
    """Whether each right option gives, and each wrong one takes, what `shares` says."""
    gain, loss = shares(len(right))
    return all(
        abs(answer.share - (gain if answer in right else loss)) <= NEAR for answer in answers
    )


GAP_NAME = "answer"
"""What the gap of a question with one gap is called, where a file has no name for it."""

_LINE = re.compile(r"\\?_{3,}")


def typed(
    item: Item, prompt: str, answers: Sequence[Answer], place: str = "\ue000"
) -> dict[str, Any]:
    """Return a blank question of one gap: at *place*, on a line to write on, or below the prompt."""
    prompt = without_gaps(prompt)
    if prompt.endswith(place) and _LINE.search(prompt):
        prompt = prompt.removesuffix(place).rstrip()
    if place in prompt:
        prompt = prompt.replace(place, f"[[{GAP_NAME}]]", 1).replace(place, "_____")
    elif _LINE.search(prompt):
        prompt = _LINE.sub(f"[[{GAP_NAME}]]", prompt, count=1)
    else:
        prompt = f"{prompt}\n\n[[{GAP_NAME}]]"
    return {"type": "blank", "prompt": prompt, "blanks": {GAP_NAME: gap(item, answers)}}


def without_gaps(text: str) -> str:
    """Return *text* such that nothing in it is taken for a gap."""
    return GAP.sub(lambda match: f"[\\[{match[1]}]]", text)


def gap(item: Item, answers: Sequence[Answer]) -> dict[str, Any]:
    """Return what fits one gap, with its slips."""
    made: dict[str, Any] = {"accept": []}
    right = {fold(a.text) for a in answers if a.share >= 1 - NEAR and "*" not in a.text}
    slips = []
    for answer in answers:
        text = answer.text.replace("\\*", "*")
        if answer.text.strip() == "*":
            if answer.share > 0:
                item.report_loss(
                    f"any other answer was worth {percent(answer.share)}; here it is wrong"
                )
            made = with_feedback(made, answer.feedback)
        elif "*" in answer.text.replace("\\*", ""):
            item.report_loss(
                f"the pattern '{short(answer.text)}': only whole answers are compared here"
            )
        elif answer.share >= 1 - NEAR:
            made["accept"].append(text)
            if answer.feedback:
                item.praise.append(answer.feedback)
        elif fold(text) in right:
            item.report_loss(
                f"'{short(text)}' was worth {percent(answer.share)}; here it reads like a right answer"
            )
        else:
            if answer.share > NEAR:
                item.report_loss(
                    f"'{short(text)}' was worth {percent(answer.share)}; here it is wrong"
                )
            slips += _slip(item, text, answer)
    if not made["accept"]:
        raise Refused("no whole answer is fully right")
    return {**made, "slips": slips} if slips else made


def _slip(item: Item, text: Any, answer: Answer) -> list[dict[str, Any]]:
    if answer.feedback:
        return [{"answer": text, "feedback": answer.feedback}]
    if answer.share <= NEAR:
        item.report_loss(f"the wrong answer '{short(text)}', of which nothing is said")
    return []


def numbers(item: Item, answers: Sequence[Answer]) -> dict[str, Any]:
    """Return the type and key of a question that asks for a number."""
    made: dict[str, Any] = {"type": "numeric"}
    right = [a for a in answers if a.text.strip() != "*" and a.share >= 1 - NEAR]
    if not right:
        raise Refused("no number is fully right")
    if len(right) > 1:
        text = ", ".join(short(answer.text) for answer in right)
        raise Refused(f"several numbers are right ({text}); a numeric question has one")
    key = right[0]
    made["answer"] = parse_number(key.text)
    if key.tolerance:
        made["tolerance"] = round_number(key.tolerance)
    if key.feedback:
        item.praise.append(key.feedback)
    slips: list[dict[str, Any]] = []
    for answer in answers:
        if answer is key:
            continue
        if answer.text.strip() == "*":
            if answer.share > 0:
                item.report_loss(
                    f"any other number was worth {percent(answer.share)}; here it is wrong"
                )
            made = with_feedback(made, answer.feedback)
        else:
            slips += _number_slip(item, answer, key)
    return {**made, "slips": slips} if slips else made


def _number_slip(item: Item, answer: Answer, key: Answer) -> list[dict[str, Any]]:
    number = parse_number(answer.text)
    text = f"{number} ± {round_number(answer.tolerance)}" if answer.tolerance else str(number)
    if answer.share > NEAR:
        item.report_loss(f"{text} was worth {percent(answer.share)}; here it is wrong")
    if abs(Decimal(str(number)) - Decimal(str(parse_number(key.text)))) <= Decimal(
        str(key.tolerance)
    ):
        if answer.share <= NEAR:
            item.report_loss(f"{text} was wrong; here it lies within the tolerance")
        elif answer.feedback:
            item.report_loss(f"what is said to {text}")
        return []
    slips = _slip(item, number, answer)
    if slips and abs(answer.tolerance - key.tolerance) > 1e-9:
        item.report_loss(f"the tolerance of {text}; here it is that of the right number")
    return slips


def parse_number(text: str) -> float:
    """Return *text* as a number; raises Refused if it is not one."""
    plain = text.strip().replace(",", ".")
    if not re.fullmatch(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d{1,3})?", plain):
        raise Refused(f"'{short(text)}' is no number")
    if abs(float(plain)) > 1e15:
        raise Refused(f"'{short(text)}' is too large a number")
    return round_number(float(plain))


def round_number(number: float) -> float:
    """Return *number* rounded to 12 digits, as an int if it is whole."""
    rounded = float(f"{number:.12g}")
    return int(rounded) if rounded.is_integer() and abs(rounded) < 1e15 else rounded


def range_answer(low: float, high: float) -> Answer:
    """Return the key of a range: its middle, with half its width as the tolerance."""
    middle = (Decimal(repr(low)) + Decimal(repr(high))) / 2
    return Answer(str(middle), 1.0, tolerance=float(abs(Decimal(repr(high)) - middle)))


# The other way


def shares(right: int) -> tuple[float, float]:
    """Return what a right and a wrong option of a multiple question count, for *right* right ones."""
    return 1 / right, -1 / right


def shares_of(question: Multiple) -> list[float]:
    """Return the weight of each option of a multiple question, as a share of the points."""
    total = sum(question.weight_of(option) for option in question.options if option.correct)
    return [question.weight_of(option) / total for option in question.options]


def gap_answers(blank: Any) -> Iterable[Answer]:
    """Yield a gap's right answers, its slips, and the feedback for anything else."""
    for text in blank.accept:
        yield Answer(text.replace("*", "\\*"), 1.0)
    for slip in blank.slips:
        yield Answer(slip.answer.replace("*", "\\*"), 0.0, slip.feedback)
    if blank.feedback:
        yield Answer("*", 0.0, blank.feedback)


def number_answers(question: Numeric) -> Iterable[Answer]:
    margin = float(question.margin)
    yield Answer(plain(question.answer), 1.0, tolerance=margin)
    for slip in question.slips:
        yield Answer(plain(slip.answer), 0.0, slip.feedback, margin)
    if question.feedback:
        yield Answer("*", 0.0, question.feedback)


def plain(number: float | str) -> str:
    """Return *number* in digits, without an exponent."""
    return format(Decimal(str(number)).normalize(), "f")
