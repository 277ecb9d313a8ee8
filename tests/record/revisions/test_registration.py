"""What is published is written down once, and what was published stays."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa

from course.content.course import Course
from course.content.reading import open_course
from course.record.revisions import published_course, registration
from course.record.revisions.published_course import PublicationError, PublishedCourse
from course.record.revisions.tables import LessonRevision, Outline, QuestionRevision
from course.record.store.database import Database


def count(database: Database, table: type) -> int:
    with database.read() as session:
        return session.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()


def register(database: Database, course: Course) -> registration.CourseSnapshot:
    with database.write() as session:
        return registration.register(session, course)


def change(root: Path, old: str, new: str, file: str = "quizzes/basics/all-types.yml") -> Course:
    path = root / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    return open_course(root)


def test_registering_again_adds_nothing(database: Database, course: Course) -> None:
    first = register(database, course)
    second = register(database, course)

    assert first.revision_ids == second.revision_ids
    assert count(database, QuestionRevision) == len(course.asked)
    assert count(database, LessonRevision) == 3
    assert count(database, Outline) == 1


def test_reworded_feedback_is_kept_under_the_same_revision(
    database: Database, course_root: Path
) -> None:
    before = register(database, open_course(course_root))
    after = register(database, change(course_root, "So it is, secret", "So it is indeed, secret"))

    assert after.revisions["pick"] == before.revisions["pick"]
    assert after.revision_ids["pick"] != before.revision_ids["pick"]
    assert count(database, LessonRevision) == 3


def test_a_changed_prompt_is_a_new_revision_and_the_old_one_stays(
    database: Database, course_root: Path
) -> None:
    before = register(database, open_course(course_root))
    after = register(database, change(course_root, "Tea or coffee?", "Coffee or tea?"))

    assert after.revisions["ask"] != before.revisions["ask"]
    with database.read() as session:
        found = registration.find_revision(session, "ask", before.revisions["ask"])
    assert found is not None
    assert found[1].prompt == "Tea or coffee?"


def test_going_back_to_an_old_wording_uses_its_row_again(
    database: Database, course_root: Path
) -> None:
    before = register(database, open_course(course_root))
    register(database, change(course_root, "Tea or coffee?", "Coffee or tea?"))
    again = register(database, change(course_root, "Coffee or tea?", "Tea or coffee?"))

    assert again.revision_ids == before.revision_ids


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("pass_mark: 50%", "pass_mark: 60%"),
        ("    type: single\n", "    type: single\n    points: 3\n"),
    ],
)
def test_a_changed_rule_of_a_lesson_begins_a_new_span(
    database: Database, course_root: Path, old: str, new: str
) -> None:
    register(database, open_course(course_root))
    after = register(database, change(course_root, old, new))

    spans = after.timeline.rules["basics/all-types"]
    assert len(spans) == 2
    assert spans[0].since <= spans[1].since


def test_services_may_register_at_once(database: Database, course: Course) -> None:
    url = database.url.render_as_string(hide_password=False)
    gate = threading.Barrier(4)

    def service(_: int) -> dict[str, int]:
        own = Database(url)
        gate.wait()
        ids = register(own, course).revision_ids
        own.close()
        return dict(ids)

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(service, range(4)))

    assert all(ids == found[0] for ids in found)
    assert count(database, LessonRevision) == 3
    assert count(database, Outline) == 1


def test_a_published_course_without_a_course_says_what_to_do(
    database: Database, tmp_path: Path
) -> None:
    published_course = PublishedCourse(tmp_path / "none.json", database)

    with pytest.raises(PublicationError, match="course build"):
        published_course.get()


def test_a_published_course_takes_up_a_new_course(
    database: Database, course_root: Path, tmp_path: Path
) -> None:
    path = tmp_path / "course.json"
    path.write_text(open_course(course_root).dump())
    published_course = PublishedCourse(path, database)
    before = published_course.get()

    path.write_text(change(course_root, "Tea or coffee?", "Coffee or tea, then?").dump())

    assert published_course.get().revisions["ask"] != before.revisions["ask"]


def test_a_published_course_keeps_the_last_good_course(
    database: Database, course: Course, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "course.json"
    path.write_text(course.dump())
    published_course = PublishedCourse(path, database)
    before = published_course.get()

    path.write_text("{")
    after = published_course.get()
    path.unlink()

    assert after is before
    assert published_course.get() is before
    assert "is damaged" in caplog.text


def test_garbage_collection_leaves_out_a_course_each_time_it_was_loaded(
    database: Database, course_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded: list[str] = []
    monkeypatch.setattr(published_course, "_freeze_garbage", lambda: loaded.append("once"))
    course = PublishedCourse(course_file, database)

    course.get()
    course.get()

    assert loaded == ["once"]
