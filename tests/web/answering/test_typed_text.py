"""What learners write is shown as they wrote it, on every page, at a cost that its shape cannot change."""

import csv
import io
import sys
from collections.abc import Callable, Iterator
from html import escape
from typing import Any

import markdown
import pytest
from flask.testing import FlaskClient
from flask_openapi3.openapi import OpenAPI

from course import markup
from course.content.course import Course
from course.content.questions.base import MAX_LINE, MAX_TEXT
from course.record import spreadsheets
from course.record.people import access, accounts
from course.record.store.database import Database
from tests.forms import RIGHT, submission
from tests.nasty import MARKUP, SHAPES, filled
from tests.web import mailbox
from tests.web.visitors import FORM, MAIL, Browser

LESSON = "basics/all-types"


@pytest.fixture
def converted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Fills with whatever is converted from Markdown."""
    sources: list[str] = []
    convert = markdown.Markdown.convert

    def noted(self: markdown.Markdown, source: str) -> str:
        sources.append(source)
        return convert(self, source)

    monkeypatch.setattr(markdown.Markdown, "convert", noted)
    return sources


@pytest.fixture
def busy(app: OpenAPI) -> None:
    """Let a learner answer as often as these tests do."""
    app.config["LIMIT_WRITES"] = "10000/minute"


@pytest.fixture
def trainer(app: OpenAPI, new_browser: Browser, database: Database) -> FlaskClient:
    client = new_browser()
    client.post("/account/sign-up", data=FORM)
    client.post(mailbox.link(app))
    with database.write() as session:
        accounts.set_role(session, MAIL, access.TRAINER)
    return client


def answered(client: FlaskClient, course: Course, question: str, text: str) -> dict[str, Any]:
    """Type *text* wherever *question* has a field for it; return what the service says."""
    given = {
        name: [text] if name in ("text", "number") or name.startswith("gap.") else values
        for name, values in RIGHT[question].items()
    }
    sent = client.post("/api/v1/answers?view=html", json=submission(course, question, given))
    assert sent.status_code in (201, 422), sent.text
    return sent.json or {}


def pages(client: FlaskClient, trainer: FlaskClient, client_id: str) -> Iterator[str]:
    """Yield each page that shows an answer, to its learner and to a trainer."""
    for path in (f"/learning/answers/{client_id}", f"/learning/{LESSON}", f"/quiz/{LESSON}"):
        yield client.get(path).text
    lessons = client.get(f"/api/v1/lessons?lesson={LESSON}&view=html").json
    yield "".join(one["html"] for one in lessons["questions"])  # type: ignore[index]
    learners = (f"/teaching/learners/{number}/answers/{client_id}" for number in range(1, 5))
    found = [page.text for path in learners if (page := trainer.get(path)).status_code == 200]
    assert len(found) == 1
    yield found[0]


def as_html(text: str) -> str:
    return escape(text).replace("&#x27;", "&#39;").replace("&quot;", "&#34;")


@pytest.mark.usefixtures("busy")
@pytest.mark.parametrize("question", ["write", "fill"])
def test_what_was_typed_is_shown_as_it_was_typed(
    learner: FlaskClient, trainer: FlaskClient, course: Course, question: str
) -> None:
    for text in MARKUP:
        said = answered(learner, course, question, text)
        stored = text if question == "write" else " ".join(text.split())
        for page in (said["html"], *pages(learner, trainer, said["id"])):
            assert as_html(stored) in page
            assert stored not in page or as_html(stored) == stored


@pytest.mark.usefixtures("busy")
def test_no_shape_of_a_text_is_converted_from_markdown(
    learner: FlaskClient, trainer: FlaskClient, course: Course, converted: list[str]
) -> None:
    for question in ("write", "fill", "share"):  # what trainers wrote is converted once
        said = answered(learner, course, question, "1")
        list(pages(learner, trainer, said["id"]))
    trainer.get(f"/teaching/lessons/{LESSON}")
    converted.clear()

    for shape in SHAPES:
        for question, length in (("write", MAX_TEXT), ("fill", MAX_LINE), ("share", MAX_LINE)):
            said = answered(learner, course, question, filled(shape, length).strip() + "x")
        said = answered(learner, course, "write", filled(shape, MAX_TEXT - 1) + "x")
    list(pages(learner, trainer, said["id"]))
    trainer.get(f"/teaching/lessons/{LESSON}")
    learner.get("/account/data.csv")

    assert converted == []


def calls(work: Callable[[], Any]) -> int:
    """Return how many functions *work* calls, those written in C included."""
    count = 0

    def note(_: object, event: str, __: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


def test_a_shape_takes_no_more_steps_to_show_than_other_words(course: Course) -> None:
    asked = course.asked["write"][1]

    def steps(text: str) -> int:
        given = asked.read({"text": [text]})
        result = markup.Result(given, asked.mark(given), shows_key=True)
        markup.question(asked, result=result)  # what is the same for everyone is cached now
        return calls(
            lambda: (markup.question(asked, result=result), markup.reading(asked.describe(given)))
        )

    steps("once")
    plain = steps("word " * (MAX_TEXT // 5))

    assert {shape: steps(filled(shape, MAX_TEXT - 1) + "x") for shape in SHAPES} == dict.fromkeys(
        SHAPES, plain
    )


@pytest.mark.parametrize("sign", spreadsheets.FORMULA)
@pytest.mark.usefixtures("busy")
def test_no_cell_of_a_learners_table_is_calculated(
    learner: FlaskClient, course: Course, sign: str
) -> None:
    answered(learner, course, "write", f"{sign}1+1;{sign}2" if sign.strip() else f"x;{sign}2")

    table = learner.get("/account/data.csv").text.removeprefix("\ufeff")

    row = list(csv.reader(io.StringIO(table)))[1]
    assert not any(cell.startswith(spreadsheets.FORMULA) for cell in row)
    # Where semicolons part cells, quotes still hold one together.
    for cell in table.split('"')[1::2]:
        assert not cell.startswith(spreadsheets.FORMULA) or cell == "\n"
    assert all(part.strip("\r\n,.0123456789") == "" for part in table.split('"')[::2])
