"""How long questions and plan pages take."""

import pytest

from course.content import timing
from course.content.course import Lesson, Place
from course.content.plan import Part
from course.content.questions.base import Question
from course.content.quiz import Quiz, Rules
from tests.content.samples import ALL, POLL, SINGLE, question


def lesson(*asked: Question, **draw: int) -> Lesson:
    quiz = Quiz(Rules(draw=draw), asked)
    places = {question.id: Place("", "") for question in asked}
    return Lesson("one", "One", 5, "one/", "one.md", {}, quiz, places)


def test_questions_take_their_times_together() -> None:
    assert timing.answering_minutes(lesson()) == 0
    assert timing.answering_minutes(lesson(question(POLL))) == 1
    assert timing.answering_minutes(lesson(*(question(text) for text in ALL.values()))) == 11


def test_of_a_pool_only_what_is_drawn_takes_time() -> None:
    pooled = [question(f"{SINGLE}group: extra\n", ("first-act", f"q{n}")) for n in range(4)]

    assert timing.answering_minutes(lesson(*pooled)) == 4
    assert timing.answering_minutes(lesson(*pooled, extra=1)) == 1


@pytest.mark.parametrize(
    ("part", "rows", "seconds"),
    [
        (Part(id="why", prompt="Say why."), None, 120),
        (Part(id="what", prompt="List.", columns=["A", "B"], blank_rows=3), None, 180),
        (Part(id="what", prompt="List.", columns=["A"], rows=["X"], blank_rows=3), None, 120),
        (Part(id="what", prompt="List.", columns=["A", "B"], blank_rows=3), 1, 60),
    ],
)
def test_a_part_takes_time_by_its_cells(part: Part, rows: int | None, seconds: int) -> None:
    assert timing.part_seconds(part, rows) == seconds
