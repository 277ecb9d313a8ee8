"""Visitors of the service."""

import pytest
from flask.testing import FlaskClient
from flask_openapi3.openapi import OpenAPI

from tests.web import mailbox
from tests.web.visitors import FORM, Browser


@pytest.fixture
def new_browser(app: OpenAPI) -> Browser:
    """Makes a browser that has not been here before."""
    return app.test_client


@pytest.fixture
def member(app: OpenAPI, client: FlaskClient) -> FlaskClient:
    """A browser signed in to an account with a password."""
    client.post("/account/sign-up", data=FORM)
    assert client.post(mailbox.link(app)).status_code == 303
    return client
