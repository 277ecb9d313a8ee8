"""What keyboard a telephone shows for a number."""

import re

from course import markup
from course.content.questions.base import Question
from tests.content import samples
from tests.content.samples import question


def field(asked: Question) -> str:
    found = re.search(r'<input class="entry__input"[^>]*>', markup.question(asked))
    assert found is not None
    return found[0]


def test_every_number_can_have_a_minus_and_the_keyboard_tells_nothing_of_the_key() -> None:
    positive = question(samples.NUMERIC)
    negative = question(samples.NUMERIC, ("answer: 4.35\n", "answer: -5\n"))

    assert 'inputmode="text"' in field(negative)
    assert field(positive) == field(negative)
