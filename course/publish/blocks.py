"""The blocks of a page: `/// quiz | NAME` for the questions so named, `/// plan` for the plan page,
`/// glossary` and `/// sources` for what the whole course explains and rests on; and the links of terms.

A Python-Markdown extension, so that MkDocs, ProperDocs and Zensical render the same lesson alike.
"""

import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from markdown import Markdown
from pymdownx.blocks import BlocksExtension, BlocksProcessor
from pymdownx.blocks.block import Block

from course import markup
from course.content.course import Lesson
from course.content.problems import CourseError, Problem, did_you_mean
from course.content.questions.base import Question
from course.content.reading import LESSONS
from course.markup.formula_syntax import Drawn, FormulaSyntax
from course.publish.builders import course_of, page_path
from course.publish.finish import Finish
from course.publish.lists import GlossaryBlock, SourcesBlock
from course.publish.question_links import QuestionLinks
from course.publish.terms import PRIORITY, Terms


class QuizBlock(Block):  # type: ignore[misc]  # pymdownx has no types
    """Puts the forms of its questions into the page and nothing else."""

    NAME = "quiz"
    ARGUMENT = None  # with True, a block without a name would silently stay text

    def on_create(self, parent: ElementTree.Element) -> ElementTree.Element:
        path = page_path(self.md)
        course = course_of(self.config)
        lesson = course.by_path.get(path)
        placed = self.tracker.setdefault("placed", set())
        try:
            asked = self._asked(path, lesson, placed)
        except CourseError:
            if path not in self.config["broken"]:
                raise
            asked = []
        placed.update(question.id for question in asked)

        pools = {name: pool for pool in lesson.pools for name in pool.questions} if lesson else {}
        html = "\n".join(
            str(markup.question(question, base=course.base, pool=pools.get(question.id)))
            for question in asked
        )
        if asked and lesson and lesson.quiz and lesson.quiz.rules.needs_account:
            html = f"{markup.account_notice(course.base)}\n{html}"
        html = markup.placed(html, self._addresses(asked, course.base))
        if path in self.config["broken"]:
            number = self.tracker["block"] = self.tracker.get("block", 0) + 1
            html = f'<div class="preview-block" id="preview-block-{number}"></div>{html}'
        paragraph = ElementTree.SubElement(parent, "p")
        # Alone in its paragraph, a placeholder of the stash takes the whole paragraph with it.
        paragraph.text = self.md.htmlStash.store(html)
        return paragraph

    def on_markdown(self) -> str:
        return "raw"

    def _asked(self, path: str, lesson: Lesson | None, placed: set[str]) -> list[Question]:
        if lesson is None or lesson.quiz is None:
            what = "is no lesson with a quiz" if path else "cannot be told from the Markdown"
            raise self._error(path, f"this page {what}", "list it in a module of mkdocs.yml")
        quiz = lesson.quiz
        if not quiz.questions:
            return []  # each of them has a problem of its own, which is reported with the quiz
        wanted = quiz.named(self.argument) if self.argument else quiz.questions
        if not wanted:
            message = f"no question, group or objective is named '{self.argument}'"
            raise self._error(path, message, did_you_mean(self.argument, quiz.names()))
        free = [question for question in wanted if question.id not in placed]
        if not free:
            message = f"'{self.argument}' stands in an earlier quiz block"
            raise self._error(path, message, "remove one of them")
        places = list(lesson.places)
        return sorted(free, key=lambda question: places.index(question.id))

    def _addresses(self, asked: list[Question], base: str) -> dict[str, str]:
        """Return where the questions' links lead that are files of the site as seen from the quiz's file."""
        of_page = next((p for p in self.md.treeprocessors if hasattr(p, "path_to_url")), None)
        if of_page is None:  # a builder that knows no files
            return {}
        links = QuestionLinks(of_page, base)
        for question in asked:
            links.take(question)
        if isinstance(self.config["question_links"], list):
            self.config["question_links"].append(links)
        return links.addresses

    def _error(self, path: str, message: str, hint: str) -> CourseError:
        name = f"{LESSONS}/{path or '?'}"
        file = Path(self.config["root"], name)
        text = file.read_text("utf-8") if file.is_file() else ""
        return CourseError([Problem(name, line_of_block(text, self.argument), 1, message, hint)])


class PlanBlock(Block):  # type: ignore[misc]  # pymdownx has no types
    """Puts the lesson's plan page into the page and nothing else."""

    NAME = "plan"
    ARGUMENT = None

    def on_create(self, parent: ElementTree.Element) -> ElementTree.Element:
        path = page_path(self.md)
        course = course_of(self.config)
        lesson = course.by_path.get(path)
        html = str(markup.plan(lesson.plan)) if lesson and lesson.plan else ""
        if not html and path not in self.config["broken"]:
            name = f"{LESSONS}/{path or '?'}"
            hint = "write its file under plans/, or remove the block"
            raise CourseError([Problem(name, 1, 1, "there is no plan page for its block", hint)])
        paragraph = ElementTree.SubElement(parent, "p")
        paragraph.text = self.md.htmlStash.store(html)
        return paragraph

    def on_markdown(self) -> str:
        return "raw"


class QuizExtension(BlocksExtension):  # type: ignore[misc]  # pymdownx has no types
    def __init__(self, **settings: Any) -> None:
        self.config = {
            "root": [".", "The course's folder."],
            "course": ["", "The course, where it has been read already (the plugin sets this)."],
            "broken": [set(), "Pages on which to mark each block, and leave a wrong one empty."],
            "drawings": [
                "",
                "Takes the files of diagrams; without, they are in the page itself.",
            ],
            "question_links": ["", "Takes the links of the questions of each block."],
            "dollars": [False, "Whether $...$ is a formula, too."],
            "lists": [
                set(),
                "Takes the names of the blocks that show something of the whole course.",
            ],
        }
        super().__init__(**settings)

    def extendMarkdownBlocks(self, md: Markdown, block_mgr: BlocksProcessor) -> None:  # noqa: N802
        md.block_level_elements.append("course-question")
        for block in (QuizBlock, PlanBlock, GlossaryBlock, SourcesBlock):
            block_mgr.register(block, self.getConfigs())
        md.treeprocessors.register(Terms(md, self.getConfigs()), "course-terms", PRIORITY)
        formulas = FormulaSyntax(dollars=self.getConfig("dollars"))
        formulas.extendMarkdown(md)
        md.postprocessors.register(Drawn(md, formulas), "course-formulas", 2)
        md.postprocessors.register(Finish(md), "course-finish", 1)


def makeExtension(**settings: Any) -> QuizExtension:  # noqa: N802 - the name that Markdown calls
    return QuizExtension(**settings)


def line_of_block(text: str, name: str | None = None) -> int:
    """Return the line of the first quiz block in *text*, or of the one called *name*."""
    argument = rf"\s*\|\s*{re.escape(name)}\s*$" if name else ""
    match = re.search(rf"^\s*/{{3,}}\s*quiz\b{argument}", text, re.MULTILINE)
    return text[: match.start()].count("\n") + 1 if match else 1
