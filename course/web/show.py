"""A lesson's questions as a learner finds them: fresh, or with their last answer and its feedback."""

from collections.abc import Mapping

from markupsafe import Markup
from sqlalchemy import orm

from course import markup
from course.content.course import Lesson
from course.record import answers
from course.record.answers import Recorded, Tries
from course.record.publications import Published

EARLIER = "You answered an earlier wording of this question, and that counts. You may answer this one, too."


def questions(
    session: orm.Session,
    published: Published,
    learner_id: int,
    lesson: Lesson,
    *,
    base: str,
    with_id: bool = False,
    only_answered: bool = False,
) -> dict[str, Markup]:
    """Return the HTML of each question of *lesson*, in the order of the page."""
    last = {
        answer.question.id: answer for answer in answers.history(session, learner_id, lesson.id)
    }
    tries = answers.tries_of(session, learner_id, lesson)
    return {
        question.id: one(
            session,
            published,
            question.id,
            last.get(question.id),
            tries,
            base=base,
            with_id=with_id,
        )
        for question in lesson.questions
        if question.id in last or not only_answered
    }


def one(
    session: orm.Session,
    published: Published,
    name: str,
    answer: Recorded | None,
    tries: Mapping[str, Tries],
    *,
    base: str,
    with_id: bool = False,
) -> Markup:
    """Return the HTML of one question, given the learner's last answer to it."""
    question = published.course.asked[name][1]
    revision = published.revisions[name]
    if answer is None:
        return markup.question(question, base=base, revision=revision, with_id=with_id)
    if answer.question.revision != revision:
        return markup.question(
            question, base=base, revision=revision, with_id=with_id, notice=EARLIER
        )
    return markup.question(
        question,
        base=base,
        revision=revision,
        with_id=with_id,
        result=_result(session, answer, tries[name]),
    )


def _result(session: orm.Session, answer: Recorded, tries: Tries) -> markup.Result:
    question = answer.question
    is_right = answer.share is not None and answer.share >= 1
    return markup.Result(
        answer.given,
        answer.marked,
        shows_key=tries.shows_key,
        repeat=tries.may_answer and not is_right,
        remark=_remark(tries),
        peers=answers.poll(session, question.id) if question.type == "poll" else {},
    )


def _remark(tries: Tries) -> str:
    if tries.left is None or tries.is_right:
        return ""
    if tries.left == 0:
        return "No attempts are left; your best answer counts."
    many = "1 more attempt" if tries.left == 1 else f"{tries.left} more attempts"
    if tries.waits:
        return f"You have {many}, once every question of this lesson is answered."
    return f"You have {many}."
