"""Questions that other programs ship or write are imported, and other programs read what we write."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from course.content.reading import open_course
from course.formats import files
from course.formats.items import ExportedQuestion
from tests.conftest import SMALL
from tests.formats import others

ROOT = Path(__file__).parents[2]


def test_the_table_of_the_documents_is_what_becomes_of_each_set() -> None:
    text = (ROOT / "docs/formats.md").read_text(encoding="utf-8")
    shown = text.partition("<!-- sets -->\n")[2].partition("\n<!-- /sets -->")[0]

    assert shown == others.table(), "put the output of `python -m tests.formats.others` there"


@pytest.mark.parametrize("name", others.SETS)
def test_most_of_what_others_made_is_carried(name: str) -> None:
    items = others.items_of(name)

    assert len(items) >= 5
    assert sum(not item.refused for item in items) >= 0.8 * len(items)
    assert all(item.lost for item in items if item.status == "part")


def small(kind: str) -> bytes:
    """Return the questions of the small course in a format."""
    asked = [
        ExportedQuestion(question, name, lesson.title, SMALL / "lessons" / lesson.url)
        for name, lesson in open_course(SMALL).lessons.items()
        for question in lesson.questions
    ]
    content, _ = files.write(kind, asked, SMALL / "lessons")
    assert content is not None
    return content


READ_GIFT = """
import { readFileSync } from "node:fs";
import gift from "gift-pegjs";
console.log(JSON.stringify(gift.parse(readFileSync(0, "utf8"))));
"""


def test_gift_pegjs_reads_our_gift() -> None:
    node = Path(sys.prefix, "bin/node")
    done = subprocess.run(
        [node, "--input-type=module", "-e", READ_GIFT],
        input=small("gift"),
        capture_output=True,
        cwd=ROOT,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    read = json.loads(done.stdout)

    assert [one["type"] for one in read] == [
        "Category", "MC", "MC", "Numerical", "Matching", "Essay", "Category", "MC", "MC",
    ]  # fmt: skip
    pick, tick = read[1:3]
    assert pick["id"] == "pick"
    assert pick["stem"] == {"format": "markdown", "text": "Which is *right*?"}
    assert [option["isCorrect"] for option in pick["choices"]] == [False, True]
    assert pick["choices"][0]["feedback"]["text"] == "Left is where it is not, secret-pick-left."
    assert [option["weight"] for option in tick["choices"]] == [50, 50, -50]


def test_moodle_xml_parser_reads_our_moodle_xml() -> None:
    from moodle_xml_parser import parser

    read = parser.parse_bytes(small("moodle"))
    (cloze,) = read["cloze"]

    assert [q.name for q in read["multichoice"]] == ["pick", "tick", "graded-one", "graded-two"]
    assert [o.score_fraction for o in read["multichoice"][1].options] == [50, 50, -50]
    assert [[o.answer for o in gap.options] for gap in cloze.gaps] == [
        ["blue", "azure", "green", "*"],
        ["tree", "*"],
    ]


def test_qti_package_maker_finds_nothing_loose_in_our_package(tmp_path: Path) -> None:
    from qti_package_maker.common import package_integrity

    path = tmp_path / "ours.zip"
    path.write_bytes(small("qti"))

    assert package_integrity.check_package(str(path)) == []
    assert len(zipfile.ZipFile(path).namelist()) == 11


def test_a_package_is_the_same_whenever_it_is_written() -> None:
    assert small("qti") == small("qti")
