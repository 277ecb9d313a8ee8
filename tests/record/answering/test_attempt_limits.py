"""Merging gives nobody more attempts: what goes beyond them is practice."""

import csv
import json
import uuid

import pytest

from course.content.course import Course
from course.content.questions.base import Given, option_key
from course.content.quiz import Pool
from course.record.answering import answers, recording
from course.record.answering.answers import Refused, Tries
from course.record.answering.tables import Submission
from course.record.people import accounts, learners, merging, personal_data
from course.record.progress import standings
from course.record.publishing.tables import Decision, Mark, Publication
from course.record.revisions.registration import CourseSnapshot
from course.record.store.database import Database

LESSON = "more/graded"
RIGHT = {"graded-one": "Two", "graded-two": "Four"}
WRONG = {"graded-one": "Three", "graded-two": "Three"}


class Class:
    """Guests and an account over the small course."""

    def __init__(self, database: Database, published: CourseSnapshot) -> None:
        self.database = database
        self.published = published

    def guest(self) -> int:
        with self.database.write() as session:
            found = learners.identify(session, learners.start_guest(session, "test"))
        assert found is not None
        return found.learner_id

    def account(self) -> int:
        with self.database.write() as session:
            return accounts.create_account(session, f"{uuid.uuid4()}@example.org", None).learner_id

    def answer(self, learner: int, question: str, text: str) -> uuid.UUID:
        given: Given = {"choice": [option_key(text)]}
        sent = Submission(
            id=uuid.uuid4(),
            question=question,
            revision=self.published.revisions[question],
            given=given,
        )
        with self.database.write() as session:
            recording.record(session, self.published, learner, sent)
        return sent.id

    def attempt(self, learner: int, texts: dict[str, str]) -> None:
        for question, text in texts.items():
            self.answer(learner, question, text)

    def merge(self, guest: int, account: int) -> None:
        with self.database.write() as session:
            assert merging.merge(session, guest, account, self.published.course)

    def standing(self, learner: int) -> standings.LessonStanding:
        with self.database.read() as session:
            whole = standings.course_standing(session, self.published, learner).lessons[LESSON]
            lesson = self.published.course.lessons[LESSON]
            alone = standings.lesson_standing(session, self.published, learner, lesson)
        assert (whole.score, whole.completed_at) == (alone.score, alone.completed_at)
        return whole

    def tries(self, learner: int, question: str) -> Tries:
        with self.database.read() as session:
            lesson = self.published.course.lessons[LESSON]
            return answers.lesson_tries(session, learner, lesson)[question]

    def practice(self, learner: int) -> list[tuple[str, int, bool]]:
        with self.database.read() as session:
            found = answers.load_history(session, learner)
        return [(one.question.id, one.attempt, one.practice) for one in found]


@pytest.fixture
def class_(database: Database, published: CourseSnapshot) -> Class:
    return Class(database, published)


def test_a_fresh_guest_adds_no_third_attempt(class_: Class) -> None:
    account, guest = class_.account(), class_.guest()
    class_.attempt(account, WRONG)
    class_.attempt(account, WRONG)
    class_.attempt(guest, RIGHT)
    assert class_.standing(guest).is_complete

    class_.merge(guest, account)

    mine = class_.standing(account)
    assert (mine.score, mine.is_complete) == (0.0, False)
    assert [one for one in class_.practice(account) if one[2]] == [
        ("graded-one", 3, True),
        ("graded-two", 3, True),
    ]
    assert class_.tries(account, "graded-one") == Tries(2, 0.0, 2)
    with pytest.raises(Refused, match="all 2 attempts"):
        class_.answer(account, "graded-one", "Two")


def test_what_the_account_answered_itself_counts_whenever_the_guest_was(class_: Class) -> None:
    account, guest = class_.account(), class_.guest()
    class_.attempt(guest, WRONG)
    class_.attempt(account, WRONG)
    class_.attempt(account, RIGHT)
    before = class_.standing(account).completed_at

    class_.merge(guest, account)

    assert class_.standing(account).completed_at == before is not None
    assert class_.standing(account).score == 1.0


def test_attempts_that_are_left_may_be_a_guests(class_: Class) -> None:
    account, guest = class_.account(), class_.guest()
    class_.attempt(account, WRONG)
    class_.attempt(guest, WRONG)
    class_.attempt(guest, RIGHT)

    class_.merge(guest, account)

    assert class_.standing(account).score == 0.0
    assert [practice for *_, practice in class_.practice(account)] == [False] * 4 + [True] * 2


def test_a_guest_with_an_account_of_its_own_loses_nothing(class_: Class) -> None:
    account, guest = class_.account(), class_.guest()
    class_.attempt(guest, WRONG)
    class_.attempt(guest, RIGHT)

    class_.merge(guest, account)

    assert class_.standing(account).is_complete


def test_the_key_opens_no_earlier_by_merging(class_: Class) -> None:
    account, guest = class_.account(), class_.guest()
    class_.answer(guest, "graded-one", "Three")

    class_.merge(guest, account)
    assert not class_.tries(account, "graded-one").shows_key

    later = class_.guest()
    class_.answer(later, "graded-two", "Three")
    class_.merge(later, account)
    assert not class_.tries(account, "graded-two").shows_key


def test_a_limit_raised_later_gives_its_attempt_and_numbers_go_on(
    class_: Class, course: Course
) -> None:
    account, guest = class_.account(), class_.guest()
    class_.attempt(account, WRONG)
    class_.attempt(account, WRONG)
    class_.attempt(guest, RIGHT)
    class_.merge(guest, account)
    quiz = class_.published.course.lessons[LESSON].quiz
    assert quiz is not None

    vars(quiz)["rules"] = quiz.rules.model_copy(update={"attempts": 3})

    assert class_.tries(account, "graded-one").left == 1
    class_.attempt(account, RIGHT)
    assert class_.standing(account).is_complete
    assert class_.practice(account)[-1] == ("graded-two", 4, False)


def test_other_questions_of_a_pool_are_practice_once_the_account_has_its_own(
    class_: Class,
) -> None:
    quiz = class_.published.course.lessons[LESSON].quiz
    assert quiz is not None
    vars(quiz)["pools"] = (Pool("both", 1, ("graded-one", "graded-two")),)
    account, guest = class_.account(), class_.guest()
    class_.answer(account, "graded-one", "Three")
    class_.answer(guest, "graded-two", "Four")

    class_.merge(guest, account)

    assert class_.practice(account)[-1] == ("graded-two", 1, True)
    assert class_.standing(account).score == 0.0
    assert not class_.tries(account, "graded-two").is_asked


def test_ones_own_data_names_practice_and_the_marking_rules(class_: Class) -> None:
    account, guest = class_.account(), class_.guest()
    class_.attempt(account, WRONG)
    class_.attempt(account, WRONG)
    class_.attempt(guest, RIGHT)
    class_.merge(guest, account)

    with class_.database.read() as session:
        whole = json.loads(personal_data.as_json(session, class_.published, account))
        table = list(csv.reader(personal_data.as_csv(session, account).splitlines()))

    assert [one["practice"] for one in whole["answers"]] == [False] * 4 + [True] * 2
    assert {one["marking"] for one in whole["answers"]} == {2}
    assert table[0][-2:] == ["practice", "marking rules"]
    assert [row[-2:] for row in table[-2:]] == [["yes", "2"]] * 2


@pytest.mark.parametrize(("text", "share", "is_open"), [("Two", 0.0, False), ("Three", 1.0, True)])
def test_ones_own_data_opens_a_key_by_the_mark_that_counts_now(
    class_: Class, text: str, share: float, is_open: bool
) -> None:
    learner = class_.guest()
    client_id = class_.answer(learner, "graded-one", text)
    revision = class_.published.revisions["graded-one"]
    with class_.database.write() as session:
        session.add(Publication(number=1, published_by="Ada", commit="c", report={}))
        session.flush()
        decision = Decision(
            publication=1,
            question="graded-one",
            old="earlier",
            new=revision,
            decision="regrade",
            reason="Wrong key",
        )
        session.add(decision)
        session.flush()
        mark = Mark(
            learner_id=learner,
            client_id=client_id,
            decision_id=decision.id,
            share=share,
            out_of=1.0,
        )
        session.add(mark)

    with class_.database.read() as session:
        whole = json.loads(personal_data.as_json(session, class_.published, learner))

    assert ("explanation" in whole["answers"][0]["question"]) is is_open
    assert class_.tries(learner, "graded-one").shows_key is is_open
