"""What every question has: fields, a form, marking, a revision.

A question type is one module in this folder with one class derived from Question. It says which fields
a trainer writes, what can be wrong with them (`faults`), which controls the form has (`form`), how an
answer is marked (`mark`), and how the key and an answer read (`key`, `describe`): as Markdown where a
trainer wrote them, as PlainText where a learner typed them.

An answer, once read from a form, is a Given: field names with the list of values given for each, as a
browser would send it. It is stored like that, so that a form can be filled with it again.
"""

import datetime
import functools
import hashlib
import json
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Self

from pydantic import BaseModel, Field, PrivateAttr

from course.content.changes import Change
from course.content.looks import visible_text
from course.content.model import Fault, Id, Passage, Strict, Text, normalise_text

Given = dict[str, list[str]]
Fields = Mapping[str, Sequence[str]]

WORDING = frozenset(
    {
        "id", "objective", "group", "feedback", "misconception", "hint", "explanation", "example",
        "slips", "solution", "tags", "sources", "review_after", "shuffle", "fixed",
    }
)  # fmt: skip
"""Fields that explain, file or arrange a question, and so do not make a new revision of it."""

NOTES = frozenset({"changes", "lint"})
"""Fields about a question's own history and making: no part of what is published or recorded of it."""

Shown = dict[str, Any]
"""What of a question differs from learner to learner, as it stood on the page when it was answered."""

MARKING = 2
"""The version of the rules by which answers given now are marked; earlier ones keep that of their day.

1: dashes, quotation marks and letters by short lists; 1,234 is a thousand. 2: by Unicode's properties, and a
number that can be read in two ways is right if either reading is. Whatever alters the mark of any answer is a
new version, and the code of the earlier ones stays.
"""

MAX_TEXT = 4_000
MAX_LINE = 200


class AnswerError(ValueError):
    """An answer that cannot be taken as it is; says what the learner can do."""


@dataclass(frozen=True)
class Option:
    """Something to choose: *key* is what a form sends, *text* is Markdown.

    *stays* says that it keeps its place where others are shuffled.
    """

    key: str
    text: str
    stays: bool = False


@dataclass(frozen=True)
class Choices:
    """Radio buttons (one) or checkboxes (any number, none too).

    *shuffled*: the options stand in another order for each learner.
    """

    name: str
    options: tuple[Option, ...]
    many: bool = False
    legend: str = ""
    shuffled: bool = False
    kind: ClassVar[str] = "choices"

    def read(self, fields: Fields) -> Given:
        values = list(dict.fromkeys(fields.get(self.name, ())))
        known = {option.key for option in self.options}
        if unknown := [value for value in values if value not in known]:
            raise AnswerError(f"'{unknown[0][:40]}' is not one of the options of this question.")
        if not self.many and len(values) > 1:
            raise AnswerError("Choose one option only.")
        if not self.many and not values:
            raise AnswerError("Choose an option first.")
        return {self.name: [option.key for option in self.options if option.key in values]}


@dataclass(frozen=True)
class Entry:
    """A field to type in. *style* is "number", "word" (stands in the prompt's gap) or "paragraph"."""

    name: str
    label: str
    style: str
    unit: str = ""
    kind: ClassVar[str] = "entry"

    def read(self, fields: Fields) -> Given:
        values = [value for sent in fields.get(self.name, ()) if (value := self._plain(sent))]
        limit = MAX_TEXT if self.style == "paragraph" else MAX_LINE
        if not values:
            raise AnswerError("Write an answer first.")
        if len(values) > 1:
            raise AnswerError("Write one answer only.")
        if len(values[0]) > limit:
            raise AnswerError(f"This is too long: at most {limit} characters.")
        if any(unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\t" for c in values[0]):
            raise AnswerError("This text holds a character that cannot be stored.")
        return {self.name: values}

    def _plain(self, sent: str) -> str:
        if self.style == "paragraph":
            return sent.replace("\r\n", "\n").replace("\r", "\n").strip()
        return " ".join(sent.split())


@dataclass(frozen=True)
class Rows:
    """A choice from the same *options* for each row. *ranks*: each option is used once.

    *shuffled*: the rows stand in another order for each learner.
    """

    rows: tuple[Option, ...]
    options: tuple[Option, ...]
    ranks: bool = False
    shuffled: bool = False
    kind: ClassVar[str] = "rows"

    def read(self, fields: Fields) -> Given:
        given: Given = {}
        known = {option.key for option in self.options}
        for row in self.rows:
            values = [value for value in fields.get(row.key, ()) if value]
            if not values:
                raise AnswerError(f"Choose one for each line first; '{row.text}' has none.")
            if len(values) > 1:
                raise AnswerError(f"Choose only one for each line; '{row.text}' has several.")
            if values[0] not in known:
                raise AnswerError(f"'{values[0][:40]}' is not one of the choices of this question.")
            given[row.key] = values
        if self.ranks and len({values[0] for values in given.values()}) < len(self.rows):
            raise AnswerError("Two lines have the same place; give each its own.")
        return given


Control = Choices | Entry | Rows


@dataclass(frozen=True)
class Note:
    """Feedback on one part of an answer. *about* names the part; *right* is None where nothing is marked."""

    text: str
    right: bool | None = None
    about: Passage = ""


@dataclass(frozen=True)
class Marked:
    """What an answer is worth: *share* of the points from 0 to 1, None where nobody marks it."""

    share: float | None
    notes: tuple[Note, ...] = ()


class Slip(Strict):
    """A likely wrong answer with feedback of its own."""

    answer: Any
    """The wrong answer."""
    feedback: Text
    """What a learner who gives it should know."""
    misconception: Text | None = None
    """What a learner who gives it seems to believe."""


class Question(Strict):
    """One question, as a trainer wrote it."""

    TYPE: ClassVar[str] = ""
    SCORED: ClassVar[bool] = True
    FOLLOWS_UP: ClassVar[bool] = False
    """Whether the form asks for more once there is an answer."""
    SECONDS: ClassVar[int] = 60
    """How long to allow for a question and its feedback.

    A minute for a single choice is an old rule of thumb of examiners; Kennette (2025) measured 39 seconds
    without feedback. Where a type differs, the figure is our own estimate.
    """

    id: Id
    """A name that stays, unique in the course; records refer to it."""
    type: str
    """How the question is answered."""
    objective: Id
    """The objective of the lesson that it asks about."""
    prompt: Text
    """What is asked, as Markdown."""
    hint: Text | None = None
    """Help that learners may open before they answer."""
    explanation: Text
    """Why the right answer is right, shown after answering."""
    points: Annotated[float, Field(ge=0, le=1000, allow_inf_nan=False)] = 1.0
    """What a right answer adds to the score."""
    marking: Annotated[int, Field(ge=1, le=MARKING)] | None = None
    """The version of the marking rules that holds for it; left out, the newest when it is answered."""
    group: Id | None = None
    """A name that places several questions in one quiz block."""
    tags: list[Id] = Field(default_factory=list)
    """Words to file the question under."""
    sources: list[Text] = Field(default_factory=list)
    """Where its facts come from."""
    review_after: datetime.date | None = None
    """When its facts should be checked again."""
    lint: dict[Id, Text] = Field(default_factory=dict)
    """Rules of `course lint` that it may break, each with the reason."""
    changes: list[Change] = Field(default_factory=list)
    """What was decided about answers to earlier revisions, oldest first."""

    _marked_by: int | None = PrivateAttr(None)

    @property
    def marked_by(self) -> int:
        """The version of the marking rules by which `mark` and `read` go."""
        return self._marked_by or self.marking or MARKING

    def by_rules(self, version: int) -> Self:
        """Return the question as an earlier version of the marking rules has it; the same revision."""
        if version == self.marked_by:
            return self
        made = self.model_copy()
        made._marked_by = version
        return made

    @property
    def worth(self) -> float:
        """Points that this question adds to a score; 0 where no answer is better than another."""
        return self.points if self.SCORED else 0.0

    def faults(self) -> Iterator[Fault]:
        """Yield errors that the validation of single fields cannot find."""
        yield from ()

    _written: "Question | None" = PrivateAttr(None)
    """The question as the trainer wrote it, if this is the variant that one learner was shown."""

    @property
    def varies(self) -> bool:
        """Whether learners are shown different variants."""
        return False

    @property
    def explained(self) -> str:
        """The explanation shown after the answer, as Markdown; "" for none."""
        return self.explanation or ""

    def numbers(self) -> dict[str, list[str]]:
        """Return the numbers that differ between learners, by name, each with all its possible values."""
        return {}

    def shown(self, variant: str) -> Shown | None:
        """Return what differs in *variant* from other learners' variants; None if nothing does.

        A variant is what `chance.VARIANT` allows; "" is the one that the page shows without JavaScript.
        """
        return None

    def as_shown(self, shown: Shown | None) -> Self:
        """Return the question as one learner was shown it; *shown* comes from the answer's record."""
        return self

    def _variant(self, **changes: Any) -> Self:
        """Return this question with *changes*, and with the same revision."""
        variant = self.model_copy(update=changes)
        variant._written = self._written or self
        return variant

    def form(self, given: Given | None = None) -> list[Control]:
        """Return the controls to answer with; *given* is the learner's last answer, if any."""
        raise NotImplementedError

    def read(self, fields: Fields, previous: Given | None = None) -> Given:
        """Return the answer in *fields*; raises AnswerError when it is none to this question."""
        given: Given = {}
        for control in self.form(previous):
            given.update(control.read(fields))
        return given

    def mark(self, given: Given) -> Marked:
        """Return what *given* is worth, with feedback for it."""
        raise NotImplementedError

    def right(self) -> dict[str, list[str]]:
        """Return what is right for each field of the form, in the values that a form would send.

        Two revisions with the same fields and the same right values mark an answer alike.
        """
        return {}

    def key(self) -> Sequence[Passage]:
        """Return the right answer, one passage for each part."""
        raise NotImplementedError

    def describe(self, given: Given) -> Sequence[Passage]:
        """Return *given* as text for people, one passage for each part.

        What the learner typed is PlainText; what a trainer wrote, such as an option, is Markdown.
        """
        raise NotImplementedError

    def dump(self) -> dict[str, Any]:
        """Return the whole question as plain data, from which `questions.load` makes it again."""
        plain = self.model_dump(
            mode="json", by_alias=True, exclude_defaults=True, exclude=set(NOTES)
        )
        return {"type": self.type, **plain}

    @property
    def revision(self) -> str:
        """Name what this question asks and how it is marked: 16 hex digits of a SHA-256.

        Defaults are left out, so that a field added to the engine later changes no revision.
        """
        return _digest(_plain(self._written or self, without=WORDING | NOTES))

    @property
    def wording(self) -> str:
        """Name every word of it, feedback and hints too."""
        return _digest(_plain(self._written or self, without=NOTES))


def _plain(value: Any, without: frozenset[str] = frozenset()) -> Any:
    """Return a model as tidied plain data; *without* names fields, never keys that a trainer chose."""
    if isinstance(value, BaseModel):
        fields = type(value).model_fields
        given = {name: getattr(value, name) for name in fields if name not in without}
        return {
            name: _plain(inner, without)
            for name, inner in given.items()
            if inner != fields[name].get_default(call_default_factory=True)
        }
    if isinstance(value, dict):
        return {key: _plain(inner, without) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner, without) for inner in value]
    if isinstance(value, datetime.date):
        return value.isoformat()
    return normalise_text(value) if isinstance(value, str) else value


def _digest(value: Any) -> str:
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@functools.lru_cache(maxsize=50_000)  # a form needs the keys of all its options
def option_key(text: str) -> str:
    """Return the name of an option in forms and records: it follows the text, not the position."""
    return hashlib.sha256(normalise_text(text).encode()).hexdigest()[:8]


def twins(texts: Sequence[str]) -> Iterator[int]:
    """Yield the positions of texts that look like an earlier one."""
    seen: set[str] = set()
    for position, text in enumerate(texts):
        seen_as = visible_text(text)
        if seen_as in seen:
            yield position
        seen.add(seen_as)


def repeated(steps: str, texts: Sequence[str], inner: str = "text") -> Iterator[Fault]:
    """Yield a fault for each of *texts* that a learner could not tell from an earlier one."""
    for position in twins(texts):
        hint = "make each different"
        if visible_text(texts[position]) != normalise_text(texts[position]).casefold():
            hint += ": it holds something that is not seen, or another form of a letter or space"
        yield Fault((steps, position, inner), "reads like one before it", hint)
