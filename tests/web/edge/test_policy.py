"""Pages, files and errors carry the policy of the course that is published."""

from pathlib import Path

from flask_openapi3.openapi import OpenAPI
from werkzeug.test import Client

from course.content.course import Course
from course.content.hosts import SITE_HEADERS, Hosts
from course.web.edge import safety
from course.web.edge.static import SiteFiles

HOSTS = Hosts(frames=("films.example.org",), pictures=("*.example.org",))


def test_pages_and_errors_of_the_service_follow_the_published_course(
    app: OpenAPI, course: Course, course_file: Path
) -> None:
    client = app.test_client()
    before = client.get("/learning").headers["Content-Security-Policy"]
    named = Course(course.title, course.site_url, course.modules, hosts=HOSTS)
    course_file.write_text(named.dump(), encoding="utf-8")

    client.get("/learning")  # takes the new course up
    after = [client.get(path).headers["Content-Security-Policy"] for path in ("/learning", "/no")]

    assert before == safety.CONTENT_SECURITY_POLICY
    assert after == [HOSTS.policy, HOSTS.policy]


def test_files_of_a_site_carry_the_policy_that_it_was_built_with(tmp_path: Path) -> None:
    site = tmp_path / "site"
    (site / "assets").mkdir(parents=True)
    (site / "404.html").write_text("Not found")
    (site / SITE_HEADERS).write_text(HOSTS.as_nginx)
    client = Client(SiteFiles(lambda environ, start: [], site))

    assert client.get("/404.html").headers["Content-Security-Policy"] == HOSTS.policy


def test_a_headers_file_that_no_build_wrote_widens_nothing(tmp_path: Path) -> None:
    site = tmp_path / "site"
    (site / "assets").mkdir(parents=True)
    (site / "404.html").write_text("Not found")
    (site / SITE_HEADERS).write_text("add_header Content-Security-Policy nonsense;\n")
    client = Client(SiteFiles(lambda environ, start: [], site))

    policy = client.get("/404.html").headers["Content-Security-Policy"]

    assert policy == safety.CONTENT_SECURITY_POLICY
