"""The rules of docs/changes.md, reckoned slowly: from the events alone, and without any code of the engine.

Time is a number that counts events. A revision is ``(right option, points, prompt, options)``, a mark is
``(share, points)`` or VOID, and a course is ``{"pass_marks": {lesson: share}, "questions": {id: (revision,
lesson, entries)}}`` with entries ``(from, to, decision)``.
"""

import copy
from typing import Any

VOID = "void"


def may_mark_otherwise(old: Any, new: Any) -> bool:
    """Whether a key, options or points are others (a wording alone is not), and there are points at all."""
    return bool(old[1] or new[1]) and (old[:2], set(old[3])) != (new[:2], set(new[3]))


class Reckoning:
    def __init__(self, course: Any) -> None:
        self.time = 0
        self.answers: list[dict[str, Any]] = []
        self.publications: list[dict[str, Any]] = []
        self.courses: list[tuple[int, Any]] = []
        self.log: list[dict[str, Any]] = []
        """What concerned marks: revisions that were published, and decisions, in order."""
        self.granted: dict[tuple[Any, str], int] = {}
        self._take_up(course, None)

    @property
    def course(self) -> Any:
        return self.courses[-1][1]

    def _take_up(self, course: Any, number: int | None) -> None:
        self.time += 1
        if not self.courses or self.courses[-1][1] != course:
            self.courses.append((self.time, course))
        for name, (revision, _, _) in course["questions"].items():
            self.log.append({"at": self.time, "by": number, "q": name, "published": revision})

    def answer(self, learner: Any, question: str, revision: Any, option: str) -> None:
        self.time += 1
        self.answers.append(
            {"at": self.time, "who": learner, "q": question, "rev": revision, "option": option}
        )

    # How an answer stands

    def _mark(self, answer: Any, revision: Any) -> Any:
        return (1.0 if answer["option"] == revision[0] else 0.0, float(revision[1]))

    def _history(self, answer: Any) -> tuple[dict[str, Any], list[tuple[int, Any]]]:
        """Return how an answer stands, and its marks with the time from which each was in force."""
        state = self._fresh(answer)
        marks = [(answer["at"], state["mark"])]
        mine = [one for one in self.log if one["q"] == answer["q"]]
        begins = max(
            (
                place
                for place, one in enumerate(mine)
                if one.get("published") == answer["rev"] and one["at"] <= answer["at"]
            ),
            default=-1,
        )
        for one in mine[begins + 1 :]:
            state = self._step(state, answer, one)
            marks.append((max(one["at"], answer["at"]), state["mark"]))
        return state, marks

    def _fresh(self, answer: Any) -> dict[str, Any]:
        mark = self._mark(answer, answer["rev"])
        return {
            "mark": mark, "by": answer["rev"], "upto": answer["rev"], "again": False, "last": None,
        }  # fmt: skip

    def _step(self, state: Any, answer: Any, one: Any) -> dict[str, Any]:
        if "published" in one:
            if state["last"] and state["last"][0] == one["published"]:
                return {**state, "last": None, "again": False}
            return dict(state)
        old, new, decision = one["old"], one["new"], one["decision"]
        if state["last"] == (old, new):
            before = state["before"]
        elif state["by"] == old:
            before = {**state, "last": None}
        else:
            return dict(state)
        mark, by = before["mark"], before["by"]
        if decision == "void":
            mark = VOID
        if decision == "regrade":
            by = new
            if answer["option"] in new[3]:
                mark = self._mark(answer, new)
        return {
            "mark": mark,
            "by": by,
            "upto": new,
            "again": decision == "re-ask",
            "last": (old, new),
            "before": before,
        }

    # What a learner sees

    def _best(self, learner: Any, question: str, time: int) -> Any:
        """Return the mark of the best answer until a time; None where there is none."""
        best: Any = None
        for answer in self.answers:
            if (answer["who"], answer["q"]) != (learner, question) or answer["at"] > time:
                continue
            in_force = [mark for at, mark in self._history(answer)[1] if at <= time]
            mark = in_force[-1]
            if mark == VOID or best == VOID:
                best = VOID
            elif best is None or (mark[0], mark[1] > 0) > (best[0], best[1] > 0):
                best = mark
        return best

    def best(self, learner: Any, question: str) -> Any:
        return self._best(learner, question, self.time)

    def again(self, learner: Any, question: str) -> bool:
        mine = [a for a in self.answers if (a["who"], a["q"]) == (learner, question)]
        return bool(mine) and self._history(mine[-1])[0]["again"]

    def _asked(self, course: Any, lesson: str) -> dict[str, float]:
        return {
            name: revision[1]
            for name, (revision, where, _) in course["questions"].items()
            if where == lesson
        }

    def _score(self, learner: Any, course: Any, lesson: str, time: int) -> float | None:
        points = possible = 0.0
        for name, worth in self._asked(course, lesson).items():
            best = self._best(learner, name, time)
            if worth and best != VOID:
                points += best[0] * best[1] if best else 0.0
                possible += best[1] if best else worth
        return points / possible if possible else None

    def score(self, learner: Any, lesson: str) -> float | None:
        asked = self._asked(self.course, lesson)
        begun = any(worth and self.best(learner, name) for name, worth in asked.items())
        return self._score(learner, self.course, lesson, self.time) if begun else None

    def _is_complete(self, learner: Any, course: Any, lesson: str, time: int) -> bool:
        asked = self._asked(course, lesson)
        if not asked or any(self._best(learner, name, time) is None for name in asked):
            return False
        score = self._score(learner, course, lesson, time)
        return score is None or score >= course["pass_marks"][lesson] - 1e-9

    def completed(self, learner: Any, lesson: str) -> int | None:
        """Return the first time at which a lesson was complete."""
        times = [self.granted[learner, lesson]] if (learner, lesson) in self.granted else []
        for time in range(1, self.time + 1):
            course = [course for at, course in self.courses if at <= time][-1]
            if lesson in course["pass_marks"] and self._is_complete(learner, course, lesson, time):
                times.append(time)
                break
        return min(times, default=None)

    # What a trainer is asked, and what publishing does

    def unapplied(self, course: Any) -> list[tuple[str, Any, str]]:
        """Return the entries that the last standing publication did not find: question, from, decision."""
        standing = [one for one in self.publications if not one["undone"]]
        handled = copy.deepcopy(standing[-1]["entries"]) if standing else {}
        found: dict[tuple[str, Any], str] = {}
        for name, (revision, _, entries) in course["questions"].items():
            rest = handled.get(name, [])
            for entry in entries:
                if entry in rest:
                    rest.remove(entry)
                elif entry[1] == revision and entry[0] != revision:
                    found.pop((name, entry[0]), None)
                    found[name, entry[0]] = entry[2]
        return [(name, old, decision) for (name, old), decision in found.items()]

    def open(self, course: Any) -> set[tuple[str, Any]]:
        """Return the questions and revisions that need a decision before *course* is published."""
        decided = {(name, old) for name, old, _ in self.unapplied(course)}
        found = set()
        for answer in self.answers:
            if answer["q"] not in course["questions"]:
                continue
            revision = course["questions"][answer["q"]][0]
            state = self._history(answer)[0]
            if (
                state["mark"] != VOID
                and revision not in (state["by"], state["upto"])
                and may_mark_otherwise(state["upto"], revision)
            ):
                found.add((answer["q"], state["by"]))
        return found - decided

    def publish(self, course: Any) -> None:
        number = len(self.publications)
        entries = self.unapplied(course)
        standing = [one for one in self.publications if not one["undone"]]
        handled = dict(standing[-1]["entries"]) if standing else {}
        for name, (_, _, written) in course["questions"].items():
            handled[name] = list(written)
        self.publications.append(
            {"at": self.time + 1, "entries": handled, "before": self.course, "undone": False}
        )
        self._take_up(course, number)
        for name, old, decision in entries:
            new = course["questions"][name][0]
            self.log.append(
                {
                    "at": self.time, "by": number, "q": name, "old": old, "new": new,
                    "decision": decision,
                }
            )  # fmt: skip

    def undo(self) -> None:
        number, publication = [
            (number, one) for number, one in enumerate(self.publications) if not one["undone"]
        ][-1]
        since = [answer["who"] for answer in self.answers if answer["at"] > publication["at"]]
        lessons = {lesson for _, course in self.courses for lesson in course["pass_marks"]}
        before = {(who, lesson): self.completed(who, lesson) for who in since for lesson in lessons}
        publication["undone"] = True
        self.log = [
            one for one in self.log if one["by"] != number or (since and "published" in one)
        ]
        if not since:
            self.courses = [one for one in self.courses if one[0] != publication["at"]]
        for (who, lesson), at in before.items():
            if at is not None and at > publication["at"]:
                after = self.completed(who, lesson)
                if after is None or after > at:
                    self.granted[who, lesson] = at
        self._take_up(publication["before"], None)

    # Figures to compare

    def marks(self) -> list[Any]:
        return [self._history(answer)[0]["mark"] for answer in self.answers]
