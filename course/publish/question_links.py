"""Where links and pictures of questions lead. Those that lead nowhere MkDocs warns of, as of a page's own.

They count from the quiz's file, which lies in its folder as the lesson does in another, or from the address
of the lesson's page, where the forms stand.
"""

import posixpath
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from course import markup
from course.content import quiz
from course.content.addresses import RESERVED
from course.content.problems import Problem
from course.content.questions.base import Question
from course.content.reading import QUIZZES
from course.publish.policy_checks import texts_of

ENDING = ".yml"


@dataclass(frozen=True)
class LinkingFile:
    """A quiz's file as MkDocs' code for links asks for one; its warnings name it as the one with the link."""

    src_uri: str
    """Its path in the folder of quizzes, such as "start/first.yml"."""
    url: str
    """The address of the lesson's page."""
    inclusion: Any

    @classmethod
    def beside(cls, lesson: Any) -> "LinkingFile":
        """Return the quiz's file of a lesson's."""
        name = PurePosixPath(lesson.src_uri).with_suffix(ENDING).as_posix()
        return cls(name, lesson.url, lesson.inclusion)


class QuestionLinks:
    """Gathers the links of questions on one page, whose own links the treeprocessor *of_page* sees to."""

    def __init__(self, of_page: Any, base: str) -> None:
        self.page = of_page.file
        self.files = of_page.files
        self.base = base
        self.mkdocs = type(of_page)(LinkingFile.beside(self.page), self.files, of_page.config)
        self.addresses: dict[str, str] = {}
        """The address of the site that each link to a file means, as HTML."""

    @property
    def anchors(self) -> dict[str, dict[str, str]]:
        """The anchors that are linked to, with the link, by page."""
        found: dict[str, dict[str, str]] = {}
        for file, links in self.mkdocs.links_to_anchors.items():
            page = self.page if isinstance(file, LinkingFile) else file
            found.setdefault(page.src_uri, {}).update(links)
        return found

    def take(self, question: Question) -> None:
        """Look up the links of *question*."""
        for _, text in texts_of(question):
            for written in markup.links_in(text):
                self._take(written)

    def _take(self, written: str) -> None:
        parts = urlsplit(written)
        is_inside = not parts.scheme and not parts.netloc and not parts.path.startswith("/")
        path = unquote(parts.path) if is_inside else ""
        file = self._find(posixpath.dirname(self.page.src_uri), path) if path else None
        if file is not None:
            rest = parts._replace(path="").geturl()
            self.addresses[written] = escape(f"{self.base}{file.url}{rest}")
        if file is not None or not path or not self._is_seen_from_page(path):
            self.mkdocs.path_to_url(written)

    def _find(self, folder: str, path: str, ending: str = "") -> Any:
        way = posixpath.normpath(posixpath.join(folder, path)) + ending
        return self.files.get_file_from_path(way.removeprefix("./"))

    def _is_seen_from_page(self, path: str) -> bool:
        """Whether *path* leads to something of the site or of the service as seen from the lesson's page."""
        url = unquote(self.page.url)
        way = posixpath.normpath(posixpath.join("/", url, path)).strip("/")
        return way.partition("/")[0] in RESERVED or any(
            self._find(url, path, ending) is not None
            for ending in ("", "/index.md", "/README.md", ".md", "/index.html")
        )


def merged(blocks: Iterable[QuestionLinks]) -> dict[str, dict[str, str]]:
    """Return the anchors that are linked to on a page, with the link, by page."""
    found: dict[str, dict[str, str]] = {}
    for links in blocks:
        for uri, anchors in links.anchors.items():
            found.setdefault(uri, {}).update(anchors)
    return found


def problems(root: Path, inside: str, target: str, trouble: str) -> Iterator[Problem]:
    """Yield the problem of each text of the quiz *inside* its folder that has a link to *target*."""
    message = f"links to '{target}', {trouble}"
    path = root / QUIZZES / inside
    found, _ = quiz.read(root, path)
    for question in found.quiz.questions if found else ():
        for steps, text in texts_of(question):
            if found and target in markup.links_in(text):
                yield found.at(question, steps, message)
