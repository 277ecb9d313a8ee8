"""What each format carries: a question goes out and comes back with every property named here.

What is not named may be lost, but then it is told: nothing is lost in silence.
"""

import datetime
import functools
import re
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from course.content import questions
from course.content.model import normalise_text
from course.content.questions.base import Question
from course.content.questions.blank import GAP
from course.formats import prose
from tests.formats.exchange import exported, imported, question_of

ALWAYS = "id objective prompt explanation"

CARRIED = {
    "gift": {
        "single": "tags texts correct feedbacks",
        "multiple": "tags texts correct feedbacks",
        "blank": "tags accept feedbacks slips",
        "numeric": "tags answer margin feedback slips",
        "match": "tags pairs distractors",
        "text": "tags",
    },
    "moodle": {
        "single": "tags hint points shuffle texts correct feedbacks",
        "multiple": "tags hint points shuffle texts correct feedbacks",
        "blank": "tags hint accept feedbacks slips",
        "numeric": "tags hint points answer margin unit feedback slips",
        "match": "tags hint points shuffle pairs distractors",
        "order": "tags hint points items",
        "text": "tags hint points checklist example",
    },
    "qti": {
        "single": "tags points shuffle stays texts correct feedbacks",
        "multiple": "tags points shuffle stays texts correct feedbacks",
        "blank": "tags points gaps accept feedbacks slips",
        "numeric": "tags points answer margin tolerance unit feedback slips",
        "match": "tags points shuffle pairs distractors feedbacks",
        "order": "tags points items feedbacks",
        "poll": "tags shuffle stays texts feedbacks",
        "text": "tags checklist example",
    },
    "csv": dict.fromkeys(questions.TYPES, "everything"),
}

# What questions are made of


SIGNS = r"""
word *starred* **bold** `code` under_score snake_case a~b = # { } : x=1 k->v 100% %50% [1] (two) & &amp; é ß
中 =SUM(A1) -2 +1 @home 'quoted' "double" ; , | \ \\ // :: 1. 3-4 $5 _ ___x <3
[html] [[ ]] ~~~ ! \n \= C:\temp
{~a=b} #### T
"""
WORDS = st.sampled_from(SIGNS.split())
PLAIN_SIGNS = r"word other third é ß 中 T-shirt half 3 a=b c~d e#f x:y {z} 'q' back\slash"
PLAIN = st.sampled_from(PLAIN_SIGNS.split())


@st.composite
def texts(draw: st.DrawFn) -> str:
    """Markdown of a paragraph or two, full of what formats take for signs of their own."""
    first = draw(st.sampled_from(["Which", "When is", "Say", "1 of", "T"]))
    words = " ".join([first, *draw(st.lists(WORDS, max_size=5))])
    if draw(st.integers(0, 4)) == 0:
        words += "\n\nAnd " + " ".join(draw(st.lists(WORDS, max_size=3)))
    return words.strip()


def plain() -> st.SearchStrategy[str]:
    return st.lists(PLAIN, min_size=1, max_size=3).map(" ".join)


def distinct(made: st.SearchStrategy[str], least: int, most: int) -> st.SearchStrategy[list[str]]:
    return st.lists(
        made, min_size=least, max_size=most, unique_by=lambda text: normalise_text(text).casefold()
    )


def maybe(made: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | made


@st.composite
def question_data(draw: st.DrawFn, kind: str) -> dict[str, Any]:
    data: dict[str, Any] = {
        "id": draw(st.sampled_from(["first-act", "2nd", "x"])),
        "type": kind,
        "objective": draw(st.sampled_from(["control", "know-it", "3-c"])),
        "prompt": draw(texts()),
        "explanation": draw(texts()),
        "points": draw(st.sampled_from([1.0, 2.0, 0.5])),
        "hint": draw(maybe(texts())),
        "tags": draw(st.lists(st.sampled_from(["one", "two-b"]), unique=True)),
        "sources": draw(st.lists(plain(), max_size=2)),
        "group": draw(maybe(st.just("some"))),
        "review_after": draw(maybe(st.just(datetime.date(2027, 1, 2)))),
    }
    data |= draw(PARTS[kind]())
    return {key: value for key, value in data.items() if value not in (None, [])}


def said(draw: st.DrawFn, **data: Any) -> dict[str, Any]:
    """Return a part with feedback and a misconception, or without."""
    data |= {"feedback": draw(maybe(texts())), "misconception": draw(maybe(plain()))}
    return {key: value for key, value in data.items() if value is not None}


@st.composite
def single(draw: st.DrawFn, *, many: bool = False) -> dict[str, Any]:
    options = draw(distinct(texts(), 2, 4))
    count = draw(st.integers(1, len(options) - 1)) if many else 1
    right = draw(st.permutations(range(len(options))))[:count]
    made = [
        said(draw, text=text) | ({"correct": True} if number in right else {})
        for number, text in enumerate(options)
    ]
    return {"options": made, "shuffle": draw(maybe(st.booleans()))}


def multiple() -> st.SearchStrategy[dict[str, Any]]:
    return single(many=True)


@st.composite
def poll(draw: st.DrawFn) -> dict[str, Any]:
    options = [said(draw, text=text) for text in draw(distinct(texts(), 2, 3))]
    return {"options": [{k: v for k, v in o.items() if k != "misconception"} for o in options]}


@st.composite
def blank(draw: st.DrawFn) -> dict[str, Any]:
    blanks = {}
    for name in ["verb", "2nd-noun"][: draw(st.integers(1, 2))]:
        words = draw(distinct(plain(), 2, 4))
        made = said(draw, accept=words[1:])
        made.pop("misconception", None)
        if draw(st.booleans()):
            slip = said(draw, answer=words[0])
            made["slips"] = [{"feedback": "No.", **slip}]
        blanks[name] = made
    before = prose.escaped(prose.to_plain(draw(texts()))).replace("[[", "((").replace("]]", "))")
    before = re.sub(r"_{3,}", "_", before)
    return {
        "prompt": f"{before} " + " and ".join(f"[[{n}]]" for n in blanks) + ".",
        "blanks": blanks,
    }


@st.composite
def numeric(draw: st.DrawFn) -> dict[str, Any]:
    answer = draw(st.sampled_from([12, 4.35, -7.5, 0.001, 1000]))
    slip = said(draw, answer=answer * 10)
    return {
        "answer": answer,
        "tolerance": draw(st.sampled_from([0.0, round(abs(answer) / 8, 6), "2%"])),
        "unit": draw(maybe(st.sampled_from(["days", "%", "km/h"]))),
        "feedback": draw(maybe(texts())),
        "slips": draw(st.just([]) | st.just([{"feedback": "Ten times.", **slip}])),
    }


@st.composite
def match(draw: st.DrawFn) -> dict[str, Any]:
    lefts, rights = draw(distinct(texts(), 2, 3)), draw(distinct(plain(), 3, 3))
    pairs = [
        said(draw, left=left, right=right)
        for left, right in zip(lefts, rights[1:] * 2, strict=False)
    ]
    for pair in pairs:
        pair.pop("misconception", None)
    return {
        "pairs": pairs,
        "distractors": draw(st.just([]) | st.just([said(draw, text=rights[0])])),
        "shuffle": draw(maybe(st.booleans())),
    }


@st.composite
def order(draw: st.DrawFn) -> dict[str, Any]:
    items: list[Any] = [said(draw, text=text) for text in draw(distinct(texts(), 3, 4))]
    for item in items:
        item.pop("misconception", None)
    if draw(st.booleans()):
        items = [items[0], items[1:]]
    return {"items": items}


@st.composite
def text(draw: st.DrawFn) -> dict[str, Any]:
    return {"checklist": draw(distinct(texts(), 1, 3)), "example": draw(maybe(texts()))}


PARTS: dict[str, Any] = {
    "single": single, "multiple": multiple, "poll": poll, "blank": blank, "numeric": numeric,
    "match": match, "order": order, "text": text,
}  # fmt: skip

# What is compared


@functools.cache
def shown(markdown: str) -> str:
    """Return what a reader sees of Markdown, and where it is emphasised."""
    soup = prose.soup_of(markdown)
    marks = [(tag.name, tag.get_text()) for tag in soup.find_all(["em", "strong", "code"])]
    return " ".join(f"{soup.get_text()} {marks or ''}".split())


def each(question: Any, value: Any) -> list[Any]:
    for field in ("options", "pairs", "items", "blanks"):
        if hasattr(question, field):
            parts = getattr(question, field)
            listed = list(parts.values()) if isinstance(parts, dict) else parts
            flat = [p for entry in listed for p in (entry if isinstance(entry, list) else [entry])]
            return [value(part) for part in flat]
    return []


PROPERTIES: dict[str, Any] = {
    "id": lambda q: q.id,
    "objective": lambda q: q.objective,
    "prompt": lambda q: shown(GAP.sub("[[gap]]", q.prompt)),
    "explanation": lambda q: shown(q.explanation or ""),
    "hint": lambda q: shown(q.hint or ""),
    "points": lambda q: q.points,
    "group": lambda q: q.group,
    "sources": lambda q: q.sources,
    "review_after": lambda q: q.review_after,
    "tags": lambda q: q.tags,
    "shuffle": lambda q: bool(getattr(q, "shuffle", False)),
    "stays": lambda q: bool(getattr(q, "shuffle", False)) and each(q, lambda o: o.stays),
    "texts": lambda q: hasattr(q, "options") and each(q, lambda o: shown(o.text)),
    "correct": lambda q: each(q, lambda o: getattr(o, "correct", None)),
    "feedbacks": lambda q: each(q, lambda part: shown(part.feedback or "")),
    "misconceptions": lambda q: "misconception" in str(q.dump()),
    "gaps": lambda q: list(getattr(q, "blanks", ())),
    "accept": lambda q: hasattr(q, "blanks") and each(q, lambda blank: blank.accept),
    "slips": lambda q: [
        (slip.answer, shown(slip.feedback))
        for part in ([q] if hasattr(q, "slips") else each(q, lambda part: part))
        for slip in getattr(part, "slips", ())
    ],
    "answer": lambda q: getattr(q, "answer", None),
    "margin": lambda q: getattr(q, "margin", None),
    "tolerance": lambda q: getattr(q, "tolerance", None),
    "unit": lambda q: getattr(q, "unit", None),
    "feedback": lambda q: shown(getattr(q, "feedback", None) or ""),
    "pairs": lambda q: hasattr(q, "pairs") and each(q, lambda p: (shown(p.left), shown(p.right))),
    "distractors": lambda q: sorted(shown(d.text) for d in getattr(q, "distractors", ())),
    "items": lambda q: hasattr(q, "items") and each(q, lambda item: shown(item.text)),
    "checklist": lambda q: [shown(entry) for entry in getattr(q, "checklist", ())],
    "example": lambda q: shown(getattr(q, "example", None) or ""),
    "everything": lambda q: {**q.dump(), "prompt": normalise_text(q.prompt)},
}

WAYS = [(kind, name) for kind, table in CARRIED.items() for name in table]


@pytest.mark.parametrize(("kind", "name"), WAYS)
@settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
@given(data=st.data())
def test_what_a_format_carries_comes_back(kind: str, name: str, data: st.DataObject) -> None:
    before = sound(data.draw(question_data(name)))
    content, outcome = exported(before, kind)
    assume(content is not None or kind == "gift")
    if content is None:  # several gaps, or an arrow in a word: GIFT says so
        assert outcome.refused
        return
    (item,) = imported(content)
    assert not item.refused, item.refused
    after = question_of(item)

    for wanted in (ALWAYS + " " + CARRIED[kind][name]).split():
        assert PROPERTIES[wanted](after) == PROPERTIES[wanted](before), wanted
    if kind != "csv":
        changed = {key for key, value in PROPERTIES.items() if value(after) != value(before)}
        assert outcome.lost or item.lost or not changed - {"everything"}, changed


def sound(data: dict[str, Any]) -> Question:
    question = questions.TYPES[data["type"]].model_validate(data)
    assume(not list(question.faults()))
    return question


@pytest.mark.parametrize(
    ("kind", "name"), [("gift", "order"), ("gift", "poll"), ("moodle", "poll")]
)
def test_what_a_format_has_no_place_for_is_refused_with_a_reason(kind: str, name: str) -> None:
    assert name not in CARRIED[kind]
    example = {"order": {"items": [{"text": "a"}, {"text": "b"}]}}.get(
        name, {"options": [{"text": "a"}, {"text": "b"}]}
    )
    base = {"id": "x", "type": name, "objective": "o", "prompt": "P", "explanation": "E"}
    content, outcome = exported(questions.TYPES[name].model_validate(base | example), kind)

    assert content is None
    assert f"'{name}'" in outcome.refused
