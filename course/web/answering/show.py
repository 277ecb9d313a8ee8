"""HTML of a lesson's questions for a learner: unanswered, or with the last answer and its feedback."""

from collections import OrderedDict
from collections.abc import Hashable, Mapping

from markupsafe import Markup
from sqlalchemy import orm

from course import markup
from course.content import verdict
from course.content.counts import counted
from course.record.answering import answer_history
from course.record.answering.answers import RecordedAnswer, Tries
from course.record.progress.standings import LessonStanding
from course.record.publishing import marks
from course.record.revisions.registration import CourseSnapshot
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

MAX_CACHED = 5_000
"""How many answered questions are cached, of a few kilobytes each."""

SISTER_NOTICE = "A question like the one before: the same idea in a different situation."


def questions_html(
    session: orm.Session,
    published: CourseSnapshot,
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
    published: CourseSnapshot,
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
    if answer is not None and answer.revision == revision:
        result = _result(source, published, answer, tries[name], sister, seed)
        return _answered_html(published, answer, result, base=base, owner=owner)
    fresh = _next_question(published, name, seed, tries[name].made)
    if answer is None:
        notice = SISTER_NOTICE if instead else ""
    else:
        instead = ""
        decided = published.decided.get(name, ())
        last = marks.last_decision(decided, answer.revision, answer.recorded_at)
        notice = EARLIER_NOTICES.get(last.decision if last else "", EARLIER_NOTICES[""])
    html = markup.question(
        fresh.question,
        base=base,
        revision=revision,
        owner=owner,
        variant=fresh.variant,
        instead=instead,
        notice=notice,
    )
    return _resolve_links(published, name, html)


def _answered_html(
    published: CourseSnapshot,
    answer: RecordedAnswer,
    result: markup.Result,
    *,
    base: str,
    owner: str | None = None,
) -> Markup:
    """Return the HTML of a question with an answer to its present revision."""
    html = markup.question(
        answer.question,
        base=base,
        revision=answer.revision,
        owner=owner,
        variant=answer.variant,
        result=result,
    )
    return _resolve_links(published, answer.question.id, html)


class AnsweredQuestions:
    """The HTML of questions just answered, for scripts; cached, since learners give the same answers.

    All of it follows from the published question, how it was arranged, what was given and what may follow.
    Drawing it takes longer than recording an answer; looking it up does not. Only a poll shows more: what
    others chose, which changes with each answer. For one thread, such as an event loop's.
    """

    def __init__(self, base: str) -> None:
        self.base = base
        self._published: CourseSnapshot | None = None
        self._cache: OrderedDict[Hashable, Markup] = OrderedDict()

    def get(
        self, published: CourseSnapshot, answer: RecordedAnswer, standing: LessonStanding
    ) -> tuple[Hashable, Markup | None]:
        """Return the key of an answer, None for one that is not cached, and its HTML if it is there."""
        name = answer.question.id
        is_present = answer.revision == published.revisions[name]
        if not answer.is_new or not is_present or answer.question.type == "poll":
            return None, None
        if published is not self._published:
            self._published = published
            self._cache.clear()
        assert answer.tries is not None  # noqa: S101 - for the type checker: it was recorded just now
        sister = standing.sisters.get(name, "")
        key = (
            *(name, answer.variant, *((field, *given) for field, given in answer.given.items())),
            *_may_follow(answer, answer.tries, sister),
            standing.selection.seed if answer.question.numbers() else "",
            answer.tries.made if answer.question.numbers() else 0,
        )
        html = self._cache.get(key)
        if html is not None:
            self._cache.move_to_end(key)
        return key, html

    def draw(
        self,
        source: Source,
        published: CourseSnapshot,
        answer: RecordedAnswer,
        standing: LessonStanding,
    ) -> Markup:
        """Return the HTML that is not in the cache."""
        name = answer.question.id
        assert answer.tries is not None  # noqa: S101 - for the type checker: it was recorded just now
        return question_html(
            source,
            published,
            name,
            answer,
            {name: answer.tries},
            base=self.base,
            seed=standing.selection.seed,
            sister=standing.sisters.get(name, ""),
        )

    def put(self, key: Hashable, html: Markup) -> None:
        """Cache what `draw` returned for the *key* of an answer."""
        self._cache[key] = html
        if len(self._cache) > MAX_CACHED:
            self._cache.popitem(last=False)


def _resolve_links(published: CourseSnapshot, name: str, html: Markup) -> Markup:
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


def _next_question(
    published: CourseSnapshot, name: str, seed: str, made: int
) -> markup.ShownQuestion:
    """Return a question as a learner meets it next: numbers change from try to try, orders stay."""
    question = published.course.asked[name][1]
    if not question.varies:
        return markup.ShownQuestion(question)
    variant = f"{seed}.{min(made, 998) + 1}" if seed and made and question.numbers() else seed
    return markup.ShownQuestion(question.as_shown(question.shown(variant)), variant)


def _result(
    source: Source,
    published: CourseSnapshot,
    answer: RecordedAnswer,
    tries: Tries,
    sister: str,
    seed: str,
) -> markup.Result:
    name = answer.question.id
    shows_key, repeat, sister, remark = _may_follow(answer, tries, sister)
    has_numbers = repeat and published.course.asked[name][1].numbers()
    peers = polls.poll_result(source, name) if answer.question.type == "poll" else None
    return markup.Result(
        answer.given,
        answer.marked,
        shows_key=shows_key,
        repeat=repeat,
        sister=sister,
        again=_next_question(published, name, seed, tries.made) if has_numbers else None,
        remark=remark,
        peers=peers.counts if peers else {},
        lately=bool(peers and peers.lately),
    )


def _may_follow(answer: RecordedAnswer, tries: Tries, sister: str) -> tuple[bool, bool, str, str]:
    """Return whether the key is shown, whether to try again, by which *sister*, and a remark about it."""
    is_right = verdict.is_right(answer.share)
    repeat = tries.may_answer and not is_right
    remark = PRACTICE_REMARK if answer.practice else _remark(tries)
    return tries.shows_key, repeat, sister if repeat else "", remark


def _remark(tries: Tries) -> str:
    if tries.left is None or tries.is_right:
        return ""
    if tries.left == 0:
        return "No attempts are left; your best answer counts."
    more = counted(tries.left, "more attempt")
    if tries.waits:
        return f"You have {more}, once every question of this lesson is answered."
    return f"You have {more}."
