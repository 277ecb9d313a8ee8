"""Mermaid fences become pictures in short texts as in pages; drawing them cannot hold up anything else."""

import re
from urllib.parse import unquote

import pytest

from course import markup
from course.content import questions
from course.content.hosts import Hosts
from course.content.model import PlainText
from course.markup import diagrams
from course.markup.diagrams import DiagramError

WAY = "```mermaid\nflowchart LR\n  accTitle: Where a report goes\n  A[Report] --> B{Urgent?}\n```"
PICTURE = re.compile(
    r'<img class="course-diagram__(light|dark)" src="data:image/svg\+xml,([^"]*)" alt="([^"]*)"'
)


def test_a_short_text_holds_its_diagrams_as_pictures_for_light_and_dark_pages() -> None:
    light, dark = PICTURE.findall(markup.prose(f"Look:\n\n{WAY}\n\nWho reads it?"))

    assert (light[0], light[2]) == ("light", "Where a report goes")
    assert (dark[0], dark[2]) == ("dark", "Where a report goes")
    assert unquote(light[1]).startswith("<svg ")
    assert ">Urgent?</text>" in unquote(light[1])
    assert "#fcfaf5" in unquote(light[1])
    assert "#121a1b" in unquote(dark[1])


def test_a_diagram_without_a_title_is_told_by_its_words() -> None:
    html = markup.prose("```mermaid\nflowchart LR\n  A[Report] --> B[Mail]\n```")

    assert [words for _, _, words in PICTURE.findall(html)] == ["Diagram: Report, Mail"] * 2


def test_a_diagram_may_stand_where_a_phrase_may() -> None:
    html = markup.phrase(WAY)

    assert html.startswith('<span class="course-diagram"><img ')
    assert html.endswith("</span>")
    assert "<p" not in html


@pytest.mark.parametrize(
    "text",
    [
        "~~~mermaid\ngraph LR\n  A-->B\n~~~",
        "``` { .mermaid }\ngraph LR\n  A-->B\n```",
        "> ```mermaid\n> graph LR\n>   A-->B\n> ```",
        "1. First:\n\n    ```mermaid\n    graph LR\n      A-->B\n    ```",
        "First:\n```mermaid\ngraph LR\n  A-->B\n```",
    ],
)
def test_every_fence_of_mermaid_is_drawn(text: str) -> None:
    assert len(PICTURE.findall(markup.prose(text))) == 2
    assert list(markup.faults_of(text, Hosts())) == []


@pytest.mark.parametrize(
    "text",
    ["````markdown\n```mermaid\ngraph LR\n```\n````", "    ```mermaid\n    graph LR\n    ```"],
)
def test_code_that_shows_a_fence_stays_code(text: str) -> None:
    assert "<img" not in markup.prose(text)


def test_what_somebody_typed_is_never_drawn() -> None:
    assert "<img" not in markup.phrase(PlainText(WAY))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("```mermaid\nnosuch\n```", "a mermaid diagram cannot be drawn: No Mermaid diagram type"),
        ('```mermaid title="x"\ngraph LR\n  A-->B\n```', "a diagram has no option 'title'"),
        (
            '```mermaid\ngraph LR\n  A-->B\n  click A "https://a.example"\n```',
            "nothing in it can be clicked",
        ),
        (
            "```mermaid\ngraph LR\n" + "  A-->B\n" * 700 + "```",
            "a diagram in a question has 5608 characters; the limit is 5000",
        ),
        ("```mermaid\ngraph LR\n  A-->B", "'```' begins here and is never closed"),
    ],
)
def test_what_of_a_diagram_no_question_can_show_is_told(text: str, message: str) -> None:
    (fault,) = markup.faults_of(text, Hosts())

    assert message in fault.message
    assert fault.hint


def test_comments_may_be_empty() -> None:
    drawn = diagrams.draw("sequenceDiagram\n  Ann->>Bob: asks\n%%\n  Bob->>Ann: answers\n%%")

    assert ">answers</text>" in drawn["light"]


def test_a_renderer_that_does_not_end_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(diagrams, "SECONDS", 1)
    monkeypatch.setattr(diagrams, "_EMPTY_COMMENT", re.compile("never"))  # in which it loops

    with pytest.raises(DiagramError, match="takes too long to draw"):
        diagrams.draw("sequenceDiagram\n  Ann->>Bob: asks for ever\n%%\n")


@pytest.mark.parametrize(
    ("text", "words"),
    [(f"Look:\n\n{WAY}", "Look: Where a report goes"), ("![A dot](dot.svg)", "A dot")],
)
def test_a_line_of_text_has_words_for_pictures(text: str, words: str) -> None:
    assert markup.plain(text) == words


MATCH = {
    "id": "pairs",
    "type": "match",
    "objective": "read",
    "prompt": "What does it mean?",
    "pairs": [
        {"left": WAY, "right": "a decision"},
        {"left": "a step", "right": WAY.replace("Where a report goes", "A box")},
    ],
    "explanation": "Diamonds ask.",
}


def test_a_menu_names_a_diagram_by_its_words() -> None:
    html = markup.question(questions.load(MATCH))

    assert re.findall(r"<option [^>]*>([^<]*)</option>", html)[:3] == [
        "Choose", "A box", "a decision",
    ]  # fmt: skip


def test_a_pair_with_a_diagram_is_read_as_one_above_the_other() -> None:
    first, second = questions.load(MATCH).key()

    assert len(PICTURE.findall(markup.phrase(first))) == 2
    assert markup.plain(first) == "Where a report goes a decision"
    assert markup.plain(second) == "a step: A box"


def test_numbers_that_differ_and_braces_of_a_diagram_do_not_meet() -> None:
    question = questions.load(
        {
            "id": "n",
            "type": "numeric",
            "objective": "o",
            "prompt": f"How many of {{n}}?\n\n{WAY}",
            "parameters": {"n": [2, 4]},
            "answer": "n / 2",
            "explanation": f"It is {{answer}}.\n\n{WAY}",
        }
    )

    assert list(question.faults()) == []
    html = markup.question(question)
    assert '<span data-number="n">2</span>' in html
    assert len(PICTURE.findall(html)) == 2
    met = question.as_shown(question.shown(""))
    assert met.explanation == f"It is 1.\n\n{WAY}"
