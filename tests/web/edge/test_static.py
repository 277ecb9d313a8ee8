"""The built site, as the service itself sends it."""

import asyncio
import contextlib
import gzip
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, cast

import brotli
import pytest
from werkzeug.test import Client, TestResponse

from course.publish import compressed
from course.publish.cache import Cache
from course.web.edge import asgi, safety, static
from course.web.edge.front import Front
from course.web.edge.static import Mounted, SiteFiles
from tests.asgi import Asked

PAGE = "<!doctype html><title>{}</title>" + "<p>What do you control?</p>" * 40
HASHED = "assets/course-0123abcd/course.js"


def write(site: Path, said: str) -> Path:
    """Write a site, as a build does: whole, aside, then moved to its place."""
    fresh = site.with_name(".fresh")
    files = {
        "index.html": PAGE.format(said),
        "404.html": PAGE.format("Not found"),
        "basics/index.html": PAGE.format(f"{said} basics"),
        "größe/index.html": PAGE.format("Größe"),
        HASHED: f"// {said}\n" + "export const answer = 42;\n" * 40,
        "assets/theme.01234567.min.css": "body { color: black }\n" * 40,
        "extra.css": "body { color: black }\n" * 40,
        "feed.xml": "<rss/>",
        "search/search_index.json": "[]",
        "font.woff2": "font",
        "picture.svg": "<svg/>",
        "film.mp4": said * 250_000,
        "answers.csv.gz": "zipped",
    }
    for name, text in files.items():
        path = fresh / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    with contextlib.closing(Cache(site.with_name(".cache"))) as cache:
        compressed.compress_site(fresh, cache)
    if site.exists():
        site.rename(site.with_name(".old"))
    fresh.rename(site)
    shutil.rmtree(site.with_name(".old"), ignore_errors=True)
    return site


def application(environ: dict[str, object], start_response: Callable[..., object]) -> list[bytes]:
    """Stand for the service behind the files."""
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"the service"]


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return write(tmp_path / "site", "first")


@pytest.fixture
def visitor(site: Path, monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setattr(static, "CHECK_SECONDS", 0)  # at each request, so that no test has to wait
    return Client(SiteFiles(application, site))


@pytest.fixture(params=["WSGI", "ASGI"])
def either(
    request: pytest.FixtureRequest,
    site: Path,
    loop: asyncio.AbstractEventLoop,
    monkeypatch: pytest.MonkeyPatch,
) -> Client:
    """A visitor of a server of either kind."""
    monkeypatch.setattr(static, "CHECK_SECONDS", 0)
    files = SiteFiles(application, site)
    return Client(files if request.param == "WSGI" else Asked(fronted(files), loop))


def fronted(files: SiteFiles, base: str = "/") -> Front:
    flask = asgi.InThreads(Mounted(files, base), 4, 1024)
    return Front(base, files, flask, flask, cast(Any, None))  # nobody asks for its health


def get(visitor: Client, path: str, **headers: str) -> TestResponse:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return visitor.get(path, headers=named, buffered=True)


@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/basics/", "text/html; charset=utf-8"),
        ("/größe/", "text/html; charset=utf-8"),
        (f"/{HASHED}", "text/javascript; charset=utf-8"),
        ("/extra.css", "text/css; charset=utf-8"),
        ("/feed.xml", "text/xml; charset=utf-8"),
        ("/search/search_index.json", "application/json"),
        ("/font.woff2", "font/woff2"),
        ("/picture.svg", "image/svg+xml"),
        ("/film.mp4", "video/mp4"),
        ("/answers.csv.gz", "application/octet-stream"),
    ],
)
def test_a_file_says_what_it_is_and_keeps_the_page_safe(
    either: Client, site: Path, path: str, media_type: str
) -> None:
    answer = get(either, path)

    name = path.removeprefix("/")
    file = site / name / "index.html" if path.endswith("/") else site / name
    assert answer.status_code == 200
    assert answer.data == file.read_bytes()
    assert answer.headers["Content-Type"] == media_type
    assert answer.headers["Content-Length"] == str(len(answer.data))
    assert safety.HEADERS.items() <= dict(answer.headers).items()


@pytest.mark.parametrize(
    ("path", "rule"),
    [
        ("/", "no-cache"),
        ("/extra.css", "no-cache"),
        ("/search/search_index.json", "no-cache"),
        (f"/{HASHED}", "max-age=31536000, public, immutable"),
        ("/assets/theme.01234567.min.css", "max-age=31536000, public, immutable"),
    ],
)
def test_only_what_has_its_content_in_its_name_is_kept_for_ever(
    either: Client, path: str, rule: str
) -> None:
    assert get(either, path).headers["Cache-Control"] == rule


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("br;q=0.5, gzip", "br"),
        ("gzip", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("*", "br"),
        ("deflate", None),
        ("identity", None),
        ("", None),
        ("gzip;q=nonsense", None),
        (";;,=", None),
    ],
)
def test_a_text_comes_in_the_smallest_coding_that_is_understood(
    either: Client, site: Path, accepted: str, coding: str | None
) -> None:
    answer = get(either, "/basics/", Accept_Encoding=accepted)

    unpack = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}[coding]
    assert answer.headers.get("Content-Encoding") == coding
    assert unpack(answer.data) == (site / "basics/index.html").read_bytes()
    assert answer.headers["Vary"] == "Accept-Encoding"


def test_what_was_changed_after_it_was_compressed_comes_as_it_is(
    visitor: Client, site: Path
) -> None:
    for name in ("basics/index.html.br", "basics/index.html.gz"):
        os.utime(site / name, (1, 1))

    answer = get(Client(SiteFiles(application, site)), "/basics/", Accept_Encoding="br")

    assert "Content-Encoding" not in answer.headers


@pytest.mark.parametrize("accepted", ["br", "gzip", ""])
def test_what_a_browser_has_already_is_not_sent_again(either: Client, accepted: str) -> None:
    first = get(either, "/", Accept_Encoding=accepted)
    etag = first.headers["ETag"]

    assert not etag.startswith("W/"), "it names these very bytes"
    for condition in (etag, f'"other", {etag}', f"W/{etag}", "*"):
        again = get(either, "/", Accept_Encoding=accepted, If_None_Match=condition)
        assert (again.status_code, again.data) == (304, b"")
        assert again.headers["ETag"] == etag
        assert again.headers["Content-Security-Policy"] == safety.CONTENT_SECURITY_POLICY
    assert get(either, "/", Accept_Encoding=accepted, If_None_Match='"other"').status_code == 200


def test_each_coding_has_its_own_name(either: Client) -> None:
    etags = {
        get(either, "/", Accept_Encoding=coding).headers["ETag"] for coding in ("br", "gzip", "")
    }

    assert len(etags) == 3


def test_what_a_new_build_left_alone_keeps_its_name(visitor: Client, site: Path) -> None:
    before = [get(visitor, path).headers["ETag"] for path in ("/", "/extra.css")]

    write(site, "second")

    after = [get(visitor, path).headers["ETag"] for path in ("/", "/extra.css")]
    assert before[0] != after[0]
    assert before[1] == after[1]


@pytest.mark.parametrize("path", ["/", "/film.mp4"])
def test_head_says_the_same_without_the_body(either: Client, path: str) -> None:
    whole, head = get(either, path), either.head(path, buffered=True)

    assert head.data == b""
    assert dict(head.headers) == dict(whole.headers)


@pytest.mark.parametrize("path", ["/", "/film.mp4"])
def test_a_part_can_be_asked_for(either: Client, path: str) -> None:
    whole = get(either, path).data
    part = get(either, path, Range="bytes=5-9", Accept_Encoding="br")
    beyond = get(either, path, Range="bytes=99999999-")

    assert (part.status_code, part.data) == (206, whole[5:10])
    assert part.headers["Content-Range"] == f"bytes 5-9/{len(whole)}"
    assert "Content-Encoding" not in part.headers
    assert beyond.status_code == 416
    assert safety.HEADERS.items() <= dict(part.headers).items()


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("/basics", "basics/"),
        ("/basics?from=mail", "basics/?from=mail"),
        ("/basics/index.html", "./"),
        ("/index.html", "./"),
    ],
)
def test_a_page_has_one_address(either: Client, path: str, place: str) -> None:
    answer = get(either, path)

    assert answer.status_code == 302
    assert answer.headers["Location"] == place


@pytest.mark.parametrize(
    "path",
    [
        "/learning",
        "/basics/index.html.br",
        "/../secret",
        "/basics/../index.html",
        "/%2e%2e/site/index.html",
        "//",
        "/basics//",
        "/nul\0",
    ],
)
def test_everything_else_is_the_services(either: Client, path: str) -> None:
    assert get(either, path).text == "the service"
    assert either.post("/").text == "the service"


@pytest.mark.parametrize("kind", ["WSGI", "ASGI"])
def test_under_a_base_path(site: Path, kind: str, loop: asyncio.AbstractEventLoop) -> None:
    files = SiteFiles(application, site)
    mounted: Any = Mounted(files, "/course/")
    visitor = Client(mounted if kind == "WSGI" else Asked(fronted(files, "/course/"), loop))

    assert get(visitor, "/course/basics/").status_code == 200
    assert get(visitor, "/course/basics").headers["Location"] == "basics/"
    assert get(visitor, "/basics/").status_code == 404


def test_a_new_build_is_taken_up_whole_and_the_one_before_answers_meanwhile(
    visitor: Client, site: Path
) -> None:
    assert "<title>first</title>" in get(visitor, "/").text

    aside = site.rename(site.with_name("aside"))
    meanwhile = get(visitor, "/basics/").text
    aside.rename(site)
    write(site, "second")

    assert "first basics" in meanwhile, "not read before the build went aside, and read from there"
    assert "<title>second</title>" in get(visitor, "/").text
    assert "second basics" in get(visitor, "/basics/").text


def test_a_new_build_is_taken_up_beside_an_event_loop(
    site: Path, loop: asyncio.AbstractEventLoop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(static, "CHECK_SECONDS", 0)
    visitor = Client(Asked(fronted(SiteFiles(application, site)), loop))
    write(site, "second")

    assert "<title>second</title>" in get(visitor, "/").text


def test_a_page_on_its_way_still_finds_its_script(visitor: Client, site: Path) -> None:
    script = get(visitor, f"/{HASHED}").text
    write(site, "second")
    (site / HASHED).unlink()
    os.utime(site / "404.html", (5, 5))

    assert get(visitor, f"/{HASHED}").text == script
    write(site, "third")
    assert get(visitor, f"/{HASHED}").text.startswith("// third")


def test_a_site_that_is_not_there_yet_is_taken_up_when_it_comes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(static, "CHECK_SECONDS", 0)
    visitor = Client(SiteFiles(application, tmp_path / "site"))
    assert get(visitor, "/").text == "the service"

    write(tmp_path / "site", "first")

    assert "first" in get(visitor, "/").text


def test_readers_are_answered_from_a_build_at_every_moment(visitor: Client, site: Path) -> None:
    """Four readers ask without pause while the site is built again and again."""
    stop = threading.Event()
    wrong: list[str] = []

    def read() -> None:
        while not stop.is_set():
            top, basics = get(visitor, "/"), get(visitor, "/basics/", Accept_Encoding="br")
            said = brotli.decompress(basics.data).decode()
            if "<title>build" not in top.text or "<title>build" not in said:
                wrong.append(top.text[:80] + said[:80])

    def ready() -> Iterator[threading.Thread]:
        for _ in range(4):
            yield threading.Thread(target=read)

    write(site, "build 0")
    readers = list(ready())
    for reader in readers:
        reader.start()
    for number in range(1, 6):
        write(site, f"build {number}")
    stop.set()
    for reader in readers:
        reader.join()

    assert wrong == []
    assert "build 5" in get(visitor, "/").text


def test_what_does_not_fit_into_memory_is_read_again(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(static, "CACHE_BYTES", 100)
    visitor = Client(SiteFiles(application, site))

    assert get(visitor, "/").data == get(visitor, "/").data == (site / "index.html").read_bytes()


@pytest.mark.parametrize(
    "target", ["nowhere", "..", ".", "../secret.txt", "extra.css"], ids=lambda name: f"to {name}"
)
def test_a_link_in_the_site_is_not_served_and_everything_else_is(
    site: Path, loop: asyncio.AbstractEventLoop, caplog: pytest.LogCaptureFixture, target: str
) -> None:
    (site.parent / "secret.txt").write_text("the key")
    (site / "basics" / "link").symlink_to(Path("..") / target)

    visitor = Client(Asked(fronted(SiteFiles(application, site)), loop))

    assert "first basics" in get(visitor, "/basics/").text
    for path in ("/basics/link", "/basics/link/secret.txt", "/basics/link/site/index.html"):
        assert get(visitor, path).text == "the service"
    assert "basics/link" in caplog.text


def test_a_pipe_in_the_site_keeps_nobody_waiting(site: Path) -> None:
    os.mkfifo(site / "pipe")

    visitor = Client(SiteFiles(application, site))

    assert get(visitor, "/pipe").text == "the service"
    assert get(visitor, "/").status_code == 200


def test_the_site_itself_may_be_a_link(site: Path) -> None:
    link = site.with_name("live")
    link.symlink_to(site)

    assert get(Client(SiteFiles(application, link)), "/").status_code == 200


def test_the_first_reading_of_a_file_holds_up_nobody_else(
    site: Path, loop: asyncio.AbstractEventLoop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk is stood for by a reading that ends when another page was served."""
    files = SiteFiles(application, site)
    front = fronted(files)
    visitor = Client(Asked(front, loop))
    assert get(visitor, "/").status_code == 200
    served = threading.Event()
    read = static._File._read

    def slow(file: static._File, encoding: str) -> Any:
        assert served.wait(30)
        return read(file, encoding)

    monkeypatch.setattr(static._File, "_read", slow)
    with ThreadPoolExecutor(1) as other:
        page = other.submit(get, visitor, "/basics/")
        assert get(Client(Asked(front, loop)), "/").status_code == 200
        served.set()

        assert "first basics" in page.result(30).text


@pytest.mark.parametrize("kind", ["WSGI", "ASGI"])
@pytest.mark.parametrize(
    ("path", "status", "location"),
    [
        ("/course", 308, "/course/"),
        ("/course?from=mail", 308, "/course/?from=mail"),
        ("/", 302, "/course/"),
        ("/courses", 404, None),
        ("/course.html", 404, None),
    ],
)
def test_a_course_below_a_path_sends_on_what_leads_to_it(
    site: Path,
    loop: asyncio.AbstractEventLoop,
    kind: str,
    path: str,
    status: int,
    location: str | None,
) -> None:
    files = SiteFiles(application, site)
    mounted: Any = Mounted(files, "/course/")
    visitor = Client(mounted if kind == "WSGI" else Asked(fronted(files, "/course/"), loop))

    response = get(visitor, path)

    assert (response.status_code, response.headers.get("Location")) == (status, location)
