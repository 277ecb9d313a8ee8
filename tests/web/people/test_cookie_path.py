"""Below a path of its host, a course keeps its cookie to itself, and reads those from before."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from flask_openapi3.openapi import OpenAPI

from course.web import create_app
from tests.asgi import Asked
from tests.conftest import ORIGIN


@pytest.fixture
def app(
    migrated_sqlite: Path, course_file: Path, tmp_path: Path, loop: asyncio.AbstractEventLoop
) -> Iterator[OpenAPI]:
    """The service of a course at /training/."""
    path = tmp_path / "course.sqlite"
    path.write_bytes(migrated_sqlite.read_bytes())
    made = create_app(
        {
            "SECRET_KEY": "x" * 32,
            "DATABASE_URL": f"sqlite:///{path}",
            "PUBLISHED_FILE": str(course_file),
            "SITE_DIR": str(tmp_path / "site"),
            "SERVE_SITE": False,
            "OUTBOX": str(tmp_path / "outbox"),
            "SITE_URL": "http://localhost/training/",
        }
    )
    made.wsgi_app = Asked(made.extensions["course_front"], loop)  # type: ignore[method-assign]
    yield made
    made.extensions["course_database"].close()


@pytest.fixture
def old_cookie(client: FlaskClient) -> str:
    """The value of a guest's cookie; the browser then has it for the whole host, as it was once."""
    client.post("/training/api/v1/session")
    cookie = client.get_cookie("course", path="/training/")
    assert cookie is not None
    client.delete_cookie("course", path="/training/")
    client.set_cookie("course", cookie.value, path="/")
    return cookie.value


def test_the_cookie_has_the_path_of_the_course(client: FlaskClient) -> None:
    response = client.post("/training/api/v1/session")

    assert "Path=/training/;" in response.headers["Set-Cookie"]


def test_a_cookie_from_before_is_read(client: FlaskClient, old_cookie: str) -> None:
    assert client.post("/training/api/v1/session").status_code == 200, "no new session was begun"


def test_an_erased_record_leaves_no_cookie_from_before(
    client: FlaskClient, old_cookie: str
) -> None:
    client.post("/training/account/erase", data={"word": "erase"}, headers=ORIGIN)

    assert client.get_cookie("course", path="/") is None
    assert client.get("/training/api/v1/session").json["learner"] is None


def test_the_cookie_of_another_course_on_the_host_stays(client: FlaskClient) -> None:
    client.set_cookie("course", "eyJfdXNlcl9pZCI6Im90aGVyIn0.aw4nDw.another-key", path="/")

    client.post("/training/api/v1/session")
    client.post("/training/account/erase", data={"word": "erase"}, headers=ORIGIN)

    other = client.get_cookie("course", path="/")
    assert other is not None
    assert other.value.endswith("another-key")
