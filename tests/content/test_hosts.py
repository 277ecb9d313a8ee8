"""The hosts that mkdocs.yml names, and the policy that lets their content be shown."""

from pathlib import Path

import pytest

from course.content.course import Course
from course.content.hosts import Hosts
from course.content.reading import open_course, read

NAMED = """\
plugins:
  - search
  - course:
      hosts:
        frames: [www.youtube-nocookie.com]
        pictures: ["*.example.org"]
        films: [media.example.org:8443]
        sound: [media.example.org:8443]
"""


def with_plugins(root: Path, plugins: str) -> Path:
    site = root / "mkdocs.yml"
    site.write_text(
        site.read_text("utf-8").replace("plugins: [search, course]\n", plugins), "utf-8"
    )
    assert plugins in site.read_text("utf-8")
    return root


def test_a_policy_without_hosts_lets_nothing_in_from_elsewhere() -> None:
    assert "http" not in Hosts().policy
    assert "script-src 'self';" in Hosts().policy


def test_hosts_of_a_course_stand_in_its_policy_and_reach_the_service(course_root: Path) -> None:
    course = open_course(with_plugins(course_root, NAMED))
    published = Course.load(course.dump())

    policy = dict(part.split(" ", 1) for part in published.hosts.policy.split("; "))
    assert policy["frame-src"] == "'self' https://www.youtube-nocookie.com"
    assert policy["img-src"] == "'self' data: https://*.example.org"
    assert policy["media-src"] == "'self' https://media.example.org:8443"
    assert policy["script-src"] == policy["style-src"] == "'self'"


@pytest.mark.parametrize(
    "host",
    [
        "*",
        "self",
        "'self'",
        "'unsafe-inline'",
        "example.org; script-src *",
        "example.org 'unsafe-eval'",
        "example.org,evil.example",
        'example.org" always; add_header X 1; #',
        "https://example.org/",
        "data:",
        "example.org\\nX: 1",
        "EXAMPLE.org",
        "exämple.org",
        "-a.example",
        "*.*.example.org",
        "example.org/path",
        "127.0.0.1",
    ],
)
def test_what_is_no_host_is_refused_at_its_place(host: str, course_root: Path) -> None:
    quoted = host.replace("'", "''")
    with_plugins(
        course_root,
        f"plugins:\n  - course:\n      hosts:\n        frames:\n          - '{quoted}'\n",
    )

    _, problems = read(course_root)

    line = (
        (course_root / "mkdocs.yml").read_text("utf-8").split("\n").index(f"          - '{quoted}'")
    )
    assert [(problem.path, problem.line) for problem in problems] == [("mkdocs.yml", line + 1)]
    assert problems[0].message.startswith("hosts.frames: '")


@pytest.mark.parametrize(
    ("written", "message", "hint"),
    [
        ("hosts: yes please", "hosts: must be lines of 'key: value', not text", "below it"),
        ("hosts: {frame: [a.example]}", "hosts.frame: unknown key", "did you mean 'frames'?"),
        ("hosts: {frames: a.example}", "hosts.frames: must be a list, not text", "brackets"),
        (
            "hosts: {frames: ['https://a.example/x']}",
            "hosts.frames: 'https://a.example/x' is no host",
            "write the host alone: a.example",
        ),
    ],
)
def test_a_setting_that_is_written_otherwise_is_reported_with_a_mend(
    written: str, message: str, hint: str, course_root: Path
) -> None:
    with_plugins(course_root, f"plugins:\n  - course:\n      {written}\n")

    _, problems = read(course_root)

    assert [problem.message for problem in problems] == [message]
    assert hint in problems[0].hint


@pytest.mark.parametrize(
    ("host", "is_allowed"),
    [
        ("a.example.org", True),
        ("A.Example.org", True),
        ("a.example.org:443", True),
        ("a.b.example.org", True),
        ("example.org", False),
        ("badexample.org", False),
        ("a.example.org:8080", False),
        ("a.example.org.evil.example", False),
    ],
)
def test_a_star_stands_for_the_hosts_below(host: str, is_allowed: bool) -> None:
    assert Hosts(pictures=("*.example.org",)).allows("pictures", host) is is_allowed
