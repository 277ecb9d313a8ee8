"""Days and moments are shown in one way each."""

import re
from datetime import UTC, datetime
from pathlib import Path

import jinja2

from course.content import dates
from course.markup import times

AT = datetime(2026, 12, 1, 4, 5, tzinfo=UTC)


def test_a_moment_has_a_form_for_pages_and_one_for_tables() -> None:
    assert dates.day(AT) == "1 December 2026"
    assert dates.moment(AT) == "1 December 2026, 04:05 UTC"
    assert dates.sortable(AT) == "2026-12-01 04:05 UTC"


def test_templates_write_time_elements() -> None:
    environment = jinja2.Environment(autoescape=True)
    environment.filters.update(times.FILTERS)
    template = environment.from_string("{{ at | day_element }} {{ at | moment_element }}")

    tag = '<time datetime="2026-12-01T04:05:00+00:00">'
    assert template.render(at=AT) == (
        f"{tag}1 December 2026</time> {tag}1 December 2026, 04:05 UTC</time>"
    )


def test_nothing_else_formats_a_moment() -> None:
    course = Path(__file__).parents[2] / "course"
    files = [*course.rglob("*.html"), *course.rglob("*.py")]

    found = [
        path.name
        for path in files
        if path.name != "dates.py" and re.search(r"strftime|:%-d|%B", path.read_text("utf-8"))
    ]
    assert found == []
