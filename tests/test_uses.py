"""Each test is marked with what it uses, whichever helpers lead there."""

import pytest

from tests import living, postgres, service, test_bench, test_serve, uses
from tests.docs.fences import Copy
from tests.publish import test_cache


@pytest.fixture
def browser() -> None:
    """Stand in for a browser: what counts is its name."""


def test_a_test_with_a_browser_is_marked(request: pytest.FixtureRequest, browser: None) -> None:
    assert request.node.get_closest_marker("browser")


def test_a_test_with_postgresql_is_marked(
    request: pytest.FixtureRequest, database_url: str
) -> None:
    is_marked = request.node.get_closest_marker("postgres") is not None

    assert is_marked == database_url.startswith("postgresql")


@pytest.mark.parametrize(
    ("begin", "found"),
    [
        (living.git, {"programs"}),
        (living.start, {"programs"}),
        (service.running, {"programs"}),
        (Copy, {"programs"}),
        (postgres.running_server, {"programs"}),
        (postgres.free_port, set()),
        (postgres.programs, set()),
        (test_serve.test_one_command_builds_migrates_and_serves, {"programs"}),
        (test_bench.measured, {"programs"}),  # by a table of modules
        (test_cache.built, {"sites"}),
    ],
)
def test_programs_and_builds_are_found_through_helpers(begin: object, found: set[str]) -> None:
    assert uses.found([begin]) == found
