"""What a reader leaves out is reported; what it could keep, it keeps."""

from typing import ClassVar, Literal

import pytest

from course.content import questions
from course.content.questions.base import Question
from tests.formats.exchange import exported, imported, question_of
from tests.formats.test_packages import QTI1, item

MOODLE = """<quiz><question type="{type}"><name><text>n</text></name>
<questiontext format="html"><text><![CDATA[{text}]]></text></questiontext>{more}</question></quiz>"""
CHOICES = """<single>true</single><answer fraction="100" format="html"><text>Yes</text></answer>
<answer fraction="0" format="html"><text>No</text></answer>"""


def moodle(text: str, more: str = CHOICES, kind: str = "multichoice") -> str:
    return MOODLE.format(type=kind, text=text, more=more)


@pytest.mark.parametrize(
    ("source", "prompt"),
    [
        (
            "Which part of a page holds its title, <head> or <footer>?{=The first ~The second}",
            r"Which part of a page holds its title, &lt;head> or &lt;footer>?",
        ),
        ("Is <Your Name> a tag?{T}", "Is &lt;Your Name> a tag?"),
        ("If a<b and b>c, then?{T}", "If a&lt;b and b>c, then?"),
        ("A <b>bold</b> <head></head>?{T}", "A **bold** &lt;head>&lt;/head>?"),
        ("[html]<p>A <device id> and <head></p>{T}", "A &lt;device id> and &lt;head>"),
        (moodle("<p>Which holds <title>, <head> or <x>?</p>"),
         "Which holds &lt;title>, &lt;head> or &lt;x>?"),
        (moodle("<section><p>One <o:p></o:p>two?</p></section>"), "One two?"),
        (item(1).replace("Pick 1", "Pick &lt;head&gt;"), "Pick &lt;head>"),
        (QTI1.replace("Which valve?", "Which &lt;valve&gt;?"), "Which &lt;valve>?"),
    ],
)  # fmt: skip
def test_words_in_angle_brackets_stay(source: str, prompt: str) -> None:
    (read,) = imported(source.encode())

    assert question_of(read).prompt == prompt
    assert (read.status, read.lost) == ("whole", [])


@pytest.mark.parametrize(
    ("source", "lost"),
    [
        (moodle("<p>One <u>two</u></p>"), "underlining"),
        (moodle("<p>One <del>two</del> three</p>"), "the line through struck-out words"),
        (moodle('<table><tr><td colspan="2">a</td></tr><tr><td>b</td><td>c</td></tr></table>'),
         "cells of a table that were joined"),
        (moodle('<ol start="4"><li>a</li></ol>'), "where a numbered list begins"),
        (moodle("<style>p {}</style><p>One?</p>"), "colours and fonts"),
        (moodle("One?", f"{CHOICES}<image>old.png</image>"), "a picture in the form of Moodle 1"),
        (moodle("Match", "".join(
            f"<subquestion><text>{a}</text><answer><text>{b}</text></answer></subquestion>"
            for a, b in (("dog", "barks"), ("cat", "mews"), ("fish", ""))), "matching"),
         "'fish', which belongs to nothing on the other side"),
        (item(1).replace("<itemBody>", '<itemBody><feedbackBlock identifier="f">No.</feedbackBlock>'),
         "what is shown within the text after an answer"),
        (QTI1.replace("<material>", '<material><matimage uri="a.png"/>', 1), "what <matimage> shows"),
        (QTI1.replace("</resprocessing>", "<respcondition><conditionvar><varequal respident='r'>a"
                      "</varequal></conditionvar><setvar>-5</setvar></respcondition></resprocessing>"),
         "points taken off for wrong answers"),
        ("type,prompt,part,right,unit\nsingle,One?,a,x,kg\n,,b,,\n",
         "'unit', which has no place here"),
        ("type,prompt,part,right,points\nsingle,One?,a,x,\n,,b,,3\n",
         "'points' in line 3, which has no place here"),
    ],
)  # fmt: skip
def test_what_is_left_out_is_reported(source: str, lost: str) -> None:
    (read,) = imported(source.encode())

    assert read.refused == ""
    assert lost in read.lost


def test_every_part_of_a_prompt_in_qti_1_is_read() -> None:
    more = "</material><material><mattext>And why?</mattext></material>"
    (read,) = imported(QTI1.replace("</material>", more, 1).encode())

    assert question_of(read).prompt == "Which valve?\n\nAnd why?"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("single,Two?,a,x,y", "the row in line 4 has 5 cells and the headings 4"),
        ("nonsense,Two?,a,x", "there is no question type 'nonsense'"),
    ],
)
def test_one_bad_row_of_a_table_costs_only_its_question(row: str, said: str) -> None:
    table = f"type,prompt,part,right\nsingle,One?,a,x\n,,b,\n{row}\nsingle,Three?,a,x\n,,b,\n"

    items = imported(table.encode())

    assert [one.data["prompt"] for one in items if not one.refused] == ["One?", "Three?"]
    assert [said in one.refused for one in items if one.refused] == [True]


def test_a_row_that_goes_on_with_nothing_costs_only_itself() -> None:
    items = imported(b"type,prompt,part,right\n,,lost,x\nsingle,One?,a,x\n,,b,\n")

    assert [one.place for one in items if one.refused] == ["line 2"]
    assert [one.data["prompt"] for one in items if not one.refused] == ["One?"]


class Claim(Question):
    """A type that no format knows yet."""

    TYPE: ClassVar[str] = "claim"

    type: Literal["claim"]
    holds: bool


CLAIM = {
    "id": "sun",
    "type": "claim",
    "objective": "know",
    "prompt": "The sun is a star.",
    "holds": True,
    "explanation": "It makes its own light.",
}


@pytest.mark.parametrize("kind", ["gift", "moodle", "qti", "csv"])
def test_a_format_refuses_to_write_a_type_that_it_does_not_know(kind: str) -> None:
    content, outcome = exported(Claim.model_validate(CLAIM), kind)

    assert content is None
    assert "no questions of type 'claim'" in outcome.refused


def test_a_table_refuses_to_read_a_type_that_it_does_not_know(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(questions.TYPES, "claim", Claim)
    (read,) = imported(b"type,prompt\nclaim,The sun is a star.\n")

    assert "no questions of type 'claim'" in read.refused
