"""A new lesson with its quiz and its place in the navigation; a new question in a quiz."""

import os
import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from course.content import addresses, navigation_edit, quiz, reading, source
from course.content import lesson as lessons
from course.content.model import slug
from course.content.navigation_edit import NoPlace
from course.content.problems import did_you_mean, short
from course.content.reading import LESSONS, QUIZZES, SITE, quiz_name
from course.starting.courses import EXAMPLE, SCHEMA, Refused

LESSON = """\
---
title: "{title}"
minutes: 1
objectives:
  {objective}: Say what learners can do afterwards, with a verb such as explain, choose or compute
---

Start with a situation that your learners know.

## The first thing to know

Write what they need for the question below, in a page or less.

/// quiz
///
"""


@dataclass(frozen=True)
class CreatedFiles:
    """The files created; *to_do* is what the trainer has to add by hand, or None."""

    paths: tuple[str, ...]
    line: int = 1
    to_do: str | None = None
    name: str = ""


def stem_of(name: str) -> str:
    """Return which lesson *name* means: "a/b" for a/b, a/b.md, lessons/a/b.md or quizzes/a/b.yml."""
    plain = name.replace(os.sep, "/").removeprefix("./")
    for folder in (LESSONS, QUIZZES):
        plain = plain.removeprefix(f"{folder}/")
    for suffix in (".md", ".yml", ".yaml"):
        plain = plain.removesuffix(suffix)
    return plain.rstrip("/")


def new_lesson(root: Path, name: str, title: str | None) -> CreatedFiles:
    stem = stem_of(name)
    _check_name(root, stem)
    page = root / LESSONS / f"{stem}.md"
    asked = root / quiz_name(stem)
    for path in (page, asked):
        if os.path.lexists(path):
            raise Refused(f"{source.name_of(root, path)} is there already. Choose another name.")
    last = stem.split("/")[-1]
    title = _plain(title) if title else last.replace("-", " ").capitalize()
    objective = "first"
    entry = _example(
        "single", quiz.free_id(f"{last}-single", reading.question_ids(root)), objective
    )
    _write(page, LESSON.format(title=title, objective=objective))
    _write(asked, f"{_header(root, asked)}questions:\n{entry}")
    written = [source.name_of(root, path) for path in (page, asked)]
    if trouble := add_to_nav(root, stem):
        to_do = f"list it under 'nav' in {SITE}, inside a module ({trouble}):\n      - {stem}.md"
        return CreatedFiles(tuple(written), to_do=to_do)
    return CreatedFiles((*written, SITE))


def _plain(title: str) -> str:
    return " ".join(title.split()).replace("\\", "").replace('"', "”")


def _check_name(root: Path, stem: str) -> None:
    parts = stem.split("/")
    good = "/".join(slug(part) for part in parts if part not in ("", ".", ".."))
    if not stem or stem != good:
        raise Refused(
            f"'{short(stem)}' cannot be a lesson's address: use lower-case letters, digits and hyphens. "
            f"How about '{good or 'module/lesson'}'?"
        )
    if len(parts) == 1:
        folders = sorted(p.name for p in (root / LESSONS).iterdir() if p.is_dir())
        module = folders[0] if folders else "basics"
        raise Refused(f"A lesson lies in the folder of a module. How about '{module}/{stem}'?")
    if parts[0] in addresses.RESERVED:
        raise Refused(
            f"Addresses that begin with '{parts[0]}/' belong to the service. "
            f"How about 'the-{stem}'?"
        )
    if parts[-1] == "index":
        raise Refused(
            f"An index page is no lesson. How about '{'/'.join(parts[:-1])}/introduction'?"
        )
    if len(stem) > addresses.MAX_LENGTH:
        raise Refused(f"This address is too long: at most {addresses.MAX_LENGTH} characters.")


def _header(root: Path, asked: Path) -> str:
    if not (root / SCHEMA).is_file():
        return ""
    way = os.path.relpath(root / SCHEMA, asked.parent).replace(os.sep, "/")
    return f"# yaml-language-server: $schema={way}\n"


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("x", encoding="utf-8", newline="\n") as file:
        file.write(text)


# Questions


def _example(kind: str, name: str, objective: str, indent: int = 2) -> str:
    """Return the example's question of the type *kind* as YAML, with another id and objective."""
    text = EXAMPLE.read_text(encoding="utf-8")
    document = source.parse_yaml("example", text)
    starts = [part.line for part in document.root.parts["questions"].node.parts.values()]  # type: ignore[union-attr]
    lines = text.split("\n")
    for position, entry in enumerate(document.data["questions"]):
        if entry["type"] == kind:
            end = starts[position + 1] - 1 if position + 1 < len(starts) else len(lines)
            chunk = "\n".join(lines[starts[position] - 1 : end]).rstrip() + "\n"
            chunk = re.sub(r"^(  - id: ).*$", rf"\g<1>{name}", chunk, flags=re.MULTILINE)
            chunk = re.sub(
                r"^(    objective: ).*$", rf"\g<1>{objective}", chunk, flags=re.MULTILINE
            )
            return re.sub(r"^  ", " " * indent, chunk, flags=re.MULTILINE)
    raise Refused(f"There is no example of the type '{kind}' to start with.")


def new_question(root: Path, name: str, kind: str, wanted: str | None) -> CreatedFiles:
    stem = stem_of(name)
    page = root / LESSONS / f"{stem}.md"
    if not page.is_file():
        known = [stem_of(source.name_of(root, p)) for p in sorted((root / LESSONS).rglob("*.md"))]
        hint = did_you_mean(stem, [k for k in known if PurePosixPath(k).name != "index"])
        raise Refused(f"There is no lesson '{short(stem)}'." + (f" Hint: {hint}" if hint else ""))
    file, problems = lessons.read(root, page, lesson=True)
    if file is None or file.meta is None:
        reason = problems[0] if problems else f"{LESSONS}/{stem}.md is no lesson"
        raise Refused(f"The lesson cannot be read: {reason}")
    if wanted is not None and (wanted != slug(wanted) or len(wanted) > 80):
        raise Refused(
            f"'{short(wanted)}' cannot be an id: use lower-case letters, digits and hyphens, 80 at most. "
            f"How about '{slug(wanted)[:80].strip('-')}'?"
        )
    own = quiz.free_id(wanted or f"{stem.split('/')[-1]}-{kind}", reading.question_ids(root))
    if wanted is not None and own != wanted:
        raise Refused(f"The id '{wanted}' is in use. How about '{own}'?")
    objective = next(iter(file.meta.objectives))
    asked = root / quiz_name(stem)
    place = source.name_of(root, asked)
    if asked.exists():
        line = _append(root, asked, kind, own, objective)
    else:
        _write(asked, f"{_header(root, asked)}questions:\n{_example(kind, own, objective)}")
        line = 2 if _header(root, asked) else 1
    is_placed = any(block.name in ("", own, objective) for block in file.blocks)
    to_do = None if is_placed else f"place it in {LESSONS}/{stem}.md:\n\n/// quiz | {own}\n///"
    return CreatedFiles((place,), line, to_do, own)


def _append(root: Path, asked: Path, kind: str, own: str, objective: str) -> int:
    """Write the question behind the last one of *asked*; every other character of the file stays."""
    before = asked.read_bytes()
    name = source.name_of(root, asked)
    try:
        document = source.parse_yaml(name, source.read_text(root, asked))
    except source.Unreadable as error:
        raise Refused(f"{name} cannot be read: {error.problems[0]}") from None
    listed = document.found(("questions",))
    lines = before.decode("utf-8-sig").splitlines(keepends=True)
    parts = (
        list(listed.parts.values()) if listed is not None and isinstance(listed.data, list) else []
    )
    dash = re.match(r"^( *)- ", lines[parts[-1].line - 1]) if parts else None
    if document.problems or document.root is None or dash is None:
        example = _example(kind, own, objective)
        raise Refused(
            f"{name} is written in a way of its own. Add this to its questions:\n\n{example}"
        )
    others = [part.line for part in document.root.parts.values() if part.line > parts[-1].line]
    end = min(others) - 1 if others else len(lines)
    while not lines[end - 1].strip() or lines[end - 1].lstrip(" ").startswith("#"):
        end -= 1  # what stands before the next key belongs to it
    close = "\r\n" if b"\r\n" in before else "\n"
    if not lines[end - 1].endswith("\n"):
        lines[end - 1] += close
    text = _example(kind, own, objective, len(dash[1])).replace("\n", close)
    apart = [close] if len(parts) == 1 or not lines[parts[-1].line - 2].strip() else []
    rest = [close] if others and lines[end].strip() else []
    mark = b"\xef\xbb\xbf" if before.startswith(b"\xef\xbb\xbf") else b""
    asked.write_bytes(mark + "".join([*lines[:end], *apart, text, *rest, *lines[end:]]).encode())
    found, _problems = quiz.read(root, asked)
    if found is None or own not in found.places:
        asked.write_bytes(before)
        example = _example(kind, own, objective)
        raise Refused(
            f"{name} is written in a way of its own. Add this to its questions:\n\n{example}"
        )
    return end + len(apart) + 1


# The navigation


def add_to_nav(root: Path, stem: str) -> str | None:
    """List the lesson in its module of mkdocs.yml; return why not if there is no safe place for it."""
    path = root / SITE
    before = path.read_bytes()
    known = {problem.message for problem in reading.read(root)[1] if problem.path == SITE}
    try:
        path.write_bytes(navigation_edit.with_page(root, f"{stem}.md"))
    except NoPlace as error:
        return str(error)
    course, problems = reading.read(root)
    new = {problem.message for problem in problems if problem.path == SITE} - known
    if course is None or new or f"{stem}.md" not in course.by_path:
        path.write_bytes(before)
        return new.pop() if new else "the course cannot be read with it"
    return None
