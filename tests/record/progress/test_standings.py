"""Progress follows from answers and from the rules as they were; nothing takes completion away."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest

from course.content.course import Course, Lesson, Module
from course.record.progress import completion, standings
from course.record.progress.completion import AnsweredMark
from course.record.revisions.registration import Rule, Timeline

START = datetime(2026, 1, 1, tzinfo=UTC)


def day(number: float) -> datetime:
    return START + timedelta(days=number)


def rule(since: float, pass_mark: float = 0.8, **questions: float) -> Rule:
    return Rule(day(since), "A lesson", questions, pass_mark)


def answer(when: float, question: str, share: float | None, out_of: float = 1.0) -> AnsweredMark:
    return AnsweredMark(question, share, out_of, day(when))


@pytest.mark.parametrize(
    ("rules", "given", "completed"),
    [
        pytest.param([rule(0, a=1, b=1)], [answer(1, "a", 1)], None, id="one of two answered"),
        pytest.param(
            [rule(0, a=1, b=1)], [answer(1, "a", 1), answer(2, "b", 1)], 2, id="all right"
        ),
        pytest.param(
            [rule(0, a=1, b=1)], [answer(1, "a", 1), answer(2, "b", 0)], None, id="below the mark"
        ),
        pytest.param(
            [rule(0, a=1, b=1)],
            [answer(1, "a", 1), answer(2, "b", 0), answer(3, "b", 0.6)],
            3,
            id="the best answer counts",
        ),
        pytest.param(
            [rule(0, a=1, b=1)],
            [answer(1, "a", 1), answer(2, "a", 0), answer(3, "b", 1)],
            3,
            id="a worse answer later takes nothing away",
        ),
        pytest.param(
            [rule(0, a=1, p=0)], [answer(1, "a", 1)], None, id="a poll has to be answered, too"
        ),
        pytest.param(
            [rule(0, a=1, p=0)],
            [answer(1, "a", 1), answer(2, "p", None, 0)],
            2,
            id="and gives no points",
        ),
        pytest.param([rule(0, p=0)], [answer(1, "p", None, 0)], 1, id="only polls"),
        pytest.param(
            [rule(0, a=1), rule(5, a=1, b=1)],
            [answer(1, "a", 1)],
            1,
            id="a question added later takes nothing away",
        ),
        pytest.param(
            [rule(0, a=1), rule(5, a=1, b=1)],
            [answer(6, "a", 1)],
            None,
            id="but counts for those who come later",
        ),
        pytest.param(
            [rule(0, a=1, b=1), rule(5, a=1)],
            [answer(1, "a", 1)],
            5,
            id="a question removed completes from then on",
        ),
        pytest.param(
            [rule(0, 1.0, a=1), rule(5, 0.5, a=1)],
            [answer(1, "a", 0.5)],
            5,
            id="a lower pass mark, too",
        ),
        pytest.param(
            [rule(0, 0.5, a=1), rule(5, 1.0, a=1)],
            [answer(1, "a", 0.5)],
            1,
            id="a higher one takes nothing away",
        ),
        pytest.param(
            [rule(0, 0.8, a=1, b=4)],
            [answer(1, "a", 0), answer(2, "b", 1, 4)],
            2,
            id="points weigh",
        ),
    ],
)
def test_a_lesson_is_complete_from_the_moment_its_rule_was_met(
    rules: list[Rule], given: list[AnsweredMark], completed: float | None
) -> None:
    found = completion.completed_at(tuple(rules), given, read_at=None)

    assert found == (None if completed is None else day(completed))


@pytest.mark.parametrize(
    ("rules", "read", "completed"),
    [
        ([rule(0)], None, None),
        ([rule(0)], 3, 3),
        ([rule(0), rule(5, a=1)], 3, 3),
        ([rule(0), rule(5, a=1)], 6, None),
        ([rule(0, a=1), rule(5)], 3, 5),
    ],
)
def test_a_lesson_without_questions_is_complete_when_marked_as_read(
    rules: list[Rule], read: float | None, completed: float | None
) -> None:
    found = completion.completed_at(tuple(rules), [], None if read is None else day(read))

    assert found == (None if completed is None else day(completed))


def plain_course(*names: str) -> Course:
    lessons = tuple(
        Lesson(name, name.title(), 5, f"{name}/", f"{name}.md", {}, None, {}) for name in names
    )
    return Course("Course", "", (Module("Module", lessons),))


def standing(
    course: Course, outlines: Mapping[float, tuple[str, ...]], read: Mapping[str, float]
) -> standings.CourseStanding:
    names = {name for outline in outlines.values() for name in outline}
    timeline = Timeline(
        {name: (rule(0),) for name in names},
        tuple((day(when), outline) for when, outline in outlines.items()),
    )
    marks = {name: day(when) for name, when in read.items()}
    return standings.compute(course, timeline, [], marks, marks)


def test_a_lesson_added_after_the_finish_is_new_and_lowers_nothing() -> None:
    course = plain_course("one", "two", "three")

    found = standing(course, {0: ("one", "two"), 9: ("one", "two", "three")}, {"one": 1, "two": 2})

    assert found.finished_at == day(2)
    assert [lesson.id for lesson in found.new_since_finished] == ["three"]
    assert found.done == 2


def test_a_lesson_added_before_the_finish_has_to_be_taken() -> None:
    course = plain_course("one", "two", "three")

    found = standing(course, {0: ("one", "two"), 2: ("one", "two", "three")}, {"one": 1, "two": 3})

    assert found.finished_at is None


def test_a_lesson_removed_finishes_the_course_from_then_on() -> None:
    course = plain_course("one")

    found = standing(course, {0: ("one", "two"), 4: ("one",)}, {"one": 1})

    assert found.finished_at == day(4)
    assert found.new_since_finished == ()


def test_continue_leads_back_to_the_lesson_last_worked_on() -> None:
    course = plain_course("one", "two", "three")
    timeline = Timeline(
        {name: (rule(0),) for name in ("one", "two", "three")}, ((day(0), ("one", "two", "three")),)
    )

    fresh = standings.compute(course, timeline, [], {}, {})
    on_two = standings.compute(course, timeline, [], {}, {"one": day(1), "two": day(2)})
    after_two = standings.compute(course, timeline, [], {"two": day(3)}, {"two": day(3)})

    assert fresh.next_lesson.lesson.id == "one"
    assert on_two.next_lesson.lesson.id == "two"
    assert after_two.next_lesson.lesson.id == "one"
