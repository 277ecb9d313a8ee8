"""Entries under `changes:` in a quiz: checking that their revisions exist, and writing new ones."""

import contextlib
import dataclasses
import datetime
import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from course.content import history, quiz, source
from course.content.changes import Change
from course.content.course import Course
from course.content.problems import Problem
from course.content.questions.base import Question
from course.content.quiz import QuizFile
from course.content.reading import quiz_name


class NotWritten(Exception):
    """An entry could not be inserted into the file; carries the text to add by hand."""


def problems(
    root: Path, course: Course, recorded: Mapping[str, Collection[str]] | None = None
) -> list[Problem]:
    """Return the entries that name a revision their question never had, in file order.

    A question's revisions are the current one, those in commits, and the published ones, passed by question
    in *recorded* if the record is available. If git's history is incomplete, an unknown revision is only a
    warning.
    """
    published = recorded or {}
    decided = {name: question for name, (_, question) in course.asked.items() if question.changes}
    doubtful = {
        name: question
        for name, question in decided.items()
        if _missing(question, published.get(name, ()))
    }
    if not doubtful:
        return []
    known: dict[str, set[str]] = {}
    with contextlib.suppress(history.NoHistory):  # which is the reason that `why_incomplete` gives
        known = history.revisions(root, doubtful)
    cut = history.why_incomplete(root)
    found = []
    for name, question in doubtful.items():
        revisions = known.get(name, set()).union(published.get(name, ()))
        if missing := _missing(question, revisions):
            file, _ = quiz.read(root, _path(root, course, name))
            if file is not None:
                found += [_problem(file, question, position, key, cut) for position, key in missing]
    return sorted(found)


def _path(root: Path, course: Course, name: str) -> Path:
    return root / quiz_name(course.asked[name][0].path)


def _missing(question: Question, known: Collection[str]) -> list[tuple[int, str]]:
    """Return position and key of each revision under `changes:` that is neither current nor *known*."""
    revisions = {*known, question.revision}
    return [
        (position, key)
        for position, change in enumerate(question.changes)
        for key, value in (("from", change.from_), ("to", change.to))
        if value and not any(revision.startswith(value) for revision in revisions)
    ]


def _problem(file: QuizFile, question: Question, position: int, key: str, cut: str) -> Problem:
    change = question.changes[position]
    value = change.from_ if key == "from" else change.to
    steps = ("questions", file.places[question.id], "changes", position, key)
    place = f"questions.{question.id}.changes.{position + 1}.{key}"
    if cut:
        message = f"{place}: the history is cut off, so nobody can tell whether there was a revision {value}"
        return dataclasses.replace(file.document.at(steps, message, cut), is_warning=True)
    message = f"{place}: neither its file nor git has a revision {value} of it"
    hint = f"it is at {question.revision[:7]} now; 'course decide {question.id}' writes the entry"
    return file.document.at(steps, message, hint)


def unapplied(question: Question, found: Iterable[tuple[str, str, str]]) -> list[Change]:
    """Return the entries about earlier revisions that are not among those *found* at a publication.

    Entries are equal if from, to and decision are; duplicates count separately.
    """
    rest = list(found)
    new = []
    for change in question.changes:
        if change.from_ is None:
            continue
        same = next((entry for entry in rest if _is_same(change, entry)), None)
        if same is None:
            new.append(change)
        else:
            rest.remove(same)
    return new


def _is_same(change: Change, entry: tuple[str, str, str]) -> bool:
    old, new, decision = entry
    return (
        change.decision == decision
        and _begins_alike(change.from_ or "", old)
        and _begins_alike(change.to, new)
    )


def _begins_alike(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def write(root: Path, course: Course, name: str, changes: Sequence[Change]) -> list[str]:
    """Add *changes* to the question *name* in its file, and return the location of each, as "path:line".

    Leaves every other character of the file unchanged. Raises NotWritten, and writes nothing, if the
    question's layout has no place for them.
    """
    path = _path(root, course, name)
    before = path.read_bytes()
    entries = [list(_entry(change)) for change in changes]
    written = _with_entries(root, path, name, entries)
    if written is not None:
        text, numbers = written
        path.write_bytes(text.encode("utf-8"))
        again, _ = quiz.read(root, path)
        asked = {question.id: question for question in again.quiz.questions} if again else {}
        was = course.asked[name][1]
        if (
            name in asked
            and asked[name].changes == [*was.changes, *changes]
            and asked[name].revision == was.revision
        ):
            return [f"{source.name_of(root, path)}:{number}" for number in numbers]
        path.write_bytes(before)
    lines = [f"  {line}" for entry in entries for line in entry]
    raise NotWritten("\n".join(["changes:", *lines]))


def _with_entries(
    root: Path, path: Path, name: str, entries: Sequence[Sequence[str]]
) -> tuple[str, list[int]] | None:
    """Return the text of *path* with *entries*, and the line of each; None where there is no place."""
    lines = path.read_bytes().decode("utf-8").splitlines(keepends=True)
    file, _ = quiz.read(root, path)
    node = file.document.found(["questions", file.places[name]]) if file else None
    if file is None or node is None or not node.line:
        return None
    indent = node.column - 1
    end = _end(lines, node.line, indent)
    existing = file.document.found(["questions", file.places[name], "changes"])
    if existing is None:
        at, head, depth = end, ["changes:"], 2
    else:
        own = _own_line(lines, node.line - 1, end, indent)
        if own is None:
            return None
        at, head = _end(lines, own + 1, indent + 1, dash=indent), []
        depth = len(lines[own + 1]) - len(lines[own + 1].lstrip()) - indent
    if at and not lines[at - 1].endswith("\n"):
        lines[at - 1] += "\n"
    text, numbers = head, []
    for entry in entries:
        numbers.append(at + len(text) + 1)
        text = [*text, *(f"{' ' * depth}{line}" for line in entry)]
    lines[at:at] = [f"{' ' * indent}{line}\n" for line in text]
    return "".join(lines), numbers


def _entry(change: Change) -> Iterator[str]:
    """Yield the lines of an entry in a list."""
    first = [f"from: {_quoted(change.from_)}"] if change.from_ else []
    rest = [
        f"to: {_quoted(change.to)}",
        f"decision: {change.decision}",
        f"reason: {json.dumps(change.reason, ensure_ascii=False)}",
    ]
    if change.date:
        rest.append(f"date: {change.date.isoformat()}")
    for number, line in enumerate([*first, *rest]):
        yield f"{'- ' if number == 0 else '  '}{line}"


def _quoted(revision: str) -> str:
    """Return a revision so that YAML reads text, though it may look like a number."""
    return f'"{revision}"'


def _end(lines: list[str], start: int, indent: int, dash: int | None = None) -> int:
    """Return the number of lines before the first one from *start* on that is indented less.

    With *dash*, items of a list that begin there still belong to it. Blank lines before it do not.
    """
    last = start
    for number in range(start, len(lines)):
        line = lines[number]
        if not line.strip():
            continue
        depth = len(line) - len(line.lstrip())
        belongs = depth >= indent or (depth == dash and line.lstrip().startswith("- "))
        if not belongs:
            break
        last = number + 1
    return last


def _own_line(lines: list[str], start: int, end: int, indent: int) -> int | None:
    """Return the index of the line with the question's own key `changes:`, if it is alone there."""
    wanted = " " * indent + "changes:"
    found = [n for n in range(start, end) if lines[n].rstrip() == wanted]
    first = lines[start].strip() == "- changes:"
    return found[0] if len(found) == 1 and not first and found[0] + 1 < end else None


def change(old: str | None, new: str, decision: str, reason: str) -> Change:
    """Return an entry for today; revisions are shortened to what people can read."""
    data = {"to": new[:7], "decision": decision, "reason": reason, "date": datetime.date.today()}
    return Change.model_validate(data | ({"from": old[:7]} if old else {}))
