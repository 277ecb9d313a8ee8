"""Pools count as many questions as they draw: in completion, scores, progress and attempts."""

import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from course.content.quiz import Pool
from course.content.reading import open_course
from course.record.answering import answers
from course.record.answering.draws import Selection
from course.record.progress import completion, standings
from course.record.progress.completion import AnsweredMark
from course.record.progress.standings import LessonStanding
from course.record.publishing import marks
from course.record.revisions import registration
from course.record.revisions.registration import Rule
from tests.conftest import SMALL

VARIED = open_course(Path(__file__).parents[2] / "courses" / "varied")
LESSON = VARIED.lessons["basics/varied"]
EXAM = VARIED.lessons["basics/exam"]
START = datetime(2026, 1, 1, tzinfo=UTC)
POOL = Pool("drill", 2, ("a", "b", "c", "d"))
RULE = Rule(START, "A lesson", {"x": 1.0, **dict.fromkeys(POOL.questions, 1.0)}, 0.6, (POOL,))


def given(*each: str) -> list[AnsweredMark]:
    """Return answers, one a day, written as "question share" or "question share instead"."""
    found = []
    for day, text in enumerate(each):
        name, share, *instead = text.split()
        at = START + timedelta(days=day)
        found.append(AnsweredMark(name, float(share), 1.0, at, instead=next(iter(instead), None)))
    return found


@pytest.mark.parametrize(
    ("each", "completed"),
    [
        pytest.param(["x 1", "a 1"], None, id="a place is left"),
        pytest.param(["x 1", "a 1", "b 0"], 2, id="as many as are drawn"),
        pytest.param(["x 0", "a 1", "c 1"], 2, id="whichever they are"),
        pytest.param(["a 1", "b 1", "c 1"], None, id="what is in no pool is asked of all"),
        pytest.param(["x 1", "a 0", "b 0", "c 1 a"], 3, id="the best answers count"),
        pytest.param(["x 1", "a 0", "c 1 a"], None, id="a sister fills no second place"),
        pytest.param(["x 1", "a 0", "c 1 a", "b 0"], 3, id="until the other is answered, too"),
        pytest.param(["x 0", "a 0", "b 0", "c 0 a", "d 0 b"], None, id="below the mark"),
    ],
)
def test_a_pool_is_done_when_its_places_are_filled(each, completed):
    when = completion.completed_at((RULE,), given(*each), None)

    assert when == (None if completed is None else START + timedelta(days=completed))


def test_a_rule_with_pools_comes_back_and_one_without_is_as_it_was():
    stored = registration.lesson_rule(LESSON)

    assert registration.lesson_rule(next(iter(open_course(SMALL).lessons.values()))).keys() == {
        "title",
        "questions",
        "pass_mark",
    }
    assert stored["pools"] == [
        ["drill", 2, ["drill-one", "drill-two", "drill-three", "drill-four"]]
    ]
    assert registration.as_rule(START, stored).pools == LESSON.pools


def standing(*each: str, seed: str = "") -> LessonStanding:
    course = VARIED
    found = standings.compute(
        course, registration.Timeline({}, ((START, ()),)), given(*each), {}, {}, seed=seed
    )
    return found.lessons[LESSON.id]


@pytest.mark.parametrize(
    ("each", "answered", "score", "following", "missed"),
    [
        ([], 0, None, "pick", []),
        (["drill-one 0"], 1, 0.0, "pick", ["drill-one"]),
        (["pick 1", "pair 1", "clicks 1", "drill-one 0"], 4, 0.6, "drill-two", ["drill-one"]),
        (["pick 1", "pair 1", "clicks 1", "drill-one 0", "drill-three 1 drill-one"], 4, 0.8,
         "drill-two", []),
        (["pick 1", "pair 1", "clicks 1", "drill-one 0", "drill-three 1 drill-one", "drill-two 1"],
         5, 1.0, None, []),
        (["drill-one 0", "drill-two 1", "drill-four 1"], 2, 0.4, "pick", []),
    ],
)  # fmt: skip
def test_progress_counts_places(each, answered, score, following, missed):
    found = standing(*each)

    assert (found.total, found.answered, found.score) == (5, answered, score)
    assert (found.next_question, found.missed) == (following, missed)


def test_a_learner_is_asked_by_their_seed():
    asked = {tuple(standing(seed=f"{number:08x}").asked) for number in range(50)}

    assert {len(each) for each in asked} == {5}
    assert len(asked) == 6
    assert standing().asked == ["pick", "pair", "clicks", "drill-one", "drill-two"]


def test_two_missed_questions_have_two_sisters():
    hand = Selection("", ("drill-two", "drill-one"))

    assert hand.sisters(LESSON, {"drill-one", "drill-two"}) == {
        "drill-two": "drill-three",
        "drill-one": "drill-four",
    }
    assert Selection("", ("drill-one", "drill-two", "drill-three")).sisters(
        LESSON, {"drill-one"}
    ) == {"drill-one": "drill-four"}


@pytest.mark.parametrize(
    ("made", "open_to", "waits"),
    [
        ({}, {"exam-one", "exam-two", "exam-three"}, set()),
        ({"exam-two": [0.0]}, {"exam-two"}, set()),
        ({"exam-two": [0.0, 0.0]}, set(), set()),
        ({"exam-two": [1.0]}, set(), set()),
    ],
)
def test_a_graded_quiz_stays_with_what_it_drew(made, open_to, waits):
    counts = {name: answers.Count() for name in made}
    for name, shares in made.items():
        for share in shares:
            counts[name].add(uuid.uuid4(), marks.EffectiveMark(share, 1.0))
    tries = answers.tries_from(EXAM, counts)

    assert {name for name, one in tries.items() if one.may_answer} == open_to
    assert {name for name, one in tries.items() if one.waits} == waits
