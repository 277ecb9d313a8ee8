"""What readers make of the many ways in which a question can be written; a case for each."""

import textwrap
from typing import Any

import pytest

from tests.formats.exchange import imported, question_of

GIFT: dict[str, tuple[str, dict[str, Any]]] = {
    "escaped signs": (
        r"::a\:b:: 1\=1\: \{x\} \~ \# ?{=\= 2 ~\~ 3}",
        {
            "prompt": "1=1: {x} ~ # ?",
            "options": [{"text": "= 2", "correct": True}, {"text": "~ 3"}],
        },
    ),
    "a line break": (r"One\nTwo {T}", {"prompt": "One  \nTwo"}),
    "comments and marks": (
        "// [id:my-id] [tag:one] [tag:Two b]\n// said\nOne?{T}",
        {"id": "my-id", "tags": ["one", "two-b"]},
    ),
    "general feedback": ("One?{=a#yes ~b####Because.}", {"explanation": "Because."}),
    "HTML": ("[html]<p>A <b>b</b></p>{T}", {"prompt": "A **b**"}),
    "HTML that looks like XML": ("[html]<?xml version\\='1.0'?><p>So?</p>{T}", {"prompt": "So?"}),
    "a text like an address": (
        "[html]http\\://x.org/?a\\=1&b\\=2{T}",
        {"prompt": "http://x.org/?a=1&b=2"},
    ),
    "plain text with signs of Markdown": ("[plain]2*3*4 _x_{T}", {"prompt": r"2\*3\*4 \_x\_"}),
    "a missing word": (
        "Grant is {=in ~out} there.",
        {"type": "single", "prompt": "Grant is _____ there."},
    ),
    "a word in its gap": ("It is {=red =%0%blue#No.} here.", {"prompt": "It is [[answer]] here."}),
    "blank lines within braces": ("One?{\n=a\n\n~b\n}", {"type": "single"}),
    "true or false": (
        "So?{F#No#Yes}",
        {
            "options": [
                {"text": "True", "feedback": "No"},
                {"text": "False", "correct": True, "feedback": "Yes"},
            ]
        },
    ),
    "a range": ("How much?{#3.141..3.142}", {"answer": 3.1415, "tolerance": 0.0005}),
    "wrong numbers": (
        "How much?{#=4:1 =%0%9:1#Nine? ~#None.}",
        {"slips": [{"answer": 9.0, "feedback": "Nine?"}], "feedback": "None."},
    ),
    "pairs": (
        "Match.{=a -> 1 =b -> 2 = -> 3}",
        {
            "pairs": [{"left": "a", "right": "1"}, {"left": "b", "right": "2"}],
            "distractors": [{"text": "3"}],
        },
    ),
    "an essay": ("Write.{}", {"type": "text", "checklist": ["It answers what was asked."]}),
    "Windows line ends": ("One\r\ntwo?{\r\n=a\r\n~b}\r\n", {"prompt": "One two?"}),
}


@pytest.mark.parametrize("name", GIFT)
def test_gift_is_read(name: str) -> None:
    text, wanted = GIFT[name]
    (item,) = imported(text.encode())

    assert_has(question_of(item).dump(), wanted)


def assert_has(data: dict[str, Any], wanted: dict[str, Any]) -> None:
    assert {key: data.get(key) for key in wanted} == wanted


def moodle(kind: str, inside: str, text: str = "<p>Ask</p>", attributes: str = "") -> bytes:
    return textwrap.dedent(
        f"""\
        <quiz><question type="category"><category><text>$course$/top/One//two/Know it</text></category>
        </question><question type="{kind}"><name><text>Its name</text></name>
        <questiontext format="html"><text><![CDATA[{text}]]></text>{attributes}</questiontext>
        {inside}</question></quiz>"""
    ).encode()


PIXEL = '<file name="a b.png" path="/" encoding="base64">iVBORw0KGgo=</file>'
ANSWERS = """<answer fraction="100"><text>5</text><tolerance>0.5</tolerance></answer>
<answer fraction="0"><text>50</text><feedback><text>Too much.</text></feedback>
<tolerance>0.5</tolerance></answer>
<answer fraction="0"><text>*</text><feedback><text>No.</text></feedback></answer>"""
CHOICE = '<answer fraction="{}"><text>{}</text></answer>'
CHOICES = CHOICE.format(100, "a") + CHOICE.format(0, "b")

MOODLE: dict[str, tuple[bytes, dict[str, Any], str]] = {
    "names and categories": (
        moodle("truefalse", CHOICE.format(100, "true") + CHOICE.format(0, "false")),
        {"id": "its-name", "objective": "know-it", "options": [
            {"text": "True", "correct": True}, {"text": "False"}]},
        "",
    ),
    "hints, points, tags and the id": (
        moodle("multichoice", CHOICES + "<hint><text>H</text></hint><defaultgrade>2</defaultgrade>"
               "<idnumber>q-7</idnumber><tags><tag><text>A b</text></tag></tags>"
               "<shuffleanswers>1</shuffleanswers>"),
        {"hint": "H", "points": 2.0, "id": "q-7", "tags": ["a-b"], "shuffle": True},
        "",
    ),
    "weights of several right options": (
        moodle("multichoice", "<single>false</single>" + CHOICE.format(75, "a") + CHOICE.format(25, "b")
               + CHOICE.format(-100, "c")),
        {"type": "multiple", "scoring": "weights", "options": [
            {"text": "a", "correct": True, "weight": 75.0}, {"text": "b", "correct": True, "weight": 25.0},
            {"text": "c", "weight": -100.0}]},
        "",
    ),
    "right options that come to less than all": (
        moodle("multichoice", "<single>false</single>" + CHOICE.format(50, "a") + CHOICE.format(25, "b")
               + CHOICE.format(0, "c")),
        {"type": "multiple", "scoring": "weights"},
        "right options were worth 75% together; here they are worth all",
    ),
    "several that count together": (
        moodle("multichoiceset", CHOICE.format(100, "a") + CHOICE.format(100, "b") + CHOICE.format(0, "c")),
        {"type": "multiple", "scoring": "all-or-nothing", "options": [
            {"text": "a", "correct": True}, {"text": "b", "correct": True}, {"text": "c"}]},
        "",
    ),
    "an order that counts as a whole": (
        moodle("ordering", CHOICE.format(1, "a") + CHOICE.format(2, "b")
               + "<gradingtype>ALL_OR_NOTHING</gradingtype>"),
        {"type": "order", "scoring": "all-or-nothing"},
        "",
    ),
    "a penalty and what is said to any answer": (
        moodle("multichoice", f"{CHOICES}<penalty>0.5</penalty><correctfeedback><text>Well done"
               "</text></correctfeedback>"),
        {},
        "the penalty of 50% for each further try",
    ),
    "a number with its unit": (
        moodle("numerical", ANSWERS + "<units><unit><multiplier>1</multiplier><unit_name>m</unit_name>"
               "</unit><unit><multiplier>100</multiplier><unit_name>cm</unit_name></unit></units>"),
        {"answer": 5.0, "tolerance": 0.5, "unit": "m", "feedback": "No.",
         "slips": [{"answer": 50.0, "feedback": "Too much."}]},
        "answers in other units (cm)",
    ),
    "words where capitals mattered": (
        moodle("shortanswer", CHOICE.format(100, "Red") + "<usecase>1</usecase>", "A ____ rose"),
        {"prompt": "A [[answer]] rose"},
        "capitals mattered; here they do not",
    ),
    "a pattern": (
        moodle("shortanswer", CHOICE.format(100, "red") + CHOICE.format(100, "red*")),
        {"blanks": {"answer": {"accept": ["red"]}}},
        "the pattern 'red*': only whole answers are compared here",
    ),
    "praise where there is no explanation": (
        moodle("shortanswer", '<answer fraction="100"><text>red</text><feedback><text>It is.</text>'
               "</feedback></answer>"),
        {"explanation": "It is."},
        "what was said to right answers only is now said after any answer",
    ),
    "an embedded picture": (
        moodle("truefalse", CHOICE.format(100, "true") + CHOICE.format(0, "false"),
               '<p>See <img src="@@PLUGINFILE@@/a%20b.png" alt="it"></p>', PIXEL),
        {"prompt": "See ![it](picture:a-b-4c4b6a3b.png)"},
        "",
    ),
    "a missing picture": (
        moodle("truefalse", CHOICE.format(100, "true") + CHOICE.format(0, "false"),
               '<p>See <img src="@@PLUGINFILE@@/b.png" alt="it"></p>'),
        {"prompt": "See it"},
        "the picture 'b.png' is missing in the file",
    ),
    "formulas and colours": (
        moodle("truefalse", CHOICE.format(100, "true") + CHOICE.format(0, "false"),
               r'<p style="color: red">Is \(a_1*b_2\) so? x<sub>1</sub></p>'),
        {"prompt": r"Is `\(a_1*b_2\)` so? x<sub>1</sub>"},
        "a formula is kept as its source, and not drawn",
    ),
    "an essay with notes": (
        moodle("essay", "<graderinfo format='html'><text>&lt;ul&gt;&lt;li&gt;One&lt;/li&gt;&lt;li&gt;Two"
               "&lt;/li&gt;&lt;/ul&gt;</text></graderinfo>"),
        {"checklist": ["One", "Two"]},
        "",
    ),
    "an order": (
        moodle("ordering", "".join(CHOICE.format(n, c) for n, c in enumerate("abc", 1))
               + "<gradingtype>RELATIVE_NEXT_EXCLUDE_LAST</gradingtype>"),
        {"items": [{"text": "a"}, {"text": "b"}, {"text": "c"}]},
        "it was graded in another way; here each item at its right place counts",
    ),
    "words to drag": (
        moodle("ddwtos", "<dragbox><text>x</text><group>1</group></dragbox><dragbox><text>y</text>"
               "<group>1</group></dragbox><dragbox><text>z</text></dragbox>", "First [[2]], then [[1]]."),
        {"prompt": "First **(1)**, then **(2)**.", "pairs": [
            {"left": "(1)", "right": "y"}, {"left": "(2)", "right": "x"}]},
        "its menus within the text became numbered places to match, with one list of choices",
    ),
    "Cloze with words": (
        moodle("cloze", "", "<p>A {1:SA:=red~%50%pink#Nearly~*#No} {2:MW:=rose#Yes}.</p>"),
        {"prompt": "A [[gap-1]] [[gap-2]].", "blanks": {
            "gap-1": {"accept": ["red"], "feedback": "No",
                      "slips": [{"answer": "pink", "feedback": "Nearly"}]},
            "gap-2": {"accept": ["rose"]}}},
        "its fields weighed 1, 2; here each counts alike",
    ),
    "Cloze with menus": (
        moodle("cloze", "", "<p>{1:MC:a~=b} and {1:MCV:=c~d}</p>"),
        {"type": "match", "distractors": [{"text": "a"}, {"text": "d"}]},
        "its menus within the text became numbered places to match, with one list of choices",
    ),
    "Cloze with one number": (
        moodle("cloze", "", "<p>It is {1:NM:=5:1} m.</p>"),
        {"prompt": "It is _____ m.", "answer": 5.0, "tolerance": 1.0},
        "",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", MOODLE)
def test_moodle_xml_is_read(name: str) -> None:
    content, wanted, lost = MOODLE[name]
    (item,) = imported(content)

    assert_has(question_of(item).dump(), wanted)
    assert lost in item.lost if lost else item.lost == []


REFUSED = {
    "an unknown type": (moodle("calculated", ""), "no question type here for Moodle's 'calculated'"),
    "a text alone": (moodle("description", ""), "it is a text that asks nothing"),
    "no right option": (moodle("multichoice", CHOICE.format(0, "a") * 2), "no option is right"),
    "two right options of one": (
        moodle("multichoice", CHOICE.format(100, "a") + CHOICE.format(100, "b")),
        "2 options are equally right where one may be chosen",
    ),
    "options alike": (
        moodle("multichoice", CHOICE.format(100, "a") + CHOICE.format(0, "A")),
        "reads like one before it",
    ),
    "several right numbers": (
        moodle("numerical", CHOICE.format(100, "1") + CHOICE.format(100, "2")),
        "several numbers are right (1, 2)",
    ),
    "no number": (moodle("numerical", CHOICE.format(100, "many")), "'many' is no number"),
    "too many items": (
        moodle("ordering", "".join(CHOICE.format(n, n) for n in range(1, 9))),
        "8 items are too many to order",
    ),
    "a file to send": (
        moodle("essay", "<responseformat>noinline</responseformat>"),
        "it asks for a file, and no files are taken here",
    ),
    "several choices in a field": (moodle("cloze", "", "{1:MR:=a~=b}"), "several choices at once"),
    "nothing asked": (moodle("essay", "", ""), "prompt: is empty"),
    "GIFT with loose braces": (b"One {=a ~b} two {=c}", "do not make one pair"),
    "a table of an unknown type": (b"type,prompt\nsingel,P\n", "did you mean 'single'?"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_a_question_that_cannot_be_carried_is_refused_with_the_reason(name: str) -> None:
    content, reason = REFUSED[name]
    (item,) = imported(content)

    assert item.status == "refused"
    assert reason in item.refused


def qti(body: str, right: str = "A", cardinality: str = "single", kind: str = "identifier",
        rules: str = "", more: str = "") -> bytes:  # fmt: skip
    values = "".join(f"<value>{value}</value>" for value in right.split(",") if value)
    return (
        '<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="q-1" title="T">'
        f'<responseDeclaration identifier="R" cardinality="{cardinality}" baseType="{kind}">'
        f"<correctResponse>{values}</correctResponse>{more}</responseDeclaration>"
        f"<itemBody>{body}</itemBody><responseProcessing>{rules}</responseProcessing></assessmentItem>"
    ).encode()


SIMPLE = '<simpleChoice identifier="{0}">{0}</simpleChoice>'
TWO = SIMPLE.format("A") + SIMPLE.format("B")
ASKED = '<p>Ask</p><{0} responseIdentifier="R">{1}</{0}>'
ALL = "<responseCondition><responseIf><match><variable identifier='R'/><correct identifier='R'/></match>" \
      "</responseIf></responseCondition>"  # fmt: skip
SIDES = "<simpleMatchSet>{}</simpleMatchSet>" * 2
SIDE = '<simpleAssociableChoice identifier="{0}">{0}</simpleAssociableChoice>'

QTI: dict[str, tuple[bytes, dict[str, Any], str]] = {
    "one of several, with feedback inside": (
        qti(ASKED.format("choiceInteraction", '<prompt>More?</prompt><simpleChoice identifier="A">a'
            '<feedbackInline identifier="A">Yes</feedbackInline></simpleChoice>' + SIMPLE.format("B"))),
        {"type": "single", "prompt": "Ask\n\nMore?", "options": [
            {"text": "a", "correct": True, "feedback": "Yes"}, {"text": "B"}]},
        "",
    ),
    "several, all or nothing": (
        qti(ASKED.format("choiceInteraction", TWO + SIMPLE.format("C")), "A,B", "multiple", rules=ALL),
        {"type": "multiple", "scoring": "all-or-nothing"},
        "",
    ),
    "a poll": (qti(ASKED.format("choiceInteraction", TWO), ""), {"type": "poll"}, ""),
    "a number with a share": (
        qti('<p>How <textEntryInteraction responseIdentifier="R"/> m?</p>', "50", kind="float",
            rules="<equal toleranceMode='relative' tolerance='2 2'/>"),
        {"prompt": "How _____ m?", "answer": 50.0, "tolerance": "2%"},
        "",
    ),
    "an order": (
        qti(ASKED.format("orderInteraction", TWO), "B,A", "ordered", rules=ALL),
        {"items": [{"text": "B"}, {"text": "A"}], "scoring": "all-or-nothing"},
        "",
    ),
    "pairs of two sides": (
        qti(ASKED.format("matchInteraction", SIDES.format(SIDE.format("l") + SIDE.format("m"),
            SIDE.format("r") + SIDE.format("s"))), "l r,m r", "multiple", "directedPair"),
        {"pairs": [{"left": "l", "right": "r"}, {"left": "m", "right": "r"}],
         "distractors": [{"text": "s"}]},
        "",
    ),
    "pairs without sides": (
        qti(ASKED.format("associateInteraction", "".join(map(SIDE.format, "abcd"))), "a b,c d",
            "multiple", "pair"),
        {"pairs": [{"left": "a", "right": "b"}, {"left": "c", "right": "d"}]},
        "its pairs have no sides; here the first of each stands on the left",
    ),
    "gaps to fill with given words": (
        qti('<gapMatchInteraction responseIdentifier="R"><gapText identifier="w">won</gapText>'
            '<gapText identifier="l">lost</gapText><p>We <gap identifier="g"/>, you '
            '<gap identifier="h"/>.</p></gapMatchInteraction>', "w g,l h", "multiple", "directedPair"),
        {"prompt": "We **(1)**, you **(2)**."},
        "its menus within the text became numbered places to match, with one list of choices",
    ),
    "a menu in a text": (
        qti('<p>We <inlineChoiceInteraction responseIdentifier="R"><inlineChoice identifier="A">won'
            '</inlineChoice><inlineChoice identifier="B">lost</inlineChoice></inlineChoiceInteraction>.</p>'),
        {"type": "single", "prompt": "We _____."},
        "",
    ),
    "a free text": (
        qti(ASKED.format("extendedTextInteraction", ""), ""),
        {"type": "text", "prompt": "Ask"},
        "",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", QTI)
def test_qti_is_read(name: str) -> None:
    content, wanted, lost = QTI[name]
    (item,) = imported(content)

    assert not item.refused, item.refused
    assert_has(question_of(item).dump(), wanted)
    assert lost in item.lost if lost else item.lost == []


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (qti(ASKED.format("hotspotInteraction", "")), "QTI's hotspotInteraction"),
        (qti(ASKED.format("choiceInteraction", TWO) * 2), "it asks 2 questions at once"),
        (qti("<p>Read.</p>"), "it is a text that asks nothing"),
    ],
)
def test_qti_that_cannot_be_carried_is_refused(content: bytes, reason: str) -> None:
    (item,) = imported(content)

    assert reason in item.refused


TABLE = "id;type;prompt;part;right;feedback;points\r\nq-1;single;Ask?;a;x;Yes;0,5\r\n;;;b;;;\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_a_table_is_read_as_spreadsheet_programs_save_it(encoding: str, separator: str) -> None:
    text = TABLE.replace("0,5", "0.5").replace(";", separator) if separator == "," else TABLE
    (item,) = imported(text.replace(";", separator).encode(encoding))

    assert question_of(item).dump()["options"] == [
        {"text": "a", "correct": True, "feedback": "Yes"},
        {"text": "b"},
    ]
    assert item.data["points"] == 0.5
