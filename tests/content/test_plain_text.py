"""What a learner types is plain text in whatever a question makes of it."""

import pytest

from course import markup
from course.content.course import Course
from course.content.model import PlainText
from course.content.questions import TYPES
from course.content.questions.base import AnswerError, Entry, Question
from tests.forms import RIGHT
from tests.nasty import MARKUP

PROBES = [*MARKUP, "1_7*3*", "1 730 *", "*7*"]


def typed_into(asked: Question, text: str) -> dict[str, list[str]] | None:
    """Return an answer with *text* in each field to type in; None where it takes none such."""
    entries = [control for control in asked.form() if isinstance(control, Entry)]
    if not entries:
        return None
    try:
        return asked.read({**RIGHT[asked.id], **{entry.name: [text] for entry in entries}})
    except AnswerError:
        return None


def test_the_small_course_asks_each_type(course: Course) -> None:
    assert {asked.type for _, asked in course.asked.values()} == set(TYPES)


@pytest.mark.parametrize("text", PROBES)
def test_what_is_typed_is_no_markdown_in_what_a_question_says(course: Course, text: str) -> None:
    for _, asked in course.asked.values():
        given = typed_into(asked, text)
        if given is None:
            continue
        notes = asked.mark(given).notes
        said = [
            *asked.describe(given),
            *(note.about for note in notes),
            *(note.text for note in notes),
        ]
        for value in {value for values in given.values() for value in values}:
            holding = [one for one in said if len(value) > 2 and value in str(one)]
            assert all(isinstance(one, PlainText) for one in holding), asked.id


def test_plain_text_is_shown_letter_by_letter_with_its_line_breaks() -> None:
    html = markup.phrase(PlainText("<b>2*3*4</b>\n& so on"))

    assert html == '<bdi class="plain-text">&lt;b&gt;2*3*4&lt;/b&gt;\n&amp; so on</bdi>'


def test_a_key_that_is_compared_letter_by_letter_is_shown_so() -> None:
    html = markup.reading([PlainText("__init__ / 2*3*4")])

    assert "__init__ / 2*3*4" in html


def test_plain_text_cannot_be_joined_to_markdown_by_mistake() -> None:
    with pytest.raises(TypeError):
        " / ".join([PlainText("a")])  # type: ignore[list-item]
