"""Whatever a client sends is answered, and never with an error of ours: each address, field and header.

The addresses come from the application's own map and the fields from its models and forms, so that a new one
is tried as well.
"""

import asyncio
import itertools
import json
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from flask_openapi3.openapi import OpenAPI
from pydantic import BaseModel
from werkzeug.routing import Rule

from course import web
from course.content.course import Course
from course.record.people import access, accounts
from course.record.store.database import Database
from course.web.api import models
from course.web.edge.front import Front
from tests.asgi import raw
from tests.forms import RIGHT, submission
from tests.web import mailbox
from tests.web.visitors import FORM, MAIL

PATHS = [
    "0", "-1", "1", "9223372036854775807", "9223372036854775808", "9" * 25, "9" * 5000, "%D9%A3",
    "%00", "a%00b", "%ff%fe", "%ed%a0%80", "%F0%9F%98%80", "..", "%2e%2e%2fetc", "%2F", "%25", "%0a",
    "x" * 4000, "x" * 9000, "00000000-0000-0000-0000-000000000000", "{}", "%7B%7B7*7%7D%7D", "csv",
]  # fmt: skip
"""Instead of a variable part of an address."""

TEXTS = [
    "", " ", "0", "-1", "nan", "inf", "-1e999", "9" * 5000, "9223372036854775808", "1e400", "\0", "a\0b",
    "\ufffd", "\U0010ffff", "\u202e", "x" * 5000, "[" * 5000, "null", "true", "{}",
    "00000000-0000-0000-0000-000000000000", "{urn:uuid:", "0001-01-01T00:00:00+14:00", "%00", "a@b",
    "a" * 300 + "@example.org", "\n", "basics/all-types", "é" * 1000 + "@" + "ü" * 1000,
]  # fmt: skip
"""In a field of a form or of an address's query."""

RAW = [
    "%ff%fe=%ff",
    "%ed%a0%80=%ed%b0%80",
    "%00=%00",
    "%",
    "%zz",
    "\xff=\xff",
    "=&=&;",
    "&" * 5000,
    "a=&" * 2000,
]
"""As a whole query or form, not always in order."""

VALUES: list[Any] = [
    None, True, 0, -1, 2**63, -(2**63) - 1, 10**400, 1.5, 1e308, "", "\0", "a\0", "x" * 201, "x" * 4001, "\n",
    [], {}, [[]], {"a": {}}, [None], {"a": [1]}, {"\0": ["x"]}, {"choice": ["\0"]}, {"text": ["\0"]},
    {"": [""]},
    "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z",
    "1969-12-31T23:59:59Z", 253402300800, -62135596801, 1e20, "2026-02-30T00:00:00Z", "2026-01-01", "nan",
    "00000000-0000-0000-0000-000000000000",
]  # fmt: skip
"""Instead of a field of JSON."""

BODIES = [
    b"", b"{", b"[]", b"null", b"0", b'""', b'"{}"', b'"\\ud800"', b"\xff\xfe", b"\xef\xbb\xbf{}", b"NaN",
    b"[" * 60_000, b'{"a":' * 10_000, b'"' + b"[" * 50_000 + b'"', b"9" * 10_000, b'{"id": NaN}',
    b'{"id": Infinity}', b'{"seconds": 1e999}',
    b'{"question": "\\ud800"}', b'{"\\ud800": 1}', b'{"given": {"\\udfff": ["\\ud800"]}}', b"{}{}",
]  # fmt: skip
"""As the whole body of a request with JSON."""

HEADERS = {
    "Origin": ["http://[", "null", "", "http://", "\xff", "x" * 3000],
    "Sec-Fetch-Site": ["", "\xff", "same-origin, none"],
    "Cookie": [
        "course=", "course=.", "course=x.y.z", "course=\xff", 'course="\\000"', "remember_token=1|\xe9",
        "remember_token=|",
        "=", ";;;", "course=" + "x" * 5000, "a=b; " * 1000, "course=" + "." * 3000,
    ],
    "Accept-Encoding": [
        "", "\xff", "br;q=x", "br;q=" + "9" * 5000, ";q=," * 1000, '"' * 3000, "*;q=0", "gzip;q=-1",
    ],
    "Accept": ["\xff", "/;q=", ";" * 3000],
    "Accept-Language": ["\xff", "," * 3000],
    "User-Agent": ["\xff\x80", "x" * 5000, ""],
    "Range": ["bytes=" + "9" * 5000 + "-", "bytes=-", "bytes=5-1", "\xff", "bytes=" + "0-1," * 1000],
    "If-None-Match": ["\xff", '"' * 3000, "W/", "," * 3000],
    "If-Modified-Since": ["Mon, 01 Jan 0001 00:00:00 +1400", "Fri, 31 Dec 9999 23:59:59 -1400", "9" * 3000],
    "If-Range": ["\xff", "Mon, 01 Jan 99999999999 00:00:00 GMT"],
    "Content-Type": [
        "", "/", "\xff", "multipart/form-data", "multipart/form-data; boundary=",
        "multipart/form-data; boundary=\xff",
        "application/json; charset=utf-16", "application/x-www-form-urlencoded; charset=x", "a/b" * 1000,
    ],
    "X-Forwarded-For": ["\xff", "," * 3000],
    "X-Forwarded-Host": ["[", "\xff"],
    "Host": ["[", "a:b:c", "\xff", "x" * 3000, "a b"],
    "Authorization": ["Basic \xff", "Basic !!!!", "Bearer", "x" * 3000],
    "Referer": ["http://[", "\xff"],
}  # fmt: skip


@pytest.fixture
def app(app: OpenAPI) -> OpenAPI:
    """The service as it runs: an error becomes a response, and no limit is in the way."""
    app.config.update(
        TESTING=False,
        PROPAGATE_EXCEPTIONS=False,
        LIMIT_WRITES="100000/minute",
        LIMIT_SIGN_IN="100000/minute",
        LIMIT_PASSWORD="100000/minute",
        LIMIT_ACCOUNT="100000/minute",
        LIMIT_MAIL="100000/minute",
    )
    return app


@dataclass
class Visitor:
    """Sends requests byte by byte, and notes which of them the service could not answer."""

    front: Front
    loop: asyncio.AbstractEventLoop
    cookie: str
    failures: list[str] = field(default_factory=list)

    def send(self, method: str, target: str, body: bytes | None = b"", **headers: str) -> int:
        named = {"cookie": self.cookie} if self.cookie else {}
        named |= {name.replace("_", "-"): value for name, value in headers.items()}
        status, _ = raw(self.front, self.loop, method, target, named, body)
        if status >= 500:
            self.failures.append(f"{status} {method} {target[:200]} {body!r:.200} {headers!r:.200}")
        return status

    def fill(self, target: str, fields: dict[str, str]) -> int:
        form = urlencode(fields).encode()
        return self.send("POST", target, form, content_type=FORM_TYPE)


FORM_TYPE = "application/x-www-form-urlencoded"


@pytest.fixture(params=["stranger", "guest", "trainer"])
def visitor(
    request: pytest.FixtureRequest,
    app: OpenAPI,
    client: FlaskClient,
    database: Database,
    loop: asyncio.AbstractEventLoop,
    caplog: pytest.LogCaptureFixture,
) -> Iterator[Visitor]:
    """Someone of each kind; at the end, no request may have failed or left a traceback in the log."""
    if request.param == "guest":
        client.post("/api/v1/session")
    if request.param == "trainer":
        client.post("/account/sign-up", data=FORM)
        client.post(mailbox.link(app))
        with database.write() as session:
            accounts.set_role(session, MAIL, access.TRAINER)
    cookie = client.get_cookie("course")
    caplog.set_level(logging.WARNING)
    made = Visitor(app.extensions["course_front"], loop, f"course={cookie.value}" if cookie else "")
    yield made
    assert made.failures == []
    assert [record.getMessage() for record in caplog.records if record.exc_info] == []
    assert "the database refused a value" not in caplog.text  # it was to be refused before


def rules(app: OpenAPI) -> list[Rule]:
    return sorted(app.url_map.iter_rules(), key=str)


def methods(rule: Rule) -> list[str]:
    return sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})


def hostile(rule: Rule) -> list[str]:
    """Return the address of *rule* with each of PATHS in its variable parts."""
    if "<" not in rule.rule:
        return [rule.rule]
    return [re.sub(r"<[^>]+>", value, rule.rule) for value in PATHS]


ORDINARY = {"lesson": "basics/all-types", "learner_id": "1", "kind": "csv"}


def ordinary(rule: Rule) -> str:
    """Return an address of *rule* that names something."""

    def part(found: re.Match[str]) -> str:
        unknown = "00000000-0000-0000-0000-000000000000" if "uuid" in (found[1] or "") else "1"
        return ORDINARY.get(found[2], unknown)

    return re.sub(r"<([^:>]*:)?([^>]+)>", part, rule.rule)


@pytest.mark.parametrize("visitor", ["stranger", "trainer"], indirect=True)
def test_no_address_breaks(app: OpenAPI, visitor: Visitor) -> None:
    for rule in rules(app):
        for method in methods(rule):
            for address in hostile(rule):
                visitor.send(method, address)


FIELDS = (
    "mail", "password", "current", "word", "lesson", "before", "after", "view", "seed",
    "question", "revision", "variant", "instead", "seconds", "id", "choice", "text", "number",
    "as", "owner", "\0", "x" * 300,
)  # fmt: skip
"""Each field that any form or query takes: from "question" on those of an answer, and at the end four that
are not filled in where all the others are."""


def test_every_field_is_tried() -> None:
    sources = "".join(path.read_text() for path in Path(web.__file__).parent.rglob("*.py"))
    read = re.findall(r'(?:form|args)(?:\.get|\.getlist)?[(\[]"(\w+)"|typed\("(\w+)"\)', sources)

    assert {name for pair in read for name in pair if name} <= set(FIELDS)


@pytest.mark.parametrize("visitor", ["trainer"], indirect=True)
def test_no_field_breaks_an_address(app: OpenAPI, visitor: Visitor) -> None:
    for rule in rules(app):
        path = ordinary(rule)
        for method in methods(rule):
            if path.endswith("/erase") and method == "POST":
                continue  # it would leave nobody to go on with
            for text in TEXTS:
                fields = dict.fromkeys(FIELDS[:-4], text)
                if method == "POST":
                    visitor.fill(path, fields)
                elif path in QUERIES:
                    for name in fields:
                        visitor.send(method, f"{path}?{urlencode({name: text})}")
            for query in RAW:
                visitor.send(method, f"{path}?{query}")
                if method == "POST":
                    visitor.send(method, path, query.encode("latin-1"), content_type=FORM_TYPE)


QUERIES = ("/teaching/learners", "/teaching/learners/1", "/api/v1/lessons", "/api/v1/session")
"""Addresses that read fields of their query."""


@pytest.mark.parametrize("visitor", ["guest"], indirect=True)
def test_no_field_of_an_answer_breaks(visitor: Visitor, course: Course) -> None:
    for question, given in RIGHT.items():
        known = {"question": question, "revision": course.asked[question][1].revision}
        known |= {name: values[0] for name, values in given.items()}
        names = FIELDS[FIELDS.index("question") :] if question == "write" else given
        for name, text in itertools.product(names, TEXTS):
            visitor.fill("/answers", {**known, name: text})
    for text in TEXTS:
        visitor.fill("/read", {"lesson": text})


MODELS: dict[str, type[BaseModel]] = {
    "/api/v1/answers": models.AnswerIn,
    "/api/v1/visits": models.LessonIn,
    "/api/v1/readings": models.LessonIn,
}


def test_every_address_that_takes_json_is_tried(app: OpenAPI) -> None:
    paths = app.api_doc["paths"]

    assert {path for path in paths if "requestBody" in paths[path].get("post", {})} == set(MODELS)


@pytest.mark.parametrize("visitor", ["guest"], indirect=True)
def test_no_json_breaks(visitor: Visitor, course: Course) -> None:
    for path, model in MODELS.items():
        whole: dict[str, Any] = {"lesson": "basics/all-types"}
        if model is models.AnswerIn:
            whole = submission(course, "write", RIGHT["write"])
        for body in BODIES:
            for kind in (
                "application/json",
                "application/json; charset=x",
                "text/plain",
                FORM_TYPE,
            ):
                visitor.send("POST", path, body, content_type=kind)
        for name in [*model.model_fields, "unknown", "\0"]:
            bodies = [{**whole, name: value} for value in VALUES]
            bodies.append({key: value for key, value in whole.items() if key != name})
            sent = [json.dumps(body) for body in bodies]
            sent.append(f"{json.dumps(whole)[:-1]}, {json.dumps({name: 1})[1:]}")  # twice the same
            for text in sent:
                visitor.send("POST", path, text.encode(), content_type="application/json")


@pytest.mark.parametrize("visitor", ["guest"], indirect=True)
def test_no_header_breaks(visitor: Visitor) -> None:
    for name, values in HEADERS.items():
        for value in values:
            for path in ("/", "/learning", "/account", "/nothing", "/api/v1/session"):
                visitor.send("GET", path, **{name: value})
            for path in ("/answers", "/account/sign-in", "/api/v1/session", "/api/v1/answers"):
                visitor.send("POST", path, b"{}", **{name: value})


def test_a_body_that_breaks_off_is_the_clients_fault(app: OpenAPI, visitor: Visitor) -> None:
    for path in ("/answers", "/account/sign-in", "/api/v1/answers"):
        kind, length = "application/json", "10"
        assert visitor.send("POST", path, None, content_type=kind, content_length=length) == 400


def test_nothing_that_is_typed_to_erase_a_record_breaks(visitor: Visitor) -> None:
    for text in TEXTS:
        visitor.fill("/account/erase", {"current": text, "word": text})


@pytest.mark.parametrize(
    ("headers", "status"),
    [({"cookie": "x" * 20_000}, 431), ({f"x-{n}": "x" * 1000 for n in range(20)}, 431)],
)
def test_headers_that_are_too_large_are_refused(
    app: OpenAPI, loop: asyncio.AbstractEventLoop, headers: dict[str, str], status: int
) -> None:
    for method, path in (("GET", "/"), ("POST", "/api/v1/answers"), ("GET", "/learning")):
        assert raw(app.extensions["course_front"], loop, method, path, headers)[0] == status


@pytest.mark.parametrize(
    "moment",
    ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00Z"],
)
def test_a_moment_outside_of_the_calendar_is_refused_for_good(
    learner: FlaskClient, course: Course, moment: str
) -> None:
    sent = submission(course, "pick", RIGHT["pick"], given_at=moment)

    refused = learner.post("/api/v1/answers", json=sent)

    assert refused.status_code == 422
    assert "given_at" in refused.json["error"]["message"]  # type: ignore[index]


@pytest.mark.parametrize("moment", ["1970-01-01T00:00:00Z", "2099-12-31T23:59:59+14:00"])
def test_a_clock_that_is_wrong_is_no_reason_to_refuse(
    learner: FlaskClient, course: Course, moment: str
) -> None:
    sent = submission(course, "pick", RIGHT["pick"], given_at=moment)

    assert learner.post("/api/v1/answers", json=sent).status_code == 201
