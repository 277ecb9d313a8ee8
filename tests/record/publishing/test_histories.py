"""Random histories: the engine and the slow reckoning of the documented rules agree, at every step.

COURSE_HISTORIES=1000 lives that many, COURSE_HISTORIES_SEED=7 begins with that seed (docs/maintainers.md).
"""

import os
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from course.record.answering.tables import Answer
from course.record.progress import standings
from course.record.publishing.impact_model import Impact
from course.record.publishing.marks import Regrade, effective_mark
from course.record.publishing.tables import Mark
from course.record.store.database import Database
from tests.record.histories import OPTIONS, Files, History, Item, Revision, hexed, timed
from tests.record.reckoning import VOID, Reckoning

FIRST = int(os.environ.get("COURSE_HISTORIES_SEED", "0"))
SEEDS = range(FIRST, FIRST + int(os.environ.get("COURSE_HISTORIES", "30")))
STEPS = 24
EDITS = (
    *("key", "key", "key", "points", "points", "back", "back", "back", "back"),
    *("prompt", "option", "move", "remove", "pass", "lesson"),
)
DECISIONS = ("keep", "regrade", "void", "re-ask")


def plain(revision: Revision) -> Any:
    return (revision.right, revision.points, revision.prompt, revision.options)


class Both:
    """One history, lived by the engine and by the reckoning."""

    def __init__(self, seed: int, database: Database) -> None:
        self.chance = random.Random(seed)
        names = ("q1", "q2", "q3")
        files = Files(
            {name: Item(Revision(), "one" if name != "q3" else "two") for name in names},
            {"one": self.chance.choice([0.5, 0.6, 0.8]), "two": 0.8},
        )
        self.engine = History(database, files)
        self.shown: dict[str, list[Revision]] = {name: [Revision()] for name in names}
        """The revisions of each question that were ever published."""
        self._known: dict[str, Any] = {}
        self.gone: dict[str, Item] = {}
        self.reckoning = Reckoning(self.plain())
        self.learners = [self.engine.learner() for _ in range(3)]
        self.moments: dict[int, list[Any]] = {}
        self.story: list[str] = []

    def plain(self) -> Any:
        known = {
            hexed(name, revision)[:7]: plain(revision)
            for name, item in self.engine.files.items.items()
            for revision in [*self.shown[name], item.revision]
        }
        self._known |= known
        known = self._known
        return {
            "pass_marks": dict(self.engine.files.pass_marks),
            "questions": {
                name: (
                    plain(item.revision),
                    item.lesson,
                    [(known[e.from_], known[e.to], e.decision) for e in item.entries],
                )
                for name, item in self.engine.files.items.items()
            },
        }

    def live(self) -> None:
        for _ in range(STEPS):
            step = self.chance.choices(
                [self.answer, self.late, self.edit, self.publish, self.second_thought, self.undo],
                [10, 2, 1, 7, 1, 1],
            )[0]
            step()
            self.compare()

    def answer(self) -> None:
        asked = self.reckoning.course["questions"]
        if asked:
            name = self.question()
            name = name if name in asked else self.chance.choice(sorted(asked))
            self._answer(name, asked[name][0])

    def question(self) -> str:
        """Return a question, mostly the first one, so that much happens to it."""
        return self.chance.choices(["q1", "q2", "q3"], [6, 2, 1])[0]

    def late(self) -> None:
        name = self.question()
        self._answer(name, plain(self.chance.choice(self.shown[name])))

    def _answer(self, name: str, revision: Any) -> None:
        learner, option = self.chance.choice(self.learners), self.chance.choice(revision[3])
        self.story.append(f"{learner} answers {option} to {name} as {revision}")
        with timed() as moments:
            self.engine.answer(learner, name, option, Revision(*revision))
        self.reckoning.answer(learner, name, revision, option)
        self.moments[self.reckoning.time] = moments

    def edit(self) -> None:
        files, chance = self.engine.files, self.chance
        kind = chance.choice(EDITS)
        self.story.append(f"edit: {kind}")
        name = self.question()
        item = files.items.get(name)
        if kind == "pass":
            lesson = chance.choice(sorted(files.pass_marks))
            marks = {**files.pass_marks, lesson: chance.choice([0.4, 0.5, 0.6, 0.8, 1.0])}
            self.engine.files = replace(files, pass_marks=marks)
        elif kind == "lesson":
            self._lesson()
        elif item is None:
            back = self.gone[name]
            lesson = back.lesson if back.lesson in files.pass_marks else "one"
            self.engine.put(name, replace(back, lesson=lesson))
        elif kind == "key":
            self.engine.edit(name, right=chance.choice(item.revision.options))
        elif kind == "points":
            self.engine.edit(name, points=chance.choice([0, 1, 3]))
        elif kind == "prompt":
            self.engine.edit(name, prompt=chance.choice(["Which one?", "Which of these?"]))
        elif kind == "back":
            self.engine.put(name, replace(item, revision=chance.choice(self.shown[name])))
        elif kind == "option":
            left = tuple(o for o in OPTIONS if o == item.revision.right or chance.random() < 0.7)
            if len(left) > 1:
                self.engine.edit(name, options=left)
        elif kind == "move":
            self.engine.put(name, replace(item, lesson=chance.choice(sorted(files.pass_marks))))
        else:
            self.gone[name] = item
            self.engine.put(name, None)
        self.plain()  # so that revisions which are never published are known, too

    def _lesson(self) -> None:
        """Take the second lesson out of the course, or put it back."""
        files = self.engine.files
        if "two" not in files.pass_marks:
            self.engine.files = replace(files, pass_marks={**files.pass_marks, "two": 0.8})
            return
        self.gone |= {name: item for name, item in files.items.items() if item.lesson == "two"}
        items = {name: item for name, item in files.items.items() if item.lesson != "two"}
        left = {name: mark for name, mark in files.pass_marks.items() if name != "two"}
        self.engine.files = replace(files, items=items, pass_marks=left)

    def second_thought(self) -> None:
        """Write an entry that nobody asked for, as with --from."""
        name = self.chance.choice(sorted(self.engine.files.items) or [""])
        groups = self.engine.groups(name) if name else []
        if groups:
            old, decision = self.chance.choice(groups).old, self.chance.choice(DECISIONS)
            self.story.append(f"decide {name} {decision} --from {old[:7]}")
            self.engine.decide(name, decision, old)

    def publish(self) -> None:
        for _ in range(self.chance.choice([0, 1, 1, 2])):
            self.edit()
        open_ones = self.engine.open()
        known = {(name, self._known[old[:7]]) for name, old in open_ones}
        assert known == self.reckoning.open(self.plain())
        for name in sorted({name for name, _ in open_ones}):
            decision = self.chance.choice(DECISIONS)
            self.story.append(f"decide {name} {decision}")
            self.engine.decide(name, decision)
        assert self.engine.open() == set()
        self.story.append(f"publish {self.plain()}")
        before = self.figures()
        predicted = self.engine.predict_from_file()
        with timed() as moments:
            assert self.engine.publish() == predicted
        self.reckoning.publish(self.plain())
        self.moments[self.reckoning.time] = moments
        for name, item in self.engine.files.items.items():
            if item.revision not in self.shown[name]:
                self.shown[name].append(item.revision)
        self.happened(predicted, before)

    def undo(self) -> None:
        if any(not one["undone"] for one in self.reckoning.publications):
            self.story.append("undo")
            with timed() as moments:
                self.engine.undo()
            self.reckoning.undo()
            self.moments[self.reckoning.time] = moments

    # Comparing

    def figures(self) -> Any:
        """Return marks, scores, completions and who is asked again, as the reckoning has them."""
        lessons = self.reckoning.course["pass_marks"]
        return (
            self.reckoning.marks(),
            {(w, x): self.reckoning.score(w, x) for w in self.learners for x in lessons},
            {
                (w, x)
                for w in self.learners
                for x in ("one", "two")
                if self.reckoning.completed(w, x)
            },
            {(w, q) for w in self.learners for q in self.shown if self.reckoning.again(w, q)},
        )

    def happened(self, predicted: Impact, before: Any) -> None:
        """Assert that what was predicted is what became of the figures *before*."""
        after = self.figures()
        moves = [self._move(old, new) for old, new in zip(before[0], after[0], strict=True)]
        counted = (moves.count("up"), moves.count("down"), moves.count("void"))
        assert (predicted.marks.up, predicted.marks.down, predicted.marks.void) == counted
        for lesson in self.reckoning.course["pass_marks"]:
            pairs = [(before[1].get((w, lesson)), after[1][w, lesson]) for w in self.learners]
            both = [(a, b) for a, b in pairs if a is not None and b is not None]
            expected = (
                sum(b - a > 1e-9 for a, b in both),
                sum(a - b > 1e-9 for a, b in both),
                sum((w, lesson) in after[2] - before[2] for w in self.learners),
            )
            found = predicted.outcomes.get(lesson)
            moved = (0, 0, 0)
            if found:
                moved = (found.scores_up, found.scores_down, found.completions_gained)
            assert moved == expected, lesson
        asked = {who for who, question in after[3] - before[3]}
        assert predicted.asked_again == len(asked)

    @staticmethod
    def _move(old: Any, new: Any) -> str:
        if old == new:
            return "same"
        if new == VOID:
            return "void"
        before, after = ((m if m != VOID else (0.0, 0.0)) for m in (old, new))
        rose = (after[0], after[0] * after[1]) > (before[0], before[0] * before[1])
        return "up" if rose else "down"

    def compare(self) -> None:
        reckoning, engine = self.reckoning, self.engine
        assert sorted(map(repr, self.engine_marks())) == sorted(map(repr, reckoning.marks()))
        for learner in self.learners:
            found = engine.standing(learner)
            for lesson in found.lessons.values():
                name = lesson.lesson.id
                assert lesson.score == pytest.approx(reckoning.score(learner, name)), name
                with engine.database.read() as session:
                    alone = progress_of_lesson(session, engine, learner, name)
                assert alone == (lesson.score, lesson.completed_at, dict(lesson.best))
                for question, best in lesson.best.items():
                    expected = reckoning.best(learner, question)
                    mark = VOID if best.is_void else (best.share, best.out_of)
                    assert mark == expected, question
                    assert best.again == reckoning.again(learner, question), question
            for name in ("one", "two"):
                at, when = reckoning.completed(learner, name), found.completed.get(name)
                assert (at is None) == (when is None), (learner, name, at, when)
                if at in self.moments:
                    assert self.moments[at][0] <= when <= self.moments[at][1]  # type: ignore[operator]

    def engine_marks(self) -> list[Any]:
        """Return the marks as the rows have them."""
        with self.engine.database.read() as session:
            rows = session.execute(
                sa.select(Answer.share, Answer.out_of, Mark.decision_id, Mark.share, Mark.out_of)
                .add_columns(Answer.learner_id, Answer.client_id, Mark.marked_at)
                .outerjoin(
                    Mark,
                    (Mark.learner_id == Answer.learner_id) & (Mark.client_id == Answer.client_id),
                )
                .order_by(Mark.decision_id)
            ).all()
        last = {row[5:7]: row for row in rows}
        marks = []
        for share, out_of, decision_id, *regraded, _, _, at in last.values():
            mark = effective_mark(
                share, out_of, Regrade(decision_id, *regraded, at) if decision_id else None
            )
            marks.append(VOID if mark.is_void else (mark.share, mark.out_of))
        return marks


def progress_of_lesson(session: Any, engine: History, learner: int, name: str) -> Any:
    lesson = engine.published.course.lessons[name]
    found = standings.lesson_standing(session, engine.published, learner, lesson)
    return (found.score, found.completed_at, dict(found.best))


def run(seed: int, database: Database) -> None:
    both = Both(seed, database)
    try:
        both.live()
    except AssertionError as error:
        story = "\n".join(both.story)
        raise AssertionError(f"seed {seed}:\n{story}") from error


@pytest.mark.parametrize("seed", SEEDS)
def test_the_engine_and_the_rules_agree(seed: int, migrated_sqlite: Path, tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite"
    path.write_bytes(migrated_sqlite.read_bytes())
    database = Database(f"sqlite:///{path}")
    run(seed, database)
    database.close()
