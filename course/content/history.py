"""The course's past in git: its files as they were, and the revisions that a question has had.

Uses the git command: it is installed wherever a course is stored in git, and it knows every
kind of repository that a library might not.
"""

import os
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from course.content import quiz
from course.content.questions.base import Question
from course.content.reading import QUIZZES


class NoHistory(Exception):
    """Git has no answer; the message says why, and what to do."""


def _git(root: Path, *arguments: str, **variables: str) -> bytes:
    environment = {**os.environ, "LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0", **variables}
    try:
        done = subprocess.run(
            ["git", "-C", str(root), *arguments],  # noqa: S607 - git is found where the user has it
            capture_output=True,
            check=False,
            env=environment,
        )
    except FileNotFoundError:
        raise NoHistory("git is not installed, and the course's history is kept in it.") from None
    if done.returncode:
        reason = done.stderr.decode("utf-8", "replace").strip().split("\n")[0]
        raise NoHistory(reason or f"git {arguments[0]} failed")
    return done.stdout


def _text(root: Path, *arguments: str) -> str:
    return _git(root, *arguments).decode("utf-8", "replace").strip()


def head(root: Path) -> str:
    """Return the commit that is checked out, in full; raises NoHistory where there is none."""
    try:
        return _text(root, "rev-parse", "--verify", "HEAD")
    except NoHistory as error:
        if "not a git repository" in str(error):
            raise NoHistory(
                f"{root} is not in a git repository. Run 'git init', then commit the course."
            ) from None
        if "Needed a single revision" in str(error):
            raise NoHistory("Nothing is committed yet. Commit the course first.") from None
        raise


def uncommitted(root: Path) -> list[str]:
    """Return the files in *root* that differ from the commit checked out, new ones too."""
    lines = _git(root, "status", "--porcelain", "-z", "--", ".").decode("utf-8", "replace")
    return [entry[3:] for entry in lines.split("\0") if len(entry) > 3 and entry[2] == " "]


def author(root: Path) -> str:
    """Return who commits here, as "Name <address>"; "" where git does not know."""
    try:
        return _text(root, "var", "GIT_COMMITTER_IDENT").rsplit(" ", 2)[0]
    except NoHistory:
        return ""


def commit_of(root: Path, name: str) -> str:
    """Return the commit that *name* means; raises NoHistory where there is none."""
    try:
        return _text(root, "rev-parse", "--verify", "--end-of-options", f"{name}^{{commit}}")
    except NoHistory:
        head(root)  # says so where there is no repository at all
        cut = why_incomplete(root)
        more = f" The history is cut off: {cut}." if cut else ""
        raise NoHistory(f"There is no commit '{name}' here.{more}") from None


def why_incomplete(root: Path) -> str:
    """Return why earlier revisions may be missing from git, and what to do; "" for a whole history."""
    try:
        head(root)
        is_shallow = _text(root, "rev-parse", "--is-shallow-repository") == "true"
    except NoHistory as error:
        return str(error).rstrip(".")
    return (
        "this is a shallow clone; fetch the rest with 'git fetch --unshallow'" if is_shallow else ""
    )


@contextmanager
def checked_out(root: Path, name: str) -> Iterator[Path]:
    """Give a folder with *root* as it was at the commit *name*; it goes when the block ends."""
    commit = commit_of(root, name)
    inside = _text(root, "rev-parse", "--show-prefix")
    repository = _text(root, "rev-parse", "--absolute-git-dir")
    with tempfile.TemporaryDirectory(prefix="course-") as made:
        folder = Path(made, "course")
        folder.mkdir()
        # With an index of its own, so that the one of the repository stays as it is. Unlike an archive,
        # this leaves nothing out, and git itself refuses paths that lead out of the folder.
        places = {
            "GIT_DIR": repository,
            "GIT_WORK_TREE": str(folder),
            "GIT_INDEX_FILE": str(folder.with_name("index")),
        }
        _git(folder, "read-tree", f"{commit}:{inside}", **places)
        _git(folder, "checkout-index", "--all", "--quiet", **places)
        yield folder


def revisions(root: Path, names: Iterable[str]) -> dict[str, set[str]]:
    """Return every revision that the questions *names* have had in commits before this one."""
    found: dict[str, set[str]] = {name: set() for name in names}
    if not found:
        return found
    for text in _versions(root):
        if any(name.encode() in text for name in found):
            for question in _questions(text):
                if question.id in found:
                    found[question.id].add(question.revision)
    return found


def _versions(root: Path) -> Iterator[bytes]:
    """Yield every quiz file that was ever committed, each version once, newest first."""
    listed = _text(root, "log", "--format=", "--raw", "--no-abbrev", "--no-renames", "--", QUIZZES)
    blobs = dict.fromkeys(
        line.split()[3]
        for line in listed.splitlines()
        if line.startswith(":") and line.endswith(".yml")
    )
    for blob in blobs:
        if blob.strip("0"):  # all noughts: the file was deleted there
            yield _git(root, "cat-file", "blob", blob)


def _questions(text: bytes) -> Iterable[Question]:
    with tempfile.TemporaryDirectory(prefix="course-") as folder:
        path = Path(folder, "quiz.yml")
        path.write_bytes(text)
        file, _ = quiz.read(Path(folder), path)
    return file.quiz.questions if file else ()
