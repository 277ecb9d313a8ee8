"""Addresses of the service are its own."""

from flask.testing import FlaskClient

from course.content.addresses import RESERVED


def test_no_page_of_a_course_can_have_an_address_of_the_service(client: FlaskClient) -> None:
    rules = client.application.url_map.iter_rules()

    assert {rule.rule.split("/")[1] for rule in rules} <= RESERVED
