"""The Markdown extension by itself, as a builder without plugins runs it."""

import re
from collections.abc import Sequence
from types import SimpleNamespace

import markdown
import pytest
from markdown.treeprocessors import Treeprocessor

from course.content.problems import CourseError
from course.content.reading import open_course


def render(
    root,
    path: str,
    text: str,
    builder: str = "mkdocs",
    extensions: Sequence[str] = (),
    **settings: object,
) -> str:
    md = markdown.Markdown(
        extensions=["course.publish.blocks", *extensions],
        extension_configs={"course.publish.blocks": {"root": str(root), **settings}},
    )
    if builder == "mkdocs":
        processor = Treeprocessor(md)
        processor.file = SimpleNamespace(src_uri=path)  # type: ignore[attr-defined]
        processor.run = lambda root: None  # type: ignore[method-assign]
        md.treeprocessors.register(processor, "relpath", 0)
    else:
        processor = markdown.preprocessors.Preprocessor(md)
        processor.page = SimpleNamespace(path=path)  # type: ignore[attr-defined]
        processor.run = lambda lines: lines  # type: ignore[method-assign]
        md.preprocessors.register(processor, "zensical", 0)
    return md.convert(text)


def asked(html: str) -> list[str]:
    return re.findall(r'<course-question [^>]*id="q-([^"]+)"', html)


@pytest.mark.parametrize("builder", ["mkdocs", "zensical"])
def test_each_block_places_its_questions_once(tiny, builder):
    text = "/// quiz | capital\n///\n\nWords.\n\n/// quiz | middle\n///\n\n/// quiz\n///\n"

    html = render(tiny, "basics/all-types.md", text, builder)

    first = ["capital", "colours", "gaps"]
    assert asked(html) == [*first, "how-many", "sequence", "pairs", "essay", "mood"]
    assert html.index("q-capital") < html.index("<p>Words.</p>") < html.index("q-colours")


def test_a_form_is_not_touched_by_markdown(tiny):
    html = render(tiny, "basics/all-types.md", "/// quiz | capital\n///\n")

    assert html.startswith('<course-question class="question" id="q-capital"')
    assert html.endswith("</course-question>")
    assert "<p><course-question" not in html


def test_forms_post_below_the_address_of_the_course(tiny):
    course = open_course(tiny, "https://example.org/learn/")

    html = render(tiny, "basics/all-types.md", "/// quiz | capital\n///\n", course=course)

    assert 'action="/learn/answers"' in html


def test_a_quiz_that_needs_an_account_says_so_above_its_questions(tiny):
    quiz = tiny / "quizzes/basics/all-types.yml"
    quiz.write_text(f"account: required\n{quiz.read_text('utf-8')}", "utf-8")

    html = render(tiny, "basics/all-types.md", "/// quiz | capital\n///\n")

    notice, _, questions = html.partition("<course-question")
    assert "These questions need an account" in notice
    assert re.findall(r'href="([^"]+)"', notice) == [
        f"{open_course(tiny).base}account/{name}" for name in ("sign-in", "sign-up")
    ]
    assert "need an account" not in questions


def test_code_shows_a_block_as_it_is_written(tiny):
    html = render(tiny, "basics/all-types.md", "Write this:\n\n    /// quiz | capital\n    ///\n")

    assert asked(html) == []
    assert "/// quiz | capital" in html


@pytest.mark.parametrize(
    ("path", "block", "message", "hint"),
    [
        (
            "basics/all-types.md",
            "/// quiz | capitol\n///\n",
            "lessons/basics/all-types.md:1:1: no question, group or objective is named 'capitol'",
            "did you mean 'capital'?",
        ),
        (
            "basics/all-types.md",
            "/// quiz | capital\n///\n\n/// quiz | capital\n///\n",
            "lessons/basics/all-types.md:23:1: 'capital' stands in an earlier quiz block",
            "remove one of them",
        ),
        (
            "basics/reading.md",
            "/// quiz | capital\n///\n",
            "lessons/basics/reading.md:1:1: this page is no lesson with a quiz",
            "list it in a module of mkdocs.yml",
        ),
    ],
)
def test_a_block_that_resolves_to_nothing_stops_the_build(tiny, path, block, message, hint):
    with pytest.raises(CourseError) as caught:
        render(tiny, path, block)

    assert str(caught.value) == f"{message}\n    hint: {hint}"


def test_a_course_with_mistakes_stops_the_build(tiny):
    (tiny / "quizzes/basics/graded.yml").write_text("questions: []\n")

    with pytest.raises(CourseError, match=r"quizzes/basics/graded\.yml:1:1: questions: is empty"):
        render(tiny, "basics/all-types.md", "/// quiz | capital\n///\n")
