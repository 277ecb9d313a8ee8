"""The questions of the series: enough of each kind, each answer answered."""

from typing import Any

from course.content import questions
from course.content.questions.base import Question
from tests.series.reading import Series

FEWEST = 110


def test_there_are_enough_questions_of_all_types(series: Series) -> None:
    used = {question.type for question in series.questions}

    assert len(series.questions) >= FEWEST
    assert used == questions.TYPES.keys()


def test_every_objective_is_practised_by_two_scored_questions_or_more(series: Series) -> None:
    wrong = {
        f"{told.name}: {name}": scored
        for told in series.lessons
        for name in told.lesson.objectives
        if len(scored := [q.id for q in told.lesson.questions if q.objective == name and q.worth])
        < 2
    }

    assert wrong == {}


def test_every_answer_that_can_be_chosen_gets_feedback(series: Series) -> None:
    silent = [
        f"{question.id}: {part}"
        for question in series.questions
        for part in parts(question)
        if not part.feedback
    ]

    assert silent == []


def test_every_wrong_answer_that_was_foreseen_names_a_misconception(series: Series) -> None:
    nameless = [
        f"{question.id}: {part}"
        for question in series.questions
        if question.worth
        for part in wrong_parts(question)
        if not part.misconception
    ]

    assert nameless == []


def test_every_question_that_counts_has_a_hint_and_an_explanation(series: Series) -> None:
    bare = [q.id for q in series.questions if q.worth and not (q.hint and q.explanation)]

    assert bare == []


def test_a_choice_has_three_options(series: Series) -> None:
    """Three serve as well as more; several right ones need four to choose from."""
    wrong = {
        question.id: len(options)
        for question in series.questions
        if question.type == "single" and question.worth
        if len(options := getattr(question, "options")) != 3  # noqa: B009 - a kind's own
    }

    assert wrong == {}


def test_what_a_question_states_as_fact_has_a_source_and_a_date_of_review(series: Series) -> None:
    undated = [q.id for q in series.questions if q.sources and q.review_after is None]

    assert undated == []
    assert len(series.inventory.due) >= 20


def parts(question: Question) -> list[Any]:
    """Return what a learner may choose or place in *question*, in whatever type."""
    found: list[Any] = []
    for field in ("options", "pairs", "distractors"):
        found += getattr(question, field, None) or []
    for item in getattr(question, "items", None) or []:
        found += item if isinstance(item, list) else [item]
    return found


def wrong_parts(question: Question) -> list[Any]:
    wrong = [option for option in getattr(question, "options", None) or [] if not option.correct]
    wrong += getattr(question, "distractors", None) or []
    wrong += getattr(question, "slips", None) or []
    for blank in (getattr(question, "blanks", None) or {}).values():
        wrong += blank.slips
    return wrong
