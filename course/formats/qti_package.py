"""Writing QTI 2.1 packages: a manifest, and a file for each question that scores it as the course does."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import bs4

from course.content.problems import short
from course.content.questions.blank import GAP, Blanks
from course.content.questions.match import Match
from course.content.questions.multiple import Multiple
from course.content.questions.numeric import Numeric
from course.content.questions.order import Order
from course.content.questions.poll import Poll
from course.content.questions.single import Single
from course.content.questions.text import FreeText
from course.formats import answers, essays, prose, xml
from course.formats.archive import packed
from course.formats.items import ExportedQuestion, Outcome, Refused, Written, left_behind
from course.formats.qti import MANIFEST
from course.formats.qti_item import UNIT
from course.formats.xml import Element, add

ENDING = ".zip"

_QTI = "http://www.imsglobal.org/xsd/imsqti_v2p1"
_CP = "http://www.imsglobal.org/xsd/imscp_v1p1"
_LOM = "http://ltsc.ieee.org/xsd/LOM"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"

_KEPT = frozenset(
    {
        "a", "abbr", "b", "big", "blockquote", "br", "cite", "code", "dd", "div", "dl", "dt", "em", "h1",
        "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "kbd", "li", "ol", "p", "pre", "q", "samp", "small",
        "span", "strong", "sub", "sup", "table", "tbody", "td", "th", "thead", "tr", "tt", "ul", "var",
    }
)  # fmt: skip
"""The elements of HTML that a question may hold (QTI 2.1, section on content)."""


def write(asked: Sequence[ExportedQuestion], root: Path) -> Written:
    """Return the questions as a package; pictures are read from *root*."""
    files: dict[str, bytes] = {}
    outcomes = []
    manifest = Element("manifest", {"xmlns": _CP, "xmlns:lom": _LOM, "identifier": "manifest"})
    described = add(manifest, "metadata")
    add(described, "schema", "QTIv2.1 Package")
    add(described, "schemaversion", "1.0.0")
    add(manifest, "organizations")
    resources = add(manifest, "resources")
    for entry in asked:
        outcome = Outcome(entry.question.id, entry.place)
        outcomes.append(outcome)
        writer = _Writer(entry, outcome, root)
        name = f"items/{entry.question.id}.xml"
        try:
            files[name] = xml.written(writer.item())
        except Refused as reason:
            outcome.refused = str(reason)
            continue
        files |= {f"items/{path}": content for path, content in writer.pictures.items()}
        _list(resources, entry, name, [f"items/{path}" for path in writer.pictures])
    if not files:
        return Written(None, outcomes)
    return Written(packed({MANIFEST: xml.written(manifest), **files}), outcomes)


def _list(resources: Element, entry: ExportedQuestion, name: str, pictures: list[str]) -> None:
    """Name a question in the manifest, with its objective and its tags."""
    question = entry.question
    resource = add(
        resources, "resource", identifier=_name(question.id), type="imsqti_item_xmlv2p1", href=name
    )
    lom = add(add(resource, "metadata"), "lom:lom")
    general = add(lom, "lom:general")
    add(add(general, "lom:title"), "lom:string", question.id)
    for tag in question.tags:
        add(add(general, "lom:keyword"), "lom:string", tag)
    classed = add(lom, "lom:classification")
    purpose = add(classed, "lom:purpose")
    add(purpose, "lom:source", "LOMv1.0")
    add(purpose, "lom:value", "educational objective")
    path = add(classed, "lom:taxonPath")
    add(add(path, "lom:source"), "lom:string", entry.lesson_id)
    taxon = add(path, "lom:taxon")
    add(taxon, "lom:id", question.objective)
    for file in [name, *pictures]:
        add(resource, "file", href=file)


def _name(text: str) -> str:
    """Return *text* as an identifier, which must not begin with a digit."""
    return f"_{text}" if text[:1].isdigit() else text


class _Writer:
    """Writes one question."""

    def __init__(self, entry: ExportedQuestion, outcome: Outcome, root: Path) -> None:
        self.entry, self.outcome, self.root = entry, outcome, root
        self.question = entry.question
        self.pictures: dict[str, bytes] = {}
        self.feedback_texts: dict[str, str] = {}
        """The feedback, by the name under which the rules show it."""
        self.rules: list[Element] = []

    def item(self) -> Element:
        question = self.question
        item = Element(
            "assessmentItem",
            {
                "xmlns": _QTI,
                "xmlns:xsi": _XSI,
                "xsi:schemaLocation": f"{_QTI} http://www.imsglobal.org/xsd/qti/qtiv2p1/imsqti_v2p1.xsd",
                "identifier": _name(question.id),
                "title": question.id,
                "adaptive": "false",
                "timeDependent": "false",
            },
        )
        body = Element("itemBody")
        declared = [*self._asked(body)]
        if question.explanation:
            self.feedback_texts["explanation"] = question.explanation
            self.rules.append(_shows("explanation"))
        item.extend(declared)
        _outcome(item, "SCORE", "0")
        if question.SCORED:
            _outcome(item, "MAXSCORE", f"{question.points:g}")
        if self.feedback_texts:
            add(
                item,
                "outcomeDeclaration",
                identifier="FEEDBACK",
                cardinality="multiple",
                baseType="identifier",
            )
        item.append(body)
        if self.rules:
            add(item, "responseProcessing").extend(self.rules)
        for name, text in self.feedback_texts.items():
            shown = add(
                item,
                "modalFeedback",
                outcomeIdentifier="FEEDBACK",
                identifier=name,
                showHide="show",
            )
            self.flow(shown, text)
        keys = {"options", "pairs", "distractors", "blanks", "items", "answer", "tolerance", "slips",
                "unit", "tags", "points", "checklist", "example", "shuffle", "scoring"}  # fmt: skip
        keys |= {"feedback"} if isinstance(question, Numeric) else set()
        keys -= set() if question.SCORED else {"points"}
        for note in left_behind(question, keys, {"feedback", "slips", "fixed", "weight"}):
            self.outcome.report_loss(note)
        return item

    def _asked(self, body: Element) -> Iterator[Element]:
        """Fill the *body* and yield what declares the right answers."""
        question = self.question
        match question:
            case Single() | Multiple() | Poll():
                yield self._choice(question, body)
            case Order():
                yield self._order(question, body)
            case Match():
                yield self._match(question, body)
            case Numeric():
                yield self._numeric(question, body)
            case Blanks():
                yield from self._blanks(question, body)
            case FreeText():
                self.flow(body, question.prompt)
                notes = add(body, "rubricBlock", view="scorer")
                self.flow(notes, essays.grader_notes(question))
                add(body, "extendedTextInteraction", responseIdentifier="RESPONSE")
                yield _declared("RESPONSE", "single", "string")
            case _:
                raise Refused(f"QTI has no questions of type '{question.type}'")

    # Texts

    def flow(self, parent: Element, text: str, gaps: dict[str, Element] | None = None) -> None:
        """Write Markdown into *parent* as the HTML that QTI allows; gaps become their fields."""
        links = {}
        for picture in prose.pictures(text, self.entry.folder, self.root):
            if picture.content:
                links[picture.link] = f"pictures/{picture.name}"
                self.pictures[links[picture.link]] = picture.content
            else:
                self.outcome.report_loss(f"the picture '{short(picture.link)}' was not found")
        _fill(parent, prose.soup_of(prose.relinked(text, links)), gaps or {})

    def line(self, parent: Element, text: str) -> None:
        """Write Markdown into *parent*, without a paragraph around a single one."""
        self.flow(parent, text)
        children = list(parent)
        if len(children) == 1 and children[0].tag == "p":
            (only,) = children
            parent.remove(only)
            parent.text = only.text
            parent.extend(list(only))

    def says(self, name: str, text: str | None) -> str:
        """Keep feedback under a name, and return the name, or "" where there is nothing to say."""
        if not text:
            return ""
        self.feedback_texts[name] = text
        return name

    # The types

    def _choice(self, question: Single | Multiple | Poll, body: Element) -> Element:
        many = isinstance(question, Multiple)
        self.flow(body, question.prompt)
        asked = add(
            body,
            "choiceInteraction",
            responseIdentifier="RESPONSE",
            shuffle="true" if question.shuffle else "false",
            maxChoices="0" if many else "1",
        )
        right, worth = [], {}
        options: Sequence[Any] = question.options
        shares = [float(getattr(option, "correct", False)) for option in options]
        if isinstance(question, Multiple):
            shares = answers.shares_of(question)
        for number, option in enumerate(options, start=1):
            name = f"choice-{number}"
            choice = add(asked, "simpleChoice", identifier=name)
            if question.shuffle and option.stays:
                choice.set("fixed", "true")
            self.line(choice, option.text)
            self.says(name, option.feedback)
            if getattr(option, "correct", False):
                right.append(name)
            worth[name] = shares[number - 1] * question.points
        if self.feedback_texts:
            rule = Element("setOutcomeValue", identifier="FEEDBACK")
            add(add(rule, "multiple"), "variable", identifier="RESPONSE")
            self.rules.append(rule)
        declared = _declared("RESPONSE", "multiple" if many else "single", "identifier", right)
        if isinstance(question, Multiple) and question.scoring == "all-or-nothing":
            self.rules.insert(0, _all_of_it(question.points))
        elif not isinstance(question, Poll):
            _mapped(declared, worth, never_below="0" if many else "")
            self.rules.insert(0, _gains("RESPONSE"))
        return declared

    def _order(self, question: Order, body: Element) -> Element:
        self.flow(body, question.prompt)
        asked = add(body, "orderInteraction", responseIdentifier="RESPONSE", shuffle="true")
        if any(isinstance(entry, list) for entry in question.items):
            self.outcome.report_loss(
                "items that may stand in any order among themselves got a fixed one"
            )
        flat = [
            i for entry in question.items for i in (entry if isinstance(entry, list) else [entry])
        ]
        names = [f"item-{number}" for number in range(1, len(flat) + 1)]
        for place, (name, item) in enumerate(zip(names, flat, strict=True), start=1):
            self.line(add(asked, "simpleChoice", identifier=name), item.text)
            test = Element("match")
            add(add(test, "index", n=str(place)), "variable", identifier="RESPONSE")
            add(test, "baseValue", name, baseType="identifier")
            shown = self.says(f"{name}-misplaced", item.feedback)
            part = _adds(question.points / len(flat)) if question.scoring == "parts" else None
            if part is not None or shown:
                self.rules.append(_when(test, part, shown))
        if question.scoring == "all-or-nothing":
            self.rules.insert(0, _all_of_it(question.points))
        # Shown in the right order, items would give it away where a program does not mix them.
        choices = sorted(asked, key=lambda choice: "".join(choice.itertext()).casefold())
        asked[:] = choices
        return _declared("RESPONSE", "ordered", "identifier", names)

    def _match(self, question: Match, body: Element) -> Element:
        self.flow(body, question.prompt)
        count = len(question.pairs)
        asked = add(
            body,
            "matchInteraction",
            responseIdentifier="RESPONSE",
            shuffle="true" if question.shuffle else "false",
            maxAssociations=str(count),
        )
        texts = dict.fromkeys(
            [pair.right for pair in question.pairs] + [d.text for d in question.distractors]
        )
        names = {text: f"right-{number}" for number, text in enumerate(sorted(texts), start=1)}
        lefts, rights = add(asked, "simpleMatchSet"), add(asked, "simpleMatchSet")
        worth = {}
        for number, pair in enumerate(question.pairs, start=1):
            name = f"left-{number}"
            choice = add(lefts, "simpleAssociableChoice", identifier=name, matchMax="1")
            self.line(choice, pair.left)
            both = f"{name} {names[pair.right]}"
            worth[both] = question.points / count
            if shown := self.says(f"{name}-otherwise", pair.feedback):
                test = Element("member")
                add(test, "baseValue", both, baseType="directedPair")
                add(test, "variable", identifier="RESPONSE")
                self.rules.append(_when(test, None, shown))
        for text, name in names.items():
            choice = add(rights, "simpleAssociableChoice", identifier=name, matchMax=str(count))
            self.line(choice, text)
        for distractor in question.distractors:
            if distractor.feedback:
                self.outcome.report_loss("the feedback on distractors cannot be carried")
        declared = _declared("RESPONSE", "multiple", "directedPair", list(worth))
        if question.scoring == "all-or-nothing":
            self.rules.insert(0, _all_of_it(question.points))
            return declared
        _mapped(declared, worth)
        self.rules.insert(0, _gains("RESPONSE"))
        return declared

    def _numeric(self, question: Numeric, body: Element) -> Element:
        self.flow(body, question.prompt)
        line = add(body, "p")
        field = add(
            line, "textEntryInteraction", responseIdentifier="RESPONSE", expectedLength="12"
        )
        if question.unit:
            field.tail = " "
            add(line, "span", question.unit, **{"class": UNIT})
        test = _equal(question, None)
        rule = _when(test, _adds(question.points), "")
        for number, slip in enumerate(question.slips, start=1):
            shown = self.says(f"slip-{number}", slip.feedback)
            branch = add(rule, "responseElseIf")
            branch.append(_equal(question, slip.answer))
            branch.append(_shows(shown))
        if shown := self.says("otherwise", question.feedback):
            add(rule, "responseElse").append(_shows(shown))
        self.rules.append(rule)
        return _declared("RESPONSE", "single", "float", [answers.plain(question.answer)])

    def _blanks(self, question: Blanks, body: Element) -> Iterator[Element]:
        fields = {}
        count = len(question.blanks)
        for gap, blank in question.blanks.items():
            name = _name(gap)
            fields[gap] = Element(
                "textEntryInteraction", responseIdentifier=name, expectedLength="20"
            )
            worth = dict.fromkeys(blank.accept, question.points / count)
            worth |= {slip.answer: 0.0 for slip in blank.slips}
            declared = _declared(name, "single", "string", blank.accept[:1])
            _mapped(declared, worth, caseless=True)
            yield declared
            self.rules.append(self._gap_rule(name, blank))
        self.flow(body, question.prompt, fields)

    def _gap_rule(self, name: str, blank: Any) -> Element:
        test = Element("gt")
        add(test, "mapResponse", identifier=name)
        add(test, "baseValue", "0", baseType="float")
        rule = _when(test, _gains(name), "")
        for number, slip in enumerate(blank.slips, start=1):
            branch = add(rule, "responseElseIf")
            piece = add(branch, "stringMatch", caseSensitive="false")
            add(piece, "variable", identifier=name)
            add(piece, "baseValue", slip.answer, baseType="string")
            branch.append(_shows(self.says(f"{name}-slip-{number}", slip.feedback)))
        if shown := self.says(f"{name}-otherwise", blank.feedback):
            add(rule, "responseElse").append(_shows(shown))
        return rule


# Declarations and rules


def _outcome(item: Element, name: str, value: str) -> None:
    declared = add(
        item, "outcomeDeclaration", identifier=name, cardinality="single", baseType="float"
    )
    add(add(declared, "defaultValue"), "value", value)


def _declared(name: str, cardinality: str, kind: str, right: Sequence[str] = ()) -> Element:
    declared = Element(
        "responseDeclaration", identifier=name, cardinality=cardinality, baseType=kind
    )
    if right:
        correct = add(declared, "correctResponse")
        for value in right:
            add(correct, "value", value)
    return declared


def _mapped(
    declared: Element, worth: dict[str, float], *, caseless: bool = False, never_below: str = ""
) -> None:
    mapping = add(declared, "mapping", defaultValue="0")
    if never_below:
        mapping.set("lowerBound", never_below)
    for key, value in worth.items():
        entry = add(mapping, "mapEntry", mapKey=key, mappedValue=f"{value:.10g}")
        if caseless:
            entry.set("caseSensitive", "false")


def _gains(name: str) -> Element:
    """Return the rule that adds what the map says a response is worth."""
    rule = Element("setOutcomeValue", identifier="SCORE")
    total = add(rule, "sum")
    add(total, "variable", identifier="SCORE")
    add(total, "mapResponse", identifier=name)
    return rule


def _adds(points: float) -> Element:
    rule = Element("setOutcomeValue", identifier="SCORE")
    total = add(rule, "sum")
    add(total, "variable", identifier="SCORE")
    add(total, "baseValue", f"{points:.10g}", baseType="float")
    return rule


def _all_of_it(points: float) -> Element:
    """Return the rule that adds the points where the whole response is right."""
    test = Element("match")
    add(test, "variable", identifier="RESPONSE")
    add(test, "correct", identifier="RESPONSE")
    return _when(test, _adds(points), "")


def _shows(name: str) -> Element:
    rule = Element("setOutcomeValue", identifier="FEEDBACK")
    shown = add(rule, "multiple")
    add(shown, "variable", identifier="FEEDBACK")
    add(shown, "baseValue", name, baseType="identifier")
    return rule


def _when(test: Element, then: Element | None, otherwise: str) -> Element:
    """Return the rule that does *then* where the *test* holds, and else shows feedback."""
    rule = Element("responseCondition")
    branch = add(rule, "responseIf")
    branch.append(test)
    if then is not None:
        branch.append(then)
    if otherwise:
        add(rule, "responseElse").append(_shows(otherwise))
    return rule


def _equal(question: Numeric, number: float | str | None) -> Element:
    if isinstance(question.tolerance, str) and number is None:
        share = question.tolerance.rstrip("%")
        test = Element("equal", toleranceMode="relative", tolerance=f"{share} {share}")
    elif question.margin:
        margin = format(question.margin.normalize(), "f")
        test = Element("equal", toleranceMode="absolute", tolerance=f"{margin} {margin}")
    else:
        test = Element("equal", toleranceMode="exact")
    add(test, "variable", identifier="RESPONSE")
    if number is None:
        add(test, "correct", identifier="RESPONSE")
    else:
        add(test, "baseValue", answers.plain(number), baseType="float")
    return test


# HTML


def _fill(parent: Element, soup: Any, gaps: dict[str, Element]) -> None:
    for node in soup.children:
        if isinstance(node, bs4.Tag):
            _fill_tag(parent, node, gaps)
        elif type(node) is bs4.element.NavigableString:
            _fill_text(parent, str(node), gaps)


def _fill_tag(parent: Element, node: Any, gaps: dict[str, Element]) -> None:
    if node.name not in _KEPT:
        _fill(parent, node, gaps)
        return
    made = ElementTree.SubElement(parent, node.name)
    if node.name == "img":
        made.set("src", str(node.get("src", "")))
        made.set("alt", str(node.get("alt", "")))
    if node.name == "a":
        made.set("href", str(node.get("href", "")))
    _fill(made, node, gaps)


def _fill_text(parent: Element, text: str, gaps: dict[str, Element]) -> None:
    if parent.tag in ("itemBody", "ul", "ol", "table", "tr", "tbody", "thead") and not text.strip():
        return
    for number, part in enumerate(GAP.split(text)):
        if number % 2 and part in gaps:
            parent.append(gaps[part])
            continue
        piece = f"[[{part}]]" if number % 2 else part
        if len(parent):
            parent[-1].tail = (parent[-1].tail or "") + piece
        else:
            parent.text = (parent.text or "") + piece
