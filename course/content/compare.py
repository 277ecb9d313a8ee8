"""Comparing two revisions of a question: what changed, and how an old answer maps to the new revision."""

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from course.content.formula import FormulaError
from course.content.model import normalise_text
from course.content.questions.base import (
    NOTES,
    WORDING,
    AnswerError,
    Choices,
    Control,
    Entry,
    Given,
    Option,
    Question,
    Rows,
    Shown,
)

ALIKE = 0.6
"""How much of two texts has to agree for one to be a rewording of the other.

Python's difflib names 0.6 as its rule of thumb for close matches.
"""

_IN_FORM = frozenset(
    {"options", "items", "pairs", "distractors", "blanks", "checklist", "answer", "prompt"}
)
"""Fields whose change shows in the form or in what is right."""

HARMLESS = frozenset({"reworded", "option reworded", "feedback reworded"})
"""Changes that alter no mark, so that old answers keep theirs without a decision."""


@dataclass(frozen=True)
class Difference:
    """One thing that changed: *kind* from a short list, and *detail* for people, as Markdown."""

    kind: str
    detail: str = ""


def differences(old: Question, new: Question) -> list[Difference]:
    """Return what changed from *old* to *new*; empty if their wording is identical."""
    if old.wording == new.wording:
        return []
    if old.revision == new.revision:
        return [Difference("feedback reworded")]
    found: list[Difference] = []
    if old.type != new.type:
        found.append(Difference("type changed", f"{old.type} → {new.type}"))
    if normalise_text(old.prompt) != normalise_text(new.prompt):
        found.append(Difference("reworded", f"{_line(old.prompt)} → {_line(new.prompt)}"))
    if old.type == new.type:
        pairs = _pairs(old.form({}), new.form({}))
        found += _options(old, new, pairs)
        if _mapped(old.right(), pairs) != _mapped(new.right(), {}):
            found.append(Difference("key changed", f"{_key_text(old)} → {_key_text(new)}"))
    if old.worth != new.worth:
        found.append(Difference("points changed", f"{old.worth:g} → {new.worth:g}"))
    found += _other_fields(old, new)
    return found or [Difference("reworded")]


def needs_decision(old: Question, new: Question) -> bool:
    """Whether answers to the old revision could get a different mark now."""
    counts = old.worth or new.worth
    return bool(counts) and any(d.kind not in HARMLESS for d in differences(old, new))


def likeness(old: Question, new: Question) -> float:
    """Return the similarity of the words of two questions, from 0 to 1."""
    return difflib.SequenceMatcher(None, _words(old), _words(new), autojunk=False).ratio()


def carry_over(
    old: Question, new: Question, given: Given, shown: Shown | None = None
) -> Given | None:
    """Return an answer to *old* as an answer to *new*; None if it cannot be carried over.

    Options are the same if their texts are equal, or if one is clearly a rewording of the other. Removed
    options are dropped from an answer with several choices; a single choice that was removed cannot be
    carried over, nor can an answer to numbers that the new question does not use.
    """
    variant = _with_shown_values(new, shown)
    if variant is None:
        return None
    fields: Given = {}
    before = old.as_shown(shown).form(given)
    for control in variant.form(given):
        found = _map_answer(before, control, given)
        if found is None:
            return None
        fields.update(found)
    try:
        return variant.read(fields)
    except AnswerError:
        return None


def _with_shown_values(new: Question, shown: Shown | None) -> Question | None:
    """Return *new* with the numbers that a learner was shown; None if it cannot have these numbers."""
    seen = set((shown or {}).get("values", ()))
    needed = set(new.numbers())
    if needed - seen or (seen and not needed):
        return None
    try:
        return new.as_shown(shown)
    except FormulaError:  # these numbers are no longer among its own
        return None


def _map_answer(before: Sequence[Control], control: Control, given: Given) -> Given | None:
    """Return the part of *given* that answers *control*, by field; None if it cannot be carried over."""
    match control:
        case Entry():
            return {control.name: given[control.name]} if control.name in given else None
        case Choices():
            earlier = next(
                (c for c in before if isinstance(c, Choices) and c.name == control.name), None
            )
            if earlier is None or control.name not in given:
                return {} if earlier is not None else None
            names = paired(earlier.options, control.options)
            chosen = given[control.name]
            still_offered = [names[key] for key in chosen if key in names]
            return (
                None
                if len(still_offered) < len(chosen) and not control.many
                else {control.name: still_offered}
            )
        case Rows():
            table = next((c for c in before if isinstance(c, Rows)), None)
            if table is None or (control.ranks and len(table.rows) != len(control.rows)):
                return None
            rows = {new: old for old, new in paired(table.rows, control.rows).items()}
            names = paired(table.options, control.options)
            found: Given = {}
            for row in control.rows:
                value = given.get(rows.get(row.key, ""), [""])[0]
                if value not in names:
                    return None
                found[row.key] = [names[value]]
            return found


def paired(old: Sequence[Option], new: Sequence[Option]) -> dict[str, str]:
    """Return the keys of *old* options with those of the *new* options that they became."""
    names = {option.key: option.key for option in old if option.key in {n.key for n in new}}
    gone = [option for option in old if option.key not in names]
    fresh = [option for option in new if option.key not in names]
    scored = sorted(
        ((_alike(a.text, b.text), i, k) for i, a in enumerate(gone) for k, b in enumerate(fresh)),
        reverse=True,
    )
    for score, i, k in scored:
        is_free = gone[i].key not in names and fresh[k].key not in names.values()
        if score >= ALIKE and is_free:
            names[gone[i].key] = fresh[k].key
    return names


def _alike(old: str, new: str) -> float:
    """Return how alike two options are; other numbers make another option, however alike the words."""
    a, b = normalise_text(old).casefold(), normalise_text(new).casefold()
    if re.findall(r"\d+", a) != re.findall(r"\d+", b):
        return 0.0
    return difflib.SequenceMatcher(None, a, b, autojunk=False).ratio()


def _pairs(old: Sequence[Control], new: Sequence[Control]) -> dict[str, str]:
    """Return every option of the old form with what it became in the new one."""
    found: dict[str, str] = {}
    for before, after in zip(old, new, strict=False):
        if isinstance(before, Choices) and isinstance(after, Choices):
            found |= paired(before.options, after.options)
        elif isinstance(before, Rows) and isinstance(after, Rows):
            found |= paired(before.rows, after.rows)
            found |= paired(before.options, after.options)
    return found


def _texts(question: Question) -> dict[str, str]:
    """Return everything that can be chosen or placed in a question, by key; places are no options."""
    found: dict[str, str] = {}
    for control in question.form({}):
        if isinstance(control, Choices):
            found |= {option.key: option.text for option in control.options}
        elif isinstance(control, Rows):
            options = () if control.ranks else control.options
            found |= {option.key: option.text for option in (*control.rows, *options)}
    return found


def _options(old: Question, new: Question, pairs: Mapping[str, str]) -> list[Difference]:
    before, after = _texts(old), _texts(new)
    found = [
        Difference("option reworded", f"{_line(text)} → {_line(after[pairs[key]])}")
        for key, text in before.items()
        if key in pairs and pairs[key] != key
    ]
    found += [
        Difference("option removed", _line(text))
        for key, text in before.items()
        if key not in pairs
    ]
    mapped = set(pairs.values())
    return found + [
        Difference("option added", _line(text)) for key, text in after.items() if key not in mapped
    ]


def _mapped(
    right: Mapping[str, Sequence[str]], names: Mapping[str, str]
) -> dict[str, frozenset[str]]:
    return {
        names.get(name, name): frozenset(names.get(value, value) for value in values)
        for name, values in right.items()
    }


def _other_fields(old: Question, new: Question) -> list[Difference]:
    if old.type != new.type:
        return []
    names = set(type(new).model_fields) - WORDING - NOTES - _IN_FORM - {"type", "points"}
    return [
        Difference(f"{name} changed", f"{getattr(old, name)} → {getattr(new, name)}")
        for name in sorted(names)
        if getattr(old, name) != getattr(new, name)
    ]


def _key_text(question: Question) -> str:
    return " / ".join(_line(str(line)) for line in question.key()) or "(none)"


def _line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 80 else f"{line[:79]}…"


def _words(question: Question) -> list[str]:
    return (
        normalise_text(" ".join([question.prompt, *_texts(question).values()])).casefold().split()
    )
