"""Each test is marked with what it uses, whichever helpers lead there."""

import pytest

from tests import living, postgres, service, test_bench, test_serve, uses
from tests.docs.fences import Copy


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
        (living.git, True),
        (living.start, True),
        (service.running, True),
        (Copy, True),
        (postgres.running_server, True),
        (postgres.free_port, False),
        (test_serve.test_one_command_builds_migrates_and_serves, True),
        (test_bench.measured, True),  # by a table of modules
        (postgres.programs, False),
    ],
)
def test_a_program_is_found_through_helpers(begin: object, found: bool) -> None:
    assert uses.starts_programs([begin]) == found
