"""HTML of a lesson's questions for a learner: unanswered, or with the last answer and its feedback."""

from collections.abc import Mapping

from markupsafe import Markup
from sqlalchemy import orm

from course import markup
from course.content import verdict
from course.content.counts import counted
from course.content.questions.base import Question
from course.record.answering import answer_history
from course.record.answering.answers import RecordedAnswer, Tries
from course.record.progress.standings import LessonStanding
from course.record.publishing import marks
from course.record.revisions.registration import Published
from course.record.statistics import polls
from course.record.store.statements import Source

EARLIER_NOTICES = {
    "": "You answered an earlier version of this question, and that counts. You can answer this one too.",
    "regrade": "This question was corrected after you answered it, and your answer was regraded. You can "
    "answer the new version too.",
    "void": "This question was corrected after you answered it. It doesn’t count for you, but you can still "
    "answer it.",
    "re-ask": "This question was corrected after you answered it. You keep your mark; please answer the "
    "new version.",
}
"""The notice above a question that changed since it was answered, by the decision about earlier answers."""


REMOVED_NOTICE = "This question is no longer part of the course. Your answer has been saved."

PRACTICE_REMARK = (
    "This answer is practice: it’s beyond the attempts allowed, so your best earlier one counts."
)

SISTER_NOTICE = "A question like the one before: the same idea in a different situation."


def questions_html(
    session: orm.Session,
    published: Published,
    learner_id: int,
    standing: LessonStanding,
    *,
    base: str,
    owner: str | None = None,
    only_answered: bool = False,
) -> dict[str, Markup]:
    """Return the HTML of each question that a learner is asked in a lesson, in the order of the page.

    *owner* is the key of the learner. A question answered wrongly is followed by its sister, if it has one,
    unless *only_answered* is set.
    """
    last = (
        answer_history.last_answers(session, learner_id, [*standing.best]) if standing.best else {}
    )
    seed, tries = standing.selection.seed, standing.tries
    shown: dict[str, Markup] = {}
    for name in standing.asked:
        sister = standing.sisters.get(name, "")
        if name in last or not only_answered:
            shown[name] = question_html(
                session,
                published,
                name,
                last.get(name),
                tries,
                base=base,
                owner=owner,
                seed=seed,
                sister=sister,
            )
        if sister and not only_answered:
            shown[sister] = question_html(
                session,
                published,
                sister,
                None,
                tries,
                base=base,
                owner=owner,
                seed=seed,
                instead=name,
            )
    return shown


def question_html(
    source: Source,
    published: Published,
    name: str,
    answer: RecordedAnswer | None,
    tries: Mapping[str, Tries],
    *,
    base: str,
    owner: str | None = None,
    seed: str = "",
    sister: str = "",
    instead: str = "",
) -> Markup:
    """Return the HTML of a question with the learner's last answer to it.

    *seed* is the learner's. *sister* is the question to try next after a wrong answer; for a sister,
    *instead* is the question that was answered wrongly.
    """
    revision = published.revisions[name]
    fresh = _next_question(published.course.asked[name][1], seed, tries[name].made)
    question = fresh.question
    if answer is None:
        return _resolve_links(
            published,
            name,
            markup.question(
                question,
                base=base,
                revision=revision,
                owner=owner,
                variant=fresh.variant,
                instead=instead,
                notice=SISTER_NOTICE if instead else "",
            ),
        )
    if answer.revision != revision:
        decided = published.decided.get(name, ())
        last = marks.last_decision(decided, answer.revision, answer.recorded_at)
        notice = EARLIER_NOTICES.get(last.decision if last else "", EARLIER_NOTICES[""])
        return _resolve_links(
            published,
            name,
            markup.question(
                question,
                base=base,
                revision=revision,
                owner=owner,
                notice=notice,
                variant=fresh.variant,
            ),
        )
    has_numbers = bool(published.course.asked[name][1].numbers())
    return _resolve_links(
        published,
        name,
        markup.question(
            answer.question,
            base=base,
            revision=revision,
            owner=owner,
            variant=answer.variant,
            result=_result(source, answer, tries[name], sister, fresh if has_numbers else None),
        ),
    )


def _resolve_links(published: Published, name: str, html: Markup) -> Markup:
    """Return the HTML of the question *name* with the links of its lesson resolved."""
    lesson, _ = published.course.asked[name]
    addresses = published.course.addresses.get(lesson.url, {})
    return Markup(markup.placed(html, addresses))  # noqa: S704 - safe as it was


def removed_question_html(answer: RecordedAnswer, *, base: str) -> Markup:
    """Return the HTML of an answered question that was removed from the course while its page was open."""
    result = markup.Result(
        answer.given, answer.marked, shows_key=True, repeat=False, remark=REMOVED_NOTICE
    )
    return markup.question(answer.question, base=base, revision=answer.revision, result=result)


def _next_question(question: Question, seed: str, made: int) -> markup.ShownQuestion:
    """Return a question as a learner meets it next: numbers change from try to try, orders stay."""
    variant = f"{seed}.{min(made, 998) + 1}" if seed and made and question.numbers() else seed
    if not question.varies:
        return markup.ShownQuestion(question)
    return markup.ShownQuestion(question.as_shown(question.shown(variant)), variant)


def _result(
    source: Source,
    answer: RecordedAnswer,
    tries: Tries,
    sister: str,
    again: markup.ShownQuestion | None,
) -> markup.Result:
    question = answer.question
    is_right = verdict.is_right(answer.share)
    repeat = tries.may_answer and not is_right
    peers = polls.poll_result(source, question.id) if question.type == "poll" else None
    return markup.Result(
        answer.given,
        answer.marked,
        shows_key=tries.shows_key,
        repeat=repeat,
        sister=sister if repeat else "",
        again=again if repeat else None,
        remark=PRACTICE_REMARK if answer.practice else _remark(tries),
        peers=peers.counts if peers else {},
        lately=bool(peers and peers.lately),
    )


def _remark(tries: Tries) -> str:
    if tries.left is None or tries.is_right:
        return ""
    if tries.left == 0:
        return "No attempts are left; your best answer counts."
    more = counted(tries.left, "more attempt")
    if tries.waits:
        return f"You have {more}, once every question of this lesson is answered."
    return f"You have {more}."
