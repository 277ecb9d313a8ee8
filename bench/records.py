"""Records made of chance, the same each time: learners and their answers, as many as wanted, quickly.

Learners go through the course from its beginning. Most leave early; one in fifty gets to the end. What
they do in one lesson lies together in the record, and what they do in the next lies elsewhere, as it does
where many learn at once. Three in ten have an account, and the first of these is a trainer.

Rows are made inside the database: who went at which lesson, and answers to choose from, are stored in
tables of their own for a while, and joined.
"""

import dataclasses
import itertools
import json
import random
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
import psycopg
import sqlalchemy as sa

from bench import submissions
from course.content.course import Course, Lesson
from course.record.people import access, learners
from course.record.revisions import registration
from course.record.revisions.registration import CourseSnapshot
from course.record.store.database import Database

YEAR = 365 * 86_400
BEGIN = 1_750_000_000
MIDDLE = BEGIN + YEAR // 2
END = BEGIN + 2 * YEAR

EARLY = 10
"""In every tenth lesson, the first question was another until the middle of the year, and was regraded."""

CHOICES = 20
"""How many answers to a question there are to choose from, the better ones first."""

RETRIES = 1.18
"""Answers for each first answer."""

THOROUGH = 0.02
"""The share of learners who get to the end for certain."""

TRAINER = "trainer@example.org"

# n-th question of a lesson, met in a go; `c` is the answer chosen. Learners differ in what they know, and
# two in five of those who chose badly try again.
PICKED = "(g.id * 2654435761 + a.n * 40503) / 128 % 16 + g.learner % 5"
JOINED = f"""
FROM go AS g
CROSS JOIN asks AS a
CROSS JOIN (SELECT 1 AS number UNION ALL SELECT 2) AS t
CROSS JOIN choice AS c
WHERE a.lesson = g.lesson
  AND (t.number = 1 OR ({PICKED} >= {CHOICES // 2} AND (g.id + a.n) % 5 < 2))
  AND c.lesson = g.lesson AND c.n = a.n
  AND c.k = CASE t.number WHEN 1 THEN {PICKED} ELSE ({PICKED}) / 2 END
  AND g.at >= c.since AND g.at < c.until
"""
SQLITE_HASTE = (
    "journal_mode=OFF", "synchronous=OFF", "cache_size=-4000000", "foreign_keys=OFF", "temp_store=MEMORY",
)  # fmt: skip
STAGES = {
    "person": "id bigint, seed text, token text, mail text",
    "go": "id bigint, learner bigint, lesson int, name text, at bigint",
    "asks": "lesson int, n int",
    "choice": "lesson int, n int, k int, since bigint, until bigint, name text, question text, "
    "revision bigint, given json, share double precision, out_of double precision",
}


@dataclass(frozen=True)
class Made:
    """What was made, who got to the end of the course, and who did not."""

    answers: int
    thorough: list[int]
    others: list[int]
    trainer: int


def token(learner: int) -> str:
    """Return what the cookie of a learner's browser holds."""
    return f"token-{learner}"


def fill(database: Database, course: Course, answers: int, per_learner: int = 100) -> Made:
    """Fill an empty, migrated *database* with about *answers* answers, *per_learner* on average."""
    lessons = [lesson for lesson in course.lessons.values() if lesson.questions]
    people = answers // per_learner
    reached, gos = _gos(people, per_learner, lessons)
    first = _as_it_was_first(course, lessons)
    with database.write() as session:
        old = registration.register(session, first, _moment(BEGIN))
        new = registration.register(session, course, _moment(MIDDLE))
    rows = {
        "person": _people(people),
        "go": gos,
        "asks": (
            (i, n) for i, lesson in enumerate(lessons) for n, _ in enumerate(lesson.questions)
        ),
        "choice": _choices(lessons, first, old, new),
    }
    (_fill_sqlite if database.is_sqlite else _fill_postgres)(database, rows, _decided(old, new))
    with database.read() as session:
        made = session.execute(sa.text("SELECT count(*) FROM answer")).scalar_one()
    whole = len(lessons)
    return Made(
        made,
        [learner for learner, many in enumerate(reached, 1) if many == whole],
        [learner for learner, many in enumerate(reached, 1) if many < whole],
        1,
    )


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _gos(
    people: int, per_learner: int, lessons: list[Lesson]
) -> tuple[list[int], Iterator[tuple[Any, ...]]]:
    """Return how many lessons each learner did, and who was at which lesson when, in order of time."""
    chance = np.random.default_rng(20261122)
    asked = sum(len(lesson.questions) for lesson in lessons) / len(lessons)
    # Rounding up adds half a lesson to the mean, and who gets to the end THOROUGH of the course.
    mean = max(0.5, per_learner / RETRIES / asked - 0.5 - THOROUGH * len(lessons)) / len(lessons)
    reached = np.ceil(len(lessons) * chance.random(people) ** (1 / mean - 1)).astype(int)
    reached[chance.random(people) < THOROUGH] = len(lessons)
    learner = np.repeat(np.arange(people), reached)
    number = np.concatenate([np.arange(many) for many in reached])
    begun = chance.random(people)[learner]
    at = begun + (1 - begun) * (number + chance.random(len(learner))) / len(lessons)
    order = np.argsort(at, kind="stable")
    columns = (learner[order] + 1, number[order], (BEGIN + at[order] * YEAR).astype(int))
    rows = zip(*(column.tolist() for column in columns), strict=True)
    return reached.tolist(), (
        (go, who, lesson, lessons[lesson].id, moment)
        for go, (who, lesson, moment) in enumerate(rows, 1)
    )


def _people(many: int) -> Iterator[tuple[Any, ...]]:
    for learner in range(1, many + 1):
        mail = TRAINER if learner == 1 else f"learner{learner * 7919 % many}@example.org"
        has_account = learner % 10 in (1, 2, 3)
        yield (
            learner,
            f"{learner:08x}",
            learners.hash_token(token(learner)),
            mail if has_account else None,
        )


def _as_it_was_first(course: Course, lessons: list[Lesson]) -> Course:
    """Return the course with another prompt for each question that was changed in the middle of the year."""
    changed = {lesson.questions[0].id for lesson in lessons[::EARLY]}

    def before(lesson: Lesson) -> Lesson:
        if lesson.quiz is None:
            return lesson
        asked = tuple(
            q.model_copy(update={"prompt": f"{q.prompt} Choose well."}) if q.id in changed else q
            for q in lesson.quiz.questions
        )
        return dataclasses.replace(lesson, quiz=dataclasses.replace(lesson.quiz, questions=asked))

    modules = tuple(
        dataclasses.replace(module, lessons=tuple(map(before, module.lessons)))
        for module in course.modules
    )
    return dataclasses.replace(course, modules=modules)


def _choices(
    lessons: list[Lesson], first: Course, old: CourseSnapshot, new: CourseSnapshot
) -> Iterator[tuple[Any, ...]]:
    """Yield answers to each question as it was, and as it is."""
    chance = random.Random("answers")
    for number, lesson in enumerate(lessons):
        for n, question in enumerate(lesson.questions):
            given = [submissions.given(question, chance) for _ in range(CHOICES)]
            right = question.right()
            marked = sorted(
                [
                    (question.mark(one).share, json.dumps(one))
                    for one in [*given, *[right] * (CHOICES // 2)]
                    if one
                ],
                key=lambda pair: -(pair[0] or 0),
            )
            half = CHOICES // 2
            best, rest = marked[:half], marked[half:]
            poor = [pair for pair in rest if (pair[0] or 0) < 1] or rest
            kept = [*best, *poor[:: max(1, len(poor) // half)][:half]]
            spans = [(0, END, new)]
            if new.revision_ids[question.id] != old.revision_ids[question.id]:
                spans = [(0, MIDDLE, old), (MIDDLE, END, new)]
            for (k, (share, text)), (since, until, at) in itertools.product(enumerate(kept), spans):
                row = at.revision_ids[question.id]
                about = (number, n, k, since, until, lesson.id, question.id, row)
                yield (*about, text, share, question.worth)


def _decided(old: CourseSnapshot, new: CourseSnapshot) -> list[dict[str, Any]]:
    """Return a decision to regrade the answers to each question that has changed."""
    return [
        {"question": q, "old": old.revisions[q], "new": new.revisions[q], "row": row}
        for q, row in old.revision_ids.items()
        if row != new.revision_ids[q]
    ]


def _decide(database: Database, decided: list[dict[str, Any]], at: str) -> None:
    """Store the decisions, and the marks that they gave: nothing for who was right, else half the points."""
    statements = [
        'INSERT INTO publication (number, published_at, published_by, "commit", report) '
        f"VALUES (1, {at}, 'a trainer', '', '{{}}')",
        "INSERT INTO decision (publication, question, old, new, decision, reason) "
        "VALUES (1, :question, :old, :new, 'regrade', 'The key was wrong.')",
        "INSERT INTO mark (learner_id, client_id, decision_id, share, out_of, marked_at) "
        f"SELECT learner_id, client_id, decision.id, 0.5, out_of, {at} FROM answer "
        "JOIN decision ON decision.question = :question AND decision.old = :old "
        "WHERE question_revision_id = :row AND share < 1",
    ]
    with database.write() as session:
        session.execute(sa.text(statements[0].replace("{}", "{}")))
        for one in decided:
            session.execute(sa.text(statements[1]), one)
            session.execute(sa.text(statements[2]), one)


def _fill_sqlite(
    database: Database, rows: dict[str, Iterator[tuple[Any, ...]]], decided: list[dict[str, Any]]
) -> None:
    at = "strftime('%Y-%m-%d %H:%M:%f000', {}, 'unixepoch')"
    moment = at.format("g.at + 40 * a.n + 2000 * (t.number - 1)")
    begun = at.format(str(BEGIN))
    database.close()  # the journal can be switched off for its only user
    connection = sqlite3.connect(str(database.url.database), isolation_level=None)
    try:
        run = connection.execute
        for pragma in SQLITE_HASTE:
            run(f"PRAGMA {pragma}")
        run("BEGIN")
        for name, columns in STAGES.items():
            run(f"CREATE TEMP TABLE {name} ({columns})")
            marks = ", ".join("?" * (columns.count(",") + 1))
            connection.executemany(f"INSERT INTO {name} VALUES ({marks})", rows[name])
        run("CREATE INDEX temp.ix_choice ON choice (lesson, n, k)")
        run("CREATE INDEX temp.ix_asks ON asks (lesson, n)")
        for statement in _people_rows(begun):
            run(statement)
        run(
            "INSERT INTO attempt SELECT learner, name, number, "
            + at.format("at")
            + " FROM go CROSS JOIN (SELECT 1 AS number UNION ALL SELECT 2)"
        )
        run(
            "INSERT INTO lesson_visit (learner_id, lesson, first_at, last_at) "
            f"SELECT learner, name, {at.format('at')}, {at.format('at + 600')} FROM go"
        )
        again = run(
            "SELECT name, sql FROM sqlite_master WHERE tbl_name = 'answer' AND type = 'index' AND sql > ''"
        ).fetchall()
        for name, _ in again:
            run(f"DROP INDEX {name}")
        run(
            "INSERT INTO answer (learner_id, client_id, lesson, attempt, question, question_revision_id, "
            "given, share, out_of, seconds, recorded_at) SELECT g.learner, "
            "printf('%08x%08x%08x%08x', g.id * 2654435761 % 4294967296, a.n, t.number, g.id), "
            "c.name, t.number, c.question, c.revision, c.given, c.share, c.out_of, "
            f"10 + (g.id * 7 + a.n) % 90, {moment} {JOINED}"
        )
        for _, sql in again:
            run(sql)
        run("COMMIT")
        run("ANALYZE")
        run("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        connection.close()
    _decide(database, decided, begun)


def _people_rows(at: str) -> list[str]:
    return [
        f"INSERT INTO learner (id, created_at, seed) SELECT id, {at}, seed FROM person",
        "INSERT INTO sign_in (learner_id, token_hash, browser, created_at, last_seen_at) "
        f"SELECT id, token, '', {at}, {at} FROM person",
        "INSERT INTO account (learner_id, mail, role, created_at) SELECT id, mail, "
        f"CASE mail WHEN '{TRAINER}' THEN '{access.TRAINER}' ELSE 'learner' END, {at} FROM person "
        "WHERE mail IS NOT NULL",
    ]


def _fill_postgres(
    database: Database, rows: dict[str, Iterator[tuple[Any, ...]]], decided: list[dict[str, Any]]
) -> None:
    begun = f"to_timestamp({BEGIN})"
    address = database.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as connection:
        run = connection.execute
        run("ALTER SYSTEM SET max_wal_size = '16GB'")
        run("SELECT pg_reload_conf()")
        for setting in (
            "synchronous_commit = off",
            "maintenance_work_mem = '1GB'",
            "work_mem = '64MB'",
            "session_replication_role = replica",  # no checks of foreign keys
        ):
            run(f"SET {setting}".encode())
        for name, columns in STAGES.items():
            run(f"CREATE TEMP TABLE {name} ({columns.replace('json', 'jsonb')})".encode())
            with (
                connection.cursor() as cursor,
                cursor.copy(f"COPY {name} FROM STDIN".encode()) as copy,
            ):
                for row in rows[name]:
                    copy.write_row(row)
            run(f"ANALYZE {name}".encode())
        run("CREATE INDEX ON choice (lesson, n, k)")
        for statement in _people_rows(begun):
            run(statement.encode())
        run("SELECT setval('learner_id_seq', max(id)) FROM learner")
        run(
            b"INSERT INTO attempt SELECT learner, name, number, to_timestamp(at) "
            b"FROM go CROSS JOIN (SELECT 1 AS number UNION ALL SELECT 2) AS t"
        )
        run(
            b"INSERT INTO lesson_visit (learner_id, lesson, first_at, last_at) "
            b"SELECT learner, name, to_timestamp(at), to_timestamp(at + 600) FROM go"
        )
        again = _without_indexes(connection, "answer")
        run(
            (
                "INSERT INTO answer (learner_id, client_id, lesson, attempt, question, "
                "question_revision_id, given, share, out_of, seconds, recorded_at) SELECT g.learner, "
                "md5(g.id || ' ' || a.n || ' ' || t.number)::uuid, c.name, t.number, c.question, c.revision, "
                "c.given, c.share, c.out_of, 10 + (g.id * 7 + a.n) % 90, "
                f"to_timestamp(g.at + 40 * a.n + 2000 * (t.number - 1)) {JOINED}"
            ).encode()
        )
        for statement in again:
            run(statement.encode())
    _decide(database, decided, begun)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("VACUUM (ANALYZE)")


def _without_indexes(connection: psycopg.Connection[Any], table: str) -> list[str]:
    """Drop the keys and indexes of a table; return the statements that make them again."""
    constraints = connection.execute(
        "SELECT conrelid::regclass, conname, pg_get_constraintdef(oid) FROM pg_constraint "
        "WHERE conrelid = %s::regclass OR confrelid = %s::regclass ORDER BY contype = 'f'",
        [table, table],
    ).fetchall()
    for of, name, _ in reversed(constraints):
        connection.execute(f"ALTER TABLE {of} DROP CONSTRAINT {name}".encode())
    indexes = connection.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = %s", [table]
    ).fetchall()
    for name, _ in indexes:
        connection.execute(f"DROP INDEX {name}".encode())
    return [
        *(definition for _, definition in indexes),
        *(f"ALTER TABLE {of} ADD CONSTRAINT {name} {text}" for of, name, text in constraints),
    ]
