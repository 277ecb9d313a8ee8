"""The API does what its description says: schemathesis tries what the description allows and more."""

import schemathesis
from flask.testing import FlaskClient
from flask_openapi3.openapi import OpenAPI
from hypothesis import HealthCheck, given, settings

from course.content.course import Course
from tests.forms import RIGHT, submission

PATHS = {"/answers", "/lessons", "/progress", "/readings", "/session", "/visits"}


def test_the_description_names_every_address(client: FlaskClient) -> None:
    described = client.get("/api/v1/openapi.json").json

    assert set(described["paths"]) == {f"/api/v1{path}" for path in PATHS}
    assert described["info"]["title"] == "Course"


def test_no_request_breaks_the_service_or_gets_an_undescribed_answer(
    app: OpenAPI, learner: FlaskClient, course: Course
) -> None:
    learner.post("/api/v1/answers", json=submission(course, "pick", RIGHT["pick"]))
    cookie = learner.get_cookie("course").value
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    tried: set[str] = set()

    for found in schema.get_all_operations():
        operation = found.ok()
        tried.add(operation.path)

        @given(case=operation.as_strategy())
        @settings(
            max_examples=40,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        )
        def check(case: schemathesis.Case) -> None:
            case.call_and_validate(cookies={"course": cookie})
            case.call_and_validate()  # without a session

        check()

    assert tried == set(PATHS) or tried == {f"/api/v1{path}" for path in PATHS}
