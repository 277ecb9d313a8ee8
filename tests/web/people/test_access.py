"""Who may do what: every address, called by each role, does what the table of permissions says."""

import itertools
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_openapi3.openapi import OpenAPI
from werkzeug.test import TestResponse

from course.commands import permissions
from course.record.people import access, accounts
from course.record.people.access import ROLE_PERMISSIONS, Permission
from course.record.people.learners import Identity
from course.record.store.database import Database
from course.web.people import access as views
from course.web.people.access import UndeclaredPermission
from tests.web.visitors import MAIL, Browser

VALUES = {
    "sign_in_id": 0,
    "token": "x" * 43,
    "lesson": "basics/all-types",
    "client_id": "00000000-0000-4000-8000-000000000000",
    "kind": "csv",
    "learner_id": 1,
}
"""What stands in addresses: most of it exists nowhere, which is found out after the permission."""


def addresses(app: Flask) -> Iterator[tuple[str, str, Permission]]:
    """Each method and address with its permission; signing out comes last."""
    needed = views.endpoints(app)
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: "sign-out" in rule.rule):
        built = rule.build({name: VALUES[name] for name in rule.arguments})
        assert built is not None
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield method, built[1], needed[rule.endpoint]


def is_refused(permission: Permission, response: TestResponse) -> bool:
    """Whether someone was not let in: told so, or sent to where they can get in."""
    if response.status_code != 303:
        return response.status_code in (401, 403)
    ways_in = (
        {"/account/sign-in", "/account"}
        if permission == Permission.OWN_RECORD
        else {"/account/sign-in"}
    )
    return response.headers["Location"] in ways_in


@pytest.fixture
def sign_in(
    member: FlaskClient, new_browser: Browser, database: Database
) -> Callable[[str], FlaskClient]:
    """Returns a browser of somebody with a role."""

    def sign_in(role: str) -> FlaskClient:
        if role == access.VISITOR:
            return new_browser()
        if role == access.GUEST:
            guest = new_browser()
            assert guest.post("/api/v1/session").status_code == 201
            return guest
        with database.write() as session:
            accounts.set_role(session, MAIL, role)
        return member

    return sign_in


@pytest.mark.parametrize("role", ROLE_PERMISSIONS)
def test_every_address_lets_in_whom_the_table_names(
    app: OpenAPI, sign_in: Callable[[str], FlaskClient], role: str
) -> None:
    wrong = {}
    for method, path, permission in addresses(app):
        response = sign_in(role).open(path, method=method)
        expected = permission not in ROLE_PERMISSIONS[role]
        if is_refused(permission, response) != expected or response.status_code >= 500:
            wrong[f"{method} {path}"] = (response.status_code, response.headers.get("Location"))

    assert wrong == {}


def test_a_role_that_is_not_in_the_table_may_do_nothing() -> None:
    identity = Identity(1, 1, "ada@example.org", "emperor", seen_lately=True)

    assert [may for may in Permission if access.may(identity, may)] == []


def test_each_role_has_what_the_one_before_it_has() -> None:
    roles = [*ROLE_PERMISSIONS.values()]

    assert all(less <= more for less, more in itertools.pairwise(roles))


def test_a_view_without_a_permission_stops_the_start(app: OpenAPI) -> None:
    app.view_functions["open.to.all"] = lambda: "secrets"

    with pytest.raises(UndeclaredPermission, match=r"no permission: open\.to\.all\. Put @access"):
        views.endpoints(app)


def test_the_command_prints_every_address(app: OpenAPI) -> None:
    rows = permissions.address_table().splitlines()[2:]

    assert len(rows) == len([*addresses(app)])
    assert "| `GET /teaching/learners` |  |  |  | yes | yes | yes |" in rows
