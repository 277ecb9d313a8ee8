"""What makes a new revision of a question, and what does not."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.content import questions, source
from course.content.model import normalise_text
from course.content.questions.base import option_key
from tests.content import samples
from tests.content.samples import question

PINNED = {
    "single": "570fb54bc9b27668",
    "multiple": "190d6bd9f8577f18",
    "blank": "c2ddf439224d6814",
    "numeric": "04ea5f438f443810",
    "order": "c3da2e07fba5159f",
    "match": "25e56871a01a81f3",
    "text": "2d5e9300d65b7826",
    "poll": "64662485b011daf9",
}


@pytest.mark.parametrize("kind", PINNED)
def test_revisions_are_pinned(kind):
    """Whoever changes one of these makes every recorded answer belong to an earlier revision."""
    assert question(samples.ALL[kind]).revision == PINNED[kind]


def test_option_keys_are_pinned():
    assert option_key("The tone of the thread") == "1d7fe819"


PROSE = """\
id: first
type: single
objective: control
prompt: "Which of these is right: this one or that one?"
options:
  - text: This
    correct: true
    feedback: "Yes."
  - text: That
explanation: "Because it is."
"""

REFORMATTED = """\
# A comment.
explanation: >-
  Because
  it is.
objective: control
options:
    - {correct: true, text: 'This', feedback: 'Yes.'}
    -
        text: |
            That
type: single   # another
prompt: >
  Which of these is right: this
  one or  that one?

id: 'first'
"""


@pytest.mark.parametrize(
    "text",
    [
        REFORMATTED,
        PROSE.replace("\n", "\r\n"),
        PROSE + "points: 1\n",
        PROSE + "points: 1.0\n",
        PROSE + "tags: []\n",
        PROSE + "hint:\n",
        PROSE.replace("text: That", "text: That\n    correct: false"),
        PROSE.replace("This", '"  This  "'),
    ],
)
def test_the_way_it_is_written_changes_nothing(text, tmp_path):
    path = tmp_path / "quiz.yml"
    path.write_bytes(text.encode())
    data = source.parse_yaml("quiz.yml", source.read_text(tmp_path, path)).data
    again = questions.TYPES["single"].model_validate(data)

    assert again.revision == question(PROSE).revision
    assert again.wording == question(PROSE).wording


def test_accents_written_in_two_ways_are_the_same():
    composed: Any = question(PROSE, ("This", "Caf\u00e9"))
    combined: Any = question(PROSE, ("This", "Cafe\u0301"))

    assert composed.revision == combined.revision
    assert composed.options[0].key == combined.options[0].key


@pytest.mark.parametrize(
    ("kind", "old", "new"),
    [
        ("single", "feedback: Nobody else", "feedback: No one else"),
        ("single", "misconception: a page", "misconception: that a page"),
        ("single", "hint: Ask", "hint: First ask"),
        ("single", "explanation: Control", "explanation: Having control"),
        ("single", "objective: control", "objective: influence"),
        ("single", "hint:", "group: opening\nhint:"),
        ("single", "hint:", "tags: [one]\nhint:"),
        ("single", "hint:", "sources: [A book]\nhint:"),
        ("single", "hint:", "review_after: 2027-01-01\nhint:"),
        ("single", "id: first-act", "id: opening-act"),
        ("blank", "feedback: It is not for sale.", "feedback: Nobody sells it."),
        ("blank", "answer: bought", "answer: sold"),
        ("numeric", "answer: 43.5", "answer: 435"),
        ("order", "feedback: Listening", "feedback: Hearing"),
        ("match", "feedback: Each", "feedback: Every one"),
        ("text", "example: We are", "example: We're"),
    ],
)
def test_other_words_around_the_question_are_a_new_wording_only(kind, old, new):
    before = question(samples.ALL[kind])
    after = question(samples.ALL[kind], (old, new))

    assert after.revision == before.revision
    assert after.wording != before.wording


@pytest.mark.parametrize(
    ("kind", "old", "new"),
    [
        ("single", "prompt: Which", "prompt: Which one"),
        ("single", "The tone of the thread", "The tone of a thread"),
        ("single", "the thread\n", "the thread\n    correct: true\n"),
        ("single", "hint:", "points: 2\nhint:"),
        ("single", "type: single", "type: multiple"),
        ("multiple", "  - text: Its neighbours\n", ""),
        ("blank", "[earned, won]", "[earned]"),
        ("blank", "[[verb]] by [[noun]]", "[[noun]] by [[verb]]"),
        ("numeric", "answer: 4.35", "answer: 4.36"),
        ("numeric", "tolerance: 0.01", "tolerance: 0.02"),
        ("numeric", "unit: days", "unit: weeks"),
        ("order", "- text: Learn", "- text: Rest"),
        ("order", "  - - text: Answer\n    - text: Thank", "  - text: Answer\n  - text: Thank"),
        ("match", "right: influence", "right: control"),
        ("match", "text: neither", "text: nobody"),
        ("text", "Says sorry", "Says thanks"),
        ("poll", "In the shop", "In shops"),
    ],
)
def test_another_question_or_key_is_a_new_revision(kind, old, new):
    before = question(samples.ALL[kind])
    after = question(samples.ALL[kind], (old, new))

    assert after.revision != before.revision
    assert after.wording != before.wording


def test_another_order_of_options_is_a_new_revision():
    swapped = """\
  - text: In the shop
  - text: At home
    feedback: So do most.
"""
    before: Any = question(samples.POLL)
    head = samples.POLL.split("options:\n")[0]

    assert question(f"{head}options:\n{swapped}").revision != before.revision


def test_the_order_of_gaps_under_blanks_does_not_matter():
    one = "  noun:\n    accept: [taking part]\n"
    text = samples.BLANK.replace(one, "").replace("blanks:\n", f"blanks:\n{one}")

    assert question(text).revision == question(samples.BLANK).revision


@pytest.mark.parametrize("name", ["hint", "group", "feedback", "id", "tags"])
def test_a_gap_may_be_called_like_a_field(name):
    renamed = [("verb", name)]
    before = question(samples.BLANK, *renamed)
    after = question(samples.BLANK, *renamed, ("earned, won", "earned"))

    assert after.revision != before.revision


@pytest.mark.parametrize(
    ("written", "same"),
    [("2%", "2.0 %"), ("0", "0.0"), ("0", "0%"), ("0.5", "0.50")],
)
def test_a_tolerance_written_otherwise_is_the_same(written, same):
    one = question(samples.NUMERIC, ("tolerance: 0.01", f"tolerance: {written}"))
    other = question(samples.NUMERIC, ("tolerance: 0.01", f"tolerance: {same}"))

    assert one.revision == other.revision


def test_a_tolerance_of_nothing_is_none():
    without = question(samples.NUMERIC, ("tolerance: 0.01\n", ""))

    assert question(samples.NUMERIC, ("0.01", "0")).revision == without.revision


def test_a_whole_answer_may_have_decimals():
    changes = [("4.35", "4"), ("4.35", "4.0")]

    assert question(samples.NUMERIC, changes[0]).revision == (
        question(samples.NUMERIC, changes[1]).revision
    )


@pytest.mark.parametrize("text", samples.ALL.values(), ids=samples.ALL)
def test_a_question_comes_back_from_its_record_as_it_was(text):
    asked = question(text, ("objective: control", "objective: control\nreview_after: 2027-01-31"))
    again = questions.load(json.loads(json.dumps(asked.dump())))

    assert again == asked
    assert again.revision == asked.revision
    assert again.wording == asked.wording


def test_an_answer_stays_readable_by_the_question_it_was_given_to():
    asked: Any = question(samples.SINGLE)
    given = asked.read({"choice": [asked.options[1].key]})
    row = json.loads(json.dumps({"given": given, "content": asked.dump()}))

    assert questions.load(row["content"]).describe(row["given"]) == ["The tone of the thread"]


def test_an_option_keeps_its_key_when_others_move_or_change():
    before: Any = question(samples.POLL)
    head = samples.POLL.split("options:\n")[0]
    after: Any = question(f"{head}options:\n  - text: Nowhere\n  - text: In the\n      shop\n")

    assert after.options[1].key == before.options[1].key


def test_code_in_a_text_keeps_its_spaces():
    assert normalise_text("Read\nthis:\n\n\n  now") == "Read this:\n\nnow"
    assert normalise_text("Read:\n\n    a  b\n\n    c") == "Read:\n\n    a  b\n\n    c"
    assert normalise_text("~~~\na  b\n~~~") == "~~~\na  b\n~~~"


@given(st.text(max_size=60))
def test_tidying_twice_is_tidying_once(text):
    assert normalise_text(normalise_text(text)) == normalise_text(text)
