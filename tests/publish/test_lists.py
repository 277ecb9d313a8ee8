"""Terms linked at their first use, and the lists of the whole course: its glossary, its sources."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from course.content.lesson import Source
from course.content.problems import CourseError
from course.publish import site
from course.publish.lists import reading_note
from tests.publish.test_blocks import render

READING = "basics/reading.md"
GLOSSARY = """\
terms:
  - term: reach
    forms: [reaches]
    definition: Those who "see" *a piece*.
    lesson: basics/reading
  - term: base rate
    definition: How often *it* happens.
"""
SOURCES = """\
sources:
  - text: A *handbook*
    year: 2021
    url: https://example.org/a_b_c
  - text: A re-telling
    year: 2019
    seen: report
"""


@pytest.fixture
def words(tiny: Path) -> Path:
    """The small course with a glossary and sources, each on a page."""
    (tiny / "glossary.yml").write_text(GLOSSARY)
    (tiny / "lessons/lists.md").write_text("# Lists\n\n/// glossary\n///\n\n/// sources\n///\n")
    nav = tiny / "mkdocs.yml"
    nav.write_text(nav.read_text("utf-8").replace("nav:\n", "nav:\n  - Lists: lists.md\n"), "utf-8")
    lesson = tiny / "lessons" / READING
    text = lesson.read_text("utf-8").replace("---\n", f"---\n{SOURCES}", 1)
    lesson.write_text(f"{text}\nA base rate and its reach.\n", "utf-8")
    return tiny


@pytest.mark.parametrize(
    ("more", "note"),
    [
        ({}, ""),
        ({"read": date(2026, 11, 30)}, "Read on 30 November 2026."),
        ({"seen": "copy"}, "We read a stored copy of it."),
        (
            {"seen": "report", "read": date(2026, 5, 1)},
            "We read only a report of it, on 1 May 2026.",
        ),
    ],
)
def test_a_source_says_what_was_read_and_when(more: dict[str, Any], note: str) -> None:
    source = Source.model_validate({"text": "A handbook", "year": 2021} | more)

    assert reading_note(source) == note


def linked(html: str) -> list[str]:
    return re.findall(r'<a class="term"[^>]*>([^<]*)</a>', html)


@pytest.mark.parametrize(
    ("text", "words_linked"),
    [
        ("It reaches far. Reach is all.", ["reaches"]),
        ("**Reach** and the *base\nrate* of it.", ["Reach", "base\nrate"]),
        ("Before reach, between base rate, after reach.", ["reach", "base rate"]),
        ("## Reach\n\n`reach` [reach](graded.md) <b>x</b>\n\n    reach\n\nNow reach.", ["reach"]),
        ("| Reach |\n| --- |\n| reach |", ["reach"]),
        ("- one\n- reach\n\n> base rate", ["reach", "base rate"]),
        ("Reached, far-reach, basement rate.", []),
        ("/// quiz | capital\n///\n", []),
    ],
)
@pytest.mark.parametrize("builder", ["mkdocs", "zensical"])
def test_a_term_is_linked_once_and_only_in_running_text(words, text, words_linked, builder):
    path = "basics/all-types.md" if "quiz" in text else READING

    html = render(words, path, text, builder, extensions=["tables"])

    assert linked(html) == words_linked
    assert re.sub(r"<[^>]*>", "", html).count("each") == text.count("each")  # nothing is lost


def test_the_link_of_a_term_leads_to_its_entry_and_says_what_it_means(words):
    html = render(words, READING, "A reach.")

    assert 'href="../lists.md#reach"' in html
    assert 'title="Those who “see” a piece."' in html


@pytest.mark.parametrize("path", ["index.md", "basics/index.md", "lists.md"])
def test_pages_that_are_no_lessons_stay_as_they_are(words, path):
    assert linked(render(words, path, "A reach.")) == []


def test_the_glossary_shows_its_terms_in_order(words):
    html = render(words, "lists.md", "/// glossary\n///\n")

    assert re.findall(r'<h2 id="([^"]+)">', html) == ["base-rate", "reach"]
    assert '<a href="#base-rate">B</a>' in html
    assert "<p>How often <em>it</em> happens.</p>" in html
    assert 'Taught in <a href="basics/reading.md">' in html


def test_the_sources_stand_below_their_lesson(words):
    html = render(words, "lists.md", "/// sources\n///\n")

    assert html.index('<a href="basics/reading.md">') < html.index("A <em>handbook</em> (2021).")
    assert ">https://example.org/a_b_c</a>" in html
    assert (
        'A re-telling (2019). <span class="sources__note">We read only a report of it.</span>'
        in html
    )
    assert "graded.md" not in html  # it has no sources


def test_a_glossary_block_without_a_glossary_stops_the_build(tiny):
    with pytest.raises(CourseError, match=r"there is no glossary\.yml for this glossary block"):
        render(tiny, "index.md", "/// glossary\n///\n")


def test_every_link_of_a_built_site_finds_its_entry(words):
    site.build(words, words / "out/site", words / "out/course.json")

    lesson = (words / "out/site/basics/reading/index.html").read_text("utf-8")
    lists = (words / "out/site/lists/index.html").read_text("utf-8")
    targets = re.findall(r'<a class="term" href="\.\./\.\./lists/#([^"]+)"', lesson)
    assert sorted(targets) == ["base-rate", "reach"]
    assert all(f'<h2 id="{target}"' in lists for target in targets)
    assert "handbook" not in (words / "out/course.json").read_text("utf-8")
