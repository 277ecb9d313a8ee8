"""Which quiz block of a lesson shows each question."""

from course.content.course import Place
from course.content.lesson import Block, LessonFile
from course.content.problems import Problem, did_you_mean, short
from course.content.questions.base import Question
from course.content.quiz import QuizFile


def place_questions(
    file: LessonFile, objectives: list[str], asked: QuizFile
) -> tuple[dict[str, Place], list[Problem]]:
    """Return each question's place, and the blocks and questions that do not fit each other.

    *objectives* are the names of the lesson's.
    """
    if not asked.quiz.questions:
        return {}, []
    problems: list[Problem] = []
    places: dict[str, Place] = {}
    lines: dict[str, int] = {}
    for block in file.blocks:
        for question in _in_block(file, block, asked, places, problems):
            places[question.id] = Place(block.section, block.anchor)
            lines[question.id] = block.line
    problems += _scattered_pools(asked, lines)
    for question in asked.quiz.questions:
        if question.objective not in objectives:
            hint = did_you_mean(question.objective, objectives)
            message = f"{file.path} has no objective '{question.objective}'"
            problems.append(asked.at(question, ("objective",), message, hint))
        if question.id not in places:
            hint = f"add '/// quiz | {question.id}' and '///' below it"
            message = f"stands nowhere in {file.path}"
            problems.append(asked.at(question, ("id",), message, hint))
    return places, problems


def _in_block(
    file: LessonFile,
    block: Block,
    asked: QuizFile,
    places: dict[str, Place],
    problems: list[Problem],
) -> list[Question]:
    """Return the questions that *block* shows: those it names that have none of the *places* yet."""
    wanted = asked.quiz.named(block.name) if block.name else asked.quiz.questions
    free = [question for question in wanted if question.id not in places]
    if block.name in asked.broken_names or (asked.broken_names and not block.name):
        return free
    if block.name and not wanted:
        message = f"no question, group or objective is named '{short(block.name)}'"
        hint = did_you_mean(block.name, asked.quiz.names())
        problems.append(file.at(block, message, hint))
    if wanted and not free:
        what = f"'{block.name}' stands" if block.name else "all questions stand"
        problems.append(file.at(block, f"{what} in an earlier quiz block", "remove one of them"))
    return free


def _scattered_pools(asked: QuizFile, lines: dict[str, int]) -> list[Problem]:
    """Return a problem for each question outside the block of its pool; *lines* are those of the blocks."""
    found = []
    for pool in asked.quiz.pools:
        first = next((lines[name] for name in pool.questions if name in lines), 0)
        for question in asked.quiz.questions:
            if question.id in pool.questions and lines.get(question.id, first) != first:
                hint = f"place them all with '/// quiz | {pool.name}'"
                message = f"others of '{pool.name}' stand in another quiz block"
                found.append(asked.at(question, ("group",), message, hint))
    return found
