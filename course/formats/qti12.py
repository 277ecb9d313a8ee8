"""QTI 1.2 as Canvas exports it and as other programs write for Canvas: simple items, read only."""

import re
from typing import Any

from course.content.model import slug
from course.formats import answers, prose, xml
from course.formats.answers import Answer
from course.formats.items import Item, Refused, unusable
from course.formats.xml import Element, words


def read(root: Element, name: str, find: prose.Find) -> list[Item]:
    """Return the questions of a file; raises CourseError when there is none."""
    items = [
        _Reader(node, number, find).item() for number, node in enumerate(root.iter("item"), start=1)
    ]
    if not items:
        raise unusable(name, "holds no question in QTI 1.2", "export it again")
    return items


class _Reader:
    """Reads one item."""

    def __init__(self, node: Element, number: int, find: prose.Find) -> None:
        self.node, self.find = node, find
        title = node.get("title") or f"question {number}"
        self.result = Item(title, f"question {number}")
        self.meta = {
            words(field, "fieldlabel"): words(field, "fieldentry")
            for field in node.iter("qtimetadatafield")
        }
        self.feedback_texts = {
            feedback.get("ident", ""): text
            for feedback in node.iter("itemfeedback")
            if (text := self.text(feedback))
        }
        self.responses = [n for n in node.iter() if n.tag in ("response_lid", "response_str")]

    def item(self) -> Item:
        try:
            kind = self.meta.get("question_type") or self._guessed()
            if kind not in _KINDS:
                raise Refused(f"there is no question type here for '{kind or 'unknown'}'")
            made = _KINDS[kind](self)
            self.result.data = {"type": made["type"], "prompt": self.prompt(), **made}
            self._general(self.result.data)
            self._report_weights()
        except Refused as reason:
            self.result.refused = str(reason)
        return self.result

    def _guessed(self) -> str:
        """Return the kind of an item that does not name it, where its parts leave no doubt."""
        if len(self.responses) != 1:
            return ""
        (response,) = self.responses
        if response.tag == "response_lid":
            many = (response.get("rcardinality") or "").casefold() == "multiple"
            return "multiple_answers_question" if many else "multiple_choice_question"
        return "short_answer_question" if [*self.node.iter("varequal")] else "essay_question"

    def text(self, node: Element | None) -> str:
        if node is None:
            return ""
        for lost in xml.within(
            node, "matimage", "mataudio", "matvideo", "matapplet", "matapplication"
        ):
            self.result.report_loss(f"what <{lost.tag}> shows")
        parts = [self._part(found) for found in xml.within(node, "mattext", "matemtext")]
        return "\n\n".join(part for part in parts if part)

    def _part(self, found: Element) -> str:
        text = "".join(found.itertext())
        if found.get("texttype", "text/plain") == "text/html":
            text = re.sub(r"\$IMS-CC-FILEBASE\$/?", "", text)
            return prose.from_html(text, self.result, self.find)
        return prose.from_plain(text, self.result)

    def prompt(self) -> str:
        """Return all the text around the fields."""
        found = self.node.find("presentation")
        if found is None:
            return ""
        inside = {
            id(part) for field in xml.within(found, *_FIELDS) for part in field.iter("material")
        }
        text = [self.text(one) for one in found.iter("material") if id(one) not in inside]
        return answers.without_gaps("\n\n".join(part for part in text if part))

    def _general(self, data: dict[str, Any]) -> None:
        if text := self.feedback_texts.get("general_fb"):
            data["explanation"] = text
        for name, about in (("correct_fb", "right"), ("general_incorrect_fb", "wrong")):
            if text := self.feedback_texts.get(name):
                if "explanation" not in data and name == "correct_fb":
                    data["explanation"] = text
                    self.result.report_loss(
                        "what was said to right answers only is now shown after any answer"
                    )
                else:
                    self.result.report_loss(f"what is said to any {about} answer")
        points = xml.number(self.meta.get("points_possible"))
        if points is not None and points != 1:
            data["points"] = answers.round_number(points)

    def labels(self, response: Element) -> dict[str, str]:
        return {
            label.get("ident", ""): self.text(label) for label in response.iter("response_label")
        }

    def _right(self, respident: str) -> list[str]:
        """Return the values that the rules reward for one response, in their order."""
        found: list[str] = []
        for rule in self._scoring():
            denied = {id(test) for no in rule.iter("not") for test in no.iter("varequal")}
            found += [
                words(test)
                for test in rule.iter("varequal")
                if test.get("respident") == respident and id(test) not in denied
            ]
        return list(dict.fromkeys(found))

    def _report_weights(self) -> None:
        """Note where answers are worth different parts of the points, or less than nothing."""
        worth = {
            value
            for rule in self.node.iter("respcondition")
            for points in rule.iter("setvar")
            if points.get("action") != "Add" and (value := xml.number(words(points)))
        }
        if len({value for value in worth if value > 0}) > 1:
            self.result.report_loss("answers that were worth a part of the points count in full")
        if any(value < 0 for value in worth):
            self.result.report_loss("points taken off for wrong answers")

    def _scoring(self) -> list[Element]:
        return [
            rule
            for rule in self.node.iter("respcondition")
            if any((xml.number(words(points)) or 0) > 0 for points in rule.iter("setvar"))
        ]

    def _feedback_by_word(self) -> dict[str, str]:
        """Return the feedback for single choices or words, by choice."""
        feedback = {}
        for rule in self.node.iter("respcondition"):
            tests = [*rule.iter("varequal")]
            for shown in rule.iter("displayfeedback"):
                name = shown.get("linkrefid", "")
                if len(tests) == 1 and name in self.feedback_texts and name not in _GENERAL:
                    feedback[words(tests[0])] = self.feedback_texts[name]
        return feedback

    def choices(self, *, many: bool) -> dict[str, Any]:
        if len(self.responses) != 1:
            raise Refused("it has not exactly one set of choices")
        (response,) = self.responses
        right, feedback = self._right(response.get("ident", "")), self._feedback_by_word()
        gain, loss = answers.shares(len(right) or 1) if many else (1.0, 0.0)
        listed = [
            Answer(text, gain if key in right else loss, feedback.get(key, ""))
            for key, text in self.labels(response).items()
        ]
        scoring = {"scoring": "all-or-nothing"} if many else {}
        return {**answers.choices(self.result, listed, many=many), **scoring}

    def words(self) -> dict[str, Any]:
        feedback = self._feedback_by_word()
        right = [
            word for response in self.responses for word in self._right(response.get("ident", ""))
        ]
        listed = [Answer(word.replace("*", "\\*"), 1.0) for word in right]
        listed += [Answer(word, 0.0, text) for word, text in feedback.items() if word not in right]
        return answers.typed(self.result, self.prompt(), listed)

    def number(self) -> dict[str, Any]:
        listed = []
        for rule in self._scoring():
            low, high, exact = (
                xml.number(words(next(rule.iter(kind), None)))
                for kind in ("vargte", "varlte", "varequal")
            )
            if low is not None and high is not None:
                found = answers.range_answer(low, high)
                if (
                    exact is not None
                    and abs(exact - float(found.text)) <= found.tolerance * 1e-6 + 1e-12
                ):
                    found.text = repr(exact)
                listed.append(found)
            elif exact is not None:
                listed.append(Answer(repr(exact), 1.0))
        if not listed:
            raise Refused("its right number is not said")
        return answers.numbers(self.result, listed)

    def pairs(self) -> dict[str, Any]:
        pairs: list[dict[str, str]] = []
        rest: dict[str, None] = {}
        for response in self.responses:
            labels = self.labels(response)
            right = self._right(response.get("ident", ""))
            if len(right) != 1 or right[0] not in labels:
                raise Refused("a left side has not exactly one right one")
            pairs.append({"left": self.text(response.find("material")), "right": labels[right[0]]})
            rest |= dict.fromkeys(labels.values())
        used = {pair["right"] for pair in pairs}
        distractors = [{"text": text} for text in rest if text not in used]
        data: dict[str, Any] = {"type": "match", "pairs": pairs}
        return {**data, "distractors": distractors} if distractors else data

    def blanks(self) -> dict[str, Any]:
        prompt, blanks = self.prompt(), {}
        for response in self.responses:
            text = words(response, "material/mattext")
            labels = self.labels(response)
            accept = [labels.get(key, key) for key in self._right(response.get("ident", ""))]
            name = slug(text)
            place = re.compile(rf"\\?\[{re.escape(prose.escaped(text))}\]")
            if not text or not accept or name in blanks or not place.search(prompt):
                raise Refused("its gaps and their words do not fit together")
            prompt = place.sub(f"[[{name}]]", prompt, count=1)
            blanks[name] = {"accept": accept}
        return {"type": "blank", "prompt": prompt, "blanks": blanks}

    def essay(self) -> dict[str, Any]:
        return {"type": "text"}


_FIELDS = ("response_lid", "response_str", "response_num", "response_xy", "response_grp")

_GENERAL = ("general_fb", "correct_fb", "general_incorrect_fb")

_KINDS: dict[str, Any] = {
    "multiple_choice_question": lambda reader: reader.choices(many=False),
    "true_false_question": lambda reader: reader.choices(many=False),
    "multiple_answers_question": lambda reader: reader.choices(many=True),
    "short_answer_question": _Reader.words,
    "numerical_question": _Reader.number,
    "matching_question": _Reader.pairs,
    "fill_in_multiple_blanks_question": _Reader.blanks,
    "essay_question": _Reader.essay,
}
