"""An impact for people at a terminal, for a comment on a pull request, and for programs."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from rich.console import Console
from rich.text import Text

from course.content.changes import DECISIONS
from course.content.counts import counted
from course.content.percent import percent, percentage
from course.record.publishing.impact_model import (
    SHORT,
    Effect,
    Group,
    Impact,
    LessonChange,
    QuestionChange,
)


def as_data(impact: Impact) -> dict[str, Any]:
    """Return an impact as plain data; revisions in full."""
    return {
        "learners": impact.learners,
        "open": len(impact.open),
        "questions": [{**asdict(one), "open": one.is_open} for one in impact.questions],
        "lessons": [{**asdict(one), "open": one.is_open} for one in impact.lessons],
        "outcomes": {name: asdict(outcome) for name, outcome in impact.outcomes.items()},
        "marks": asdict(impact.marks),
        "asked_again": impact.asked_again,
        "decisions": [
            {"question": name, "old": old, "new": change.to, "decision": change.decision}
            for name, old, change in impact.decisions
        ],
    }


def headline(impact: Impact) -> str:
    """Return one sentence that says whether decisions are open."""
    if impact.open:
        return f"{counted(len(impact.open), 'decision is', 'decisions are')} open."
    if impact.is_nothing:
        return "Nothing changes for anybody's record."
    return "Nothing is left to decide."


def show(impact: Impact) -> None:
    """Print an impact for a person at a terminal."""
    console = Console(highlight=False, soft_wrap=True)
    for lesson in impact.lessons:
        console.print(_title(lesson.lesson, lesson_words(lesson), is_open=lesson.is_open))
        for line in _lesson_lines(lesson):
            console.print(Text(f"    {line}"))
    for question in impact.questions:
        console.print(_title(question.question, question_words(question), is_open=question.is_open))
        for line in _question_lines(question):
            console.print(Text(f"    {line}"))
    for line in totals(impact):
        console.print(Text(line))
    console.print(Text(headline(impact), "bold red" if impact.open else "bold green"))


def _title(name: str, words: str, *, is_open: bool) -> Text:
    mark = Text("? ", "bold red") if is_open else Text("  ")
    return Text.assemble(mark, (name, "bold"), f": {words}")


def lesson_words(lesson: LessonChange) -> str:
    """Describe how a lesson changed."""
    was = f" (was {lesson.was})" if lesson.was else ""
    return f"lesson {lesson.kind}{was}"


def question_words(question: QuestionChange) -> str:
    """Describe how a question changed."""
    words = ", ".join(question.kinds) or "a decision about earlier answers"
    return f"{words} (from lesson {question.was})" if question.was else words


def _lesson_lines(lesson: LessonChange) -> Iterator[str]:
    if lesson.maybe:
        yield f"It has the questions of '{lesson.maybe}', which is gone. The same lesson under a new name?"
        yield f"  Yes: write 'id: {lesson.maybe}' into its front matter, and the records stay with it."
        yield f"  No: write 'id: {lesson.lesson}' there, and it starts with none."
    if lesson.kind == "removed" and lesson.learners:
        yield (
            f"{counted(lesson.learners, 'learner')} worked on it. Answers stay in the record; "
            f"{counted(lesson.completed, 'learner')} completed it and keep that."
        )


def _question_lines(question: QuestionChange) -> Iterator[str]:
    for difference in question.differences:
        if difference.detail:
            yield f"{difference.kind}: {difference.detail}"
    if question.maybe:
        yield (
            f"It reads like '{question.maybe}' ({percentage(percent(question.likeness))} alike), "
            "which is gone. The same question under a new name?"
        )
        yield f"  Yes: give it back its id, 'id: {question.maybe}'."
        yield f"  No: course decide {question.question} new --reason '...'"
    if question.kinds == ("removed",) and question.learners:
        yield (
            f"{counted(question.learners, 'learner')} answered it. Their answers stay in the record "
            "and no longer count in the lesson's score."
        )
    for group in question.groups:
        yield from _group_lines(question, group)
    if question.learners and not question.groups and question.old and question.new:
        yield f"{counted(question.learners, 'learner')} answered it; their marks stay."


def _group_lines(question: QuestionChange, group: Group) -> Iterator[str]:
    about = f"{counted(group.learners, 'learner')} answered {group.old[:SHORT]}"
    if group.decision is not None:
        yield f"{about}: {group.decision}, {effect_words(group.effects[group.decision])}"
        yield f"  because: {group.reason}"
    elif group.is_open:
        yield f"{about}. Decide what happens to their answers:"
        for decision, meaning in DECISIONS.items():
            yield f"  {decision}: {meaning}; {effect_words(group.effects[decision])}"
        yield f"  course decide {question.question} {'|'.join(DECISIONS)} --reason '...'"
    else:
        yield f"{about}; their marks stay."


def effect_words(effect: Effect) -> str:
    """Describe how many marks change."""
    moves = [
        f"{count} {word}"
        for count, word in ((effect.up, "up"), (effect.down, "down"), (effect.void, "void"))
        if count
    ]
    if effect.same or not moves:
        moves.append(f"{effect.same} as they are")
    words = f"marks: {', '.join(moves)}"
    if effect.to_right or effect.from_right:
        words += f"; {effect.to_right} become right, {effect.from_right} are right no longer"
    if effect.gone:
        words += f"; {effect.gone} have no place in the new revision and keep their mark"
    if effect.unknown:
        words += f"; {effect.unknown} are left out of the summary and may change, too"
    return words


def totals(impact: Impact) -> Iterator[str]:
    """Yield the lines of the overall effect."""
    if impact.is_nothing:
        return
    yield f"In all, with what is decided: {effect_words(impact.marks)}."
    for name, outcome in impact.outcomes.items():
        rise = counted(outcome.scores_up, "learner")
        yield (
            f"  {name}: scores of {rise} rise, of {outcome.scores_down} fall; "
            f"{outcome.completions_gained} complete it by this. Nobody loses a completion."
        )
    if impact.asked_again:
        yield f"  {counted(impact.asked_again, 'learner')} will be asked again."


def as_markdown(impact: Impact) -> str:
    """Return an impact as Markdown, fit for a comment on a pull request."""
    lines = ["## What this change does to learners' records", "", f"**{headline(impact)}**", ""]
    if impact.questions:
        lines += [
            "| | Question | What changed | Learners | Keep | Regrade | Void |",
            "| --- | --- | --- | --: | --- | --- | --- |",
        ]
        for question in impact.questions:
            lines += _rows(question)
        lines.append("")
    for lesson in impact.lessons:
        lines.append(f"- Lesson `{lesson.lesson}`: {lesson.kind}{_was(lesson)}")
        lines += [f"  {_cell(line)}" for line in _lesson_lines(lesson)]
    if impact.lessons:
        lines.append("")
    details = [q for q in impact.questions if q.differences or q.maybe]
    if details:
        lines += ["<details><summary>In detail</summary>", ""]
        for question in details:
            lines += [f"**`{question.question}`**", ""]
            lines += [f"- {_cell(line.strip())}" for line in _question_lines(question)]
            lines.append("")
        lines += ["</details>", ""]
    lines += [*totals(impact)]
    return "\n".join(lines).rstrip() + "\n"


def _was(lesson: LessonChange) -> str:
    return f" (was {_cell(lesson.was)})" if lesson.was else ""


def _rows(question: QuestionChange) -> Iterator[str]:
    what = _cell(question_words(question))
    if not question.groups:
        mark = "❓" if question.is_open else ""
        yield f"| {mark} | `{question.question}` | {what} | {question.learners} | | | |"
    for group in question.groups:
        mark = "❓" if group.is_open else "✔" if group.decision else ""
        cells = [
            f"**{_short(group.effects[name])}**"
            if group.decision == name
            else _short(group.effects[name])
            for name in ("keep", "regrade", "void")
        ]
        if group.decision == "re-ask":
            what += " (re-ask)"
        yield (
            f"| {mark} | `{question.question}` | {what}, since `{group.old[:SHORT]}` | {group.learners} | "
            f"{' | '.join(cells)} |"
        )


def _short(effect: Effect) -> str:
    moves = [
        f"{sign}{count}"
        for count, sign in ((effect.up, "↑"), (effect.down, "↓"), (effect.void, "∅"))
        if count
    ]
    return " ".join(moves) or "no mark moves"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")
