"""Figures of many answers: kept as they were counted, old in time, the same as counted at once."""

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from course.content.course import Course
from course.record.answering.tables import Answer
from course.record.revisions import registration
from course.record.revisions.registration import CourseSnapshot
from course.record.statistics import figure_cache, first_answers, flags, item_statistics
from course.record.statistics.tables import LessonFigures
from course.record.store.base import now
from course.record.store.database import Database
from tests.forms import RIGHT, WRONG
from tests.record import simulated

LESSON = "basics/all-types"

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For what does not differ between databases."""


@pytest.fixture
def answered(
    database: Database, published: CourseSnapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More answers than are counted at once: most learners are right, and nobody chooses one option."""
    monkeypatch.setattr(figure_cache, "MAX_ANSWERS", 100)
    with database.write() as session:
        who = simulated.learners(session, 160)
        for name, right in RIGHT.items():
            lesson, question = published.course.asked[name]
            wrong = right if name == "pick" else WRONG.get(name, right)
            row = published.revision_ids[name]
            given = [right] * 120 + [wrong] * 40
            seconds = [float(n) for n in range(160)]
            simulated.give(session, who, question, row, given, lesson=lesson.id, seconds=seconds)


def lesson(database: Database, published: CourseSnapshot) -> figure_cache.CachedFigures:
    with database.read() as session:
        return figure_cache.lesson_figures(
            session, published.course.lessons[LESSON], published.revisions
        )


def test_what_is_kept_is_what_was_counted(
    database: Database, published: CourseSnapshot, answered: None, course: Course
) -> None:
    before = lesson(database, published)
    assert figure_cache.recount(database, course) == 2

    after = lesson(database, published)
    with database.read() as session:
        direct = item_statistics.compute(session, published.course.asked, earlier=True)
        learners = first_answers.count_learners(session, published.course.asked)
        whole = figure_cache.course_figures(session, course, published.revisions)
        overview = figure_cache.overview(session, course, published.revisions)
    assert (before.is_missing, before.figures) == (True, {})
    assert (after.is_missing, after.is_stale) == (False, False)
    assert after.figures == {name: direct[name] for name in after.figures}
    assert whole.figures == direct
    assert overview.learners == learners
    lines = {name: flags.summary_line(one[0]) for name, one in direct.items()}
    assert overview.look_at[LESSON] == {name: line for name, line in lines.items() if line}
    assert "pick" in overview.look_at[LESSON]
    assert now() - timedelta(minutes=1) < min(after.at or now(), overview.at or now()) <= now()


@ON_SQLITE
def test_few_answers_are_counted_at_once(
    database: Database, published: CourseSnapshot, course: Course
) -> None:
    found = lesson(database, published)
    with database.read() as session:
        overview = figure_cache.overview(session, course, published.revisions)

    assert (found.at, found.is_stale, found.figures.keys()) == (None, False, RIGHT.keys())
    assert (overview.at, overview.is_stale, overview.learners[LESSON]) == (None, False, 0)


@pytest.mark.parametrize(("room", "is_counted"), [(0, True), (-1, False)])
def test_as_many_answers_as_documented_are_counted_at_once(
    database: Database,
    published: CourseSnapshot,
    answered: None,
    course: Course,
    monkeypatch: pytest.MonkeyPatch,
    room: int,
    is_counted: bool,
) -> None:
    with database.read() as session:
        names = [question.id for question in course.lessons[LESSON].questions]
        every = sa.select(sa.func.count()).select_from(Answer)
        count = session.scalar(every)
        in_lesson = session.scalar(every.where(Answer.question.in_(names)))
    assert count is not None
    assert in_lesson is not None
    for is_recounted in (False, True):
        monkeypatch.setattr(figure_cache, "MAX_ANSWERS", in_lesson + room)
        found = lesson(database, published)
        monkeypatch.setattr(figure_cache, "MAX_ANSWERS", count + room)
        with database.read() as session:
            whole = figure_cache.course_figures(session, course, published.revisions)
            overview = figure_cache.overview(session, course, published.revisions)

        for one in (found, whole, overview):
            assert (one.at is None and not one.is_stale) is is_counted
        assert found.is_missing is (not is_counted and not is_recounted)
        figure_cache.recount(database, course)


def test_the_document_names_the_number_that_is_counted_at_once() -> None:
    text = Path("docs/statistics.md").read_text(encoding="utf-8")

    assert f"up to {figure_cache.MAX_ANSWERS:,} answers" in text
    assert figure_cache.MAX_ANSWERS == 100_000


@ON_SQLITE
@pytest.mark.parametrize(
    ("took", "age", "old"),
    [(0.1, 50, False), (0.1, 70, True), (3.0, 290, False), (3.0, 310, True)],
)
def test_figures_are_old_after_a_hundred_times_what_they_took(
    database: Database,
    published: CourseSnapshot,
    answered: None,
    course: Course,
    took: float,
    age: float,
    old: bool,
) -> None:
    figure_cache.recount(database, course)
    with database.write() as session:
        at = now() - timedelta(seconds=age)
        session.execute(sa.update(LessonFigures).values(took=took, counted_at=at))

    assert lesson(database, published).is_stale is old
    assert figure_cache.recount(database, course) == (2 if old else 0)
    assert figure_cache.recount(database, course) == 0


@ON_SQLITE
def test_a_question_that_changed_begins_anew_and_keeps_what_was_counted(
    database: Database, published: CourseSnapshot, answered: None, course: Course
) -> None:
    figure_cache.recount(database, course)
    changed = Course.load(course.dump().replace("Which is *right*?", "Which way?"))
    with database.write() as session:
        again = registration.register(session, changed)

    found = lesson(database, again)
    with database.read() as session:
        overview = figure_cache.overview(session, changed, again.revisions)

    present, before = found.figures["pick"]
    assert found.is_stale
    assert (present.n, present.question.prompt, present.is_present) == (0, "Which way?", True)
    assert (before.n, before.question.prompt, before.is_present) == (
        160,
        "Which is *right*?",
        False,
    )
    assert found.figures["tick"][0].n == 160
    assert "pick" not in overview.look_at[LESSON]
    assert figure_cache.recount(database, changed) == 1
    assert not lesson(database, again).is_stale


def test_one_process_counts_at_a_time(
    database: Database, published: CourseSnapshot, answered: None, course: Course
) -> None:
    other = Database(database.url.render_as_string(hide_password=False))
    with figure_cache.counting_lock(other) as is_alone:
        refused = figure_cache.recount(database, course)
    other.close()

    assert is_alone
    assert refused is None
    assert figure_cache.recount(database, course) == 2


@ON_SQLITE
def test_a_timer_counts_beforehand(
    database: Database,
    published: CourseSnapshot,
    answered: None,
    course_file: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """In a process of its own, which steps back behind all others."""
    monkeypatch.setenv("COURSE_DATABASE_URL", database.url.render_as_string(hide_password=False))
    monkeypatch.setenv("COURSE_PUBLISHED_FILE", str(course_file))
    command = [sys.executable, "-m", "course.cli", "statistics", "--recount", LESSON]

    said = [
        subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout
        for _ in range(2)
    ]

    assert said == ["Counted 2 lessons.\n", "Counted 0 lessons.\n"]
    assert lesson(database, published).at is not None
