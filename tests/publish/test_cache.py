"""A build that takes what did not change from the cache gives the same bytes as one that makes it all."""

import gzip
import hashlib
import os
import pickle
import shutil
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from types import FrameType

import pytest

from bench import courses
from course.content.problems import CourseError
from course.publish import cache, compressed, reading, site

Change = Callable[[Path], object]


def built(root: Path) -> dict[str, bytes]:
    """Build and return every file of the site, and the file of questions."""
    out = root / "out"
    site.build(root, out / "site", out / "course.json")
    files = {str(path.relative_to(out)): path.read_bytes() for path in (out / "site").rglob("*.*")}
    return files | {"course.json": (out / "course.json").read_bytes()}


def built_cold(root: Path) -> dict[str, bytes]:
    """Build as if nothing had been built before."""
    kept = root / ".cache"
    kept.rename(root / ".kept")
    try:
        return built(root)
    finally:
        shutil.rmtree(kept, ignore_errors=True)
        (root / ".kept").rename(kept)


@contextmanager
def opened(root: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(root / cache.FOLDER / cache.FILE)) as database, database:
        yield database


def entries(root: Path) -> dict[str, bytes]:
    with opened(root) as database:
        return dict(database.execute("SELECT key, data FROM entry"))


def pages(root: Path) -> list[Path]:
    return sorted((root / cache.FOLDER / "pages").iterdir())


def put(name: str, text: str) -> Change:
    def change(root: Path) -> None:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")

    return change


def replace(name: str, old: str, new: str) -> Change:
    def change(root: Path) -> None:
        text = (root / name).read_text("utf-8")
        assert old in text
        put(name, text.replace(old, new, 1))(root)

    return change


def both(*changes: Change) -> Change:
    return lambda root: [change(root) for change in changes]


def move(old: str, new: str) -> Change:
    return lambda root: (root / old).rename(root / new)


READING = "lessons/basics/reading.md"
GRADED = "quizzes/basics/graded.yml"
LISTING = """{% extends "main.html" %}
{% block content %}
{{ super() }}
{% for other in nav.pages %}{{ other.meta.description }} {{ other.content | length }}
{% endfor %}
{{ course.asked | length }}
{% endblock %}
"""
TERMS = """\
terms:
  - term: words
    definition: What is read.
    lesson: basics/reading
"""
NEW_QUESTION = """
  - id: added
    type: single
    objective: pass
    prompt: One more?
    explanation: Yes.
    options:
      - {text: Yes indeed, correct: true}
      - {text: Not so}
"""

CHANGES: dict[str, Change] = {
    "the text of a lesson, the wording of a question": both(
        replace(READING, "Words", "Other words"), replace(GRADED, "prompt: ", "prompt: Now, ")
    ),
    "a new question": lambda root: (root / GRADED).write_text(
        (root / GRADED).read_text("utf-8").rstrip() + NEW_QUESTION, "utf-8"
    ),
    "a title that neighbours show": replace(READING, "title: ", "title: Renamed, "),
    "a link": replace(READING, "words", "[words](graded.md)"),
    "a file that the link leads to is renamed": both(
        move("lessons/basics/graded.md", "lessons/basics/marked.md"),
        move(GRADED, "quizzes/basics/marked.yml"),
        replace("mkdocs.yml", "basics/graded.md", "basics/marked.md"),
        replace(READING, "graded.md", "marked.md"),
        replace("lessons/basics/index.md", "graded.md", "marked.md"),
    ),
    "the order of the lessons": replace(
        "mkdocs.yml",
        "      - basics/marked.md\n      - basics/reading.md\n",
        "      - basics/reading.md\n      - basics/marked.md\n",
    ),
    "a page that is gone": both(
        lambda root: (root / "lessons/later/only.md").unlink(),
        replace("mkdocs.yml", "      - later/only.md\n", ""),
    ),
    "a picture": put("lessons/basics/dot.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>"),
    "a snippet": both(
        put("parts/note.txt", "From elsewhere.\n"),
        lambda root: put(
            READING, (root / READING).read_text("utf-8") + '\n--8<-- "parts/note.txt"\n'
        )(root),
    ),
    "what the snippet says": put("parts/note.txt", "From elsewhere, and changed.\n"),
    "settings": both(
        replace("mkdocs.yml", "    - navigation.top\n", ""),
        replace("mkdocs.yml", "A Tiny Course", "A Course"),
    ),
    "a glossary, and the sources of all lessons": both(
        put("glossary.yml", TERMS),
        put("lessons/lists.md", "# Lists\n\n/// glossary\n///\n\n/// sources\n///\n"),
        replace("mkdocs.yml", "  - Start: index.md\n", "  - Start: index.md\n  - lists.md\n"),
        replace(READING, "---\n", "---\nsources: [{text: A book, year: 2020}]\n"),
    ),
    "a source of one lesson": replace(READING, "A book", "Another book"),
    "what a term means": replace("glossary.yml", "What is read", "What is written and read"),
    "the title of a lesson that a list names": replace(READING, "Renamed, ", "Named anew, "),
    "the page of the glossary": both(
        move("lessons/lists.md", "lessons/terms.md"), replace("mkdocs.yml", "lists.md", "terms.md")
    ),
    "a theme of the course's own": both(
        put("overrides/partials/footer.html", "<footer>{{ config.site_name }}</footer>"),
        replace("mkdocs.yml", "  name: material\n", "  name: material\n  custom_dir: overrides\n"),
    ),
    "a file of that theme": put("overrides/partials/footer.html", "<footer>Ours</footer>"),
    "a template that reads all other pages": both(
        put("overrides/listing.html", LISTING),
        replace("lessons/index.md", "# A", "---\ntemplate: listing.html\n---\n\n# A"),
    ),
    "a page that such a template reads": replace(READING, "words", "fewer"),
    "a question that such a template counts": replace(
        "quizzes/basics/marked.yml", "id: added", "id: added-later"
    ),
}


def test_after_any_change_the_bytes_are_those_of_a_cold_build(tiny: Path) -> None:
    built(tiny)
    for number, (what, change) in enumerate(CHANGES.items(), 1):
        change(tiny)
        warm = built(tiny)
        if number % 3 and number < len(CHANGES):
            continue  # what was missed would still be there at the next comparison

        cold = built_cold(tiny)

        assert warm.keys() == cold.keys(), what
        assert [name for name in cold if warm[name] != cold[name]] == [], what


def test_a_long_index_of_the_search_is_compressed_alike_after_an_edit(
    tiny: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compressed, "LARGE", 1_000)
    built(tiny)
    replace(READING, "Words", "Other words")(tiny)

    warm = built(tiny)

    index = warm["site/search/search_index.json"]
    assert b"Other words" in index
    assert gzip.decompress(warm["site/search/search_index.json.gz"]) == index
    assert warm == built_cold(tiny)


def test_only_what_changed_is_made_again(tiny: Path) -> None:
    built(tiny)
    built(tiny)
    before, pages_before = entries(tiny), pages(tiny)

    replace(READING, "Words", "Other words")(tiny)
    built(tiny)

    after = entries(tiny)
    # The lesson as it was read, as the service reads it, its text, what is known of that; and the search's
    # index compressed.
    assert len(after.keys() - before.keys()) == 5
    assert len(after) == len(before)  # what they replace is gone
    assert len(set(pages(tiny)) - set(pages_before)) == 3  # the page, and compressed both ways
    assert len(pages(tiny)) == len(pages_before)


def counted(root: Path) -> Counter[str]:
    """Build, and count how often each step is taken that costs the time of a build."""
    steps = {"read_text", "parse_yaml", "convert", "render", "question", "compress", "make_page"}
    calls: Counter[str] = Counter()

    def note(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_code.co_name in steps:
            calls[f"{Path(frame.f_code.co_filename).stem}.{frame.f_code.co_name}"] += 1

    sys.setprofile(note)
    try:
        built(root)
    finally:
        sys.setprofile(None)
    return calls


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let files pass for unchanged as if they had been written long ago."""
    monkeypatch.setattr(reading, "_TICK", 0)


def test_each_step_is_taken_once_for_a_page_and_after_an_edit_for_one_page(
    tiny: Path, settled: None
) -> None:
    lessons = len(list((tiny / "lessons").rglob("*.md")))
    quizzes = len(list((tiny / "quizzes").rglob("*.yml")))
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(cores)})  # on one, all is done in this process
    try:
        cold = counted(tiny)
        replace(READING, "Words", "Other words")(tiny)
        warm = counted(tiny)
    finally:
        os.sched_setaffinity(0, cores)

    assert cold["source.read_text"] == lessons + quizzes + 1  # and mkdocs.yml
    assert cold["texts.render"] == cold["pages.make_page"] == lessons
    assert warm["source.read_text"] == 2  # the lesson, and mkdocs.yml
    assert warm["source.parse_yaml"] == 2
    assert warm["texts.render"] == warm["pages.make_page"] == 1
    assert warm["__init__.question"] == 0


def test_entries_that_are_damaged_are_made_again(tiny: Path) -> None:
    whole = built(tiny)
    with opened(tiny) as database:
        for number, (key, raw) in enumerate(sorted(entries(tiny).items())):
            damaged = [b"", raw[:20], raw[: len(raw) // 2], raw[:-1] + b"?", b"\0" * len(raw)]
            row = damaged[number % len(damaged)], key
            database.execute("UPDATE entry SET data = ? WHERE key = ?", row)

    assert built(tiny) == whole


@pytest.mark.parametrize("text", [b"", b"no database at all", b"SQLite format 3\0" * 300])
def test_a_cache_that_is_no_cache_is_made_anew(tiny: Path, text: bytes) -> None:
    whole = built(tiny)
    (tiny / cache.FOLDER / cache.FILE).write_bytes(text)

    assert built(tiny) == whole
    assert built(tiny) == whole
    assert entries(tiny)


def test_questions_are_made_only_where_somebody_asks_for_them(tiny: Path, settled: None) -> None:
    whole = site.build(tiny, tiny / "out/site", tiny / "out/course.json")
    again = site.build(tiny, tiny / "out/site", tiny / "out/course.json")

    quizzes = [lesson.quiz for lesson in again.lessons.values() if lesson.quiz is not None]
    assert quizzes
    assert not any("questions" in vars(quiz) for quiz in quizzes)
    assert again == whole


def test_a_quiz_that_changes_before_anybody_asks_for_it_is_not_mixed_in(
    tiny: Path, settled: None
) -> None:
    built(tiny)
    course = site.build(tiny, tiny / "out/site", tiny / "out/course.json")
    shutil.rmtree(tiny / cache.FOLDER)
    replace(GRADED, "prompt: ", "prompt: Now, ")(tiny)

    with pytest.raises(CourseError, match=r"graded\.yml:1:1: was changed while"):
        _ = course.asked


def test_what_only_two_pages_together_show_is_told_though_both_were_read_before(
    tiny: Path, settled: None
) -> None:
    replace(READING, "---\n", "---\nid: same\n")(tiny)
    built(tiny)
    replace("lessons/later/only.md", "---\n", "---\nid: same\n")(tiny)

    for _ in range(2):
        with pytest.raises(CourseError, match=r"only\.md:1:1: the lesson id 'same'"):
            built(tiny)


@pytest.mark.parametrize("part", ["site", f"../{cache.FOLDER}/pages"])
def test_pages_that_somebody_has_written_into_are_made_again(tiny: Path, part: str) -> None:
    whole = built(tiny)
    for path in (tiny / "out" / part).rglob("*"):
        if path.is_file():
            with path.open("ab") as file:
                file.write(b"?")

    assert built(tiny) == whole


class _Harm:
    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, ...]:
        return os.mkdir, (str(self.path),)


def test_entries_written_by_somebody_else_run_nothing(tiny: Path) -> None:
    whole = built(tiny)
    harm = pickle.dumps(_Harm(tiny / "harm"))
    with opened(tiny) as database:
        row = (hashlib.sha256(harm).digest() + harm,)
        database.execute("UPDATE entry SET data = ?", row)

    again = built(tiny)

    assert not (tiny / "harm").exists()
    assert {name for name in whole if again[name] != whole[name]} <= {
        name for name in whole if name.endswith((".br", ".gz"))
    }


def test_a_cache_that_cannot_be_kept_is_done_without(tiny: Path) -> None:
    (tiny / ".cache").write_text("a file, where a folder should be", "utf-8")

    assert "site/basics/reading/index.html" in built(tiny)


def test_a_warning_is_told_at_each_build(tiny: Path) -> None:
    built(tiny)
    replace(READING, "words", "[words](nowhere.md)")(tiny)

    for _ in range(2):
        with pytest.raises(CourseError, match=r"reading\.md:\d+:\d+: links to 'nowhere\.md'"):
            built(tiny)


def test_a_page_is_no_longer_kept_when_its_link_leads_nowhere(tiny: Path) -> None:
    replace(READING, "words", "[words](graded.md)")(tiny)
    built(tiny)

    (tiny / "lessons/basics/graded.md").unlink()
    (tiny / GRADED).unlink()
    replace("lessons/basics/index.md", "graded.md", "reading.md")(tiny)
    replace("mkdocs.yml", "      - basics/graded.md\n", "")(tiny)

    with pytest.raises(CourseError, match=r"reading\.md:\d+:\d+: links to 'graded\.md'"):
        built(tiny)


@pytest.mark.parametrize(
    ("file", "text", "place"),
    [
        (READING, '\n--8<-- "parts/gone.txt"\n', "lessons/basics/reading.md:10:1: "),
        ("overrides/main.html", '{% extends "base.html" %}\n{% if %}', "overrides/main.html:2:1: "),
        ("overrides/main.html", "{{ gone.from.here }}", "mkdocs.yml:1:1: a template cannot"),
    ],
)
def test_what_an_extension_or_a_template_cannot_do_is_a_problem(
    tiny: Path, file: str, text: str, place: str
) -> None:
    before = (tiny / file).read_text("utf-8") if (tiny / file).exists() else ""
    put(file, before + text)(tiny)
    theme = "  name: material\n  custom_dir: overrides\n"
    (tiny / "overrides").mkdir(exist_ok=True)
    replace("mkdocs.yml", "  name: material\n", theme)(tiny)

    with pytest.raises(CourseError) as caught:
        built(tiny)

    assert str(caught.value).startswith(place)


def test_with_a_plugin_from_elsewhere_nothing_is_taken_from_the_cache(tiny: Path) -> None:
    replace("mkdocs.yml", "  - course\n", "  - course\n  - tags\n")(tiny)
    replace(READING, "---\n", "---\ntags: [one]\n")(tiny)
    built(tiny)
    before = len(entries(tiny))

    pages = built(tiny)

    assert b"one" in pages["site/basics/reading/index.html"]
    assert len(entries(tiny)) == before  # lessons and quizzes as they were read, and no page


def test_several_processes_make_the_same_site_as_one(tmp_path: Path) -> None:
    root = tmp_path / "course"
    courses.write(root, 32, 1)

    command = [sys.executable, "-m", "course.cli", "build", "--root", root]
    where = ["--site", "out/site", "--course-file", "out/course.json"]
    subprocess.run([*command, *where], check=True, capture_output=True)

    files = (root / "out/site").rglob("*.*")
    several = {str(path.relative_to(root / "out")): path.read_bytes() for path in files}
    one = built_cold(root)
    assert {name: one[name] for name in several} == several
