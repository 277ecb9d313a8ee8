import gzip
import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from course.content.problems import CourseError
from course.publish import plugin, site


def mkdocs(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run MkDocs as a trainer would, from another folder."""
    return subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "-f", root / "mkdocs.yml", *arguments],
        cwd=root.parent,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_mkdocs_builds_the_course_by_itself(tiny):
    done = mkdocs(tiny, "--strict")

    assert done.returncode == 0, done.stderr
    assert 'id="q-capital"' in (tiny / "site/basics/all-types/index.html").read_text("utf-8")


def test_mkdocs_stops_with_every_problem_and_no_traceback(tiny):
    (tiny / "quizzes/basics/graded.yml").write_text("questions: []\n")
    (tiny / "lessons/basics/reading.md").write_text("---\ntitle: No more\n---\n")

    done = mkdocs(tiny)

    assert done.returncode == 1
    assert "quizzes/basics/graded.yml:1:1: questions: is empty" in done.stderr
    assert "lessons/basics/reading.md:2:1: " in done.stderr
    assert "Traceback" not in done.stderr


def test_a_block_that_stays_text_is_noticed(tiny):
    lesson = tiny / "lessons/basics/graded.md"
    # A list takes the block into its item, where the reader of lessons does not see it as one.
    lesson.write_text(
        lesson.read_text("utf-8").replace("/// quiz\n", "/// quiz\n    colour: red\n")
    )

    with pytest.raises(CourseError) as caught:
        site.build(tiny, tiny / "out/site", tiny / "out/course.json")

    assert "lessons/basics/graded.md:11:1: " in str(caught.value)


def test_the_feed_lists_dated_lessons_newest_first(tiny_site):
    channel = ElementTree.parse(tiny_site.root / "feed.xml").getroot().find("channel")
    assert channel is not None

    items = [(item.findtext("title"), item.findtext("pubDate")) for item in channel.iter("item")]
    assert items == [
        ("A graded lesson", "Sat, 21 Nov 2026 12:00:00 +0000"),
        ("Every type, <once>", "Fri, 20 Nov 2026 12:00:00 +0000"),
    ]
    assert channel.findtext("item/link") == "https://example.org/learn/basics/graded/"
    assert channel.findtext("link") == "https://example.org/learn/"


def test_scripts_and_styles_are_named_by_their_content(tiny_site):
    folders = [path for path in (tiny_site.root / "assets").iterdir() if "course-" in path.name]

    assert len(folders) == 1
    assert {"course.js", "course.css", "early.js"} <= {path.name for path in folders[0].iterdir()}


def test_scripts_are_served_without_their_comments():
    script = (
        "// @ts-check\n/**\n * Says so.\n * @param {string} a *not* code\n */\n"
        'export const f = (a) => a + "// kept"; // kept, too\n'
        "  // gone\n  const b = /** @type {string} */ (f);\n"
    )

    assert plugin.stripped(script) == (
        'export const f = (a) => a + "// kept"; // kept, too\nconst b = (f);\n'
    )


def test_no_text_in_a_script_goes_on_in_the_next_line():
    for script in Path(plugin.__file__).with_name("assets").glob("*.js"):
        lines = plugin.stripped(script.read_text(encoding="utf-8")).splitlines()
        assert not [line for line in lines if line.count("`") % 2], script.name


def test_the_scripts_are_light(tiny_site):
    """A quarter of it keeps answers for the person who gave them, with and without a connection."""
    scripts = tiny_site.root.glob("assets/course-*/*.js")

    assert sum(len(gzip.compress(script.read_bytes())) for script in scripts) < 16.5 * 1024
