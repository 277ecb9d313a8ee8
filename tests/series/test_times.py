"""The times that the series promises are those that its words, questions and plan pages take."""

import math
import re

import pytest

from course.content import timing
from course.quality.reading import SLOW
from tests.series.reading import ROOT, Series

SHORT_ROUTE: dict[str, dict[str, int | None]] = {
    "understand/who-holds-the-message": {"talk": 5, "three": None},
    "listen/listening-before-speaking": {"decision": None, "questions": None, "query": 1, "report": None},
    "participate/taking-part-in-the-open": {
        "purpose": None, "never": None, "disclosure": None, "promise": None, "escalation": None,
    },
    "choreograph/choreographing-your-success": {
        "strategy": None, "calendar": None, "stop": None, "monday": None,
    },
}  # fmt: skip
"""The lessons for those with three hours, with the parts of their plan pages; a number says how many rows."""

TIMES = r"(\d+)\+(\d+)\+(\d+)"


def page(name: str) -> str:
    return (ROOT / "lessons" / name).read_text(encoding="utf-8")


def written_times(text: str, lesson: str) -> list[tuple[int, ...]]:
    """Return the times in *text*, each written on the line of a link to *lesson*."""
    lines = [line for line in text.splitlines() if f"({lesson}.md)" in line]
    return [tuple(map(int, found)) for line in lines for found in re.findall(TIMES, line)]


def test_a_lesson_is_read_at_200_words_a_minute(series: Series) -> None:
    wrong = {
        counted.lesson: (counted.minutes, counted.words)
        for counted in series.inventory.lessons
        if counted.minutes != math.ceil(counted.words / SLOW)
    }

    assert wrong == {}


def test_a_plan_page_takes_what_its_entries_take_and_time_to_think(series: Series) -> None:
    """At most a quarter of an hour more: for claims to look up, and for the plan that ends the series."""
    wrong = {
        counted.lesson: (counted.planning, counted.writing)
        for counted in series.inventory.lessons
        if not counted.writing <= counted.planning <= counted.writing + 15
    }

    assert wrong == {}


@pytest.mark.parametrize("name", ["index.md", "for-trainers.md"])
def test_each_lesson_has_its_three_times(series: Series, name: str) -> None:
    text = re.sub(r"## If you have three hours.*?(?=\n## )", "", page(name), flags=re.DOTALL)
    wrong = {
        counted.lesson: written_times(text, counted.lesson)
        for counted in series.inventory.lessons
        if written_times(text, counted.lesson)
        != [(counted.minutes, counted.answering, counted.planning)]
    }

    assert wrong == {}


def hours(minutes: int) -> str:
    """Return *minutes* in hours, to the nearest quarter: 210 is "3½"."""
    whole, quarters = divmod(round(minutes / 15), 4)
    return f"{whole}{['', '¼', '½', '¾'][quarters]}"


def test_the_sums_are_those_of_the_lessons(series: Series) -> None:
    lessons = series.inventory.lessons
    reading, answering, planning, total = (
        hours(sum(minutes))
        for minutes in zip(
            *((x.minutes, x.answering, x.planning, x.total) for x in lessons), strict=True
        )
    )

    assert (
        f"{reading} hours to read, {answering} for the questions and {planning} for the plan pages: "
        f"{total} hours in all"
    ) in page("index.md")
    assert f"Altogether that's {total} hours, plus nine hours of meetings." in page(
        "for-trainers.md"
    )
    assert len(lessons) * 45 == 9 * 60


def span(minutes: list[int]) -> str:
    return f"{min(minutes)} to {max(minutes)}" if len(set(minutes)) > 1 else f"{minutes[0]}"


def test_a_module_says_what_its_lessons_take(series: Series) -> None:
    by_name = {counted.lesson: counted for counted in series.inventory.lessons}
    for module in series.course.modules:
        counted = [by_name[lesson.id] for lesson in module.lessons]
        text = page(f"{module.lessons[0].path.partition('/')[0]}/index.md")
        planning = sorted(lesson.planning for lesson in counted)
        last = f"[^.]*{planning[-1]}" if planning[-1] >= 45 else ""
        usual = planning[:-1] if last else planning

        promised = (
            rf"Allow {span([x.minutes for x in counted])} minutes to read each lesson, "
            rf"{span([x.answering for x in counted])} for its questions, "
            rf"(?:and )?{span(usual)} for its plan page{last}"
        )
        assert re.search(promised, text), promised


# The short route


def test_the_short_route_fits_into_three_hours(series: Series) -> None:
    assert sum(sum(times) for times in short_times(series).values()) <= 180


def test_the_short_route_says_what_it_takes(series: Series) -> None:
    times = short_times(series)
    section = page("index.md").partition("## If you have three hours")[2].partition("\n## ")[0]
    rows = re.findall(rf"\((\S+)\.md\).*\*{TIMES} minutes\.\*", section)

    assert {name: tuple(map(int, found)) for name, *found in rows} == times
    assert f"comes to {sum(map(sum, times.values()))} minutes" in section
    assert f"needs {sum(map(sum, times.values()))} minutes alone" in page("for-trainers.md")


def test_the_short_route_takes_one_lesson_of_each_module(series: Series) -> None:
    modules = [module.lessons for module in series.course.modules]

    assert [
        [lesson.id for lesson in lessons if lesson.id in SHORT_ROUTE] for lessons in modules
    ] == [[name] for name in SHORT_ROUTE]


def test_trainers_are_sent_to_the_lessons_of_the_short_route(series: Series) -> None:
    numbers = [list(series.course.lessons).index(name) + 1 for name in SHORT_ROUTE]

    assert "lessons {}, {}, {} and {}".format(*numbers) in page("for-trainers.md")
    assert "index.md#if-you-have-three-hours" in page("for-trainers.md")


def short_times(series: Series) -> dict[str, tuple[int, int, int]]:
    """Return the minutes of each lesson of the short route, with the parts of its plan page alone."""
    times = {}
    for name, chosen in SHORT_ROUTE.items():
        lesson = series.course.lessons[name]
        assert lesson.plan is not None
        parts = {part.id: part for part in lesson.plan.parts}
        seconds = sum(timing.part_seconds(parts[part], rows) for part, rows in chosen.items())
        times[name] = (lesson.minutes, timing.answering_minutes(lesson), math.ceil(seconds / 60))
    return times


# What works, and the first step


def test_each_lesson_ends_with_what_works_and_a_first_step(series: Series) -> None:
    for told in series.lessons:
        for promise in ("**What works.**", "**First step for Monday.**"):
            assert told.plan.text.count(promise) == 1, (told.name, promise)
            assert sum(promise in section.text for section in told.sections) == 0, told.name
