"""A small course whose questions change while people answer: what a history of it does to a record."""

import contextlib
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from course.content import decisions, questions
from course.content.changes import Change
from course.content.course import Course, Lesson, Module, Place
from course.content.questions.base import Question, option_key
from course.content.quiz import Quiz, Rules
from course.record.answering import recording
from course.record.answering.answers import RecordedAnswer
from course.record.answering.tables import Submission
from course.record.people.tables import Learner
from course.record.progress import standings
from course.record.publishing import impact, late_answers, publications, summary
from course.record.publishing.impact_model import Group, Impact
from course.record.revisions import registration
from course.record.revisions.registration import CourseSnapshot
from course.record.store.base import now
from course.record.store.database import Database

OPTIONS = ("alpha", "bravo", "kilo")


@dataclass(frozen=True)
class Revision:
    """What a question asks and how it is marked."""

    right: str = "alpha"
    points: float = 1
    prompt: str = "Which one?"
    options: tuple[str, ...] = OPTIONS


@dataclass(frozen=True)
class Item:
    """A question as its file has it."""

    revision: Revision
    lesson: str
    entries: tuple[Change, ...] = ()

    def question(self, name: str) -> Question:
        made = questions.load(_content(name, self.revision))
        return made.model_copy(update={"changes": list(self.entries)})


def _content(name: str, revision: Revision) -> dict[str, object]:
    return {
        "id": name,
        "type": "single",
        "objective": "any",
        "prompt": revision.prompt,
        "points": revision.points,
        "options": [
            {"text": text, **({"correct": True} if text == revision.right else {})}
            for text in revision.options
        ],
        "explanation": "So it is.",
    }


@dataclass(frozen=True)
class Files:
    """The course as it lies in its folder: questions by id, and the pass mark of each lesson."""

    items: dict[str, Item]
    pass_marks: dict[str, float] = field(default_factory=lambda: {"one": 0.8})

    def course(self) -> Course:
        lessons = tuple(self._lesson(name) for name in self.pass_marks)
        return Course("Histories", "", (Module("Module", lessons),))

    def _lesson(self, name: str) -> Lesson:
        asked = tuple(
            item.question(question) for question, item in self.items.items() if item.lesson == name
        )
        quiz = Quiz(Rules(pass_mark=self.pass_marks[name]), asked) if asked else None
        places = {question.id: Place("", "") for question in asked}
        return Lesson(name, name, 1, f"{name}/", f"{name}.md", {"any": "Do it"}, quiz, places)


def hexed(name: str, revision: Revision) -> str:
    """Return the engine's name of a revision."""
    return questions.load(_content(name, revision)).revision


class History:
    """The engine over a record, driven as trainers, learners and commands drive it."""

    def __init__(self, database: Database, files: Files) -> None:
        self.database = database
        self.files = files
        self.published: CourseSnapshot
        self._live: list[Course] = []
        self.register(files.course())

    def register(self, course: Course) -> None:
        """Take up a course as a service does when its file changed."""
        with self.database.write() as session:
            self.published = registration.register(session, course)
            late_answers.catch_up(session)

    def learner(self) -> int:
        with self.database.write() as session:
            made = Learner()
            session.add(made)
            session.flush()
            return made.id

    def answer(
        self, learner: int, question: str, option: str, revision: Revision | None = None
    ) -> RecordedAnswer:
        """Record an answer; *revision* is given where the page showed another than the present one."""
        seen = (
            hexed(question, revision)
            if revision is not None
            else self.published.revisions[question]
        )
        sent = Submission(
            id=uuid.uuid4(),
            question=question,
            revision=seen,
            given={"choice": [option_key(option)]},
        )
        with self.database.write() as session:
            return recording.record(session, self.published, learner, sent)

    def edit(self, question: str, **changes: object) -> None:
        """Change what a question asks: right, points, prompt or options."""
        item = self.files.items[question]
        self.put(question, replace(item, revision=replace(item.revision, **changes)))  # type: ignore[arg-type]

    def put(self, question: str, item: Item | None) -> None:
        items = {**self.files.items, question: item}
        self.files = replace(self.files, items={k: v for k, v in items.items() if v is not None})

    def predict(self) -> Impact:
        with self.database.read() as session:
            found = summary.compute(session, self.published)
        return impact.assess(found, self.files.course())

    def predict_from_file(self) -> Impact:
        """Predict from a summary file instead of the database."""
        with self.database.read() as session:
            text = summary.dump(summary.compute(session, self.published))
        return impact.assess(summary.load(text), self.files.course())

    def open(self) -> set[tuple[str, str]]:
        """Return the questions and old revisions that are to be decided about."""
        return {
            (changed.question, group.old)
            for changed in self.predict().questions
            for group in changed.groups
            if group.is_open
        }

    def groups(self, question: str) -> list[Group]:
        """Return what `course decide --from` can reach."""
        with self.database.read() as session:
            found = summary.compute(session, self.published)
        return impact.groups(found, self.files.items[question].question(question))

    def decide(self, question: str, decision: str, old: str | None = None) -> list[str]:
        """Write entries for the groups that are open, or for *old*; return the old revisions."""
        item = self.files.items[question]
        olds = [old] if old else sorted(name for asked, name in self.open() if asked == question)
        new = hexed(question, item.revision)
        entries = tuple(decisions.change(name, new, decision, "Because.") for name in olds)
        self.put(question, replace(item, entries=(*item.entries, *entries)))
        return olds

    def publish(self) -> Impact:
        """Publish the files as they are; nothing may be open."""
        course, predicted = self.files.course(), self.predict()
        assert self.open() == set()
        with self.database.read() as session:
            number = summary.compute(session, self.published).publication
        done = publications.publish(
            self.database, course, predicted, after=number, by="Ada", commit="c" * 40
        )
        assert done.marks == predicted.marks.changed
        self._live.append(self.published.course)
        self.register(course)
        return predicted

    def undo(self) -> None:
        """Take the last publication back; the files stay as they are."""
        with self.database.read() as session:
            last = publications.last_publication(session)
        assert last is not None
        publications.undo(self.database, last.number, by="Ada")
        self.register(self._live.pop())

    def standing(self, learner: int) -> standings.CourseStanding:
        with self.database.read() as session:
            return standings.course_standing(session, self.published, learner)

    def lesson(self, learner: int, lesson: str = "one") -> standings.LessonStanding:
        return self.standing(learner).lessons[lesson]


@contextlib.contextmanager
def timed() -> Iterator[list[datetime]]:
    """Give a list that holds the moments before and after the block, once it ends."""
    moments = [now()]
    yield moments
    moments.append(now())
