"""What the built pages promise."""

import html
import json
import re
import subprocess
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import material
import pytest

from course.publish import plugin

PROJECT = Path(__file__).parents[2]
OPEN_FIELDS = {
    "id",
    "type",
    "objective",
    "group",
    "tags",
    "prompt",
    "hint",
    "unit",
    "text",
    "left",
    "right",
}
"""What a page may show of a question; everything else in its YAML is for the service alone."""


def secrets(value: Any, key: str = "") -> list[str]:
    if isinstance(value, dict):
        return [text for name, inner in value.items() for text in secrets(inner, name)]
    if isinstance(value, list):
        return [text for inner in value for text in secrets(inner, key)]
    if key in OPEN_FIELDS or isinstance(value, bool):
        return []
    return [f"{value:.12g}"] if isinstance(value, float) else [str(value)]


def folded(text: str) -> str:
    """Return *text* as a person would read it, however it is escaped, marked up or spaced."""
    plain = text
    for _ in range(3):
        plain = html.unescape(plain.replace("\\u003c", "<").replace('\\"', '"'))
    plain = re.sub(r"<[^>]*>|[*_`\"'“”‘’\\]", "", plain)
    return " ".join(plain.split()).casefold()


def test_the_site_gives_no_answer_away(tiny_site):
    hidden = {
        folded(text)
        for _, question in tiny_site.course.asked.values()
        for text in secrets(question.dump())
        if len(text) > 5
    }
    assert "secret-misconception one" in hidden
    assert "secret-example on monday." in hidden
    assert "98761.25" in hidden
    assert "secretazure" in hidden

    for path in tiny_site.root.rglob("*"):
        if path.suffix in (
            ".html",
            ".json",
            ".xml",
            ".js",
            ".css",
            ".txt",
        ) and "material" not in str(path):
            text = folded(path.read_text("utf-8"))
            assert not [secret for secret in hidden if secret in text], path
            assert "secret" not in text or "assets/javascripts" in str(path), path


def test_the_search_finds_lessons_and_no_questions(tiny_site):
    index = json.loads(tiny_site.text("search/search_index.json"))
    text = json.dumps(index)

    assert "Some text to begin with" in text
    assert "Trondheim" not in text


def test_every_page_is_valid_html(tiny_site):
    node = [PROJECT / ".venv/bin/node", PROJECT / "node_modules/.bin/html-validate"]
    assert all(path.exists() for path in node), "run 'make test', which installs html-validate"

    done = subprocess.run(
        [*node, "--config", PROJECT / ".htmlvalidate.json", *tiny_site.pages],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr


class Loaded(HTMLParser):
    """Gathers what a page loads and links to, and what a strict policy would refuse."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.links: list[str] = []
        self.refused: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "script" and "src" not in given and given.get("type") != "application/json":
            self.refused.append("an inline script")
        if tag == "style" or "style" in given:
            self.refused.append(f"inline style of <{tag}>")
        self.refused += [f"{tag} {name}" for name in given if name.startswith("on")]
        if "javascript:" in (given.get("href") or ""):
            self.refused.append("a javascript: link")
        if tag == "link" and given.get("rel") not in ("canonical", "alternate", "prev", "next"):
            self.loads.append(given["href"] or "")
        if given.get("src"):
            self.loads.append(given["src"] or "")
        for name in ("href", "action"):
            if tag in ("a", "form") and given.get(name):
                self.links.append(given[name] or "")


def test_no_page_holds_inline_code_or_loads_from_elsewhere(tiny_site):
    for path in tiny_site.pages:
        loaded = Loaded(path.read_text("utf-8"))

        assert loaded.refused == [], path
        assert not [address for address in loaded.loads if "//" in address], path


def test_the_shell_for_pages_of_the_service_works_at_any_depth(tiny_site):
    shell = tiny_site.text("404.html")
    loaded = Loaded(shell)

    for once in ("<title>", "</title>", "<!-- course:main -->", "<!-- /course:main -->", "<h1"):
        assert shell.count(once) == 1, once
    for address in loaded.loads + loaded.links:
        assert address.startswith(("/learn/", "#")), address
    assert '<meta name="robots" content="noindex">' in shell
    for absent in (
        'property="og:',
        'rel="canonical"',
        'rel="prev"',
        'rel="next"',
        'class="onward"',
    ):
        assert absent not in shell, absent


def test_what_the_shell_holds_is_inside_the_article(tiny_site):
    shell = tiny_site.text("404.html")
    before, inside, after = re.split(r"<!-- /?course:main -->", shell)

    assert before.rindex("<article") > before.rindex("<nav")
    assert "<h1>Page not found</h1>" in inside
    assert after.index("</article>") < after.index("<footer")


def test_the_learners_places_are_on_every_page(tiny_site):
    for path in tiny_site.pages:
        links = Loaded(path.read_text("utf-8")).links

        assert links.count("/learn/learning") == 2, path  # in the header, and below it on a phone
        assert links.count("/learn/account") == 2, path


@pytest.mark.parametrize(
    ("lesson", "rule"),
    [
        (
            "all-types",
            "This lesson is complete once all 8 questions are answered and you have 75% of the points. "
            "Practice: try each question as often as you like.",
        ),
        (
            "graded",
            "This lesson is complete once its question is answered and you have 66.5% of the points. "
            "Graded: each question can be answered 2 times, and the right answer is shown after the last.",
        ),
        ("reading", "This lesson is complete once you mark it as read at the end."),
    ],
)
def test_a_lesson_says_before_it_starts_when_it_is_complete(tiny_site, lesson, rule):
    page = tiny_site.text(f"basics/{lesson}/index.html")
    found = re.search(r'<p class="lesson__rule">(.*?)</p>', page, re.DOTALL)

    assert found is not None
    assert " ".join(found[1].split()) == rule


def test_a_lesson_shows_its_facts_objectives_and_sources(tiny_site):
    page = tiny_site.text("basics/all-types/index.html")

    assert "<h1>Every type, &lt;once&gt;</h1>" in page
    assert "<title>Every type, &lt;once&gt; - A Tiny Course</title>" in page
    assert "<span>Basics &amp; more</span>\n<span>7 minutes to read</span>" in page
    assert "<span>8 questions, about 11 minutes</span>" in page
    assert "<li>Tell <em>every</em> type of question from the others</li>" in page
    assert 'href="https://example.org/on-testing?a=1&amp;b=2"' in page
    assert "We read only a report of it." in page


def test_a_lesson_without_questions_ends_with_a_form(tiny_site):
    page = tiny_site.text("basics/reading/index.html")

    assert 'method="post" action="/learn/read"' in page
    assert '<input type="hidden" name="lesson" value="basics/reading">' in page
    assert "Mark as read</button>" in page
    assert "lesson__read" not in tiny_site.text("basics/all-types/index.html")


def test_other_sites_can_show_a_page_well(tiny_site):
    page = tiny_site.text("basics/all-types/index.html")

    for line in (
        '<meta name="description" content="A question of each type, &#34;quoted&#34;.">',
        '<link rel="canonical" href="https://example.org/learn/basics/all-types/">',
        '<meta property="og:title" content="Every type, &lt;once&gt;">',
        '<meta property="og:url" content="https://example.org/learn/basics/all-types/">',
        '<meta name="twitter:card" content="summary_large_image">',
        '<meta name="course-base" content="/learn/">',
    ):
        assert line in page, line
    found = re.search(r'og:image" content="https://example\.org/learn/([^"]+)"', page)
    assert found is not None
    picture = (tiny_site.root / found[1]).read_bytes()
    assert picture[1:4] == b"PNG"
    assert [int.from_bytes(picture[at : at + 4]) for at in (16, 20)] == [1200, 630]


def test_every_script_of_the_theme_is_loaded_early():
    folder = Path(plugin.__file__).parent
    template = (folder / "theme/main.html").read_text("utf-8")
    named = re.search(r"{% for name in (\[.*?\]) %}", template)
    assert named is not None

    modules = {path.stem for path in (folder / "assets").glob("*.js")}
    assert set(json.loads(named[1])) == modules - {"early", "search"}, "but for what is no module"


def test_each_colour_that_material_changes_for_dark_pages_is_set_by_our_styles() -> None:
    """Material changes them where a script has said that the page is dark; ours follow the system."""
    (palette,) = Path(material.__file__).parent.glob("templates/assets/stylesheets/palette.*.css")
    dark = re.search(r"\[data-md-color-scheme=slate\]\{([^}]*)\}", palette.read_text("utf-8"))
    assert dark is not None
    changed = set(re.findall(r"(--md-[\w-]+):(?!var\(--md-[\w-]+\)[;}])", f"{dark[1]};"))
    ours = (Path(plugin.__file__).parent / "assets/course.css").read_text("utf-8")

    assert len(changed) > 20
    assert changed - set(re.findall(r"(--md-[\w-]+):", ours)) == set()
