"""What the policy would block is reported with its place; what needs no script is drawn by the build."""

import json
from pathlib import Path
from urllib.parse import unquote

import pytest

from course.publish import checking, site
from course.starting import courses

LESSON = "lessons/meetings/planning.md"
QUIZ = "quizzes/meetings/planning.yml"


@pytest.fixture
def begun(tmp_path: Path) -> Path:
    courses.new_course(tmp_path / "course", "Blocked")
    return tmp_path / "course"


def add(root: Path, text: str) -> int:
    """Append *text* to the lesson; return its first line."""
    lesson = root / LESSON
    before = lesson.read_text("utf-8")
    lesson.write_text(f"{before}\n{text}\n", "utf-8")
    return before.count("\n") + 2


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            '<iframe src="https://www.youtube.com/embed/abc" title="Film"></iframe>',
            "the frame from www.youtube.com",
        ),
        ("![A map](https://example.org/map.png)", "the picture from example.org"),
        ('<p style="color: red">Mind the gap.</p>', "the style 'color: red'"),
        ('<p onclick="go()">x</p>', "'onclick' does nothing"),
        ("[x](javascript:alert(1))", "the link javascript:alert(1)"),
        ("<script>go()</script>", "this script is not run"),
        ('<script src="https://a.example/x.js"></script>', "this script is not run"),
        ("<style>p { color: red }</style>", "this <style> has no effect"),
        ('<video><source src="http://a.example/x.mp4"></video>', "the film from a.example"),
        ('<audio src="//a.example/x.mp3"></audio>', "the sound from a.example"),
        (
            '<img srcset="a.png, https://a.example/b.png 2x" src="a.svg" alt="">',
            "the picture from a.example",
        ),
        (
            '<link rel="stylesheet" href="https://a.example/x.css">',
            "the styles of https://a.example/x.css",
        ),
        ('<object data="x.pdf"></object>', "<object> is not shown"),
        (r"A formula \(\nosuch\).", r"the formula \nosuch cannot be drawn"),
        (r"So \(a^2 is a square.", r"the formula '\(a^2 is a square.' is not closed"),
        ("\\[\na = b", r"the formula '\[ a = b' is not closed"),
        (r"So \[ \frac{1}{2} \] it is.", r"the formula '\frac{1}{2}' has other words on its lines"),
        ("```mermaid\nnosuch\n```", "a mermaid diagram cannot be drawn"),
        (
            '```mermaid\ngraph LR\n  A-->B\n  click A "https://a.example"\n```',
            "nothing in it can be clicked",
        ),
        (
            '```mermaid title="Ways"\ngraph LR\n  A-->B\n```',
            "a diagram has no option 'title'",
        ),
    ],
)
def test_what_is_blocked_is_reported_at_its_line(text: str, message: str, begun: Path) -> None:
    line = add(begun, text)

    _, problems = checking.check(begun)

    found = [
        problem for problem in problems if problem.path == LESSON and message in problem.message
    ]
    assert len(found) == 1, problems
    assert line <= found[0].line <= line + text.count("\n")
    assert found[0].hint


def test_an_unclosed_formula_is_told_from_an_earlier_one_that_begins_alike(begun: Path) -> None:
    line = add(begun, "\\[\na\n\\]\n\n\\[\n\nb\n\n\\]")

    _, problems = checking.check(begun)

    assert [(problem.line, problem.message) for problem in problems] == [
        (line + 4, r"the formula '\[' is not closed")
    ]


def test_an_unclosed_formula_in_a_question_is_told_at_its_text(begun: Path) -> None:
    quiz = begun / "quizzes/meetings/planning.yml"
    text = quiz.read_text("utf-8").replace("    prompt: ", r"    prompt: Of \(x, ", 1)
    quiz.write_text(text, "utf-8")
    line = next(at for at, said in enumerate(text.split("\n"), 1) if r"\(x" in said)

    _, problems = checking.check(begun)

    assert [(problem.path, problem.line, problem.is_warning) for problem in problems] == [
        ("quizzes/meetings/planning.yml", line, False)
    ]
    assert r"prompt: the formula '\(x, " in problems[0].message
    assert r"close it with '\)'" in problems[0].hint


def add_question(root: Path, prompt: str, feedback: str) -> int:
    """Append a question to the quiz; return its first line."""
    question = {
        "id": "drawn",
        "type": "single",
        "objective": "purpose",
        "prompt": prompt,
        "options": [{"text": "Yes", "correct": True, "feedback": feedback}, {"text": "No"}],
        "explanation": "It is so.",
    }
    quiz = root / QUIZ
    before = quiz.read_text("utf-8").rstrip("\n")
    lines = "\n    ".join(f"{name}: {json.dumps(value)}" for name, value in question.items())
    quiz.write_text(f"{before}\n  - {lines}\n", "utf-8")
    return before.count("\n") + 2


def test_a_diagram_of_a_question_that_cannot_be_drawn_is_reported_at_its_line(begun: Path) -> None:
    line = add_question(begun, "Which?", "Look:\n\n```mermaid\nnosuch\n```")

    _, problems = checking.check(begun)

    assert [str(problem).partition(" cannot be drawn")[0] for problem in problems] == [
        f"{QUIZ}:{line + 4}:48: questions.drawn.options.1.feedback: a mermaid diagram"
    ]


def test_the_site_has_the_diagrams_of_a_prompt_and_none_of_what_is_said_afterwards(
    begun: Path,
) -> None:
    asked = "```mermaid\ngraph LR\n  accTitle: The ways\n  A-->B[Either way]\n```"
    told = "```mermaid\ngraph LR\n  accTitle: The right way\n  A-->B[The key]\n```"
    add_question(begun, f"Which?\n\n{asked}", told)

    site.build(begun, begun / "site", begun / "build/course.json")

    page = unquote((begun / "site/meetings/planning/index.html").read_text("utf-8"))
    assert page.count(">Either way</text>") == 2
    assert page.count('alt="The ways"') == 2
    for path in (begun / "site").rglob("*.*"):
        said = unquote(path.read_bytes().decode("utf-8", "replace"))
        assert "The right way" not in said, path
        assert "The key" not in said, path


def test_words_about_what_is_blocked_are_no_problem(begun: Path) -> None:
    add(
        begun,
        '`<iframe src="https://a.example">` and\n\n```html\n<p style="color: red" onclick="x()">\n```',
    )

    assert checking.check(begun)[1] == []


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        (
            "extra_javascript:\n  - https://unpkg.com/mathjax@3/es5/tex-mml-chtml.js\n",
            "from unpkg.com is not loaded",
        ),
        ("extra_css: [https://a.example/x.css]\n", "from a.example is not loaded"),
    ],
)
def test_a_setting_that_loads_from_elsewhere_is_reported(
    setting: str, message: str, begun: Path
) -> None:
    path = begun / "mkdocs.yml"
    path.write_text(path.read_text("utf-8") + setting, "utf-8")

    _, problems = checking.check(begun)

    assert [message in problem.message for problem in problems] == [True]


def test_settings_that_material_s_documents_give_are_taken_over(begun: Path) -> None:
    path = begun / "mkdocs.yml"
    text = path.read_text("utf-8").replace(
        "  - pymdownx.emoji\n",
        "  - pymdownx.arithmatex:\n      generic: true\n  - pymdownx.emoji:\n"
        "      emoji_index: !!python/name:material.extensions.emoji.twemoji\n"
        "      emoji_generator: !!python/name:material.extensions.emoji.to_svg\n",
    )
    path.write_text(text, "utf-8")
    add(begun, ":smile: :material-account: \\(a^2\\), $5 and $6.")

    _, problems = checking.check(begun)
    site.build(begun, begun / "site", begun / "build/course.json")

    assert [(problem.path, problem.is_warning) for problem in problems] == [("mkdocs.yml", True)]
    page = (begun / "site/meetings/planning/index.html").read_text("utf-8")
    assert "😄" in page
    assert "cdn." not in page
    assert '<math alttext="a²">' in page
    assert "$5 and $6." in page


def test_dollars_are_formulas_where_the_settings_say_so(begun: Path) -> None:
    path = begun / "mkdocs.yml"
    asked = "  - course:\n      dollar_formulas: true\n"
    path.write_text(path.read_text("utf-8").replace("  - course\n", asked, 1), "utf-8")
    add(begun, "It is $a^2$.")

    site.build(begun, begun / "site", begun / "build/course.json")

    assert '<math alttext="a²">' in (begun / "site/meetings/planning/index.html").read_text("utf-8")


def test_a_heading_with_a_formula_has_the_anchor_that_learners_are_sent_to(begun: Path) -> None:
    lesson = begun / LESSON
    text = lesson.read_text("utf-8").replace(
        "## Build an agenda that fits", r"## About \(\frac{1}{2} x_{i}\)"
    )
    lesson.write_text(text, "utf-8")

    course = site.build(begun, begun / "site", begun / "build/course.json")

    page = (begun / "site/meetings/planning/index.html").read_text("utf-8")
    places = course.lessons["meetings/planning"].places.values()
    anchors = {place.anchor for place in places if place.section.startswith("About")}
    assert len(anchors) == 1
    assert f'<h2 id="{anchors.pop()}">About <math' in page
    index = (begun / "site/search/search_index.json").read_text("utf-8")
    assert "About 1/2x_i" in index


def test_diagrams_are_the_same_from_the_cache_and_leave_with_their_page(begun: Path) -> None:
    line = add(begun, "```mermaid\ngraph LR\n  A-->B\n```")

    def built() -> dict[str, bytes]:
        site.build(begun, begun / "site", begun / "build/course.json")
        folder = begun / "site/assets/diagrams"
        return {path.name: path.read_bytes() for path in folder.glob("*.svg")}

    first, again = built(), built()
    text = (begun / LESSON).read_text("utf-8").split("\n")
    (begun / LESSON).write_text("\n".join(text[: line - 1]), "utf-8")

    assert len(first) == 2
    assert again == first
    assert built() == {}
