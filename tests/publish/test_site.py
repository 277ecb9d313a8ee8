import os
from pathlib import Path

import pytest

from course.content.course import Course
from course.content.problems import CourseError
from course.publish import site


def build(root: Path, **kwargs: str) -> Course:
    return site.build(root, root / "out/site", root / "out/course.json", **kwargs)


def is_current(root: Path) -> bool:
    return site.is_current(root, root / "out/site", root / "out/course.json")


def test_the_site_and_the_keys_are_written_side_by_side(tiny):
    course = build(tiny)

    assert (tiny / "out/site/basics/all-types/index.html").is_file()
    assert Course.load((tiny / "out/course.json").read_text("utf-8")) == course
    assert sorted(path.name for path in (tiny / "out").iterdir()) == [
        "course.fingerprint",
        "course.json",
        "site",
    ]


def test_the_site_can_be_read_by_a_web_server(tiny):
    build(tiny)

    assert (tiny / "out/site").stat().st_mode & 0o005 == 0o005


def test_a_new_build_replaces_everything(tiny):
    build(tiny)
    build(tiny)
    (tiny / "out/site/deep/er").mkdir(parents=True)
    (tiny / "out/site/deep/er/index.html").write_text("from an older build")
    (tiny / "out/site/left-over.html").write_text("from an older build")

    for _ in range(3):  # a site begins as the one before the last
        build(tiny)

        assert not (tiny / "out/site/left-over.html").exists()
        assert not (tiny / "out/site/deep").exists()
        assert (tiny / "out/site/index.html").is_file()


@pytest.mark.parametrize(
    ("file", "old", "new", "line"),
    [
        (
            "lessons/basics/graded.md",
            "The text.",
            "See [this](gone.md).",
            "lessons/basics/graded.md:9:12: links to 'gone.md', ",
        ),
        (
            "lessons/basics/graded.md",
            "The text.",
            "See [this](all-types.md#gone).",
            "lessons/basics/graded.md:9:12: links to 'all-types.md#gone', ",
        ),
        (
            "lessons/basics/graded.md",
            "/// quiz\n",
            "/// quiz | graded-too\n",
            "lessons/basics/graded.md:11:1: no question, group or objective is named 'graded-too'",
        ),
        (
            "mkdocs.yml",
            "  - search\n",
            "  - search\n  - sarch\n",
            "mkdocs.yml:1:1: Config value 'plugins': The \"sarch\" plugin is not installed",
        ),
        ("mkdocs.yml", "  - course\n", "", "mkdocs.yml:1:1: does not use the engine"),
    ],
)
def test_a_mistake_stops_the_build_and_leaves_the_old_site_whole(tiny, file, old, new, line):
    build(tiny)
    before = {path: path.read_bytes() for path in (tiny / "out").rglob("*") if path.is_file()}
    text = (tiny / file).read_text("utf-8")
    assert old in text
    (tiny / file).write_text(text.replace(old, new), "utf-8")

    with pytest.raises(CourseError) as caught:
        build(tiny)

    assert line in str(caught.value)
    after = {path: path.read_bytes() for path in (tiny / "out").rglob("*") if path.is_file()}
    assert after == before


def test_every_mistake_is_told_at_once(tiny):
    (tiny / "lessons/basics/graded.md").write_text("no front matter")
    (tiny / "quizzes/basics/all-types.yml").write_text("pass_mark: 75%\n")

    with pytest.raises(CourseError) as caught:
        build(tiny)

    assert {problem.path for problem in caught.value.problems} >= {
        "lessons/basics/graded.md",
        "quizzes/basics/all-types.yml",
    }


def test_the_search_can_be_switched_off(tiny):
    settings = (tiny / "mkdocs.yml").read_text("utf-8")
    off = settings.replace("  - search\n", "  - search:\n      enabled: false\n")
    (tiny / "mkdocs.yml").write_text(off)

    for _ in range(2):  # from nothing, and with what that kept
        build(tiny)
        assert not (tiny / "out/site/search").exists()
        assert "md-search__form" not in (tiny / "out/site/index.html").read_text("utf-8")


def test_an_address_given_stands_in_for_that_of_mkdocs_yml(tiny):
    course = build(tiny, site_url="https://example.org/learn/")

    assert course.base == "/learn/"
    page = (tiny / "out/site/basics/graded/index.html").read_text("utf-8")
    assert '<link rel="canonical" href="https://example.org/learn/basics/graded/">' in page
    assert 'action="/learn/answers"' in page


def test_a_build_of_an_unchanged_course_can_be_skipped(tiny):
    assert not is_current(tiny)

    build(tiny)

    assert is_current(tiny)


@pytest.mark.parametrize(
    "file", ["mkdocs.yml", "lessons/basics/graded.md", "quizzes/basics/graded.yml"]
)
def test_any_change_asks_for_a_build(tiny, file):
    build(tiny)

    os.utime(tiny / file, (1, 1))

    assert not is_current(tiny)


def test_a_new_file_and_another_address_ask_for_a_build(tiny, monkeypatch):
    build(tiny)
    before = site.fingerprint(tiny)

    (tiny / "lessons/new.md").write_text("new")
    assert site.fingerprint(tiny) != before
    (tiny / "lessons/new.md").unlink()
    monkeypatch.setenv("COURSE_SITE_URL", "https://example.org/")

    assert site.fingerprint(tiny) != before
