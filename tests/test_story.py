"""The story of a living course: predicted, published, seen by learners, and taken back."""

import hashlib
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result

from course.cli import main
from course.record.answering.tables import Answer
from course.record.progress import standings
from course.record.progress.standings import CourseStanding
from course.record.publishing.tables import Decision, Mark, Publication
from course.record.revisions.published_course import PublishedCourse
from course.record.revisions.registration import CourseSnapshot
from course.record.revisions.tables import QuestionRevision
from course.record.store.base import Base
from course.record.store.database import Database
from tests import living


class Trainer:
    """A trainer at the prompt, in a course's folder."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.runner = CliRunner()

    def __call__(self, *arguments: str) -> Result:
        return self.runner.invoke(main, [*arguments, "--root", str(self.root)])

    def predicts(self, *arguments: str) -> dict[str, Any]:
        result = self("impact", "--format", "json", *arguments)
        assert result.exit_code in (0, 1), result.output
        found: dict[str, Any] = json.loads(result.stdout)
        assert result.exit_code == (1 if found["open"] else 0)
        return found


@pytest.fixture
def root(tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    return living.start(tmp_path / "living", monkeypatch, database_url)


@pytest.fixture
def trainer(root: Path) -> Trainer:
    trainer = Trainer(root)
    result = trainer("publish")
    assert result.exit_code == 0, result.output
    return trainer


def published(root: Path, database: Database) -> CourseSnapshot:
    return PublishedCourse(root / "build/course.json", database).get()


def all_standings(root: Path, database: Database, people: list[int]) -> dict[int, CourseStanding]:
    course = published(root, database)
    with database.read() as session:
        return {learner: standings.course_standing(session, course, learner) for learner in people}


def dump(database: Database) -> str:
    """Return every row of every table as text, but for the publications and what they asked."""
    lines = []
    with database.engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            if table.name not in (Publication.__tablename__, QuestionRevision.__tablename__):
                rows = connection.execute(sa.select(table).order_by(*table.primary_key))
                lines += [f"{table.name} {tuple(row)!r}" for row in rows]
    return "\n".join(lines)


def tree(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(str(path.relative_to(folder)).encode() + path.read_bytes())
    return digest.hexdigest()


def test_what_was_predicted_happens_and_can_be_taken_back(
    trainer: Trainer, root: Path, database: Database
) -> None:
    people = living.take(database, published(root, database))
    site_before, course_before = tree(root / "site"), (root / "build/course.json").read_text()
    before = all_standings(root, database, people)

    living.trainer_edits(root)
    found = trainer.predicts()
    kinds = {one["question"]: one["kinds"] for one in found["questions"]}
    assert kinds == {
        "capital": ["key changed"],
        "even": ["option removed", "key changed"],
        "comma": ["reworded"],
        "wander": ["moved"],
        "last-one": ["removed"],
        "sum": ["moved"],  # to a lesson that may be another
        "why": ["moved"],
    }
    assert {one["question"] for one in found["questions"] if one["open"]} == {"capital", "even"}
    [renamed] = [one for one in found["lessons"] if one["open"]]
    assert (renamed["lesson"], renamed["maybe"]) == ("two/new-name", "two/old-name")
    assert trainer("publish").exit_code == 1  # not committed yet

    living.edit(root, "lessons/two/new-name.md", "title:", "id: two/old-name\ntitle:")
    for question, decision in (("capital", "regrade"), ("even", "void")):
        result = trainer("decide", question, decision, "--reason", f"The {question} was wrong.")
        assert result.exit_code == 0, result.output
    predicted = trainer.predicts()
    assert predicted["open"] == 0
    written = trainer.runner.invoke(
        main, ["record", "summary", "-o", str(root / "../summary.json")]
    )
    assert written.exit_code == 0, written.output
    assert trainer.predicts("--summary", str(root / "../summary.json")) == predicted

    commit = living.commit(root, "Corrections")
    record_before = dump(database)
    trial = trainer("publish", "--dry-run")
    assert (trial.exit_code, "not published" in trial.output) == (0, True)
    assert dump(database) == record_before
    assert tree(root / "site") == site_before

    result = trainer("publish")
    assert result.exit_code == 0, result.output
    _as_predicted(root, database, people, predicted, before, commit)

    result = trainer("undo")
    assert result.exit_code == 0, result.output
    assert dump(database) == record_before
    assert tree(root / "site") == site_before
    assert (root / "build/course.json").read_text() == course_before
    assert all_standings(root, database, people) == before
    assert trainer.predicts() == predicted  # and it can be published once more
    assert trainer("publish").exit_code == 0


def _as_predicted(
    root: Path,
    database: Database,
    people: list[int],
    predicted: dict[str, Any],
    before: dict[int, CourseStanding],
    commit: str,
) -> None:
    """Compare the record with what was predicted, counted from its rows and from learners' standings."""
    with database.read() as session:
        rows = session.execute(
            sa.select(Answer.share, Answer.out_of, Mark.share, Mark.out_of, Decision.decision)
            .join(
                Mark, (Mark.learner_id == Answer.learner_id) & (Mark.client_id == Answer.client_id)
            )
            .join(Decision)
        ).all()
        publication = session.scalars(
            sa.select(Publication).order_by(Publication.number.desc()).limit(1)
        ).one()
        capital = session.scalar(
            sa.select(sa.func.count(Answer.learner_id.distinct())).where(
                Answer.question == "capital"
            )
        )
    counts = Counter(
        "void" if row[3] is None else "up" if row[2] * row[3] > row[0] * row[1] else "down"
        for row in rows
    )
    assert counts == {name: predicted["marks"][name] for name in ("up", "down", "void")}
    assert min(counts.values()) > 20
    assert (publication.commit, publication.published_by) == (commit, "Ada <ada@example.org>")
    [question] = [one for one in predicted["questions"] if one["question"] == "capital"]
    assert question["learners"] == capital

    after = all_standings(root, database, people)
    moves: dict[str, Counter[str]] = {}
    for learner in people:
        for name, lesson in after[learner].lessons.items():
            old = before[learner].lessons[name]
            move = moves.setdefault(name, Counter(scores_up=0, scores_down=0, completions_gained=0))
            if old.score is not None and lesson.score is not None:
                difference = lesson.score - old.score
                move["scores_up"] += difference > 1e-9
                move["scores_down"] += difference < -1e-9
            assert lesson.is_complete or not old.is_complete  # nobody loses one
            move["completions_gained"] += lesson.is_complete and not old.is_complete
    assert {name: dict(move) for name, move in moves.items() if any(move.values())} == {
        name: outcome for name, outcome in predicted["outcomes"].items() if any(outcome.values())
    }
    assert sum(move["completions_gained"] for move in moves.values()) > 0
