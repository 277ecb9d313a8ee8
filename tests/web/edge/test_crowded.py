"""More sign-ins at once than can be checked: some are told to come again, and pages go on."""

import pytest
from flask.testing import FlaskClient
from flask_openapi3.openapi import OpenAPI

from course.record.people.accounts import HASHING, MAX_WAITING
from course.web.edge import front
from tests.web.visitors import FORM


@pytest.mark.parametrize("path", ["/account/sign-in", "/account/sign-up"])
def test_who_cannot_be_served_is_told_when_to_come_again(
    app: OpenAPI, client: FlaskClient, path: str
) -> None:
    passwords = app.extensions["course_passwords"]
    for _ in range(HASHING + MAX_WAITING):
        passwords._admitted.acquire()

    told = client.post(path, data=FORM)

    assert (told.status_code, told.headers["Retry-After"]) == (503, "5")
    assert "try again" in told.text
    assert client.get("/learning").status_code == 200


def test_passwords_leave_threads_for_pages() -> None:
    assert HASHING + MAX_WAITING <= front.THREADS / 2
