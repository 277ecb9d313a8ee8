"""Figures of questions: against an independent computation, on learners whose properties are known."""

import csv
import io
import json
import math

import numpy as np
import pytest
import sqlalchemy as sa

from course.content import questions
from course.content.course import Course
from course.record.answering.tables import Answer
from course.record.people import merging
from course.record.people.tables import Account
from course.record.revisions import registration
from course.record.revisions.registration import CourseSnapshot
from course.record.statistics import export, first_answers, flags, intervals, item_statistics
from course.record.statistics.intervals import Sums
from course.record.statistics.item_statistics import Figures
from course.record.store.database import Database
from tests.forms import RIGHT, WRONG
from tests.record import simulated
from tests.record.simulated import Table, item

SEED = 20261122
LEARNERS = 320


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(SEED)


def register(database: Database, course: Course) -> CourseSnapshot:
    with database.write() as session:
        return registration.register(session, course)


def figures(database: Database, published: CourseSnapshot) -> dict[str, Figures]:
    with database.read() as session:
        found = item_statistics.compute(session, published.course.asked)
    return {name: one[0] for name, one in found.items()}


# An independent computation, from the matrix of marks


def wilson(mean: float, n: int) -> tuple[float, float]:
    """The two shares p for which |mean - p| is 1.96 standard errors of p."""
    z2 = 1.959963984540054**2
    low, high = sorted(np.roots([n + z2, -(2 * n * mean + z2), n * mean**2]).real)
    return low, high


def item_rest(marks: Table, item: int) -> tuple[float, int]:
    """Pearson's correlation of one column with the mean deviation of each row's other known marks."""
    off = marks - np.nanmean(marks, axis=0)
    others = np.delete(off, item, axis=1)
    counts = ~np.isnan(marks[:, item]) & ((~np.isnan(others)).sum(axis=1) >= 2)
    rest = np.array([np.nanmean(row) for row in others[counts]])
    return float(np.corrcoef(marks[counts, item], rest)[0, 1]), int(counts.sum())


def by_binomial(values: Table) -> tuple[float, float]:
    """The values whose ranks hold the median with 95 %, by adding up binomial chances."""
    n = len(values)
    chances = np.cumsum([math.comb(n, k) / 2**n for k in range(n)])
    rank = int((chances <= 0.025).sum())
    ordered = np.sort(values)
    return float(ordered[rank - 1]), float(ordered[n - rank])


# Simulated learners

DIFFICULTY = [-1.5, -0.5, 0.0, 0.5, 1.2, 0.0, 0.0]
SLOPE = [1.2, 1.2, 1.2, 1.2, 1.2, 0.4, 2.5]


def simulate(
    database: Database, rng: np.random.Generator, missing: float
) -> tuple[CourseSnapshot, Table, Table]:
    """Record first answers of many learners; return also their marks and the seconds they took."""
    asked = [item(f"item-{n}") for n in range(len(DIFFICULTY))]
    published = register(database, simulated.course_of(*asked))
    ability = rng.normal(size=LEARNERS)
    marks = np.empty((LEARNERS, len(asked)))
    seconds = rng.lognormal(3, 1, size=marks.shape).round()
    with database.write() as session:
        who = simulated.learners(session, LEARNERS)
        for n, question in enumerate(asked):
            marks[:, n] = simulated.right(rng, ability, DIFFICULTY[n], SLOPE[n])
            marks[rng.random(LEARNERS) < missing, n] = np.nan
            wrong = rng.choice([1, 2], size=LEARNERS, p=[0.9, 0.1])
            given = [
                None if math.isnan(mark) else 0 if mark else int(other)
                for mark, other in zip(marks[:, n], wrong, strict=True)
            ]
            row = published.revision_ids[question.id]
            simulated.give(session, who, question, row, given, seconds=seconds[:, n].tolist())
    return published, marks, seconds


def test_figures_equal_an_independent_computation(
    database: Database, rng: np.random.Generator
) -> None:
    published, marks, seconds = simulate(database, rng, missing=0.25)

    with database.read() as session:
        counted = first_answers.count_learners(session, published.course.asked)
    assert counted == {"basics/one": int((~np.isnan(marks)).any(axis=1).sum())}
    for n, one in enumerate(figures(database, published).values()):
        known = ~np.isnan(marks[:, n])
        mean, count = float(marks[known, n].mean()), int(known.sum())
        assert one.n == count
        assert one.facility is not None
        assert one.facility.value == pytest.approx(mean)
        assert (one.facility.low, one.facility.high) == pytest.approx(wilson(mean, count))

        r, counted = item_rest(marks, n)
        assert one.discrimination is not None
        assert one.discrimination.n == counted
        assert one.discrimination.value == pytest.approx(r)
        low, high = np.tanh(np.arctanh(r) + np.array([-1.95996, 1.95996]) / np.sqrt(counted - 3))
        assert (one.discrimination.low, one.discrimination.high) == pytest.approx((low, high), 1e-4)

        took = seconds[known, n]
        assert one.seconds.value == np.median(took)
        assert (one.seconds.low, one.seconds.high) == by_binomial(took)

        options = one.parts[0].options
        assert sum(option.count for option in options) == count
        assert options[0].count == marks[known, n].sum()
        assert [option.right for option in options] == [True, False, False]


def test_known_properties_are_found_again(database: Database, rng: np.random.Generator) -> None:
    """All answer everything, so that discrimination is the classical correlation with the other marks."""
    published, marks, _ = simulate(database, rng, missing=0)

    found = list(figures(database, published).values())

    for n, one in enumerate(found):
        rest = marks.sum(axis=1) - marks[:, n]
        assert one.discrimination is not None
        assert one.discrimination.value == pytest.approx(np.corrcoef(marks[:, n], rest)[0, 1])
    facilities = [one.facility.value for one in found[:5] if one.facility]
    assert facilities == sorted(facilities, key=lambda value: -(value or 0))
    flat, steep = (one.discrimination.value for one in found[5:] if one.discrimination)
    assert flat is not None
    assert steep is not None
    assert flat < 0.25 < 0.4 < steep


def test_a_wrong_key_and_a_dead_option_are_flagged(
    database: Database, rng: np.random.Generator
) -> None:
    sound = [item(f"sound-{n}") for n in range(5)]
    miskeyed = item("control-2", key=1)
    published = register(database, simulated.course_of(*sound, miskeyed))
    ability = rng.normal(size=212)
    with database.write() as session:
        who = simulated.learners(session, len(ability))
        for question in sound:
            mark = simulated.right(rng, ability, 0, 1.8)
            given = np.where(mark == 1, 0, rng.integers(1, 3, size=len(mark))).tolist()
            simulated.give(session, who, question, published.revision_ids[question.id], given)
        knows = simulated.right(rng, ability, 0, 1.2)
        given = np.where(knows == 1, 0, 1)  # option 1 is right, and option 2 is keyed
        given[np.argmin(ability)] = 2
        simulated.give(session, who, miskeyed, published.revision_ids[miskeyed.id], given.tolist())

    found = figures(database, published)

    value = found["control-2"].discrimination
    assert value is not None
    assert value.value is not None
    assert flags.summary_line(found["control-2"]) == (
        f"control-2: option 3 chosen by 1 of 212; discrimination {value.value:.2f}, check the key"
    )
    assert value.value < -0.1
    assert (
        "Those who chose option 1 did best there."
        in flags.question_flags(found["control-2"])[-1].why
    )
    assert [flags.summary_line(found[question.id]) for question in sound] == [""] * 5


# What counts


def one_question(database: Database, given: list[int]) -> tuple[CourseSnapshot, list[int]]:
    published = register(database, simulated.course_of(item("only")))
    with database.write() as session:
        who = simulated.learners(session, len(given))
        only = published.course.asked["only"][1]
        simulated.give(session, who, only, published.revision_ids["only"], given)
    return published, who


def test_later_answers_and_marks_given_anew_change_nothing(database: Database) -> None:
    published, who = one_question(database, [0] * 8 + [1] * 4)
    before = figures(database, published)["only"]
    with database.write() as session:
        only = published.course.asked["only"][1]
        row = published.revision_ids["only"]
        simulated.give(session, who, only, row, [0] * 12, attempt=2)

    assert figures(database, published)["only"] == before
    assert before.n == 12
    assert before.facility is not None
    assert before.facility.value == pytest.approx(8 / 12)


def test_a_sister_tried_after_an_explanation_is_no_first_answer(database: Database) -> None:
    published, who = one_question(database, [0] * 12)
    with database.write() as session:
        retry = sa.update(Answer).where(Answer.learner_id == who[0])
        session.execute(retry.values(shown={"instead": "other"}))

    assert figures(database, published)["only"].n == 11


def test_a_guest_merged_into_an_account_counts_once(database: Database) -> None:
    published, who = one_question(database, [0] * 10 + [1, 1])
    with database.write() as session:
        session.add(Account(learner_id=who[0], mail="ada@example.org"))
        merging.merge(session, who[-1], who[0])

    assert figures(database, published)["only"].n == 11


def test_revisions_are_split_and_wordings_are_not(database: Database) -> None:
    first = item("only")
    reworded = first.model_copy(update={"explanation": "Better said"})
    changed = first.model_copy(update={"prompt": "Something else?"})
    for question in (first, reworded, changed):
        published = register(database, simulated.course_of(question))
        with database.write() as session:
            who = simulated.learners(session, 10)
            row = published.revision_ids["only"]
            simulated.give(session, who, question, row, [0] * 9 + [1])

    with database.read() as session:
        present, *earlier = item_statistics.compute(session, published.course.asked, earlier=True)[
            "only"
        ]
        alone = item_statistics.compute(session, published.course.asked)["only"]

    assert (present.n, present.is_present, present.revision) == (10, True, changed.revision)
    assert [(one.n, one.is_present, one.revision) for one in earlier] == [
        (20, False, first.revision)
    ]
    assert earlier[0].question.explanation == "Better said"
    assert len(alone) == 1


def test_each_type_shows_what_fits_it(database: Database, published: CourseSnapshot) -> None:
    """Twelve learners: nine who are right, three who make the same mistake."""
    asked = published.course.asked
    odd = {"share": {"number": ["17"]}, "fill": {"gap.colour": ["red"], "gap.plant": ["tree"]}}
    with database.write() as session:
        who = simulated.learners(session, 13)
        for name, given in RIGHT.items():
            question = asked[name][1]
            three = [WRONG.get(name, given)] * 3
            answers = [given] * 9 + three + [odd.get(name, given)]
            lesson = asked[name][0].id
            row = published.revision_ids[name]
            simulated.give(session, who, question, row, answers, lesson=lesson)

    found = figures(database, published)

    shapes = {
        name: [(part.text, [option.count for option in part.options]) for part in one.parts]
        for name, one in found.items()
        if one.n
    }
    shapes["sort"].sort()
    assert shapes == {
        "pick": [("", [3, 10])],
        "tick": [("", [13, 10, 3])],
        "share": [],
        "fill": [],
        "sort": [
            ("four", [3, 0, 0, 10]),
            ("one", [10, 0, 0, 3]),
            ("too", [0, 10, 3, 0]),
            ("two", [0, 3, 10, 0]),
        ],
        "pair": [("dog", [10, 0, 3]), ("cat", [3, 10, 0])],
        "write": [],
        "ask": [("", [13, 0])],
    }
    assert [(one.gap, one.text, one.count) for one in found["share"].typed] == [("", "5.2", 3)]
    assert [(one.gap, one.text, one.count) for one in found["fill"].typed] == [
        ("Gap 1 of 2", "green", 3),
        ("Gap 2 of 2", "bush", 3),
    ]
    for name in ("write", "ask"):
        assert found[name].facility is None
        assert found[name].discrimination is None
        assert found[name].n == 13
    assert "Because" not in export.as_json(found.values())


def test_a_question_without_answers_has_no_figures(
    database: Database, published: CourseSnapshot
) -> None:
    found = figures(database, published)

    assert {one.n for one in found.values()} == {0}
    assert found["pick"].facility is not None
    assert found["pick"].facility.why == "too few (0 of 10)"
    assert [flags.summary_line(one) for one in found.values()] == [""] * len(found)


# Estimates


def test_the_interval_of_a_share_is_never_narrower_than_its_values_allow(
    rng: np.random.Generator,
) -> None:
    """Marks in parts: in 95 of 100 samples or more, the interval holds the true mean."""
    hits = 0
    for _ in range(400):
        values = rng.beta(0.6, 0.3, size=40)
        found = intervals.share(float(values.sum()), 40)
        assert found.low is not None
        assert found.high is not None
        hits += found.low <= 2 / 3 <= found.high

    assert hits >= 0.95 * 400


def pairs(x: list[float], y: list[float]) -> Sums:
    return sum((Sums(1, a, b, a * a, b * b, a * b) for a, b in zip(x, y, strict=True)), Sums())


HALVES = [0.0, 1.0] * 20


@pytest.mark.parametrize(
    ("x", "y", "value", "why"),
    [
        (HALVES, HALVES, 1.0, ""),
        (HALVES, [-v for v in HALVES], -1.0, ""),
        (HALVES, [0.3] * 40, None, "every learner does alike in the other questions"),
        ([0.7] * 40, HALVES, None, "every learner has the same mark"),
        (HALVES[:29], HALVES[:29], None, "too few (29 of 30)"),
        ([], [], None, "too few (0 of 30)"),
    ],
)
def test_a_correlation_that_there_is_none_of_says_why(
    x: list[float], y: list[float], value: float | None, why: str
) -> None:
    found = intervals.correlation(pairs(x, y))

    assert (found.value, found.low, found.high, found.why) == (value, value, value, why)


@pytest.mark.parametrize(
    ("n", "ranks"),
    [(10, (2, 9)), (25, (8, 18)), (100, (40, 61)), (101, (41, 61)), (100_000, (49_690, 50_311))],
)
def test_the_ranks_around_a_median_are_those_of_the_tables(n: int, ranks: tuple[int, int]) -> None:
    found = intervals.median(dict.fromkeys(range(1, n + 1), 1))

    assert (found.low, found.high) == ranks
    assert found.value == (n + 1) / 2


# Taking figures away


def test_a_table_holds_every_figure_and_no_formula(database: Database) -> None:
    loaded = item("only").dump() | {
        "options": [{"text": "=1+1", "correct": True}, {"text": "Two"}, {"text": "Three"}]
    }
    question = questions.load(loaded)
    published = register(database, simulated.course_of(question))
    with database.write() as session:
        who = simulated.learners(session, 200)
        row = published.revision_ids["only"]
        simulated.give(session, who, question, row, [0] * 198 + [1] * 2)

    found = figures(database, published).values()
    rows = list(csv.DictReader(io.StringIO(export.as_csv(found).removeprefix("\ufeff"))))
    [plain] = json.loads(export.as_json(found))

    assert [(row["figure"], row["option"], row["count"]) for row in rows] == [
        ("learners", "", "200"),
        ("facility", "", ""),
        ("discrimination", "", ""),
        ("median seconds", "", ""),
        ("chosen", "'=1+1", "198"),
        ("chosen", "Two", "2"),
        ("chosen", "Three", "0"),
        ("flag", "idle", ""),
        ("flag", "idle", ""),
        ("flag", "easy", ""),
    ]
    assert rows[1]["value"] == "0.99"
    assert rows[2]["note"] == "the lesson asks fewer than 2 other scored questions"
    assert plain["facility"]["value"] == 0.99
    assert plain["facility"]["n"] == 200
    assert plain["flags"][0]["text"] == "option 2 chosen by 2 of 200"


# Queries


@pytest.fixture
def queries(database: Database) -> list[str]:
    """The statements that were sent to the database."""
    sent: list[str] = []
    sa.event.listen(database.engine, "before_cursor_execute", lambda *said: sent.append(said[2]))
    return sent


def test_a_question_and_a_large_course_take_the_same_queries(
    database: Database, queries: list[str]
) -> None:
    small = register(database, simulated.course_of(item("one")))
    large = register(database, simulated.course_of(*(item(f"item-{n}") for n in range(100))))
    counts = []
    for published in (small, large):
        with database.read() as session:
            session.connection()
            queries.clear()
            item_statistics.compute(session, published.course.asked, earlier=True)
            counts.append(len([sent for sent in queries if sent != "BEGIN"]))

    assert counts == [3, 3]
