"""The result of assessing an impact: changed questions and lessons, and the effect of each decision."""

from collections.abc import Mapping
from dataclasses import dataclass

from course.content.changes import Change
from course.content.compare import Difference

SHORT = 7
"""How many digits of a revision are shown, and are enough to name it."""


@dataclass(frozen=True)
class Effect:
    """What a decision does to answers: how many marks rise, fall, become void or stay."""

    up: int = 0
    down: int = 0
    void: int = 0
    same: int = 0
    gone: int = 0
    """Included in *same*: answers that the new revision cannot mark."""
    unknown: int = 0
    """Included in *same*: answers that the summary file leaves out, so their marks may change after all."""
    to_right: int = 0
    """Results that flip from wrong or partly right to right."""
    from_right: int = 0
    """Results that flip from right."""

    @property
    def changed(self) -> int:
        return self.up + self.down + self.void


@dataclass(frozen=True)
class Group:
    """The answers to a question that a decision about revision *old* applies to, and that decision."""

    old: str
    answers: int
    learners: int
    decision: str | None
    reason: str
    is_needed: bool
    """Whether their marks need a decision."""
    is_left: bool
    """Whether any of them is still marked by *old*; if not, an earlier decision covers them all."""
    effects: Mapping[str, Effect]
    """What each decision would do."""

    @property
    def is_open(self) -> bool:
        return self.is_needed and self.decision is None


@dataclass(frozen=True)
class QuestionChange:
    """A question that differs. *new* is "" for a removed question, *old* is "" for an added one."""

    question: str
    lesson: str
    kinds: tuple[str, ...]
    differences: tuple[Difference, ...]
    old: str
    new: str
    answers: int
    learners: int
    groups: tuple[Group, ...] = ()
    was: str = ""
    """The id of the lesson that it was moved from."""
    maybe: str = ""
    """The id of a removed question that is similar to this new one."""
    likeness: float = 0.0

    @property
    def is_open(self) -> bool:
        return bool(self.maybe) or any(group.is_open for group in self.groups)


@dataclass(frozen=True)
class LessonChange:
    """A lesson that differs: *kind* is added, removed, moved, renamed or rule changed."""

    lesson: str
    kind: str
    title: str
    was: str = ""
    maybe: str = ""
    """The id of a removed lesson that has the same questions as this new one."""
    learners: int = 0
    """Learners with answers or a reading mark in it."""
    completed: int = 0
    """Learners who have completed it, and still will have."""

    @property
    def is_open(self) -> bool:
        return bool(self.maybe)


@dataclass(frozen=True)
class Outcome:
    """How learners' figures for a lesson change with the decisions that are written in the course."""

    scores_up: int = 0
    scores_down: int = 0
    completions_gained: int = 0


@dataclass(frozen=True)
class Impact:
    """Everything that a publication would do."""

    learners: int
    questions: tuple[QuestionChange, ...]
    lessons: tuple[LessonChange, ...]
    outcomes: Mapping[str, Outcome]
    marks: Effect
    decisions: tuple[tuple[str, str, Change], ...]
    """The decisions to apply: question, old revision in full, and the entry."""
    asked_again: int = 0
    """Learners who will be asked a question again."""

    @property
    def open(self) -> list[QuestionChange | LessonChange]:
        """The changes that need a decision before the course can be published."""
        return [
            *(lesson for lesson in self.lessons if lesson.is_open),
            *(question for question in self.questions if question.is_open),
        ]

    @property
    def is_nothing(self) -> bool:
        return not self.questions and not self.lessons
