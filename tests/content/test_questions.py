"""The eight question types: reading what is sent, marking it, and saying it."""

import pytest

from course.content import questions
from course.content.model import PlainText, beside
from course.content.questions.base import (
    AnswerError,
    Choices,
    Entry,
    Note,
    Rows,
    option_key,
)
from tests.content import samples
from tests.content.samples import question

BOTH = pytest.mark.parametrize("kind", ["single", "poll"])


def keys(*texts: str) -> list[str]:
    return [option_key(text) for text in texts]


def refused(asked, fields, previous=None) -> str:
    with pytest.raises(AnswerError) as caught:
        asked.read(fields, previous)
    return str(caught.value)


def test_each_type_has_a_sample():
    assert samples.ALL.keys() == questions.TYPES.keys()


# One of several options


SINGLE = question(samples.SINGLE)
WORDING, TONE = keys("The wording of its own reply", "The tone of the thread")


def test_a_form_offers_the_options_in_the_order_written():
    [control] = SINGLE.form()

    assert isinstance(control, Choices)
    assert [option.text for option in control.options] == [
        "The wording of its own reply",
        "The tone of the thread",
    ]
    assert not control.many


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "Choose an option first."),
        ({"choice": []}, "Choose an option first."),
        ({"choices": [WORDING]}, "Choose an option first."),
        ({"choice": [WORDING, TONE]}, "Choose one option only."),
        ({"choice": ["0"]}, "'0' is not one of the options of this question."),
        ({"choice": [""]}, "'' is not one of the options of this question."),
    ],
)
def test_a_choice_that_is_none_is_refused(fields, said):
    assert refused(SINGLE, fields) == said


def test_a_long_unknown_option_is_quoted_in_part():
    assert refused(SINGLE, {"choice": ["x" * 100]}).startswith(f"'{'x' * 40}' is not")


def test_an_option_sent_twice_counts_once():
    assert SINGLE.read({"choice": [TONE, TONE]}) == {"choice": [TONE]}


def test_other_fields_are_not_kept():
    assert SINGLE.read({"choice": [TONE], "question": ["first-act"]}) == {"choice": [TONE]}


@pytest.mark.parametrize(
    ("chosen", "share", "note"),
    [
        (WORDING, 1.0, Note("Nobody else writes it.", right=True)),
        (TONE, 0.0, Note("You own the page, not the talk.", right=False)),
    ],
)
def test_a_single_choice_is_marked(chosen, share, note):
    marked = SINGLE.mark({"choice": [chosen]})

    assert marked.share == share
    assert marked.notes == (note,)


def test_an_option_without_feedback_has_no_note():
    asked = question(samples.SINGLE, ("    feedback: You own the page, not the talk.\n", ""))

    assert asked.mark({"choice": [TONE]}).notes == ()


def test_a_single_choice_reads_as_text():
    assert SINGLE.key() == ["The wording of its own reply"]
    assert SINGLE.describe({"choice": [TONE]}) == ["The tone of the thread"]


def test_a_poll_is_not_marked():
    poll = question(samples.POLL)
    home, shop = keys("At home", "In the shop")

    assert poll.mark({"choice": [home]}).share is None
    assert poll.mark({"choice": [home]}).notes == (Note("So do most."),)
    assert poll.mark({"choice": [shop]}).notes == ()
    assert poll.key() == []
    assert poll.describe({"choice": [shop]}) == ["In the shop"]
    assert poll.worth == 0
    assert refused(poll, {}) == "Choose an option first."


# Several of several options


MULTIPLE = question(samples.MULTIPLE)
PRODUCT, PROMISES, REVIEWS, NEIGHBOURS = keys(
    "Its product", "Its promises", "Its reviews", "Its neighbours"
)


@pytest.mark.parametrize(
    ("chosen", "share"),
    [
        ([PRODUCT, PROMISES], 1.0),
        ([PRODUCT], 0.5),
        ([PRODUCT, REVIEWS], 0.0),
        ([PRODUCT, PROMISES, REVIEWS], 0.5),
        ([PRODUCT, PROMISES, REVIEWS, NEIGHBOURS], 0.0),
        ([REVIEWS, NEIGHBOURS], 0.0),
        ([], 0.0),
    ],
)
def test_each_wrong_option_takes_back_a_right_one(chosen, share):
    assert MULTIPLE.mark({"choice": chosen}).share == share


def test_notes_tell_of_each_choice_and_of_what_is_missing():
    assert MULTIPLE.mark({"choice": [PRODUCT, REVIEWS]}).notes == (
        Note("It decides.", right=True, about="Its product"),
        Note("Others write them.", right=False, about="Its reviews"),
        Note("One right option is missing."),
    )
    assert MULTIPLE.mark({"choice": []}).notes == (Note("2 right options are missing."),)


def test_choosing_nothing_is_an_answer_where_any_number_may_be_chosen():
    assert MULTIPLE.read({}) == {"choice": []}
    assert MULTIPLE.describe({"choice": []}) == ["(no option chosen)"]


def test_choices_are_kept_in_the_order_of_the_options():
    assert MULTIPLE.read({"choice": [NEIGHBOURS, PRODUCT]}) == {"choice": [PRODUCT, NEIGHBOURS]}


def test_a_multiple_choice_reads_as_text():
    assert MULTIPLE.key() == ["Its product (It decides.)", "Its promises"]
    assert MULTIPLE.describe({"choice": [PRODUCT, PROMISES]}) == ["Its product", "Its promises"]


# Words in gaps


BLANK = question(samples.BLANK)


def typed(verb: str, noun: str = "taking part") -> dict[str, list[str]]:
    return {"gap.verb": [verb], "gap.noun": [noun]}


def test_each_gap_has_a_field():
    assert BLANK.form() == [
        Entry("gap.verb", "Gap 1 of 2", "word"),
        Entry("gap.noun", "Gap 2 of 2", "word"),
    ]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"gap.verb": ["earned"]}, "Write an answer first."),
        (typed("  "), "Write an answer first."),
        ({"gap.verb": ["won", "earned"], "gap.noun": ["x"]}, "Write one answer only."),
        (typed("x" * 201), "This is too long: at most 200 characters."),
        (typed("a\0b"), "This text holds a character that cannot be stored."),
        (typed("a\ud800b"), "This text holds a character that cannot be stored."),
    ],
)
def test_words_that_cannot_be_taken_are_refused(fields, said):
    assert refused(BLANK, fields) == said


def test_spaces_around_and_between_words_are_tidied():
    assert BLANK.read(typed("  won\t\n", "taking   part")) == typed("won", "taking part")


@pytest.mark.parametrize(
    ("given", "share"),
    [
        (typed("earned"), 1.0),
        (typed("Won"), 1.0),
        (typed("EARNED!", "Taking  Part."), 1.0),
        (typed("earnéd"), 1.0),
        (typed("bought"), 0.5),
        (typed("given", "luck"), 0.0),
    ],
)
def test_each_gap_counts_alike(given, share):
    assert BLANK.mark(given).share == share


def test_a_slip_has_its_own_feedback_and_other_words_the_gap_s():
    assert BLANK.mark(typed("Bought")).notes == (
        Note("It is not for sale.", right=False, about=PlainText("Bought")),
        Note("", right=True, about=PlainText("taking part")),
    )
    assert BLANK.mark(typed("lost")).notes[0].text == "It is not given."
    assert BLANK.mark(typed("won", "luck")).notes[1].text == ""


def test_gaps_read_as_text_in_the_order_of_the_prompt():
    asked = question(samples.BLANK, ("[[verb]] by [[noun]]", "by [[noun]] [[verb]]"))

    assert asked.key() == [PlainText("taking part"), PlainText("earned / won")]
    assert asked.describe(typed("lost", "luck")) == [PlainText("luck"), PlainText("lost")]


# Things in order


ORDER = question(samples.ORDER)


def ranked(*texts: str) -> dict[str, list[str]]:
    return {f"item.{option_key(text)}": [str(place)] for place, text in enumerate(texts, start=1)}


RIGHT = ranked("Listen", "Answer", "Thank", "Learn")


def test_the_items_are_never_shown_in_a_right_order():
    for number in range(200):
        asked = question(samples.ORDER, ("id: steps", f"id: steps-{number}"))
        [rows] = asked.form()
        assert isinstance(rows, Rows)
        shown = {row.key: [str(place)] for place, row in enumerate(rows.rows, start=1)}
        assert asked.mark(shown).share < 1


def test_the_order_shown_is_pinned():
    [rows] = ORDER.form()

    assert [row.text for row in rows.rows] == ["Listen", "Learn", "Thank", "Answer"]
    assert [option.text for option in rows.options] == ["1", "2", "3", "4"]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "Choose one for each line first; 'Listen' has none."),
        ({**RIGHT, f"item.{option_key('Learn')}": [""]}, "'Learn' has none."),
        ({**RIGHT, f"item.{option_key('Learn')}": ["1", "4"]}, "'Learn' has several."),
        ({**RIGHT, f"item.{option_key('Learn')}": ["5"]}, "'5' is not one of the choices"),
        (
            {**RIGHT, f"item.{option_key('Learn')}": ["1"]},
            "Two lines have the same place; give each its own.",
        ),
    ],
)
def test_an_order_that_is_none_is_refused(fields, said):
    assert said in refused(ORDER, fields)


@pytest.mark.parametrize(
    ("given", "share"),
    [
        (RIGHT, 1.0),
        (ranked("Listen", "Thank", "Answer", "Learn"), 1.0),
        (ranked("Learn", "Thank", "Answer", "Listen"), 0.5),
        (ranked("Answer", "Listen", "Thank", "Learn"), 0.5),
        (ranked("Thank", "Listen", "Learn", "Answer"), 0.0),
    ],
)
def test_members_of_a_group_may_stand_in_any_order(given, share):
    assert ORDER.mark(given).share == share


def test_notes_tell_of_the_items_that_stand_wrong():
    assert ORDER.mark(ranked("Answer", "Listen", "Thank", "Learn")).notes == (
        Note("", right=False, about="Answer"),
        Note("Listening comes first.", right=False, about="Listen"),
    )


def test_an_order_reads_as_text():
    assert ORDER.key() == ["Listen", "Answer / Thank", "Learn"]
    assert ORDER.describe(ranked("Learn", "Thank", "Answer", "Listen")) == [
        "Learn",
        "Thank",
        "Answer",
        "Listen",
    ]


# Pairs


MATCH = question(samples.MATCH)


def matched(wording: str, replies: str, product: str = "control") -> dict[str, list[str]]:
    rights = {"Wording": wording, "Replies": replies, "Product": product}
    return {f"pair.{option_key(left)}": [option_key(right)] for left, right in rights.items()}


def test_rights_are_offered_once_each_by_the_alphabet():
    [rows] = MATCH.form()

    assert [row.text for row in rows.rows] == ["Wording", "Replies", "Product"]
    assert [option.text for option in rows.options] == ["control", "influence", "neither"]
    assert not rows.ranks


@pytest.mark.parametrize(
    ("given", "share"),
    [
        (matched("control", "influence"), 1.0),
        (matched("control", "control"), 2 / 3),
        (matched("neither", "influence", "neither"), 1 / 3),
        (matched("influence", "control", "neither"), 0.0),
    ],
)
def test_each_pair_counts_alike(given, share):
    assert MATCH.mark(given).share == share


def test_a_distractor_s_feedback_comes_before_the_pair_s():
    notes = MATCH.mark(matched("control", "neither")).notes

    assert notes[1] == Note("Each is one of the two.", right=False, about="Replies")
    assert MATCH.mark(matched("control", "control")).notes[1].text == "You change the odds."
    assert MATCH.mark(matched("influence", "influence")).notes[0].text == ""


def test_a_match_that_is_none_is_refused():
    fields = matched("control", "control")

    assert "'Wording' has none" in refused(MATCH, {})
    assert "is not one of the choices" in refused(MATCH, {**fields, next(iter(fields)): ["x"]})


def test_pairs_read_as_text():
    assert MATCH.key() == ["Wording: control", "Replies: influence", "Product: control"]
    assert MATCH.describe(matched("neither", "control"))[:2] == [
        "Wording: neither",
        "Replies: control",
    ]


# Free texts


TEXT = question(samples.TEXT)
TIME, SORRY = keys("Names a time", "Says sorry")


def test_the_list_appears_when_a_text_was_sent():
    assert [control.kind for control in TEXT.form()] == ["entry"]
    assert [control.kind for control in TEXT.form({"text": ["Sorry."]})] == ["entry", "choices"]


@pytest.mark.parametrize(
    ("fields", "previous", "given"),
    [
        ({"text": [" Sorry.\r\nCall us. "]}, None, {"text": ["Sorry.\nCall us."]}),
        ({"text": ["Sorry."]}, {"text": ["No."]}, {"text": ["Sorry."], "check": []}),
        ({"text": ["Sorry."], "check": [SORRY]}, None, {"text": ["Sorry."], "check": [SORRY]}),
    ],
)
def test_ticks_are_kept_whether_or_not_the_first_text_is_known(fields, previous, given):
    assert TEXT.read(fields, previous) == given


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"text": ["\n"]}, "Write an answer first."),
        ({"text": ["x" * 4001]}, "This is too long: at most 4000 characters."),
        ({"text": ["x"], "check": ["y"]}, "'y' is not one of the options of this question."),
    ],
)
def test_a_text_that_cannot_be_taken_is_refused(fields, said):
    assert refused(TEXT, fields) == said


def test_a_text_is_not_marked_but_its_ticks_are_counted():
    assert TEXT.mark({"text": ["Sorry."]}).notes == ()
    assert TEXT.mark({"text": ["Sorry."], "check": [TIME]}).notes == (Note("You ticked 1 of 2."),)
    assert TEXT.mark({"text": ["Sorry."], "check": [TIME]}).share is None
    assert TEXT.worth == 0


def test_a_text_reads_as_text():
    assert TEXT.key() == ["We are sorry, and shall call you at five."]
    assert TEXT.describe({"text": ["No."], "check": [SORRY]}) == [
        PlainText("No."),
        "ticked: Says sorry",
    ]
    assert question(samples.TEXT, ("example:", "hint:")).key() == []


CODE = "```python\nprint(1)\n```"


@pytest.mark.parametrize(
    ("sign", "texts", "together"),
    [
        (": ", ["a", "b"], "a: b"),
        (" / ", ["a", "b", "c"], "a / b / c"),
        (": ", ["a", CODE], f"a: \n\n{CODE}"),
        (": ", [CODE, "b"], f"{CODE}\n\nb"),
        (" / ", [CODE, "b"], f"{CODE}\n\n/ b"),
    ],
)
def test_code_stands_below_what_it_belongs_to(sign: str, texts: list[str], together: str) -> None:
    assert beside(sign, *texts) == together
