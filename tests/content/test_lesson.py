"""Where quiz blocks stand in a lesson."""

from typing import Any

import markdown
import pytest

from course.content import lesson
from course.content.lesson import Block
from course.content.problems import errors

FRONT_MATTER = """\
---
title: A lesson
minutes: 5
objectives:
  aim: Tell this from that
---
"""

HEADINGS = [
    "# It's AT&T's *own* snake_case `c_d` [link](https://example.org) 1.73 – é ß &amp; more",
    "## Twice",
    "## Twice",
    "##Without a space",
    "Underlined\n----------",
    "## Given {#own-id .class}",
    "## Closed ##",
    "## Ünï 漢字",
    "## 漢字",
    "```\n## Not this\n```",
    "<!--\n## Nor this\n-->",
]


def blocks_of(body: str, tmp_path) -> tuple[Block, ...]:
    path = tmp_path / "lesson.md"
    path.write_text(FRONT_MATTER + body)
    file, problems = lesson.read(tmp_path, path, lesson=True)
    assert errors(problems) == []
    return file.blocks


def anchors_of(tokens) -> list[str]:
    return [name for token in tokens for name in (token["id"], *anchors_of(token["children"]))]


def test_anchors_are_those_that_markdown_makes(tmp_path):
    page: Any = markdown.Markdown(extensions=["toc", "attr_list", "pymdownx.superfences"])
    page.convert("\n\n".join(HEADINGS))

    found = blocks_of("\n\n".join(f"{text}\n\n/// quiz\n///" for text in HEADINGS), tmp_path)

    assert list(dict.fromkeys(block.anchor for block in found)) == anchors_of(page.toc_tokens)


def test_a_block_knows_its_name_line_and_section(tmp_path):
    body = """\
/// quiz
///

## Who *says* so

/// quiz | opening
///

Said by whom?
=============

//// QUIZ |  first-act

////
"""

    assert blocks_of(body, tmp_path) == (
        Block("", 7, "", ""),
        Block("opening", 12, "Who says so", "who-says-so"),
        Block("first-act", 18, "Said by whom?", "said-by-whom"),
    )


@pytest.mark.parametrize(
    "body",
    [
        "```\n/// quiz\n```\n",
        "~~~ md\n```\n/// quiz\n~~~\n",
        "- A list\n\n    ```\n    /// quiz\n    ```\n",
        "> ```\n> /// quiz\n> ```\n",
        "````\n```\n/// quiz\n````\n",
        "<!-- /// quiz\n/// -->\n",
        "<!--\n\n/// quiz\n///\n\n-->\n",
        "Write `/// quiz` for a block.\n",
        "// quiz | two slashes are no block\n",
        "/// note | Another block\n///\n",
    ],
)
def test_what_only_looks_like_a_block_is_none(tmp_path, body):
    assert blocks_of(body, tmp_path) == ()


@pytest.mark.parametrize(
    "before", ["```code``` in a line\n", "```\nnever closed\n", "<!-- closed -->\n", "``` a `b\n"]
)
def test_a_block_after_what_is_no_fence_is_one(tmp_path, before):
    assert len(blocks_of(f"{before}\n/// quiz\n///\n", tmp_path)) == 1
