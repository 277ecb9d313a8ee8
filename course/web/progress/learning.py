"""My learning: how far a learner is, and every answer as the learner saw it."""

import functools
import uuid
from collections.abc import Sequence

from flask import Blueprint
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from course import markup
from course.content import percent as percentages
from course.content import verdict
from course.content.model import Passage
from course.record.answering import answer_history, answers
from course.record.answering.answer_history import RemovedLesson
from course.record.people.access import Permission
from course.record.progress import granting, mixed_marks, standings
from course.record.progress.completion import Granted
from course.record.publishing.marks import EffectiveMark
from course.web import current, shell
from course.web.api.routes import next_step
from course.web.people import access
from course.web.progress import lesson_entries

bp = Blueprint("learning", __name__)


@bp.app_template_filter("phrase")
def phrase(text: Passage) -> str:
    """Return a line of Markdown, or plain text, as HTML."""
    return markup.phrase(text)


@bp.app_template_filter("prose")
def prose(text: str) -> str:
    """Return Markdown as HTML."""
    return markup.prose(text)


@bp.app_template_filter("formulas")
def formulas(text: str) -> str:
    """Return plain text as HTML with its formulas rendered."""
    return markup.with_formulas(text)


@functools.lru_cache(maxsize=20_000)
def _plain(text: str) -> str:
    return markup.plain(text)


@bp.app_template_filter("plain")
def plain(text: str) -> str:
    """Return a line of Markdown as text alone."""
    return _plain(text)


@bp.app_template_filter("percent")
def percent(share: float | None) -> str:
    """Return a share of the points in percent, rounded down, so that 79.9 does not look like a pass at 80."""
    return "" if share is None else percentages.percentage(percentages.percent(share))


bp.add_app_template_filter(percentages.limit)
bp.add_app_template_filter(markup.completion_rule)


GRANTED = {
    mixed_marks.REASON: "kept from an earlier version of this service, which counted marks and pass marks of "
    "different days together",
    granting.UNDONE: "kept from a correction that has since been undone",
}
"""Why a completion counts although answers and rules do not show it, by its reason."""


@bp.app_template_filter("granted_words")
def granted_words(granted: Granted) -> str:
    """Return the reason of a granted completion as text."""
    return GRANTED.get(granted.reason, "kept")


@bp.app_template_filter("mark_words")
def mark_words(mark: EffectiveMark) -> str:
    """Return a mark as text."""
    if mark.is_void:
        return "doesn’t count"
    if mark.share is None:
        return "not marked"
    if not mark.out_of:
        return "right" if verdict.is_right(mark.share) else "not right"
    return f"{percentages.percent(mark.share * mark.out_of) / 100:g} of {mark.out_of:g}"


@bp.app_template_global("reading")
def reading(passages: Sequence[Passage]) -> str:
    """Return a given answer or a key as HTML."""
    return markup.reading(passages)


@bp.get("/learning")
@access.requires(Permission.OPEN)
def overview() -> ResponseReturnValue:
    """Show every lesson with its score, and what was missed with the place to read it again."""
    published = current.published()
    who = current.identity()
    changed = []
    if who is None:
        standing = standings.empty_standing(published)
    else:
        with current.database().read() as session:
            standing = standings.course_standing(session, published, who.learner_id)
            if standing.has_new_marks:
                changed = answer_history.regraded_answers(session, who.learner_id)
    return shell.page(
        "progress/learning.html",
        "My learning",
        standing=standing,
        changed=changed,
        gone=answer_history.removed_lessons(published.timeline, standing.left),
        next_step=next_step(standing),
        who=who,
        render_lesson=lesson_entries.render_lesson,
    )


@bp.get("/learning/answers/<uuid:client_id>")
@access.requires(Permission.OPEN)
def answer(client_id: uuid.UUID) -> ResponseReturnValue:
    """Show one answer as the learner saw it, with all its marks and their reasons."""
    who = current.identity()
    with current.database().read() as session:
        found = answer_history.load_answer(session, who.learner_id, client_id) if who else None
    if found is None:
        raise NotFound
    return answer_page(found, who_gave="you")


def answer_page(found: answer_history.PastAnswer, *, who_gave: str, learner_id: int = 0) -> str:
    """Return the page of one answer; *who_gave* is "you", or a name for trainers."""
    published = current.published()
    question = found.answer.question
    present = published.course.asked.get(question.id)
    lesson = published.course.lessons.get(found.lesson)
    return shell.page(
        "progress/answer.html",
        "An earlier answer",
        seen_from=lesson.url if lesson else None,
        past=found,
        answer=found.answer,
        question=question,
        lesson=lesson,
        lesson_title=lesson.title if lesson else published.timeline.title(found.lesson),
        present=present,
        is_present=published.revisions.get(question.id) == found.answer.revision,
        shows_key=who_gave != "you" or _shows_key(question.id),
        who_gave=who_gave,
        learner_id=learner_id,
    )


def _shows_key(question: str) -> bool:
    """Whether the requester may see the key of a question that they answered."""
    who = current.identity()
    if who is None:
        return True
    course = current.published().course
    with current.database().read() as session:
        return not answers.closed_keys(session, course, who.learner_id, [question])


@bp.get("/learning/<path:lesson>")
@access.requires(Permission.OPEN)
def lesson(lesson: str) -> ResponseReturnValue:
    """Show a learner's answers in one lesson, attempt by attempt, each question as it stood then.

    Works for a lesson that is no longer part of the course, too.
    """
    published = current.published()
    found = published.course.lessons.get(lesson)
    who = current.identity()
    learner_id = who.learner_id if who else 0
    with current.database().read() as session:
        asked = [question.id for question in found.questions] if found else []
        given = answer_history.lesson_answers(session, learner_id, lesson, asked) if who else []
        if found is None:
            if not given:
                raise NotFound
            title = published.timeline.title(lesson)
            gone = RemovedLesson(lesson, title, len(given), given[-1].recorded_at)
            return shell.page(
                "progress/learning_gone.html",
                f"My answers: {gone.title}",
                gone=gone,
                attempts=_group_by_attempt(given),
                revisions=published.revisions,
                tries={},
            )
        standing = standings.empty_lesson_standing(found)
        if who:
            standing = standings.lesson_standing(session, published, learner_id, found)
    return shell.page(
        "progress/learning_lesson.html",
        f"My answers: {found.title}",
        seen_from=found.url,
        lesson=found,
        standing=standing,
        attempts=_group_by_attempt(given),
        revisions=published.revisions,
        tries=standing.tries,
    )


def _group_by_attempt(
    given: list[answers.RecordedAnswer],
) -> dict[int, list[answers.RecordedAnswer]]:
    attempts: dict[int, list[answers.RecordedAnswer]] = {}
    for answer in given:
        attempts.setdefault(answer.attempt, []).append(answer)
    return dict(sorted(attempts.items()))
