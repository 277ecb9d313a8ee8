"""What a build refuses, `check` reports, in the same words and at the same places."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from course.commands.check import check as check_command
from course.content.problems import CourseError, errors
from course.publish import checking, compressed, site
from course.publish.preview.state import Preview
from tests.publish.test_cache import put, replace

READING = "lessons/basics/reading.md"
QUIZ = "quizzes/basics/graded.yml"


def reported(root: Path) -> list[str]:
    return [str(problem) for problem in checking.check(root)[1]]


def refused(root: Path) -> list[str]:
    with pytest.raises(CourseError) as caught:
        site.build(root, root / "out/site", root / "out/course.json")
    return [str(problem) for problem in caught.value.problems]


def files(root: Path) -> dict[Path, bytes]:
    found = (path for path in root.rglob("*") if path.is_file() and ".cache" not in path.parts)
    return {path: path.read_bytes() for path in found}


CASES: dict[str, tuple[Callable[[Path], object], str]] = {
    "dead link": (
        replace(READING, "words", "[words](../gone.md)"),
        "lessons/basics/reading.md:8:24: links to '../gone.md', but the target 'gone.md' is not found",
    ),
    "dead anchor": (
        replace(READING, "words", "[words](#nowhere)"),
        "lessons/basics/reading.md:8:24: links to '#nowhere', but there is no such anchor",
    ),
    "dead anchor of another page": (
        replace(READING, "words", "[words](graded.md#nowhere)"),
        "lessons/basics/reading.md:8:24: links to 'graded.md#nowhere', but the doc",
    ),
    "a link that is no file": (
        replace(READING, "words", "[words](somewhere/)"),
        "lessons/basics/reading.md:8:24: links to 'somewhere/', which is no file of the course",
    ),
    "dead link in a question": (
        replace(QUIZ, "Which is first?", "Which is [first](../gone.md)?"),
        "quizzes/basics/graded.yml:8:5: questions.graded-one.prompt: links to '../gone.md', "
        "but the target 'gone.md' is not found",
    ),
    "dead link by reference in a question": (
        replace(QUIZ, "Which is first?", '"Which is [first][1]?\\n\\n[1]: gone.md"'),
        "quizzes/basics/graded.yml:8:5: questions.graded-one.prompt: links to 'gone.md'",
    ),
    "missing picture in feedback": (
        replace(QUIZ, "SECRET-GRADED}", '"![x](gone.png)"}'),
        "quizzes/basics/graded.yml:10:34: questions.graded-one.options.1.feedback: links to 'gone.png'",
    ),
    "a link in an explanation that is no file": (
        replace(QUIZ, "SECRET-GRADED-EXPLAINED", "It [is](somewhere/)."),
        "quizzes/basics/graded.yml:12:5: questions.graded-one.explanation: links to 'somewhere/', "
        "which is no file of the course",
    ),
    "dead anchor in a question": (
        replace(QUIZ, "Which is first?", "'Which is [first](#nowhere)?'"),
        "quizzes/basics/graded.yml:8:5: questions.graded-one.prompt: links to '#nowhere', but the doc",
    ),
    "dead anchor of another page in a question": (
        replace(QUIZ, "Which is first?", "'Which is [first](reading.md#nowhere)?'"),
        "quizzes/basics/graded.yml:8:5: questions.graded-one.prompt: links to 'reading.md#nowhere', "
        "but the doc 'basics/reading.md' does not contain an anchor",
    ),
    "missing snippet": (
        put(READING, '---\ntitle: A\nlesson: false\n---\n\n--8<-- "parts/gone.txt"\n'),
        "lessons/basics/reading.md:6:1: cannot be made into a page: ",
    ),
    "missing page in the navigation": (
        replace("mkdocs.yml", "basics/graded.md", "basics/greded.md"),
        "mkdocs.yml:12:9: nav: there is no lessons/basics/greded.md",
    ),
    "unknown plugin": (
        replace("mkdocs.yml", "  - search\n", "  - search\n  - sarch\n"),
        "mkdocs.yml:1:1: Config value 'plugins': The \"sarch\" plugin is not installed",
    ),
    "no plugin of ours": (
        replace("mkdocs.yml", "  - course\n", ""),
        "mkdocs.yml:1:1: does not use the engine",
    ),
    "unknown template": (
        put(READING, "---\ntitle: A\nlesson: false\ntemplate: gone.html\n---\n"),
        "lessons/basics/reading.md:4:1: template: the theme has no template 'gone.html'",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_check_reports_what_build_refuses(tiny: Path, case: str) -> None:
    change, expected = CASES[case]
    change(tiny)
    before = files(tiny)

    found = reported(tiny)

    assert any(line.startswith(expected) for line in found), found
    assert found == refused(tiny)
    assert files(tiny) == before


LIVE = """\
      [a](reading.md) [b](../reading/) [c](../../basics/reading/#more) [d](#q-graded-one)
      [e](reading.md#more) [f](/elsewhere) [g](https://a.example/x) [h](../../learning/) [i](../index.md)
      [j](../../) [k](mailto:a@b.example) `[code](gone.md)` <a href="../reading/">l</a> [m](reading.md?x#more)
      ![n](../map.png) ![o](../../map.png)
"""


def link(root: Path) -> None:
    """Let a question and a lesson link in every way that leads somewhere."""
    replace(QUIZ, "Which is first?", f"|\n{LIVE}")(root)
    replace(READING, "words.", "words.\n\n## More\n\nA [question](graded.md#q-graded-one).")(root)
    (root / "lessons/map.png").write_bytes(b"")


def test_links_of_questions_count_from_the_quiz_or_from_the_page(tiny: Path) -> None:
    link(tiny)

    assert reported(tiny) == []
    site.build(tiny, tiny / "out/site", tiny / "out/course.json")
    page = (tiny / "out/site/basics/graded/index.html").read_text("utf-8")
    assert '<a href="/basics/reading/#more" rel="noopener noreferrer">e</a>' in page
    assert '<a href="/basics/reading/?x#more" rel="noopener noreferrer">m</a>' in page
    assert '<a href="../reading/" rel="noopener noreferrer">b</a>' in page
    assert '<img alt="n" src="/map.png">' in page


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (replace(READING, "## More", "## Less"), {"reading.md#more"}),
        (lambda root: (root / "lessons/map.png").unlink(), {"../map.png", "../../map.png"}),
    ],
)
def test_what_a_question_links_to_is_looked_at_again_where_its_page_is_cached(
    tiny: Path, change: Callable[[Path], object], expected: set[str]
) -> None:
    link(tiny)
    assert reported(tiny) == []

    change(tiny)
    found = [line for line in reported(tiny) if line.startswith(f"{QUIZ}:8:5: ")]

    assert {line.split("'")[1] for line in found} == expected
    assert refused(tiny) == reported(tiny)


def test_words_to_be_typed_are_no_links_tags_or_formulas(tiny: Path) -> None:
    words = r"'<video>', '\(', '[x](gone.md)'"
    replace("quizzes/basics/all-types.yml", "[SECRETAZURE]", f"[{words}]")(tiny)

    assert reported(tiny) == []


def test_the_preview_shows_dead_links_of_a_question_at_the_question(tiny: Path) -> None:
    replace(QUIZ, "Which is first?", "'Which is [first](gone.md), [second](reading.md#gone)?'")(
        tiny
    )
    shown = Preview(tiny, "http://127.0.0.1:8001/")
    try:
        page = shown.page("basics/graded/")
    finally:
        shown.close()

    assert page is not None
    assert "links to &#39;gone.md&#39;" in page
    assert "links to &#39;reading.md#gone&#39;" in page
    assert "quizzes/basics/graded.yml:8" in page


def test_everything_is_reported_at_once(tiny: Path) -> None:
    replace(READING, "words", "[words](gone.md)")(tiny)
    replace("lessons/basics/graded.md", "minutes: 1", "minutes: 0\ndescription: x")(tiny)
    replace("lessons/basics/graded.md", "The text.", "The [text](#gone).")(tiny)
    put("lessons/later/only.md", "---\ntitle: B\nlesson: false\n---\n\n[a](other.md)\n")(tiny)

    found = reported(tiny)

    assert [line.partition(" ")[0] for line in found] == [
        "lessons/basics/graded.md:3:1:",
        "lessons/basics/graded.md:10:12:",
        "lessons/basics/reading.md:8:24:",
        "lessons/later/only.md:6:5:",
    ]
    assert refused(tiny) == found


def test_a_page_that_cannot_be_read_hides_no_other_problem(tiny: Path) -> None:
    replace(READING, "words", "[words](gone.md)")(tiny)
    (tiny / "lessons/basics/graded.md").write_bytes(b"---\ntitle: \xff\n---\n")

    found = reported(tiny)

    assert "lessons/basics/graded.md:2:8: is not UTF-8 text" in found[0]
    assert any("links to 'gone.md'" in line for line in found)
    assert not any("Encoding error" in line for line in found)


def test_a_quiz_without_a_sound_question_is_no_problem_of_its_page(tiny: Path) -> None:
    put(
        "lessons/basics/alone.md",
        "---\ntitle: A\nminutes: 1\nobjectives: {aim: Say it}\n---\n\n/// quiz\n///\n",
    )(tiny)
    put(
        "quizzes/basics/alone.yml",
        "questions:\n  - {id: alone, type: singel, objective: aim, prompt: A, options: [{text: B}]}\n",
    )(tiny)
    replace("mkdocs.yml", "basics/graded.md", "basics/graded.md\n      - basics/alone.md")(tiny)

    found = reported(tiny)

    assert [line.partition(" ")[0] for line in found] == ["quizzes/basics/alone.yml:2:17:"]
    assert refused(tiny) == found


def test_a_sound_course_can_be_checked_and_built(tiny: Path) -> None:
    assert reported(tiny) == []
    assert CliRunner().invoke(check_command, ["--root", str(tiny)]).exit_code == 0
    site.build(tiny, tiny / "out/site", tiny / "out/course.json")


def test_a_course_without_an_address_can_be_built_and_has_no_feed(tiny: Path) -> None:
    replace("mkdocs.yml", 'site_url: !ENV [COURSE_SITE_URL, "http://127.0.0.1:8000/"]\n', "")(tiny)

    assert reported(tiny) == []
    site.build(tiny, tiny / "out/site", tiny / "out/course.json")
    assert not (tiny / "out/site/feed.xml").exists()


@pytest.mark.parametrize("markdown_inside", [False, True])
@pytest.mark.parametrize("attribute", ["id", "name", "href", "src", "class"])
def test_a_tag_with_an_attribute_without_value_is_built(
    tiny: Path, attribute: str, *, markdown_inside: bool
) -> None:
    text = f"Replace <device {attribute}> and <a {attribute}>.\n\n## A heading\n\n<p {attribute}>x</p>\n"
    if markdown_inside:
        text = f'<div markdown="1">\n\n{text}\n</div>\n'
    put(READING, f"---\ntitle: A\nlesson: false\n---\n\n{text}")(tiny)

    assert errors(checking.check(tiny)[1]) == []
    site.build(tiny, tiny / "out/site", tiny / "out/course.json")


HOOK = """\
def {event}(*args, **kwargs):
    if {when}:
        raise {error}
"""
PAGE_EVENTS = [
    "on_pre_page",
    "on_page_read_source",
    "on_page_markdown",
    "on_page_content",
    "on_page_context",
    "on_post_page",
]
IS_READING = "getattr((kwargs.get('page') or args[0]).file, 'src_uri') == 'basics/reading.md'"


@pytest.mark.parametrize("error", ["KeyError('colour')", "SystemError()", "PluginError('no disk')"])
@pytest.mark.parametrize("event", PAGE_EVENTS)
def test_whatever_a_plugin_raises_names_the_page(tiny: Path, event: str, error: str) -> None:
    hook = HOOK.format(event=event, when=IS_READING, error=error)
    put("hooks/own.py", f"from mkdocs.exceptions import PluginError\n{hook}")(tiny)
    put("mkdocs.yml", (tiny / "mkdocs.yml").read_text() + "\nhooks: [hooks/own.py]\n")(tiny)

    found = refused(tiny)

    assert found[0].startswith("lessons/basics/reading.md:1:1: cannot be made into a page: ")
    assert found[0].endswith(" (the hook hooks/own.py)")


@pytest.mark.parametrize("event", ["on_config", "on_files", "on_nav", "on_env"])
def test_what_a_plugin_raises_apart_from_pages_names_the_plugin(tiny: Path, event: str) -> None:
    hook = HOOK.format(event=event, when="True", error="RuntimeError('no disk')")
    put("hooks/own.py", hook)(tiny)
    put("mkdocs.yml", (tiny / "mkdocs.yml").read_text() + "\nhooks: [hooks/own.py]\n")(tiny)

    assert reported(tiny) == ["mkdocs.yml:1:1: the hook hooks/own.py failed: no disk"]


def test_the_preview_shows_what_a_page_could_not_be_made_for(tiny: Path) -> None:
    hook = HOOK.format(event="on_page_content", when=IS_READING, error="KeyError('colour')")
    put("hooks/own.py", hook)(tiny)
    put("mkdocs.yml", (tiny / "mkdocs.yml").read_text() + "\nhooks: [hooks/own.py]\n")(tiny)
    shown = Preview(tiny, "http://127.0.0.1:8001/")
    try:
        page = shown.page("basics/reading/")
    finally:
        shown.close()

    assert page is not None
    assert "cannot be made into a page: KeyError:" in page


def test_words_in_angle_brackets_that_nobody_would_see_are_warned_of_at_each_check(
    tiny: Path,
) -> None:
    text = "Use `<device id>`, <kbd>Ctrl</kbd>, <my-part x>.\n\n    <code here>\n\nReplace <Device id>."
    put(READING, f"---\ntitle: A\nlesson: false\n---\n\n{text}\n")(tiny)
    expected = (
        "lessons/basics/reading.md:10:9: warning: '<Device id>' is read as a tag of HTML, so nobody "
        "sees it\n    hint: put it in backticks, or write '&lt;' for '<'"
    )

    for _ in range(2):  # from nothing, and from the cache
        warnings: list[str] = []
        site.build(
            tiny,
            tiny / "out/site",
            tiny / "out/course.json",
            on_warning=lambda problem: warnings.append(str(problem)),  # noqa: B023
        )
        result = CliRunner().invoke(check_command, ["--root", str(tiny)])

        assert warnings == [expected]
        assert result.output.startswith(f"{expected}\n")
        assert result.output.endswith("no problems, 1 warning.\n")
        assert result.exit_code == 0


def test_a_course_with_a_long_index_of_the_search_can_be_checked(
    tiny: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compressed, "LARGE", 1_000)

    assert reported(tiny) == []
