"""The files in deploy/ and the Dockerfile do what the operators' guide says."""

import contextlib
import gzip
import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from email.message import Message
from pathlib import Path

import pytest
from click.testing import CliRunner

from course import cli
from course.cli import COMMANDS
from course.publish import site
from course.web.edge import safety
from tests import service
from tests.conftest import SMALL
from tests.docs.fences import ROOT
from tests.forms import RIGHT, choice

NGINX_CONF = ROOT / "deploy" / "nginx.conf"
UNIT = ROOT / "deploy" / "course.service"

NGINX = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin:/sbin")

MAIN_CONF = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ }}
http {{
    include /etc/nginx/mime.types;
    default_type application/octet-stream;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/course.conf;
}}
"""


class Reply:
    """What a server answered, errors and redirects too."""

    def __init__(self, status: int, headers: Message, body: bytes) -> None:
        self.status = status
        self.headers = headers
        self.body = body

    @property
    def text(self) -> str:
        return self.body.decode()


class Browser:
    """Asks one server over TLS, keeps its cookies, follows nothing."""

    def __init__(self, port: int) -> None:
        self.port = port
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        self.cookies: dict[str, str] = {}
        self.opener = urllib.request.build_opener(
            urllib.request.HTTPSHandler(context=context), _Stay()
        )

    @property
    def origin(self) -> str:
        return f"https://localhost:{self.port}"

    def ask(self, path: str, data: bytes | None = None, **headers: str) -> Reply:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        sent.setdefault("Cookie", "; ".join(f"{k}={v}" for k, v in self.cookies.items()))
        request = urllib.request.Request(f"{self.origin}{path}", data, sent)
        try:
            with self.opener.open(request, timeout=10) as response:
                reply = Reply(response.status, response.headers, response.read())
        except urllib.error.HTTPError as error:
            with error:
                reply = Reply(error.code, error.headers, error.read())
        for cookie in reply.headers.get_all("Set-Cookie") or ():
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return reply

    def post(self, path: str, fields: dict[str, str], **headers: str) -> Reply:
        headers = {"Sec_Fetch_Site": "same-origin", **headers}
        body = urllib.parse.urlencode(fields).encode()
        reply = self.ask(path, body, **headers)
        if reply.status == 307:  # to see whether cookies come back
            path = urllib.parse.urlsplit(reply.headers["Location"]).path
            return self.ask(f"{path}?cookies=1", body, **headers)
        return reply


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


class Published:
    """The small course behind nginx: where it lies, how to ask it, and the service behind."""

    def __init__(self, folder: Path, browser: Browser, plain_port: int, away_port: int) -> None:
        self.folder = folder
        self.browser = browser
        self.plain_port = plain_port
        self.away = Browser(away_port)


def configured(folder: Path, port: int, plain_port: int, upstream: int, name: str) -> str:
    """Return deploy/nginx.conf for this machine: other ports, folders and certificate, nothing else."""
    text = NGINX_CONF.read_text()
    replaced = {
        r"listen 443 ssl http2;": f"listen 127.0.0.1:{port} ssl http2;",
        r"listen 80;": f"listen 127.0.0.1:{plain_port};",
        r" *listen \[::\]:.*\n": "",
        r"/etc/letsencrypt/live/[^/]+/(fullchain|privkey)\.pem": rf"{folder}/\1.pem",
        r"/srv/course/site": f"{folder}/site",
        r"/var/log/nginx/": f"{folder}/",
        r"http://127\.0\.0\.1:8000": f"http://127.0.0.1:{upstream}",
        r"learn\.example\.org": name,
    }
    for pattern, new in replaced.items():
        text, count = re.subn(pattern, new, text)
        assert count, pattern
    return text


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Published]:
    assert NGINX, "nginx is not installed: run scripts/debian-tools nginx"
    folder = tmp_path_factory.mktemp("nginx")
    port, plain_port, away_port, nobody = (service.free_port() for _ in range(4))
    address = f"https://localhost:{port}/"
    for path in SMALL.iterdir():
        (shutil.copytree if path.is_dir() else shutil.copy)(path, folder / path.name)
    site.build(folder, folder / "site", folder / "build/course.json", site_url=address)
    files = ["-keyout", str(folder / "privkey.pem"), "-out", str(folder / "fullchain.pem")]
    subprocess.run(
        [
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-subj",
            "/CN=localhost",
            *files,
        ],
        check=True,
        capture_output=True,
    )
    settings = {
        "COURSE_SITE_URL": address,
        "COURSE_SERVE_SITE": "false",
        "COURSE_PROXIES": "1",
        "COURSE_LIMIT_SIGN_IN": "5 per minute",
    }
    with contextlib.ExitStack() as stack:
        behind = stack.enter_context(
            service.running(folder, "--no-build", "--workers", "2", **settings)
        )
        own = configured(folder, port, plain_port, behind.port, "localhost")
        # The same pages once more, in front of a service that is down.
        away = configured(folder, away_port, plain_port, nobody, "away.localhost")
        away = away[away.rindex("server {") :].replace("away.localhost;", "localhost;")
        (folder / "course.conf").write_text(own + away)
        (folder / "nginx.conf").write_text(MAIN_CONF.format(folder=folder))
        stack.enter_context(running_nginx(folder, [port, plain_port, away_port]))
        yield Published(folder, Browser(port), plain_port, away_port)


@contextlib.contextmanager
def running_nginx(folder: Path, ports: list[int]) -> Iterator[None]:
    command = [str(NGINX), "-p", str(folder), "-c", str(folder / "nginx.conf")]
    log = (folder / "start.log").open("w")
    with log:
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
    try:
        for port in ports:
            wait_for(process, port, folder)
        yield
    finally:
        process.terminate()
        process.wait(10)


def wait_for(process: subprocess.Popen[bytes], port: int, folder: Path) -> None:
    for _ in range(400):
        assert process.poll() is None, (folder / "start.log").read_text()
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.02)
    raise AssertionError((folder / "error.log").read_text())


SECURITY = {**safety.HEADERS, "Strict-Transport-Security": "max-age=31536000"}

ADDRESSES = [
    ("/", 200),
    ("/basics/all-types/", 200),
    ("/feed.xml", 200),
    ("/learning", 200),
    ("/api/v1/progress", 200),
    ("/healthz", 200),
    ("/no/such/page", 404),
    ("/basics/", 404),
    ("/assets/", 404),
]


@pytest.mark.parametrize(("path", "status"), ADDRESSES)
def test_every_answer_has_each_security_header_once(
    published: Published, path: str, status: int
) -> None:
    reply = published.browser.ask(path)

    assert reply.status == status
    assert {name: reply.headers.get_all(name) for name in SECURITY} == {
        name: [value] for name, value in SECURITY.items()
    }


def test_a_lesson_comes_from_nginx_and_is_asked_for_again(published: Published) -> None:
    page = published.browser.ask("/basics/all-types/")
    again = published.browser.ask("/basics/all-types/", If_None_Match=page.headers["ETag"])

    assert 'data-question="pick"' in page.text
    assert page.headers["Server"].startswith("nginx")
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert page.headers["Cache-Control"] == "no-cache"
    assert again.status == 304


def test_what_is_named_by_its_content_is_kept_for_a_year(published: Published) -> None:
    page = published.browser.ask("/").text
    assets = set(re.findall(r'(?:src|href)="(?:/|\./)?(assets/[^"]+\.(?:css|js))"', page))

    kept = {name: published.browser.ask(f"/{name}").headers["Cache-Control"] for name in assets}
    assert len(kept) >= 4
    assert set(kept.values()) == {"max-age=31536000"}
    favicon = published.browser.ask("/assets/images/favicon.png")
    assert favicon.headers["Cache-Control"] == "no-cache"


def test_pages_of_the_service_are_never_kept(published: Published) -> None:
    assert published.browser.ask("/learning").headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/basics/all-types/", "text/html"),
        ("/search/search_index.json", "application/json"),
        ("/feed.xml", "text/xml"),
        ("/learning", "text/html"),
    ],
)
def test_pages_travel_compressed(published: Published, path: str, kind: str) -> None:
    plain = published.browser.ask(path)
    packed = published.browser.ask(path, Accept_Encoding="gzip")

    assert packed.headers["Content-Type"].startswith(kind)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert len(packed.body) < len(plain.body)
    assert len(gzip.decompress(packed.body)) == len(plain.body)


def test_a_form_is_recorded_through_nginx(published: Published) -> None:
    browser = Browser(published.browser.port)
    page = browser.ask("/basics/all-types/").text
    revision = re.search(r'data-question="pick" data-revision="(\w+)"', page)
    assert revision is not None
    fields = {"question": "pick", "revision": revision[1], "choice": choice("Right")["choice"][0]}

    reply = browser.post("/answers", fields, Origin=browser.origin)
    progress = json.loads(browser.ask("/api/v1/progress").text)

    assert reply.status == 303
    assert reply.headers["Location"].endswith("/quiz/basics/all-types#q-pick")
    assert "Secure" in reply.headers["Set-Cookie"]
    assert progress["modules"][0]["lessons"][0]["answered"] == 1
    assert "So it is, secret-pick-right." in browser.ask("/quiz/basics/all-types").text


def test_an_answer_is_recorded_through_the_api(published: Published) -> None:
    browser = Browser(published.browser.port)
    page = browser.ask("/basics/all-types/").text
    revision = re.search(r'data-question="share" data-revision="(\w+)"', page)
    assert revision is not None
    body = {
        "id": "3f5e9c3e-6f0e-4f0a-9f64-3c7f6d3f0a11",
        "question": "share",
        "revision": revision[1],
        "given": RIGHT["share"],
    }
    headers = {"Content_Type": "application/json", "Sec_Fetch_Site": "same-origin"}

    browser.ask("/api/v1/session", b"{}", **headers)
    reply = browser.ask("/api/v1/answers", json.dumps(body).encode(), **headers)

    assert (reply.status, json.loads(reply.text)["state"]) == (201, "right")


def test_another_site_is_refused(published: Published) -> None:
    other = {"Origin": "https://elsewhere.example", "Sec_Fetch_Site": "cross-site"}
    old_browser = {"Origin": "https://elsewhere.example"}

    for headers in (other, old_browser):
        reply = published.browser.ask("/answers", b"question=pick", **headers)
        assert reply.status == 403


def test_the_address_of_a_visitor_cannot_be_made_up(published: Published) -> None:
    """Six attempts to sign in from one machine are too many, whatever addresses they claim."""
    fields = {"mail": "nobody@example.org", "password": "not the password"}

    replies = [
        published.browser.post(
            "/account/sign-in",
            fields,
            X_Forwarded_For=f"192.0.2.{number}",
            Forwarded=f"for=192.0.2.{number}",
            X_Real_IP=f"192.0.2.{number}",
        ).status
        for number in range(1, 8)
    ]

    assert replies[0] == 422
    assert 429 in replies  # not always the last: a new minute may have begun


def test_the_host_cannot_be_made_up(published: Published) -> None:
    """Or another site could claim to be this one, in a browser that says only where it comes from."""
    claims = {"Origin": "https://elsewhere.example", "X_Forwarded_Host": "elsewhere.example"}

    assert published.browser.ask("/answers", b"question=pick", **claims).status == 403


def test_a_page_that_is_missing_wears_the_dress_of_the_site(published: Published) -> None:
    reply = published.browser.ask("/no/such/page")

    assert reply.status == 404
    assert "A small course" in reply.text
    assert "There’s no page at this address." in reply.text


def test_an_address_without_its_slash_leads_to_the_page(published: Published) -> None:
    reply = published.browser.ask("/basics/all-types")

    assert reply.status == 301
    assert reply.headers["Location"] == "/basics/all-types/"


def test_http_leads_to_https(published: Published) -> None:
    opener = urllib.request.build_opener(_Stay())
    with pytest.raises(urllib.error.HTTPError) as caught:
        opener.open(f"http://localhost:{published.plain_port}/basics/all-types/", timeout=10)
    with caught.value as reply:
        assert reply.code == 301
        assert reply.headers["Location"] == "https://localhost/basics/all-types/"


def test_lessons_are_read_while_the_service_is_down(published: Published) -> None:
    page = published.away.ask("/basics/all-types/")
    answer = published.away.post("/answers", {"question": "pick"})

    assert page.status == 200
    assert answer.status == 503
    assert "Nothing was lost" in answer.text


def test_links_sent_by_mail_are_not_logged(published: Published) -> None:
    for path in ("/account/reset/secret-token", "/account/sign-in", "/basics/all-types/"):
        published.browser.ask(path)

    logged = (published.folder / "course.log").read_text()
    assert "secret-token" not in logged
    assert "GET /account/sign-in " in logged
    assert "GET /basics/all-types/ " in logged


def test_the_key_is_not_among_the_files(published: Published) -> None:
    for path in ("/build/course.json", "/../build/course.json", "/data/course.sqlite"):
        assert published.browser.ask(path).status in (400, 404)


def test_systemd_understands_the_unit(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd is not installed")
    text = UNIT.read_text()
    program = Path(sys.prefix, "bin", "course")
    assert program.is_file()
    unit = tmp_path / "course.service"
    unit.write_text(text.replace("/srv/course/.venv/bin/course", str(program)))

    checked = subprocess.run(
        ["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, check=False
    )

    assert (checked.returncode, checked.stdout + checked.stderr) == (0, "")


def explains(arguments: list[str]) -> bool:
    """Return whether `course` takes these arguments; --help keeps it from doing anything."""
    return CliRunner().invoke(cli.main, [*arguments, "--help"]).exit_code == 0


def test_the_unit_starts_the_service_with_options_that_exist() -> None:
    command = re.search(r"^ExecStart=\S+ (\w+) (.*)$", UNIT.read_text(), re.MULTILINE)
    assert command is not None
    assert command[1] in COMMANDS
    assert explains([command[1], *command[2].split()])


def instructions() -> list[tuple[str, str]]:
    """Return the Dockerfile's instructions, continued lines joined."""
    text = re.sub(r"^#.*\n", "", (ROOT / "Dockerfile").read_text(), flags=re.MULTILINE)
    lines = text.replace("\\\n", " ").splitlines()
    return [(line.split()[0], line.split(maxsplit=1)[1]) for line in lines if line.strip()]


def test_the_image_copies_what_exists_and_leaves_the_record_out() -> None:
    sources = [
        source
        for name, rest in instructions()
        if name == "COPY" and "--from=" not in rest
        for source in rest.split()[:-1]
    ]
    ignored = (ROOT / ".dockerignore").read_text().split()

    assert sources
    assert [source for source in sources if not (ROOT / source).exists()] == []
    assert {"data", "site", "build", "tests"} <= set(ignored)


def test_the_commands_of_the_image_exist() -> None:
    said = " ".join(rest for _, rest in instructions())
    start = json.loads(next(rest for name, rest in instructions() if name == "CMD"))

    assert start[0] == "course"
    assert start[1] in COMMANDS
    built = re.findall(r"/venv/bin/course (\w+)", said)
    assert built
    assert set(built) <= COMMANDS.keys()
    assert explains(start[1:])
