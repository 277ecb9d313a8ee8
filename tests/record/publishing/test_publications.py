"""Decisions about earlier answers: predicted, applied, followed by late answers, taken back."""

import shutil
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from course.content import decisions
from course.content.course import Course
from course.content.questions.base import Given
from course.content.reading import open_course
from course.record.answering import answer_history, recording
from course.record.answering.answers import RecordedAnswer
from course.record.answering.tables import Answer, Submission
from course.record.people import accounts, learners, merging
from course.record.progress import completion, standings
from course.record.publishing import impact, late_answers, publications, summary
from course.record.publishing.impact_model import Impact
from course.record.publishing.publications import NotPublished
from course.record.publishing.tables import Mark
from course.record.revisions import registration
from course.record.revisions.registration import CourseSnapshot
from course.record.revisions.tables import LessonRevision, QuestionRevision
from course.record.store.database import Database
from tests import living
from tests.living import choice

KEY = "quizzes/one/first.yml"


class Living:
    """A course that changes, over a record."""

    def __init__(self, root: Path, database: Database) -> None:
        self.root = root
        self.database = database
        self.published: CourseSnapshot
        self.register()

    @property
    def course(self) -> Course:
        return open_course(self.root)

    def register(self) -> None:
        """Take up the files as they are, as a service does after a plain build."""
        with self.database.write() as session:
            self.published = registration.register(session, self.course)

    def guest(self) -> int:
        with self.database.write() as session:
            token = learners.start_guest(session, "test")
            found = learners.identify(session, token)
            assert found is not None
            return found.learner_id

    def answer(
        self, learner: int, question: str, given: Given, revision: str = ""
    ) -> RecordedAnswer:
        revision = revision or self.published.revisions[question]
        sent = Submission(id=uuid.uuid4(), question=question, revision=revision, given=given)
        with self.database.write() as session:
            return recording.record(session, self.published, learner, sent)

    def correct_key(self) -> None:
        living.edit(self.root, KEY, "{text: Sydney, correct: true,", "{text: Sydney,")
        living.edit(self.root, KEY, "{text: Canberra,", "{text: Canberra, correct: true,")

    def decide(self, question: str, decision: str, old: str) -> None:
        course = self.course
        change = decisions.change(
            old, course.asked[question][1].revision, decision, "It was wrong."
        )
        decisions.write(self.root, course, question, [change])

    def predict(self) -> Impact:
        with self.database.read() as session:
            return impact.assess(summary.compute(session, self.published), self.course)

    def publish(self, after: int = 0, switch: Callable[[], None] = lambda: None) -> int:
        done = publications.publish(
            self.database,
            self.course,
            self.predict(),
            after=after,
            by="Ada",
            commit="c" * 40,
            switch=switch,
        )
        self.register()
        return done.marks

    def marks(self) -> int:
        with self.database.read() as session:
            return session.scalar(sa.select(sa.func.count()).select_from(Mark)) or 0

    def past(self, learner: int, answer: RecordedAnswer) -> answer_history.PastAnswer:
        with self.database.read() as session:
            found = answer_history.load_answer(session, learner, answer.client_id)
        assert found is not None
        return found

    def best(self, learner: int, question: str) -> completion.BestAnswer:
        with self.database.read() as session:
            standing = standings.course_standing(session, self.published, learner)
        return standing.lessons["one/first"].best[question]


@pytest.fixture
def living_course(tmp_path: Path, database: Database) -> Living:
    return Living(Path(shutil.copytree(living.COURSE, tmp_path / "living")), database)


@pytest.mark.parametrize(
    ("decision", "share", "is_void", "again"),
    [
        ("keep", 0.0, False, False),
        ("regrade", 1.0, False, False),
        ("void", None, True, False),
        ("re-ask", 0.0, False, True),
    ],
)
def test_each_decision_does_what_it_says(
    living_course: Living, decision: str, share: float | None, is_void: bool, again: bool
) -> None:
    learner = living_course.guest()
    old = living_course.published.revisions["capital"]
    given = living_course.answer(learner, "capital", choice("Canberra"))
    living_course.correct_key()
    assert [one.question for one in living_course.predict().questions if one.is_open] == ["capital"]

    living_course.decide("capital", decision, old)
    living_course.publish()

    best = living_course.best(learner, "capital")
    assert (best.share, best.is_void, best.again) == (share, is_void, again)
    found = living_course.past(learner, given)
    assert (found.answer.original_mark.share, found.answer.current_mark.share) == (0.0, share)
    assert (found.asked_again is not None) == again
    assert living_course.predict().is_nothing
    if again:
        living_course.answer(learner, "capital", choice("Canberra"))
        assert not living_course.best(learner, "capital").again


def test_a_regrade_marks_down_as_well_and_takes_no_completion(living_course: Living) -> None:
    learner = living_course.guest()
    old = living_course.published.revisions["capital"]
    for question, given in {
        "capital": choice("Sydney"),
        "even": choice("2", "4", "zero"),
        "comma": choice("A spoon"),
        "wander": {"number": ["7"]},
    }.items():
        living_course.answer(learner, question, given)
    with living_course.database.read() as session:
        before = standings.course_standing(session, living_course.published, learner).lessons[
            "one/first"
        ]
    living_course.correct_key()
    living_course.decide("capital", "regrade", old)

    living_course.publish()

    with living_course.database.read() as session:
        after = standings.course_standing(session, living_course.published, learner).lessons[
            "one/first"
        ]
    assert (before.score, after.score) == (0.8, 0.6)
    assert before.completed_at == after.completed_at is not None


def test_an_answer_on_its_way_is_settled_as_it_arrives(living_course: Living) -> None:
    early, late_learner = living_course.guest(), living_course.guest()
    old = living_course.published.revisions["capital"]
    living_course.answer(early, "capital", choice("Canberra"))
    living_course.correct_key()
    living_course.decide("capital", "regrade", old)
    living_course.publish()

    arrived = living_course.answer(late_learner, "capital", choice("Canberra"), revision=old)

    assert (arrived.original_mark.share, arrived.current_mark.share) == (0.0, 1.0)
    assert arrived.tries is not None
    assert arrived.tries.is_right


def test_an_answer_stored_by_a_worker_that_knew_nothing_is_found(living_course: Living) -> None:
    learner, other = living_course.guest(), living_course.guest()
    old = living_course.published.revisions["capital"]
    living_course.answer(other, "capital", choice("Canberra"))
    knew_nothing = living_course.published
    living_course.correct_key()
    living_course.decide("capital", "regrade", old)
    living_course.publish()
    sent = Submission(id=uuid.uuid4(), question="capital", revision=old, given=choice("Canberra"))
    with living_course.database.write() as session:
        recording.record(session, knew_nothing, learner, sent)

    for settled in (1, 0):  # and doing it again is harmless
        with living_course.database.write() as session:
            assert late_answers.catch_up(session) == settled

    assert living_course.best(learner, "capital").share == 1.0


def test_decisions_follow_one_another(living_course: Living) -> None:
    learner = living_course.guest()
    first = living_course.published.revisions["capital"]
    given = living_course.answer(learner, "capital", choice("Canberra"))
    living_course.correct_key()
    living_course.decide("capital", "regrade", first)
    living_course.publish()
    second = living_course.published.revisions["capital"]
    living.edit(
        living_course.root, KEY, "What is the capital of Australia?", "Capital of Australia?"
    )
    living.edit(
        living_course.root,
        KEY,
        "    type: single\n    objective: know\n    prompt: Capital",
        "    type: single\n    points: 3\n    objective: know\n    prompt: Capital",
    )
    [changed] = living_course.predict().questions
    assert [group.old for group in changed.groups] == [second], (
        "they are marked by the second one now"
    )

    living_course.decide("capital", "regrade", second)
    living_course.publish(after=1)

    found = living_course.past(learner, given)
    assert [(step.after.share, step.after.out_of) for step in found.steps] == [
        (1.0, 1.0),
        (1.0, 3.0),
    ]
    with living_course.database.read() as session:
        assert [
            one.answer.client_id for one in answer_history.regraded_answers(session, learner)
        ] == [given.client_id]


def test_a_decision_can_be_changed_later(living_course: Living) -> None:
    learner = living_course.guest()
    old = living_course.published.revisions["capital"]
    living_course.answer(learner, "capital", choice("Canberra"))
    living_course.correct_key()
    living_course.decide("capital", "regrade", old)
    living_course.publish()

    living_course.decide("capital", "keep", old)
    assert living_course.predict().marks.down == 1
    living_course.publish(after=1)

    assert living_course.best(learner, "capital").share == 0.0
    assert living_course.predict().is_nothing


def test_a_failed_step_leaves_the_record(living_course: Living) -> None:
    learner = living_course.guest()
    old = living_course.published.revisions["capital"]
    living_course.answer(learner, "capital", choice("Canberra"))
    living_course.correct_key()
    living_course.decide("capital", "regrade", old)

    def fails() -> None:
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="disk"):
        living_course.publish(switch=fails)

    assert living_course.marks() == 0
    with living_course.database.read() as session:
        assert publications.last_publication(session) is None
        assert session.scalar(sa.select(sa.func.count()).select_from(QuestionRevision)) == 9


def test_two_trainers_cannot_publish_past_each_other(living_course: Living) -> None:
    living_course.publish(after=0)

    with pytest.raises(NotPublished, match="Someone else has just published"):
        living_course.publish(after=0)


def test_undoing_keeps_what_somebody_relied_on_meanwhile(living_course: Living) -> None:
    learner = living_course.guest()
    old = living_course.published.revisions["capital"]
    living_course.answer(learner, "capital", choice("Canberra"))
    living_course.correct_key()
    living.edit(living_course.root, KEY, "pass_mark: 70%", "pass_mark: 10%")
    living_course.decide("capital", "regrade", old)
    living_course.publish()
    for question, given in {
        "even": choice("5"),
        "comma": choice("A spoon"),
        "wander": {"number": ["7"]},
    }.items():
        living_course.answer(learner, question, given)
    new = living_course.answer(learner, "capital", choice("Melbourne"))

    assert publications.undo(living_course.database, 1, by="Ada") == 1

    with living_course.database.read() as session:
        found = standings.course_standing(session, living_course.published, learner).lessons[
            "one/first"
        ]
        rules = session.scalar(sa.select(sa.func.count()).select_from(LessonRevision))
    assert found.is_complete, "reached under the rule that held meanwhile"
    assert rules == 5
    assert living_course.past(learner, new).answer.current_mark.share == 0.0
    with pytest.raises(NotPublished, match="not the last one"):
        publications.undo(living_course.database, 1, by="Ada")


def test_an_answer_to_what_only_an_undone_publication_asked_is_recorded(
    living_course: Living,
) -> None:
    learner = living_course.guest()
    asked = living_course.published.revisions["capital"]
    living_course.correct_key()
    living_course.publish()
    meanwhile = living_course.published.revisions["capital"]
    publications.undo(living_course.database, 1, by="Ada")
    living.edit(living_course.root, KEY, "{text: Canberra, correct: true,", "{text: Canberra,")
    living.edit(living_course.root, KEY, "{text: Sydney,", "{text: Sydney, correct: true,")
    living_course.register()
    assert living_course.published.revisions["capital"] == asked

    arrived = living_course.answer(learner, "capital", choice("Canberra"), revision=meanwhile)

    assert (arrived.original_mark.share, arrived.current_mark.share) == (1.0, 1.0)


def test_marks_given_anew_go_with_a_guest_into_an_account(living_course: Living) -> None:
    guest = living_course.guest()
    old = living_course.published.revisions["capital"]
    living_course.answer(guest, "capital", choice("Canberra"))
    living_course.correct_key()
    living_course.decide("capital", "regrade", old)
    living_course.publish()
    with living_course.database.write() as session:
        account = accounts.create_account(session, "ada@example.org", None)
        learner = account if isinstance(account, int) else account.learner_id
        assert merging.merge(session, guest, learner)

    assert living_course.best(learner, "capital").share == 1.0
    with living_course.database.read() as session:
        assert len(answer_history.regraded_answers(session, learner)) == 1


def test_a_lost_id_is_a_question_to_the_trainer(living_course: Living) -> None:
    living_course.answer(living_course.guest(), "comma", choice("A spoon"))
    living.edit(living_course.root, KEY, "id: comma", "id: rain")

    added, removed = living_course.predict().questions
    assert (added.question, added.kinds, added.maybe) == ("rain", ("added",), "comma")
    assert (removed.question, removed.kinds, removed.is_open) == ("comma", ("removed",), False)

    course = living_course.course
    new = decisions.change(None, course.asked["rain"][1].revision, "new", "Another one.")
    decisions.write(living_course.root, course, "rain", [new])
    assert not living_course.predict().open


def test_an_unanswered_question_may_change_as_it_likes(living_course: Living) -> None:
    living_course.correct_key()

    assert not living_course.predict().open


def test_a_summary_has_no_typed_words_of_few(living_course: Living) -> None:
    for _ in range(3):
        living_course.answer(living_course.guest(), "colour", {"gap.colour": ["grey"]})
    living_course.answer(living_course.guest(), "colour", {"gap.colour": ["Ada Lovelace"]})
    living_course.answer(living_course.guest(), "why", {"text": ["I am Ada"]})

    with living_course.database.read() as session:
        text = summary.dump(summary.compute(session, living_course.published))
    loaded = summary.load(text)

    assert "Ada" not in text
    assert "grey" in text
    assert loaded.learners == 5
    assert summary.dump(loaded) == text
    with living_course.database.read() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Answer)) == 5


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "This is no summary"),
        ("[1]", "This is no summary"),
        ('{"summary_format": 99}', "has format 99"),
        ('{"summary_format": 2}', "is damaged"),
    ],
)
def test_a_file_that_is_no_summary_is_told(text: str, said: str) -> None:
    with pytest.raises(summary.SummaryError, match=said):
        summary.load(text)
