"""My learning: how far a learner is, and every answer as it was met."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from course import markup
from course.record import answers, progress
from course.web import parts, shell
from course.web.answers import lesson_or_404
from course.web.api import next_step

bp = Blueprint("learning", __name__)


@bp.app_template_filter("phrase")
def phrase(text: str) -> str:
    """Return a line of Markdown as HTML."""
    return markup.phrase(text)


@bp.app_template_filter("prose")
def prose(text: str) -> str:
    """Return Markdown as HTML."""
    return markup.prose(text)


@bp.app_template_filter("percent")
def percent(share: float | None) -> str:
    """Return a share of the points in percent, rounded down: no pass mark shows before it is reached."""
    return "" if share is None else f"{int(share * 100 + 1e-6)} %"


@bp.app_template_global("reading")
def reading(lines: list[str]) -> str:
    """Return a given answer or a key as HTML."""
    return markup.reading(lines)


@bp.get("/learning")
def overview() -> ResponseReturnValue:
    """Show every lesson with its score, and what was missed with the place to read it again."""
    published = parts.published()
    who = parts.identity()
    with parts.database().read() as session:
        standing = (
            progress.of(session, published, who.learner_id) if who else progress.nothing(published)
        )
    return shell.page(
        "learning.html",
        "My learning",
        standing=standing,
        next_step=next_step(standing),
        who=who,
        asked=published.course.asked,
    )


@bp.get("/learning/<path:lesson>")
def lesson(lesson: str) -> ResponseReturnValue:
    """Show a learner's answers in one lesson, attempt by attempt, each question as it stood then."""
    found = lesson_or_404(lesson)
    published = parts.published()
    who = parts.identity()
    learner_id = who.learner_id if who else 0
    with parts.database().read() as session:
        standing = (
            progress.of(session, published, learner_id) if who else progress.nothing(published)
        )
        given = answers.history(session, learner_id, found.id)
        tries = answers.tries_of(session, learner_id, found)
    return shell.page(
        "learning_lesson.html",
        f"My answers: {found.title}",
        lesson=found,
        standing=standing.lessons[found.id],
        attempts=_by_attempt(given),
        revisions=published.revisions,
        tries=tries,
    )


def _by_attempt(given: list[answers.Recorded]) -> dict[int, list[answers.Recorded]]:
    attempts: dict[int, list[answers.Recorded]] = {}
    for answer in given:
        attempts.setdefault(answer.attempt, []).append(answer)
    return dict(sorted(attempts.items()))
