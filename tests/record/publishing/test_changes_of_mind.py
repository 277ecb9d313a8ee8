"""Keys that change, change back and change again: what is asked, what is marked, and what is complete.

A, B and C are revisions of one question.
"""

from dataclasses import replace

import pytest

from course.record.store.database import Database
from tests.record.histories import Files, History, Item, Revision, hexed

A = Revision(right="alpha")
B = Revision(right="bravo")
C = Revision(right="bravo", points=3)


@pytest.fixture
def history(database: Database) -> History:
    """A lesson of two questions, q1 at revision A."""
    return History(database, Files({"q1": Item(A, "one"), "q2": Item(Revision(), "one")}))


def change(history: History, revision: Revision, decision: str | None = None) -> None:
    """Publish another revision of q1; *decision* is written for each question that is asked."""
    item = history.files.items["q1"]
    history.put("q1", replace(item, revision=revision))
    if decision:
        assert history.decide("q1", decision)
    history.publish()


def olds(history: History) -> set[str]:
    return {old for _, old in history.open()}


def name(revision: Revision) -> str:
    return hexed("q1", revision)


def test_no_completion_by_marks_that_are_no_longer_in_force(history: History) -> None:
    learner = history.learner()
    history.answer(learner, "q1", "alpha")
    change(history, B, "regrade")
    history.answer(learner, "q2", "alpha")

    found = history.lesson(learner)

    assert (found.score, found.is_complete) == (0.5, False)


def test_no_completion_by_a_rule_and_marks_of_different_moments(history: History) -> None:
    learner = history.learner()
    history.answer(learner, "q1", "alpha")
    history.answer(learner, "q2", "bravo")
    change(history, B, "regrade")
    history.put("q2", None)

    predicted = history.publish()

    assert predicted.outcomes == {}
    found = history.lesson(learner)
    assert (found.score, found.is_complete) == (0.0, False)


def test_both_earlier_revisions_are_asked_about(history: History) -> None:
    learner, other = history.learner(), history.learner()
    history.answer(learner, "q1", "alpha")
    other_order = replace(A, options=("kilo", "alpha", "bravo"))
    change(history, other_order)
    history.answer(other, "q1", "alpha")
    history.put(
        "q1", replace(history.files.items["q1"], revision=replace(other_order, right="bravo"))
    )

    assert set(history.decide("q1", "regrade")) == {name(A), name(other_order)}
    history.publish()

    assert {history.lesson(who).best["q1"].share for who in (learner, other)} == {0.0}


def test_each_answer_is_predicted_once(history: History) -> None:
    for _ in range(7):
        history.answer(history.learner(), "q1", "alpha")
    change(history, B, "regrade")
    change(history, A, "regrade")
    history.put("q1", replace(history.files.items["q1"], revision=replace(A, points=3)))
    history.decide("q1", "regrade")

    assert history.publish().marks.up == 7


def test_a_fix_that_is_repeated_is_asked_about_and_applied_again(history: History) -> None:
    learner = history.learner()
    history.answer(learner, "q1", "alpha")
    shares = []
    for revision in (B, A, B, A):
        change(history, revision, "regrade")
        shares.append(history.lesson(learner).best["q1"].share)

    assert shares == [0.0, 1.0, 0.0, 1.0]


def test_an_entry_is_applied_once(history: History) -> None:
    history.answer(history.learner(), "q1", "alpha")
    change(history, B, "regrade")

    assert history.predict().decisions == ()
    assert history.predict().is_nothing


def test_answers_to_a_revision_that_came_back_are_asked_about(history: History) -> None:
    kept, new = history.learner(), history.learner()
    history.answer(kept, "q1", "alpha")
    change(history, B, "keep")
    change(history, A)
    history.answer(new, "q1", "alpha")
    history.put("q1", replace(history.files.items["q1"], revision=replace(A, points=3)))

    assert olds(history) == {name(A)}
    history.decide("q1", "regrade")
    assert history.publish().marks.up == 2


def test_what_was_decided_before_a_revision_came_back_is_not_for_new_answers(
    history: History,
) -> None:
    old, new = history.learner(), history.learner()
    history.answer(old, "q1", "alpha")
    change(history, B, "void")
    change(history, A)
    history.answer(new, "q1", "alpha")

    history.register(history.published.course)  # as when a service starts again

    assert history.lesson(old).best["q1"].is_void
    assert not history.lesson(new).best["q1"].is_void
    change(history, B, "keep")
    assert history.lesson(new).best["q1"].share == 1.0


@pytest.mark.parametrize("option", ["alpha", "kilo"])
def test_a_question_of_no_points_blocks_nothing(history: History, option: str) -> None:
    history.edit("q1", points=3)
    history.publish()
    learner = history.learner()
    history.answer(learner, "q1", option)
    history.answer(learner, "q2", "alpha")
    change(history, replace(A, points=0), "keep")

    found = history.lesson(learner)

    assert (found.answered, found.score, found.is_complete) == (2, 1.0, True)


def test_a_question_of_no_points_completes_nothing(history: History) -> None:
    history.edit("q1", points=3)
    history.files.pass_marks["one"] = 0.6
    history.publish()
    learner = history.learner()
    history.answer(learner, "q1", "alpha")
    change(history, replace(A, points=0), "keep")
    history.answer(learner, "q2", "kilo")

    found = history.lesson(learner)

    assert (found.score, found.is_complete) == (0.0, False)


def test_answers_of_no_points_give_way_when_a_question_gets_points(history: History) -> None:
    history.edit("q1", points=0)
    history.publish()
    learner = history.learner()
    history.answer(learner, "q1", "alpha")
    change(history, C, "keep")
    history.answer(learner, "q1", "bravo")

    assert (
        history.lesson(learner).best["q1"].share,
        history.lesson(learner).best["q1"].out_of,
    ) == (
        1.0,
        3.0,
    )


def test_kept_answers_are_asked_about_when_marking_changes_again(history: History) -> None:
    kept, new = history.learner(), history.learner()
    history.answer(kept, "q1", "alpha")
    change(history, replace(A, points=3), "keep")
    history.answer(new, "q1", "alpha")
    history.put("q1", replace(history.files.items["q1"], revision=C))

    assert olds(history) == {name(A), name(replace(A, points=3))}
    history.decide("q1", "regrade")
    history.publish()

    assert [history.lesson(who).best["q1"][:2] for who in (kept, new)] == [(0.0, 3.0), (0.0, 3.0)]


def test_kept_answers_are_not_asked_about_while_marking_stays(history: History) -> None:
    history.answer(history.learner(), "q1", "alpha")
    change(history, replace(A, points=3), "keep")

    history.put(
        "q1", replace(history.files.items["q1"], revision=replace(A, points=3, prompt="What?"))
    )

    assert olds(history) == set()
    assert [group.old for group in history.groups("q1")] == [name(A)], "but they can be named"


@pytest.mark.parametrize("decision", ["keep", "regrade", "void", "re-ask"])
def test_a_decision_can_be_replaced_while_its_revision_is_published(
    history: History, decision: str
) -> None:
    learner = history.learner()
    history.answer(learner, "q1", "alpha")
    change(history, B, decision)

    assert [group.old for group in history.groups("q1")] == [name(A)]
    history.decide("q1", "keep", name(A))
    history.publish()

    best = history.lesson(learner).best["q1"]
    assert (best.share, best.is_void, best.again) == (1.0, False, False)


def test_void_answers_ask_nothing_and_can_be_marked_again(history: History) -> None:
    learner = history.learner()
    history.answer(learner, "q1", "alpha")
    change(history, B, "void")
    history.put("q1", replace(history.files.items["q1"], revision=C))
    assert olds(history) == set()

    history.decide("q1", "regrade", name(A))
    history.publish()

    assert history.lesson(learner).best["q1"][:2] == (0.0, 3.0)


def test_a_late_answer_completes_nothing_by_the_mark_it_would_have_had(history: History) -> None:
    learner, other = history.learner(), history.learner()
    history.answer(other, "q1", "alpha")
    change(history, B, "regrade")
    history.answer(learner, "q2", "alpha")

    history.answer(learner, "q1", "alpha", revision=A)

    found = history.lesson(learner)
    assert (found.score, found.is_complete) == (0.5, False)


def test_a_late_answer_follows_a_decision_that_concerned_nobody_before(history: History) -> None:
    learner = history.learner()
    history.put("q1", replace(history.files.items["q1"], revision=B))
    history.decide("q1", "regrade", name(A))
    history.publish()

    history.answer(learner, "q1", "alpha", revision=A)

    assert history.lesson(learner).best["q1"].share == 0.0


def test_undoing_opens_what_the_publication_decided(history: History) -> None:
    learner = history.learner()
    history.answer(learner, "q1", "alpha")
    change(history, B, "regrade")

    history.undo()

    assert history.lesson(learner).best["q1"].share == 1.0
    assert [old for _, old, _ in history.predict().decisions] == [name(A)]
    assert history.publish().marks.down == 1


def test_a_completion_that_a_learner_reached_survives_an_undo(history: History) -> None:
    reached, given = history.learner(), history.learner()
    for learner in (reached, given):
        history.answer(learner, "q1", "bravo")
    history.answer(given, "q2", "alpha")
    change(history, B, "regrade")
    assert history.lesson(given).is_complete
    history.answer(reached, "q2", "alpha")
    before = history.lesson(reached).completed_at

    history.undo()

    assert history.lesson(reached).completed_at == before is not None
    assert history.lesson(reached).granted is not None
    assert not history.lesson(given).is_complete, "it came with the publication, and goes with it"


def test_a_lesson_that_left_the_course_is_completed_by_nothing(database: Database) -> None:
    files = Files({"q1": Item(A, "one"), "q2": Item(Revision(), "two")}, {"one": 0.8, "two": 0.8})
    history = History(database, files)
    learner = history.learner()
    history.answer(learner, "q1", "bravo")
    history.files = Files({"q1": Item(B, "two"), "q2": Item(Revision(), "two")}, {"two": 0.8})
    history.decide("q1", "regrade")

    history.publish()

    assert history.standing(learner).completed == {}
