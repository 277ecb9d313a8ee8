"""Courses made of chance, the same for the same seed: as long as wanted, and valid."""

import random
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import yaml

MODULE = 20
"""Lessons in a module."""

TYPES = ("single", "multiple", "numeric", "blank", "order", "match", "text", "poll")

SITE: dict[str, Any] = {
    "site_name": "A generated course",
    "site_url": "http://127.0.0.1:8000/",
    "docs_dir": "lessons",
    "theme": {
        "name": "material",
        "font": False,
        "features": [
            "content.tooltips",
            "navigation.footer",
            "navigation.indexes",
            "navigation.instant",
            "navigation.instant.progress",
            "navigation.prune",
            "navigation.sections",
            "navigation.top",
            "navigation.tracking",
            "search.highlight",
            "search.suggest",
            "toc.follow",
        ],
    },
    "markdown_extensions": [
        "abbr",
        "admonition",
        "attr_list",
        "def_list",
        "footnotes",
        "md_in_html",
        "tables",
        {"toc": {"permalink": True}},
        "pymdownx.details",
        "pymdownx.superfences",
    ],
}
"""The look and the Markdown of the course that ships; the same with the engine and without."""


def write(
    root: Path,
    lessons: int,
    questions: int,
    *,
    seed: int = 1,
    plain: bool = False,
    without: Collection[str] = (),
) -> None:
    """Write a course into *root*: lessons of about 800 words, each with a quiz of *questions*.

    A *plain* course is the same Markdown for Material alone, without quizzes. *without* names features
    of the theme to leave out.
    """
    modules: list[dict[str, list[str]]] = []
    for first in range(0, lessons, MODULE):
        name = f"module-{first // MODULE + 1}"
        paths = [f"{name}/lesson-{n + 1}.md" for n in range(first, min(first + MODULE, lessons))]
        modules.append({f"Module {len(modules) + 1}": paths})
        for number, path in enumerate(paths, first + 1):
            chance = random.Random(f"{seed} {number}")
            neighbours = [other for other in paths if other != path] or [path]
            text = _lesson(chance, number, chance.choice(neighbours).split("/")[1])
            _put(root / "lessons" / path, text if plain else f"{text}\n/// quiz\n///\n")
            if not plain:
                quiz = {"questions": list(_questions(chance, number, questions))}
                _put(root / "quizzes" / path.replace(".md", ".yml"), _yaml(quiz))
    _put(root / "lessons/index.md", "---\ntitle: Start\n---\n\nA generated course.\n")
    site = SITE | {"nav": [{"Start": "index.md"}, *modules], "plugins": ["search"]}
    features = [feature for feature in SITE["theme"]["features"] if feature not in without]
    site["theme"] = SITE["theme"] | {"features": features}
    if not plain:
        site["plugins"] = ["search", "course"]
        site["markdown_extensions"] = [*SITE["markdown_extensions"], "course.publish.blocks"]
    _put(root / "mkdocs.yml", _yaml(site))


def _put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _yaml(data: dict[str, Any]) -> str:
    return yaml.dump(data, sort_keys=False, allow_unicode=True, width=1_000)


def _lesson(chance: random.Random, number: int, neighbour: str) -> str:
    front = {
        "title": f"Lesson {number}: {_title(chance)}",
        "description": _sentence(chance),
        "minutes": 10,
        "objectives": {"know": _sentence(chance)},
    }
    parts = [f"---\n{_yaml(front)}---", _paragraph(chance, 60)]
    for section in range(1, 7):
        parts += [f"## {_title(chance)} {section}", _paragraph(chance, 40)]
        if section in (2, 5):
            parts.append(f'!!! tip "{_title(chance)}"\n\n    {_paragraph(chance, 30)}')
        elif section == 4:
            parts.append(_table(chance))
        else:
            parts.append("\n".join(f"- {_sentence(chance)}" for _ in range(3)))
        parts.append(_paragraph(chance, 40))
    parts.append(f"More in [another lesson]({neighbour}).")
    return "\n\n".join(parts) + "\n"


def _table(chance: random.Random) -> str:
    rows = [[_word(chance) for _ in range(4)] for _ in range(6)]
    lines = [rows[0], ["---"] * 4, *rows[1:]]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _questions(chance: random.Random, lesson: int, many: int) -> Iterator[dict[str, Any]]:
    for number in range(many):
        kind = TYPES[number % len(TYPES)]
        prompt = f"Question {number + 1} of lesson {lesson}: {_sentence(chance)}"
        if kind == "blank":
            prompt += " Fill [[first]] and [[second]]."
        common = {
            "id": f"l{lesson}-q{number + 1}",
            "type": kind,
            "objective": "know",
            "prompt": prompt,
        }
        yield common | _fields(chance, kind) | {"explanation": _paragraph(chance, 25)}


def _fields(chance: random.Random, kind: str) -> dict[str, Any]:
    texts = [f"{_sentence(chance)} {position}" for position in range(1, 5)]
    told = [{"text": text, "feedback": _sentence(chance)} for text in texts]
    if kind in ("single", "multiple"):
        right = {0} if kind == "single" else {0, 2}
        options = [o | {"correct": True} if n in right else o for n, o in enumerate(told)]
        chance.shuffle(options)
        return {"options": options}
    if kind == "numeric":
        return {"answer": chance.randrange(10, 1_000), "tolerance": 0.5}
    if kind == "blank":
        gaps = ("first", "second")
        return {"blanks": {g: {"accept": [_word(chance), f"the {_word(chance)}"]} for g in gaps}}
    if kind == "order":
        return {"items": told}
    if kind == "match":
        return {"pairs": [{"left": f"Case {n}", "right": text} for n, text in enumerate(texts, 1)]}
    if kind == "text":
        return {"checklist": texts[:2], "example": _paragraph(chance, 30)}
    return {"options": told}


SYLLABLES = [consonant + vowel for consonant in "bdfgklmnprstv" for vowel in "aeiou"]


def _word(chance: random.Random) -> str:
    """Return a word; short ones come often, so that pages share words as in a language."""
    return "".join(chance.choices(SYLLABLES, k=chance.choice((1, 1, 1, 2, 2, 2, 3, 4))))


def _title(chance: random.Random) -> str:
    return " ".join(_word(chance) for _ in range(3)).capitalize()


def _sentence(chance: random.Random) -> str:
    return " ".join(_word(chance) for _ in range(chance.randrange(7, 14))).capitalize() + "."


def _paragraph(chance: random.Random, words: int) -> str:
    sentences: list[str] = []
    while sum(len(sentence.split()) for sentence in sentences) < words:
        sentences.append(_sentence(chance))
    return " ".join(sentences)
