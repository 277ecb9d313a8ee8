"""A record with something of everything, written down as it is at the present schema.

`python -m tests.record.dumping` writes it into a folder of `tests/record/dumps/` that is named after the
schema: the statements that restore each database, the course as its files stand, and the figures that the
engine computes. Do it before you add a migration; from then on `test_upgrades.py` upgrades that dump.
"""

import contextlib
import datetime
import json
import os
import random
import shutil
import sqlite3
import subprocess
import tempfile
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from sqlalchemy import orm

from course.cli import main
from course.record.answering import answer_history, recording
from course.record.answering.tables import Answer, Submission
from course.record.people import access, accounts, learners, mail_links
from course.record.people.tables import Learner
from course.record.progress import standings
from course.record.revisions import registration
from course.record.revisions.published_course import PublishedCourse
from course.record.revisions.registration import CourseSnapshot
from course.record.statistics import export, figure_cache, item_statistics
from course.record.store import schema
from course.record.store.database import Database
from tests import living, postgres

DUMPS = Path(__file__).parent / "dumps"
COURSE_PARTS = ("lessons", "quizzes", "mkdocs.yml")
HASH = "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$m3Hq0Wn8N0N4m0n2vEwVbg"
"""Looks like a stored password, and is the hash of none."""

PEOPLE = 24


def make(root: Path, database: Database) -> None:
    """Fill *database* by taking, changing, publishing and undoing the course in *root*."""
    command("publish", root)
    first = published(root, database)
    people = living.take(database, first, PEOPLE)
    _sign_in_and_merge(database, first, people)
    mixture = _answer_before_the_fix(database, first)

    living.trainer_edits(root)
    living.edit(root, "lessons/two/new-name.md", "title:", "id: two/old-name\ntitle:")
    living.edit(root, "quizzes/one/second.yml", "type: order", "type: order\n    points: 2")
    decided = {"capital": "regrade", "even": "void", "sorted": "keep"}
    for question, decision in decided.items():
        command("decide", root, question, decision, "--reason", f"The {question} was wrong.")
    living.commit(root, "Corrections")
    command("publish", root)
    second = published(root, database)
    _answer(
        database, first, people[3], "capital", living.choice("Sydney")
    )  # from a page still open
    _answer(database, second, mixture, "even", living.choice("2"))

    living.edit(root, "quizzes/two/new-name.yml", "{text: Two, correct: true}", "{text: Two}")
    living.edit(root, "quizzes/two/new-name.yml", "{text: Three}", "{text: Three, correct: true}")
    command("decide", root, "sum", "re-ask", "--reason", "In this course one and one is three.")
    living.commit(root, "A mistake")
    command("publish", root)
    command("undo", root)
    living.git(root, "revert", "--no-edit", "HEAD")
    command("publish", root)

    figure_cache.recount(database, published(root, database).course)


def command(name: str, root: Path, *arguments: str) -> None:
    result = CliRunner().invoke(main, [name, *arguments, "--root", str(root)])
    assert result.exit_code == 0, result.output


def published(root: Path, database: Database) -> CourseSnapshot:
    return PublishedCourse(root / "build/course.json", database).get()


def _sign_in_and_merge(database: Database, course: CourseSnapshot, people: list[int]) -> None:
    """Give some of *people* accounts, of which one signed in with a guest who had answered, too."""
    with database.write() as session:
        for number, learner in enumerate(people[:6]):
            account = accounts.create_account(
                session, f"learner{number}@example.org", learner, HASH
            )
            learners.sign_in(session, account.learner_id, "Firefox/1")
            standings.visit(session, learner, "one/first")
        standings.mark_read(session, people[0], "one/second")
        accounts.set_role(session, "trainer@example.org", access.TRAINER, HASH)
        mail_links.issue(session, "reset", "learner1@example.org", people[1])
        mail_links.issue(session, "sign-in", "learner2@example.org")
        token = learners.start_guest(session, "Safari/1", "5eed5eed")
    with database.read() as session:
        guest = learners.identify(session, token)
    assert guest is not None
    for name in ("capital", "colour"):
        _answer(database, course, guest.learner_id, name, living.answer_of(random.Random(1), name))
    with database.write() as session:
        accounts.sign_in_browser(session, people[1], guest, "Safari/1")


def _answer_before_the_fix(database: Database, course: CourseSnapshot) -> int:
    """Return a learner whose right answer will be wrong by the mended key, before the lesson is done."""
    with database.write() as session:
        learner = Learner()
        session.add(learner)
        session.flush()
        name = learner.id
    _answer(database, course, name, "capital", living.choice("Sydney"))
    _answer(database, course, name, "comma", living.choice("An umbrella"))
    return name


def _answer(
    database: Database, course: CourseSnapshot, learner: int, question: str, given: dict[str, Any]
) -> None:
    sent = Submission(
        id=uuid.uuid4(), question=question, revision=course.revisions[question], given=given
    )
    with database.write() as session:
        recording.record(session, course, learner, sent)


def figures(database: Database, published: CourseSnapshot) -> dict[str, Any]:
    """Return what the engine says of the record, as plain data: standings, marks, history, statistics."""
    with database.read() as session:
        people = session.scalars(sa.select(Learner.id).order_by(Learner.id)).all()
        found = {str(one): _learner(session, published, one) for one in people}
        asked = item_statistics.compute(session, published.course.asked, earlier=True)
        return {
            "learners": found,
            "statistics": [export.plain(one) for many in asked.values() for one in many],
        }


def _learner(session: orm.Session, published: CourseSnapshot, learner: int) -> dict[str, Any]:
    standing = standings.course_standing(session, published, learner)
    answers = session.scalars(
        sa.select(Answer)
        .where(Answer.learner_id == learner)
        .order_by(Answer.question, Answer.attempt)
    )
    changed = answer_history.regraded_answers(session, learner)
    return {
        "completed": {name: moment(at) for name, at in sorted(standing.completed.items())},
        "finished": moment(standing.finished_at),
        "lessons": {
            name: {
                "answered": lesson.answered,
                "score": None if lesson.score is None else round(lesson.score, 9),
                "missed": list(lesson.missed),
                "read": moment(lesson.read_at),
            }
            for name, lesson in standing.lessons.items()
            if lesson.best or lesson.read_at
        },
        "answers": [
            [row.lesson, row.question, row.attempt, row.share, row.out_of, moment(row.recorded_at)]
            for row in answers
        ],
        "changed": sorted(
            [one.answer.question.id, one.answer.attempt, step.decided.reason]
            for one in changed
            for step in one.steps
        ),
    }


def moment(value: datetime.datetime | None) -> str | None:
    return value.isoformat() if value else None


def _write(folder: Path, kind: str, database: Database, course: CourseSnapshot) -> None:
    found = json.dumps(figures(database, course), indent=1, ensure_ascii=False)
    (folder / f"{kind}.json").write_text(found + "\n", "utf-8")
    statements = _sqlite(database) if kind == "sqlite" else _postgresql(database)
    (folder / f"{kind}.sql").write_text(statements, "utf-8")


def _sqlite(database: Database) -> str:
    with database.engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        return "\n".join(driver.iterdump()) + "\n"


def _postgresql(database: Database) -> str:
    url = database.url.set(drivername="postgresql").render_as_string(hide_password=False)
    dump = postgres.programs() / "pg_dump"
    made = subprocess.run(
        [dump, "--no-owner", "--no-privileges", "--rows-per-insert=100", f"--dbname={url}"],
        check=True,
        capture_output=True,
        text=True,
    )
    # Commands of psql, and settings that older servers do not know, are no part of the data.
    lines = made.stdout.splitlines()
    return "\n".join(one for one in lines if not one.startswith(("\\", "SET ", "--"))) + "\n"


def restore(folder: Path, database_url: str) -> None:
    """Put what was written into *folder* into an empty database."""
    url = sa.make_url(database_url)
    kind = url.get_backend_name()
    statements = (folder / f"{kind}.sql").read_text("utf-8")
    if kind == "sqlite":
        with contextlib.closing(sqlite3.connect(str(url.database))) as connection:
            connection.executescript(statements)
        return
    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain) as server:
        server.execute(statements.encode())


def write() -> None:
    """Write the dump of the present schema, and say where."""
    folder = DUMPS / schema.head()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with postgres.running_server() as server:
        for kind in ("sqlite", "postgresql"):
            with tempfile.TemporaryDirectory() as work, pytest.MonkeyPatch.context() as patch:
                url = server if kind == "postgresql" else f"sqlite:///{work}/course.sqlite"
                patch.chdir(work)
                root = living.start(Path(work, "course"), patch, url)
                database = Database(url)
                schema.upgrade(database)
                make(root, database)
                _write(folder, kind, database, published(root, database))
                database.close()
                for part in COURSE_PARTS:
                    _copy(root / part, folder / "course" / part)
    print(f"Written to {os.path.relpath(folder)}")


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, dirs_exist_ok=True)
    else:
        shutil.copy(source, target)


def expected(folder: Path, kind: str) -> Mapping[str, Any]:
    """Return the figures of the day on which the dump was made."""
    found: Mapping[str, Any] = json.loads((folder / f"{kind}.json").read_text("utf-8"))
    return found


def register(database: Database, folder: Path) -> CourseSnapshot:
    """Take up the course of the dump, as a service does when it starts."""
    with database.write() as session:
        return registration.register(session, living.opened(folder / "course"))


if __name__ == "__main__":
    write()
