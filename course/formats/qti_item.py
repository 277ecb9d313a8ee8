"""One item of QTI 2.0 to 2.2, read as a question: its interactions, its right responses and its feedback."""

from typing import Any

from course.content.model import slug
from course.content.problems import short
from course.content.questions.shuffled import names_its_place
from course.formats import answers, cloze, essays, prose, xml
from course.formats.answers import Answer
from course.formats.items import Item, Refused
from course.formats.xml import Element, words

UNIT = "unit"
"""The class of the words behind a field that asks for a number."""


def read(root: Element, item: Item, find: prose.Find) -> dict[str, Any]:
    """Return the data of the question in *root*; raises Refused. *item* takes what got lost on the way."""
    _mend_names(root)
    return _Reader(root, item, find).data()


_NAMES = ("textEntryInteraction", "responseIdentifier", "extendedTextInteraction", "inlineChoice")


def _mend_names(root: Element) -> None:
    """Write names as the standard does, where a program lost their capitals."""
    known = {name.casefold(): name for name in _NAMES}
    for element in root.iter():
        element.tag = known.get(element.tag, element.tag)
        for key in [key for key in element.attrib if key in known]:
            element.attrib[known[key]] = element.attrib.pop(key)


class _Reader:
    """Reads one item of version 2."""

    def __init__(self, root: Element, item: Item, find: prose.Find) -> None:
        self.root, self.item, self.find = root, item, find
        self.declared = {d.get("identifier", ""): d for d in root.iter("responseDeclaration")}
        self.processing = root.find("responseProcessing")
        self.feedback_texts = {
            node.get("identifier", ""): text
            for node in root.findall("modalFeedback")
            if (text := self.text(node))
        }
        self.used: set[str] = set()
        self.notes: list[str] = []
        """Texts that were shown to markers, not to learners."""

    def text(self, node: Element | None) -> str:
        if node is None:
            return ""
        for shown in [*node.iter("object")]:
            if (shown.get("type") or "").startswith("image/"):
                shown.tag = "img"
                shown.set("src", shown.get("data", ""))
                shown.set("alt", "".join(shown.itertext()).strip())
                shown.text = None
                for child in list(shown):
                    shown.remove(child)
        return prose.from_html(xml.inner_html(node), self.item, self.find)

    def data(self) -> dict[str, Any]:
        body = self.root.find("itemBody")
        if body is None:
            raise Refused("it has no body")
        if self.root.find("templateDeclaration") is not None:
            raise Refused("its numbers or texts are generated for each learner")
        if self.root.get("adaptive") == "true":
            raise Refused("it goes on in several steps")
        parents = {child: parent for parent in body.iter() for child in parent}
        for block in [*body.iter("feedbackBlock")]:
            _cut(parents[block], block)
            self.item.report_loss("what is shown within the text after an answer")
        if self.root.find(".//printedVariable") is not None:
            self.item.report_loss("values that are worked out for each learner")
        for block in [n for n in body.iter("rubricBlock") if n.get("view") != "candidate"]:
            self.notes.append(self.text(block))
            _cut(parents[block], block)
        found = [node for node in body.iter() if node.tag.endswith("Interaction")]
        kinds = {node.tag for node in found}
        if not found:
            raise Refused("it is a text that asks nothing")
        if len(kinds) > 1 or (len(found) > 1 and kinds & set(_BLOCKS)):
            raise Refused(f"it asks {len(found)} questions at once; split it in two")
        (kind,) = kinds
        if kind in _INLINE:
            made = _INLINE[kind](self, body, found)
        elif kind in _BLOCKS:
            made = _BLOCKS[kind](self, found[0], self._prompt(body, found[0]))
        else:
            raise Refused(f"there is no question type here for QTI's {kind}")
        return self._finished(made)

    def _finished(self, made: dict[str, Any]) -> dict[str, Any]:
        if self.notes:
            self.item.report_loss("notes for markers")
        general = [name for name in self.feedback_texts if name not in self.used]
        feedback = [name for name in general if name in self._always()] or general[:1]
        if feedback:
            made["explanation"] = self.feedback_texts[feedback[0]]
            if feedback[0] not in self._always():
                self.item.report_loss(
                    "what was said to some answers only is now shown after any answer"
                )
        for name in general:
            if name not in feedback[:1]:
                self.item.report_loss(
                    f"what is said to some answers: '{short(self.feedback_texts[name])}'"
                )
        points = self._points()
        if points is not None and points != 1:
            made["points"] = answers.round_number(points)
        return made

    def _points(self) -> float | None:
        for outcome in self.root.iter("outcomeDeclaration"):
            if outcome.get("identifier") == "MAXSCORE":
                return xml.number(words(outcome, "defaultValue/value"))
        return None

    def _always(self) -> set[str]:
        """Return the feedback that every answer gets: what rules outside of conditions show."""
        rules = [] if self.processing is None else self.processing.findall("setOutcomeValue")
        return {words(value) for rule in rules for value in rule.iter("baseValue")}

    def _prompt(self, body: Element, taken: Element) -> str:
        """Return what the body says around one question, and the question's own prompt."""
        own = self.text(taken.find("prompt"))
        parents = {child: parent for parent in body.iter() for child in parent}
        _cut(parents[taken], taken)
        around = self.text(body)
        if not around or not own or around == own:
            return answers.without_gaps(around or own)
        return answers.without_gaps(f"{around}\n\n{own}")

    def correct(self, name: str) -> list[str]:
        found = self.declared.get(name)
        return [] if found is None else [words(v) for v in found.iterfind("correctResponse/value")]

    def mapped(self, name: str) -> dict[str, float]:
        """Return the share of the points that each value of a response is worth, where a map says so."""
        found = self.declared.get(name)
        entries = [] if found is None else [*found.iterfind("mapping/mapEntry")]
        worth = {e.get("mapKey", ""): xml.number(e.get("mappedValue")) or 0.0 for e in entries}
        many = found is not None and found.get("cardinality") != "single"
        gained = [value for value in worth.values() if value > 0]
        most = (sum(gained) if many else max(gained)) if gained else 0
        return {key: value / most for key, value in worth.items()} if most else {}

    @property
    def all_or_nothing(self) -> bool:
        if self.processing is None:
            return False
        if "match_correct" in self.processing.get("template", ""):
            return True
        return self.processing.find(".//match/correct") is not None and not [
            *self.processing.iter("mapResponse")
        ]

    def _scoring(self) -> dict[str, str]:
        """Return the `scoring` of a question with parts, where it is not the usual one."""
        return {"scoring": "all-or-nothing"} if self.all_or_nothing else {}

    def choice(self, node: Element, prompt: str) -> dict[str, Any]:
        name = node.get("responseIdentifier", "")
        declared = self.declared.get(name)
        many = declared is not None and declared.get("cardinality") == "multiple"
        correct, worth = self.correct(name), self.mapped(name)
        listed = []
        for choice in node.iter("simpleChoice"):
            key = choice.get("identifier", "")
            text = self._of_choice(choice, key)
            right = (1 / len(correct) if many else 1.0) if key in correct else 0.0
            listed.append(Answer(self.text(choice), worth.get(key, right), text))
        if not correct and not worth:
            if many:
                raise Refused("it is a poll with several choices; here a poll takes one")
            options = [answers.with_feedback({"text": one.text}, one.feedback) for one in listed]
            return {"type": "poll", "prompt": prompt, "options": options, **_moved(node, options)}
        scoring = {}
        if many and not worth:
            scoring = self._scoring()
            right, wrong = answers.shares(len(correct) or 1)
            for one in listed:
                one.share = right if one.share else wrong
        made = answers.choices(self.item, listed, many=many)
        return {"prompt": prompt, **made, **scoring, **_moved(node, made["options"])}

    def _of_choice(self, choice: Element, key: str) -> str:
        inline = [*choice.iter("feedbackInline")]
        text = " ".join(self.text(node) for node in inline)
        parents = {child: parent for parent in choice.iter() for child in parent}
        for node in inline:
            _cut(parents[node], node)
        if key in self.feedback_texts:
            self.used.add(key)
        return text or self.feedback_texts.get(key, "")

    def order(self, node: Element, prompt: str) -> dict[str, Any]:
        texts = {c.get("identifier", ""): self.text(c) for c in node.iter("simpleChoice")}
        keys = self.correct(node.get("responseIdentifier", ""))
        if sorted(keys) != sorted(texts):
            raise Refused("its right order does not name each item once")
        feedback = self._feedback_by_value(lambda rule: _value(rule.find(".//index/..//baseValue")))
        items = [answers.with_feedback({"text": texts[k]}, feedback.get(k, "")) for k in keys]
        return {"type": "order", "prompt": prompt, **self._scoring(), "items": items}

    def _feedback_by_value(self, about: Any) -> dict[str, str]:
        """Return the feedback shown when the condition about a value does not hold, by that value."""
        feedback = {}
        for rule in self._conditions():
            branch, shown = rule.find("responseIf"), _shown(rule.find("responseElse"))
            if branch is not None and shown in self.feedback_texts and (tested := about(branch)):
                feedback[tested] = self.feedback_texts[shown]
                self.used.add(shown)
        return feedback

    def _conditions(self) -> list[Element]:
        return [] if self.processing is None else self.processing.findall("responseCondition")

    def match(self, node: Element, prompt: str) -> dict[str, Any]:
        sets = node.findall("simpleMatchSet")
        if len(sets) != 2:
            raise Refused("it has not two sides to match")
        lefts, rights = (
            {c.get("identifier", ""): self.text(c) for c in side.iter("simpleAssociableChoice")}
            for side in sets
        )
        name = node.get("responseIdentifier", "")
        worth = [key for key, share in self.mapped(name).items() if share > 0]
        pairs = dict(_split(key) for key in self.correct(name) or worth)
        if len(pairs) < len(self.correct(name)):
            raise Refused("a left side belongs to several right ones")
        if missing := [text for key, text in lefts.items() if key not in pairs]:
            raise Refused(f"'{short(missing[0])}' belongs to nothing on the other side")
        feedback = self._feedback_by_value(lambda rule: _value(rule.find(".//member/baseValue")))
        feedback = {key.split()[0]: text for key, text in feedback.items()}
        data: dict[str, Any] = {
            "type": "match",
            "prompt": prompt,
            **self._scoring(),
            **_shuffled(node),
            "pairs": [
                answers.with_feedback(
                    {"left": text, "right": rights[pairs[key]]}, feedback.get(key, "")
                )
                for key, text in lefts.items()
                if pairs[key] in rights
            ],
        }
        if missing := [text for key, text in lefts.items() if pairs[key] not in rights]:
            raise Refused(f"'{short(missing[0])}' belongs to nothing on the other side")
        rest = [{"text": text} for key, text in rights.items() if key not in pairs.values()]
        return {**data, "distractors": rest} if rest else data

    def associate(self, node: Element, prompt: str) -> dict[str, Any]:
        texts = {c.get("identifier", ""): self.text(c) for c in node.iter("simpleAssociableChoice")}
        pairs = [_split(key) for key in self.correct(node.get("responseIdentifier", ""))]
        self.item.report_loss("its pairs have no sides; here the first of each stands on the left")
        return {
            "type": "match",
            "prompt": prompt,
            **self._scoring(),
            "pairs": [
                {"left": texts[a], "right": texts[b]} for a, b in pairs if {a, b} <= {*texts}
            ],
        }

    def essay(self, node: Element, prompt: str) -> dict[str, Any]:
        data = essays.checked("\n\n".join(self.notes))
        self.notes.clear()
        if node.get("expectedLength"):
            self.item.remarks.append("the length that was expected is not said here")
        return {"type": "text", "prompt": prompt, **data}

    def gap_match(self, node: Element, prompt: str) -> dict[str, Any]:
        texts = {g.get("identifier", ""): self.text(g) for g in node.iter("gapText")}
        fills = {
            gap: text for text, gap in map(_split, self.correct(node.get("responseIdentifier", "")))
        }
        fields: list[cloze.Menu] = []
        for gap in node.iter("gap"):
            right = texts.get(fills.get(gap.get("identifier", ""), ""))
            if right is None:
                raise Refused("one of its gaps has no right text")
            fields.append((right, list(texts.values())))
            gap.text = f"\ue000{len(fields)}\ue001"
            gap.tag = "span"
        for choice in [c for c in node if c.tag in ("gapText", "gapImg", "prompt")]:
            node.remove(choice)
        return cloze.menus(self.item, f"{prompt}\n\n{self.text(node)}".strip(), fields)

    def inline_choice(self, body: Element, found: list[Element]) -> dict[str, Any]:
        fields = []
        for node in found:
            texts = {c.get("identifier", ""): self.text(c) for c in node.iter("inlineChoice")}
            keys = self.correct(node.get("responseIdentifier", ""))
            if len(keys) != 1 or keys[0] not in texts:
                raise Refused("a menu has not exactly one right choice")
            fields.append((texts[keys[0]], list(texts.values())))
        prompt = self._with_places(body, found)
        return cloze.menus(self.item, prompt, fields)

    def _with_places(self, body: Element, found: list[Element]) -> str:
        for number, node in enumerate(found, start=1):
            for child in list(node):
                node.remove(child)
            node.tag, node.text = "span", f"\ue000{number}\ue001"
        return answers.without_gaps(self.text(body))

    def text_entry(self, body: Element, found: list[Element]) -> dict[str, Any]:
        names = [node.get("responseIdentifier", "") for node in found]
        numeric = [self._type(name) in ("float", "integer") for name in names]
        if len(found) == 1 and numeric[0]:
            return self._numeric(body, found[0], names[0])
        blanks: dict[str, Any] = {}
        prompt = self._with_places(body, found)
        for number, name in enumerate(names, start=1):
            own = slug(name.removeprefix("_"))
            gap = own if own == name.removeprefix("_") and own not in blanks else f"gap-{number}"
            if numeric[number - 1]:
                self.item.report_loss(
                    f"gap {number} asked for a number; here it is compared as a word"
                )
            blanks[gap] = answers.gap(self.item, self._words(name))
            prompt = prompt.replace(f"\ue000{number}\ue001", f"[[{gap}]]")
        return {"type": "blank", "prompt": prompt, "blanks": blanks}

    def _type(self, name: str) -> str:
        declared = self.declared.get(name)
        return "" if declared is None else declared.get("baseType", "")

    def _words(self, name: str) -> list[Answer]:
        """Return what is known about the words of one field."""
        worth = self.mapped(name)
        correct = self.correct(name)
        slips, other = self._slips(name)
        listed = [
            Answer(key.replace("*", "\\*"), share, slips.pop(key, ""))
            for key, share in worth.items()
        ]
        known = {answer.text for answer in listed}
        listed += [Answer(key.replace("*", "\\*"), 1.0) for key in correct if key not in known]
        listed += [Answer(key.replace("*", "\\*"), 0.0, text) for key, text in slips.items()]
        if other:
            listed.append(Answer("*", 0.0, other))
        entries = [] if worth == {} else [*self.declared[name].iterfind("mapping/mapEntry")]
        if any(entry.get("caseSensitive", "true") == "true" for entry in entries):
            self.item.report_loss("capitals mattered; here they do not")
        return listed

    def _slips(self, name: str) -> tuple[dict[str, str], str]:
        """Return the feedback for single wrong values of a field, and for any other value."""
        slips, other = {}, ""
        for rule in self._conditions():
            tested = {
                node.get("identifier")
                for node in rule.iter()
                if node.tag in ("variable", "mapResponse", "correct")
            }
            if name not in tested:
                continue
            for branch in rule.findall("responseElseIf"):
                value, shown = _value(branch.find(".//baseValue")), _shown(branch)
                if value and shown in self.feedback_texts:
                    slips[value] = self.feedback_texts[shown]
                    self.used.add(shown)
            shown = _shown(rule.find("responseElse"))
            if shown in self.feedback_texts:
                other = self.feedback_texts[shown]
                self.used.add(shown)
        return slips, other

    def _numeric(self, body: Element, node: Element, name: str) -> dict[str, Any]:
        unit = next((n for n in body.iter("span") if n.get("class") == UNIT), None)
        text = "" if unit is None else words(unit)
        parents = {child: parent for parent in body.iter() for child in parent}
        if unit is not None:
            _cut(parents[unit], unit)
        prompt = self._with_places(body, [node])
        whole = prompt.removesuffix("\ue0001\ue001").rstrip()
        right, relative = self._right_number(name)
        slips, other = self._slips(name)
        listed = [right, *(Answer(key, 0.0, text, right.tolerance) for key, text in slips.items())]
        if other:
            listed.append(Answer("*", 0.0, other))
        data = {
            "prompt": whole.replace("\ue0001\ue001", "_____"),
            **answers.numbers(self.item, listed),
        }
        if relative:
            data["tolerance"] = relative
        return {**data, "unit": text} if text else data

    def _right_number(self, name: str) -> tuple[Answer, str]:
        """Return the right number with its tolerance, which may be a share of it."""
        correct = self.correct(name) or [k for k, s in self.mapped(name).items() if s > 0]
        equal = None if self.processing is None else self.processing.find(".//equal")
        if not correct:
            bounds = [
                bound
                for test in self.root.iter()
                if test.tag in ("gte", "gt", "lte", "lt") and test.find("variable") is not None
                if (bound := xml.number(words(test, "baseValue"))) is not None
            ]
            if len(bounds) == 2:
                return answers.range_answer(min(bounds), max(bounds)), ""
            raise Refused("its right number is not said")
        if len(correct) > 1:
            raise Refused(f"several numbers are right ({', '.join(correct)})")
        key = Answer(correct[0], 1.0)
        mode = "exact" if equal is None else equal.get("toleranceMode", "exact")
        if equal is None or mode == "exact":
            return key, ""
        margins = [xml.number(part) or 0.0 for part in equal.get("tolerance", "0").split()]
        if len(set(margins)) > 1:
            self.item.report_loss(
                f"the tolerance was not alike on both sides: {equal.get('tolerance')}"
            )
        if mode == "relative":
            key.tolerance = abs(answers.parse_number(key.text)) * min(margins) / 100
            return key, f"{min(margins):g}%"
        key.tolerance = min(margins)
        return key, ""


def _shuffled(node: Element) -> dict[str, Any]:
    return {"shuffle": True} if node.get("shuffle") == "true" else {}


def _moved(node: Element, options: list[dict[str, Any]]) -> dict[str, Any]:
    """Return whether options are shuffled, and note in them which keep their place."""
    keep = [choice.get("fixed") == "true" for choice in node.iter("simpleChoice")]
    if all(keep) or not _shuffled(node):
        return {}
    for option, stays in zip(options, keep, strict=True):
        if stays != names_its_place(option["text"]):
            option["fixed"] = stays
    return {"shuffle": True}


def _cut(parent: Element, node: Element) -> None:
    """Take *node* out, and leave the text behind it."""
    index = list(parent).index(node)
    parent.remove(node)
    if index:
        parent[index - 1].tail = (parent[index - 1].tail or "") + (node.tail or "")
    else:
        parent.text = (parent.text or "") + (node.tail or "")


def _split(pair: str) -> tuple[str, str]:
    first, _, second = pair.strip().partition(" ")
    return first, second.strip()


def _value(node: Element | None) -> str:
    return words(node)


def _shown(branch: Element | None) -> str:
    """Return the feedback that a branch of the rules shows, or ""."""
    if branch is None:
        return ""
    values = [
        words(value)
        for rule in branch.iter("setOutcomeValue")
        if rule.get("identifier") != "SCORE"
        for value in rule.iter("baseValue")
    ]
    return values[0] if values else ""


_BLOCKS: dict[str, Any] = {
    "choiceInteraction": _Reader.choice,
    "orderInteraction": _Reader.order,
    "matchInteraction": _Reader.match,
    "associateInteraction": _Reader.associate,
    "gapMatchInteraction": _Reader.gap_match,
    "extendedTextInteraction": _Reader.essay,
}
_INLINE: dict[str, Any] = {
    "textEntryInteraction": _Reader.text_entry,
    "inlineChoiceInteraction": _Reader.inline_choice,
}
