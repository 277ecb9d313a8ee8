"""Numbers of things in what commands say."""

import pytest

from course.commands.counts import count


@pytest.mark.parametrize(
    ("number", "words"),
    [(0, "0 lessons"), (1, "1 lesson"), (2, "2 lessons"), (12345, "12,345 lessons")],
)
def test_things_are_counted_in_words(number: int, words: str) -> None:
    assert count(number, "lesson") == words
