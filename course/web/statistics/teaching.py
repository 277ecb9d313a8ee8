"""Question statistics for trainers: an overview of the lessons, and the figures of each question."""

from collections.abc import Iterable
from datetime import UTC, datetime

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from course.content.course import Lesson
from course.markup.figures import figures
from course.record.people.access import Permission
from course.record.statistics import export, figure_cache
from course.record.statistics.figure_cache import CachedFigures
from course.record.statistics.item_statistics import Figures
from course.web import current, shell
from course.web.answering.answers import lesson_or_404
from course.web.people import access
from course.web.statistics import recounting

bp = Blueprint("teaching", __name__, url_prefix="/teaching")
bp.add_app_template_global(figures)


@bp.get("")
@access.requires(Permission.STATISTICS)
def overview() -> ResponseReturnValue:
    """Show every lesson with questions, its number of learners, and its flagged questions."""
    published = current.published()
    with current.database().read() as session:
        found = figure_cache.overview(session, published.course, published.revisions)
    if found.is_stale:
        recounting.start()
    return shell.page(
        "statistics/teaching.html", "Question statistics", course=published.course, found=found
    )


@bp.get("/figures.<any(csv, json):kind>")
@access.requires(Permission.STATISTICS)
def course_figures(kind: str) -> Response:
    """The figures of every question, earlier revisions too."""
    published = current.published()
    with current.database().read() as session:
        found = figure_cache.course_figures(session, published.course, published.revisions)
    if found.is_stale:
        recounting.start()
    return _download(kind, "course", found)


@bp.get("/lessons/<path:lesson>")
@access.requires(Permission.STATISTICS)
def lesson(lesson: str) -> ResponseReturnValue:
    """Show the questions of a lesson with their keys and figures."""
    found = lesson_or_404(lesson)
    return shell.page(
        "statistics/teaching_lesson.html",
        f"Question statistics: {found.title}",
        seen_from=found.url,
        lesson=found,
        counted=_lesson_figures(found),
    )


@bp.get("/lessons/<path:lesson>/figures.<any(csv, json):kind>")
@access.requires(Permission.STATISTICS)
def lesson_figures(lesson: str, kind: str) -> Response:
    """The figures of a lesson's questions, earlier revisions too."""
    found = lesson_or_404(lesson)
    return _download(kind, found.id.replace("/", "-"), _lesson_figures(found))


def _lesson_figures(lesson: Lesson) -> CachedFigures:
    """Return the cached figures of a lesson; starts a recount if they are outdated."""
    with current.database().read() as session:
        found = figure_cache.lesson_figures(session, lesson, current.published().revisions)
    if found.is_stale:
        recounting.start(lesson.id)
    return found


def _download(kind: str, name: str, found: CachedFigures) -> Response:
    if found.is_missing:
        page = shell.page("statistics/teaching_missing.html", "Figures are being counted")
        return Response(page, 503, {"Retry-After": "60"})
    every: Iterable[Figures] = [one for figures in found.figures.values() for one in figures]
    if kind == "csv":
        response = Response(export.as_csv(every), content_type="text/csv; charset=utf-8")
    else:
        response = Response(export.as_json(every), content_type="application/json")
    filename = f"questions-{name}-{found.at or datetime.now(UTC):%Y-%m-%d}.{kind}"
    response.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response
