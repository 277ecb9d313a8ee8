"""Merging a guest into an account: nothing lost, nothing doubled, numbers without gaps."""

import threading
import uuid
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import orm

from course.content.course import Course
from course.record.answering import recording
from course.record.answering.tables import Answer, Attempt, Submission
from course.record.people import accounts, learners, merging
from course.record.people.tables import Account, Learner, SignIn
from course.record.progress import standings
from course.record.progress.tables import GrantedCompletion, LessonVisit
from course.record.revisions.registration import CourseSnapshot
from course.record.store.base import now
from course.record.store.database import Database
from tests.forms import RIGHT, WRONG

LESSON = "basics/all-types"
QUESTIONS = ("pick", "tick", "share")
START = datetime(2026, 1, 1, tzinfo=UTC)


def new_guest(session: orm.Session) -> int:
    token = learners.start_guest(session, "Firefox/1")
    return identified(session, token)


def identified(session: orm.Session, token: str) -> int:
    found = learners.identify(session, token)
    assert found is not None
    return found.learner_id


def new_account(session: orm.Session) -> int:
    return accounts.create_account(session, f"{uuid.uuid4()}@example.org", None).learner_id


def both(database: Database) -> tuple[int, int]:
    with database.write() as session:
        return new_guest(session), new_account(session)


def submit(
    database: Database,
    published: CourseSnapshot,
    learner_id: int,
    question: str,
    *,
    right: bool = True,
) -> uuid.UUID:
    client_id = uuid.uuid4()
    revision = published.revisions[question]
    fields = (RIGHT if right else WRONG)[question]
    with database.write() as session:
        recording.record(
            session,
            published,
            learner_id,
            Submission(id=client_id, question=question, revision=revision, given=fields),
        )
    return client_id


def held(database: Database, learner_id: int) -> list[Answer]:
    with database.read() as session:
        return list(
            session.scalars(
                sa.select(Answer)
                .where(Answer.learner_id == learner_id)
                .order_by(Answer.question, Answer.attempt)
            )
        )


def merge(database: Database, guest: int, account: int) -> bool:
    with database.write() as session:
        return merging.merge(session, guest, account)


def check_numbers(database: Database, learner_id: int) -> None:
    """Attempts run 1 to n for each question, by the moment of recording, each with its row."""
    numbers: dict[str, list[int]] = {}
    moments: dict[str, list[datetime]] = {}
    used = set()
    for answer in held(database, learner_id):
        numbers.setdefault(answer.question, []).append(answer.attempt)
        moments.setdefault(answer.question, []).append(answer.recorded_at)
        used.add((answer.lesson, answer.attempt))
    for question, found in numbers.items():
        assert found == list(range(1, len(found) + 1))
        assert moments[question] == sorted(moments[question])
    with database.read() as session:
        rows = session.execute(
            sa.select(Attempt.lesson, Attempt.number).where(Attempt.learner_id == learner_id)
        )
        assert {(row.lesson, row.number) for row in rows} == used


Step = tuple[str, str, float, int, bool]

# What one of the two does: who, which question, how well, when; and whether the other sent it, too.
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["guest", "account"]),
        st.sampled_from(QUESTIONS),
        st.sampled_from([0.0, 0.5, 1.0]),
        st.integers(0, 5),
        st.sampled_from([False, False, True]),
    ),
    max_size=14,
)


def act(
    session: orm.Session,
    published: CourseSnapshot,
    ids: dict[str, int],
    steps: list[Step],
) -> list[Answer]:
    """Write the answers of *steps* as they would have been recorded, in the order of their moments."""
    made: Counter[tuple[int, str]] = Counter()
    rows: list[Answer] = []
    for who, question, share, minute, twice in sorted(steps, key=lambda step: step[3]):
        client_id = uuid.uuid4()
        other = "guest" if who == "account" else "account"
        for delay, name in enumerate([who, other] if twice else [who]):
            made[ids[name], question] += 1
            rows.append(
                Answer(
                    learner_id=ids[name],
                    client_id=client_id,
                    lesson=LESSON,
                    attempt=made[ids[name], question],
                    question=question,
                    question_revision_id=published.revision_ids[question],
                    given={},
                    share=share,
                    out_of=1.0,
                    recorded_at=START + timedelta(minutes=minute, seconds=delay),
                )
            )
    attempts = {(row.learner_id, row.attempt) for row in rows}
    session.add_all(
        Attempt(learner_id=learner, lesson=LESSON, number=number) for learner, number in attempts
    )
    session.flush()
    session.add_all(rows)
    return rows


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=STEPS, account_first=st.booleans())
def test_nothing_is_lost_and_nothing_doubled(
    database: Database,
    published: CourseSnapshot,
    steps: list[Step],
    account_first: bool,
) -> None:
    with database.write() as session:
        makers = {"account": new_account, "guest": new_guest}
        order = sorted(makers, reverse=not account_first)
        ids = {name: makers[name](session) for name in order}
        rows = act(session, published, ids, steps)
    best: dict[str, float] = {}
    expected: dict[uuid.UUID, datetime] = {}
    for row in sorted(rows, key=lambda row: row.learner_id == ids["account"]):
        best[row.question] = max(best.get(row.question, 0.0), row.share or 0.0)
        expected[row.client_id] = row.recorded_at  # the account's, where both hold it

    with database.write() as session:
        assert merging.merge(session, ids["guest"], ids["account"])
        assert not merging.merge(session, ids["guest"], ids["account"])

    kept = held(database, ids["account"])
    assert Counter(answer.client_id for answer in kept) == Counter(iter(expected))
    assert {answer.client_id: answer.recorded_at for answer in kept} == expected
    after: dict[str, float] = {}
    for answer in kept:
        after[answer.question] = max(after.get(answer.question, 0.0), answer.share or 0.0)
    assert after == best
    assert held(database, ids["guest"]) == []
    check_numbers(database, ids["account"])


def test_an_answer_of_the_account_is_not_exchanged_for_a_guest_s(
    database: Database, published: CourseSnapshot
) -> None:
    guest, account = both(database)
    client_id = submit(database, published, guest, "pick", right=True)
    sent = Submission(
        id=client_id, question="pick", revision=published.revisions["pick"], given=WRONG["pick"]
    )
    with database.write() as session:
        recording.record(session, published, account, sent)

    merge(database, guest, account)

    assert [(row.client_id, row.share) for row in held(database, account)] == [(client_id, 0.0)]


def test_visits_keep_the_first_and_the_last_moment(database: Database) -> None:
    guest, account = both(database)
    early, late = START, START + timedelta(days=1)
    with database.write() as session:
        session.add_all(
            [
                LessonVisit(
                    learner_id=guest, lesson="a", first_at=early, last_at=late, read_at=late
                ),
                LessonVisit(learner_id=account, lesson="a", first_at=late, last_at=late),
                LessonVisit(learner_id=guest, lesson="b", first_at=early, last_at=early),
                LessonVisit(
                    learner_id=account, lesson="c", first_at=late, last_at=late, read_at=early
                ),
            ]
        )

    merge(database, guest, account)

    with database.read() as session:
        rows = session.scalars(sa.select(LessonVisit).order_by(LessonVisit.lesson)).all()
        assert [(r.learner_id, r.lesson, r.first_at, r.last_at, r.read_at) for r in rows] == [
            (account, "a", early, late, late),
            (account, "b", early, early, None),
            (account, "c", late, late, early),
        ]


def test_of_two_granted_completions_the_earlier_one_stays(database: Database) -> None:
    guest, account = both(database)
    early, late = START, START + timedelta(days=1)
    facts = [
        (guest, "a", early, "undone"),
        (account, "a", late, "mixed marks"),
        (guest, "b", late, "undone"),
        (account, "b", early, "mixed marks"),
        (guest, "c", late, "undone"),
    ]
    with database.write() as session:
        session.add_all(
            GrantedCompletion(
                learner_id=who, lesson=lesson, completed_at=at, reason=reason, granted_at=at
            )
            for who, lesson, at, reason in facts
        )

    merge(database, guest, account)

    with database.read() as session:
        rows = session.scalars(sa.select(GrantedCompletion).order_by(GrantedCompletion.lesson))
        assert [(r.learner_id, r.lesson, r.completed_at, r.reason, r.granted_at) for r in rows] == [
            (account, "a", early, "undone", early),
            (account, "b", early, "mixed marks", early),
            (account, "c", late, "undone", late),
        ]


def test_the_guest_points_to_the_account_and_its_browsers_are_signed_out(
    database: Database,
) -> None:
    guest, account = both(database)

    merge(database, guest, account)

    with database.write() as session:
        assert session.get_one(Learner, guest).merged_into == account
        assert learners.lock_learner(session, guest) == account
        assert session.scalars(sa.select(SignIn).where(SignIn.ended_at.is_(None))).all() == []


def test_an_account_is_never_merged(database: Database, published: CourseSnapshot) -> None:
    with database.write() as session:
        mine, other = new_account(session), new_account(session)
    submit(database, published, mine, "pick")

    assert not merge(database, mine, other)
    assert len(held(database, mine)) == 1


def test_a_guest_stays_with_the_first_account(
    database: Database, published: CourseSnapshot
) -> None:
    guest, first = both(database)
    _, second = both(database)
    submit(database, published, guest, "pick")

    assert merge(database, guest, first)
    assert not merge(database, guest, second)
    assert len(held(database, first)) == 1


def test_an_account_is_not_merged_into_itself(database: Database) -> None:
    _, account = both(database)

    assert not merge(database, account, account)


def test_an_answer_sent_before_and_after_is_one_answer(
    database: Database, published: CourseSnapshot
) -> None:
    guest, account = both(database)
    sent = Submission(
        id=uuid.uuid4(), question="pick", revision=published.revisions["pick"], given=RIGHT["pick"]
    )
    for _ in range(2):
        with database.write() as session:
            recording.record(session, published, guest, sent)
        merge(database, guest, account)

    assert [answer.client_id for answer in held(database, account)] == [sent.id]


def test_completion_counts_what_both_did(
    database: Database, published: CourseSnapshot, course: Course
) -> None:
    guest, account = both(database)
    names = [question.id for question in course.lessons[LESSON].questions]
    for position, name in enumerate(names):
        submit(database, published, guest if position % 2 else account, name)

    merge(database, guest, account)

    with database.read() as session:
        assert standings.course_standing(session, published, account).lessons[LESSON].is_complete


@pytest.mark.parametrize("account_is_older", [True, False])
def test_answers_may_arrive_while_a_guest_is_merged(
    database: Database, published: CourseSnapshot, account_is_older: bool
) -> None:
    with database.write() as session:
        if account_is_older:
            account, guest = new_account(session), new_guest(session)
        else:
            guest, account = new_guest(session), new_account(session)
    sent: list[uuid.UUID] = []
    failed: list[BaseException] = []
    start = threading.Barrier(6)

    def answer(learner_id: int) -> None:
        try:
            start.wait()
            for _ in range(8):
                sent.append(submit(database, published, learner_id, "pick", right=False))
        except BaseException as error:
            failed.append(error)

    def join() -> None:
        try:
            start.wait()
            for _ in range(4):
                merge(database, guest, account)
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=answer, args=[who]) for who in (guest, guest, account)]
    threads += [threading.Thread(target=join) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failed == []
    assert Counter(a.client_id for a in held(database, account)) == Counter(sent)
    assert held(database, guest) == []
    check_numbers(database, account)


def test_merging_takes_a_guest_that_has_done_nothing(database: Database) -> None:
    guest, account = both(database)

    assert merge(database, guest, account)
    with database.read() as session:
        assert session.get_one(Account, account).created_at <= now()
