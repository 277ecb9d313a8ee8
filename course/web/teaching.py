"""How questions do, for trainers: every lesson with what to look at, and the figures of each question."""

from collections.abc import Iterable
from datetime import UTC, datetime

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from course.content.course import Lesson
from course.markup.figures import figures
from course.record import first_answers, flags, statistics, statistics_export
from course.record.first_answers import Asked
from course.record.statistics import Figures
from course.web import identity, parts, shell
from course.web.answers import lesson_or_404

bp = Blueprint("teaching", __name__, url_prefix="/teaching")
bp.add_app_template_global(figures)


@bp.before_request
def _only_teachers() -> None:
    identity.teacher()


def _asked(lesson: Lesson) -> Asked:
    return {question.id: (lesson, question) for question in lesson.questions}


def _read(asked: Asked, *, earlier: bool = False) -> dict[str, tuple[Figures, ...]]:
    with parts.database().read() as session:
        return statistics.of(session, asked, earlier=earlier)


@bp.get("")
def overview() -> ResponseReturnValue:
    """Show every lesson that asks something, with its learners and what to look at."""
    course = parts.published().course
    with parts.database().read() as session:
        found = statistics.of(session, course.asked)
        learners = first_answers.learners(session, course.asked)
    look_at: dict[str, dict[str, str]] = {}
    for name, (present, *_) in found.items():
        if line := flags.line(present):
            look_at.setdefault(present.lesson, {})[name] = line
    return shell.page(
        "teaching.html", "How questions do", course=course, learners=learners, look_at=look_at
    )


@bp.get("/figures.<any(csv, json):kind>")
def course_figures(kind: str) -> Response:
    """The figures of every question, earlier revisions too."""
    return _file(kind, "course", _read(parts.published().course.asked, earlier=True))


@bp.get("/lessons/<path:lesson>")
def lesson(lesson: str) -> ResponseReturnValue:
    """Show the questions of a lesson with their keys and figures."""
    found = lesson_or_404(lesson)
    return shell.page(
        "teaching_lesson.html",
        f"How questions do: {found.title}",
        seen_from=found.url,
        lesson=found,
        found=_read(_asked(found), earlier=True),
    )


@bp.get("/lessons/<path:lesson>/figures.<any(csv, json):kind>")
def lesson_figures(lesson: str, kind: str) -> Response:
    """The figures of a lesson's questions, earlier revisions too."""
    found = lesson_or_404(lesson)
    return _file(kind, found.id.replace("/", "-"), _read(_asked(found), earlier=True))


def _file(kind: str, name: str, found: dict[str, tuple[Figures, ...]]) -> Response:
    every: Iterable[Figures] = [one for figures in found.values() for one in figures]
    if kind == "csv":
        response = Response(statistics_export.as_csv(every), content_type="text/csv; charset=utf-8")
    else:
        response = Response(statistics_export.as_json(every), content_type="application/json")
    called = f"questions-{name}-{datetime.now(UTC):%Y-%m-%d}.{kind}"
    response.headers["Content-Disposition"] = f'attachment; filename="{called}"'
    return response
