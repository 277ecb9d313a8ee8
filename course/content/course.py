"""A course: modules of lessons, in the order of the site's navigation, with their quizzes."""

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from course.content import lesson as lessons
from course.content import questions
from course.content.glossary import Glossary
from course.content.hosts import Hosts
from course.content.plan import Plan
from course.content.questions.base import Question
from course.content.quiz import Pool, Quiz, Rules


@dataclass(frozen=True)
class Place:
    """The place of a question in its lesson: the heading above it, and that heading's anchor."""

    section: str
    anchor: str


@dataclass(frozen=True)
class Lesson:
    """One lesson as it is published. *url* is relative to the site's root."""

    id: str
    title: str
    minutes: int
    url: str
    path: str
    objectives: dict[str, str]
    quiz: Quiz | None
    places: dict[str, Place]
    """Each question's place, in the order of the page."""
    plan: Plan | None = None
    sources: tuple[lessons.Source, ...] = field(default=(), compare=False)
    """Where its facts come from; only the site needs to know."""

    @functools.cached_property
    def questions(self) -> tuple[Question, ...]:
        """The questions in the order of the page."""
        if self.quiz is None:
            return ()
        by_id = {question.id: question for question in self.quiz.questions}
        return tuple(by_id[name] for name in self.places if name in by_id)

    @functools.cached_property
    def points(self) -> dict[str, float]:
        """The points of each question that adds to the score, in the order of the page."""
        return {question.id: worth for question in self.questions if (worth := question.worth)}

    def release(self) -> None:
        """Forget the questions, if they can be made again when somebody asks for them."""
        if self.quiz is not None and self.quiz.release():
            for name in ("questions", "points", "total"):
                vars(self).pop(name, None)

    @property
    def pools(self) -> tuple[Pool, ...]:
        """The groups of which a learner is asked a few questions."""
        return self.quiz.pools if self.quiz else ()

    @functools.cached_property
    def total(self) -> int:
        """How many questions a learner is asked."""
        return len(self.questions) - sum(len(pool.questions) - pool.draw for pool in self.pools)


@dataclass(frozen=True)
class Module:
    title: str
    lessons: tuple[Lesson, ...]


_NOTHING: Mapping[str, str] = {}


@dataclass(frozen=True)
class Course:
    """Everything that the service and the site need to know of what trainers wrote."""

    title: str
    site_url: str
    modules: tuple[Module, ...]
    glossary: Glossary | None = field(default=None, compare=False)
    """The words that it explains; only the site needs to know."""
    hosts: Hosts = field(default_factory=Hosts)
    """Other sites that its pages may show something of."""
    redirects: Mapping[str, str] = field(default_factory=dict, compare=False)
    """The address that each old address leads to; only the site needs to know."""
    addresses: dict[str, dict[str, str]] = field(default_factory=dict, compare=False)
    """By a lesson's url, where the links of its questions lead that count from the quiz's file."""

    @functools.cached_property
    def lessons(self) -> dict[str, Lesson]:
        """The lessons by id, in the order of the course."""
        return {lesson.id: lesson for module in self.modules for lesson in module.lessons}

    @functools.cached_property
    def by_path(self) -> dict[str, Lesson]:
        """The lessons by the path of their file."""
        return {lesson.path: lesson for lesson in self.lessons.values()}

    @functools.cached_property
    def asked(self) -> dict[str, tuple[Lesson, Question]]:
        """Every question by id, with its lesson."""
        return {
            question.id: (lesson, question)
            for lesson in self.lessons.values()
            for question in lesson.questions
        }

    @functools.cached_property
    def varies(self) -> bool:
        """Whether anything in it differs from learner to learner."""
        return any(lesson.pools for lesson in self.lessons.values()) or any(
            question.varies for _, question in self.asked.values()
        )

    @property
    def base(self) -> str:
        """The path under which the site is served, such as "/" or "/course/"."""
        return urlsplit(self.site_url).path.rstrip("/") + "/"

    def dump(self, known: Mapping[str, str] = _NOTHING) -> str:
        """Return the course as JSON, keys included: it never belongs in the site.

        What only the site shows, sources and glossary, is left out. *known* has what `dump_lesson` gave
        for some of the lessons, by id.
        """
        modules = ", ".join(
            f'{{"title": {_json(module.title)}, "lessons": ['
            + ", ".join(known.get(lesson.id) or dump_lesson(lesson) for lesson in module.lessons)
            + "]}"
            for module in self.modules
        )
        head = f'"title": {_json(self.title)}, "site_url": {_json(self.site_url)}'
        if hosts := self.hosts.dump():
            head += f', "hosts": {_json(hosts)}'
        if self.addresses:
            head += f', "addresses": {_json(self.addresses)}'
        return f'{{{head}, "modules": [{modules}]}}'

    @classmethod
    def load(cls, text: str) -> "Course":
        """Return the course that `dump` wrote."""
        data = json.loads(text)
        modules = tuple(
            Module(module["title"], tuple(_load_lesson(lesson) for lesson in module["lessons"]))
            for module in data["modules"]
        )
        hosts = Hosts.load(data.get("hosts", {}))
        addresses = data.get("addresses", {})
        return cls(data["title"], data["site_url"], modules, hosts=hosts, addresses=addresses)


def dump_lesson(lesson: Lesson, quiz: str = "") -> str:
    """Return a lesson as JSON, keys included; *quiz* is what `dump_quiz` returned for its quiz."""
    data = {
        "id": lesson.id,
        "title": lesson.title,
        "minutes": lesson.minutes,
        "url": lesson.url,
        "path": lesson.path,
        "objectives": lesson.objectives,
        "places": {name: [place.section, place.anchor] for name, place in lesson.places.items()},
    }
    parts = [_members(data)]
    if lesson.quiz is not None:
        parts.append(quiz or dump_quiz(lesson.quiz))
    if lesson.plan is not None:
        plan = lesson.plan.model_dump(mode="json", exclude_defaults=True)
        parts.append(_members({"plan": plan}))
    return "{" + ", ".join(parts) + "}"


def dump_quiz(quiz: Quiz) -> str:
    """Return the members of a lesson's JSON that come from its quiz: the rules, and questions with keys."""
    # Left out where it says nothing, so that a service of the version before can read the rest.
    unused = None if quiz.rules.needs_account else {"account"}
    rules = quiz.rules.model_dump(mode="json", exclude=unused)
    return _members({"rules": rules, "questions": [asked.dump() for asked in quiz.questions]})


def _members(data: Mapping[str, Any]) -> str:
    """Return *data* as the members of a JSON object, without its braces."""
    return _json(data)[1:-1]


_json = functools.partial(json.dumps, ensure_ascii=False)


def _load_lesson(data: dict[str, Any]) -> Lesson:
    asked = None
    if "questions" in data:
        rules = Rules.model_validate(data["rules"])
        asked = Quiz(rules, tuple(questions.load(entry) for entry in data["questions"]))
    places = {name: Place(*place) for name, place in data["places"].items()}
    fields = {key: data[key] for key in ("id", "title", "minutes", "url", "path", "objectives")}
    plan = Plan.model_validate(data["plan"]) if "plan" in data else None
    return Lesson(**fields, quiz=asked, places=places, plan=plan)
