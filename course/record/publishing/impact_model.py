"""What an impact is made of: changed questions and lessons, and what decisions do to answers."""

from collections.abc import Mapping
from dataclasses import dataclass

from course.content.changes import Change
from course.content.compare import Difference

SHORT = 7
"""Digits of a revision that people read and write."""


@dataclass(frozen=True)
class Effect:
    """What a decision does to answers: how many marks rise, fall, become void or stay."""

    up: int = 0
    down: int = 0
    void: int = 0
    same: int = 0
    gone: int = 0
    """Of those that stay: answers for which the new revision has no place."""
    unknown: int = 0
    """Of those that stay here: answers that the summary file leaves out, so that theirs may change."""
    to_right: int = 0
    """Results that flip from wrong or partly right to right."""
    from_right: int = 0
    """Results that flip from right."""

    @property
    def changed(self) -> int:
        return self.up + self.down + self.void


@dataclass(frozen=True)
class Group:
    """Answers to a question that a decision from revision *old* concerns, and what is decided."""

    old: str
    answers: int
    learners: int
    decision: str | None
    reason: str
    is_needed: bool
    """Whether they may not stay as they are without a decision."""
    is_left: bool
    """Whether any of them is still marked by *old*; where none is, they were decided about before."""
    effects: Mapping[str, Effect]
    """What each decision would do."""

    @property
    def is_open(self) -> bool:
        return self.is_needed and self.decision is None


@dataclass(frozen=True)
class QuestionChange:
    """One question that differs. *new* is "" for one that is gone, *old* for one that was not there."""

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
    """The lesson it stood in before, where it moved."""
    maybe: str = ""
    """The id of a question that is gone and reads like this new one."""
    likeness: float = 0.0

    @property
    def is_open(self) -> bool:
        return bool(self.maybe) or any(group.is_open for group in self.groups)


@dataclass(frozen=True)
class LessonChange:
    """One lesson that differs: *kind* is added, removed, moved, renamed or rule changed."""

    lesson: str
    kind: str
    title: str
    was: str = ""
    maybe: str = ""
    """The id of a lesson that is gone and has the same questions as this new one."""
    learners: int = 0
    """Learners with answers or a reading mark in it."""
    completed: int = 0
    """Learners who have completed it: they keep that."""

    @property
    def is_open(self) -> bool:
        return bool(self.maybe)


@dataclass(frozen=True)
class Outcome:
    """How one lesson's figures move for learners, with the decisions as they are written."""

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
    """What is to be applied: question, old revision in full, and the entry."""
    asked_again: int = 0
    """Learners who will be asked a question again."""

    @property
    def open(self) -> list[QuestionChange | LessonChange]:
        """What the trainer has to decide before this can be published."""
        return [
            *(lesson for lesson in self.lessons if lesson.is_open),
            *(question for question in self.questions if question.is_open),
        ]

    @property
    def is_nothing(self) -> bool:
        return not self.questions and not self.lessons
