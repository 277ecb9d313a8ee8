"""The entries of My learning, one for each lesson. Entries with the same text are rendered once.

Most learners have begun few lessons, so most entries of a page are the same for everybody. Cached entries
are never outdated, because everything that an entry shows is part of its key.
"""

import functools
from typing import Any, NamedTuple

from flask import current_app
from markupsafe import Markup

from course.content import dates
from course.content.course import Course
from course.content.model import Passage
from course.content.questions.base import Question
from course.record.progress.completion import Granted
from course.record.progress.standings import LessonStanding

CACHED_LESSONS = 5_000
CACHED_QUESTIONS = 20_000


class LessonEntry(NamedTuple):
    """What My learning says of one lesson."""

    id: str
    title: str
    url: str
    """From the root of the server."""
    answers_url: str
    state: str
    is_complete: bool
    answered: int
    total: int
    score: float | None
    pass_mark: float
    completed_on: str
    granted: Granted | None
    new_questions: int
    missed: tuple[Markup, ...]


def render_lesson(mine: LessonStanding, course: Course, home: str, answers_url: str) -> Markup:
    """Return a lesson's entry; *home* is the URL of the site, *answers_url* that of My learning."""
    lesson = mine.lesson
    url = home + lesson.url
    return _render_lesson(
        LessonEntry(
            lesson.id,
            lesson.title,
            url,
            f"{answers_url}/{lesson.id}",
            _state(mine),
            mine.is_complete,
            mine.answered,
            mine.total,
            mine.score,
            lesson.quiz.rules.pass_mark if lesson.quiz else 0.0,
            dates.day(mine.completed_at) if mine.completed_at else "",
            mine.granted,
            mine.new_questions,
            tuple(_missed(mine, name, course, url) for name in mine.missed),
        )
    )


def _state(mine: LessonStanding) -> str:
    if mine.is_complete:
        return "Complete"
    if mine.answered:
        return "In progress"
    return "Read" if mine.read_at else "Not started"


def _missed(mine: LessonStanding, name: str, course: Course, url: str) -> Markup:
    prompt = _prompt(course.asked[name][1], mine.selection.seed)
    place = mine.lesson.places[name]
    again = mine.best[name].again
    return _render_missed(url, name, prompt, place.section, place.anchor, again=again)


def _prompt(question: Question, seed: str) -> Passage:
    """Return the prompt of a question with the numbers that a learner is shown."""
    return (question.as_shown(question.shown(seed)) if question.numbers() else question).prompt


@functools.lru_cache(maxsize=CACHED_LESSONS)
def _render_lesson(entry: LessonEntry) -> Markup:
    return Markup(_macros().lesson(entry))  # noqa: S704 - a template's own


@functools.lru_cache(maxsize=CACHED_QUESTIONS)
def _render_missed(
    url: str, name: str, prompt: Passage, section: str, anchor: str, *, again: bool
) -> Markup:
    return Markup(_macros().missed(url, name, prompt, section, anchor, again))  # noqa: S704 - likewise


def _macros() -> Any:
    return current_app.jinja_env.get_template("progress/lesson_entries.html").module
