"""The built site, served from memory by the same process: at once on an event loop, and by WSGI.

What holds here:

- A request is answered from one build, whole. Files are found and opened below a descriptor of that
  build's folder, which stays the same folder when the next build takes its name.
- A new build is taken up within a tenth of a second, by a request. While that reads the names of the files,
  others are answered from the build before.
- A file is read once, and kept while there is room: what is sent is made then, headers and all, so that
  a request is two look-ups. Files that are large or asked for in ranges are sent from the disk.
- Nothing of a request becomes a path. What was no file when the build was taken up is not found.
"""

import contextlib
import functools
import hashlib
import logging
import mimetypes
import os
import re
import threading
import time
import weakref
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from werkzeug.datastructures import Accept
from werkzeug.exceptions import RequestedRangeNotSatisfiable
from werkzeug.http import parse_accept_header
from werkzeug.wrappers import Response
from werkzeug.wsgi import wrap_file

from course.content.hosts import SITE_HEADERS
from course.web.edge import asgi, safety

WSGI = Callable[[dict[str, Any], Any], Iterable[bytes]]
Headers = list[tuple[str, str]]

MARKER = "404.html"
"""A build is known by its folder and by this page, which the service needs as well."""

KEPT = 64 * 1024 * 1024
"""Bytes that one process keeps of one build: all pages of some 5,000 lessons, compressed."""

LARGE = 1024 * 1024
"""Bytes from which a file is sent from the disk; of what is text, only the index of a large course."""

ENCODINGS = {"br": ".br", "gzip": ".gz"}
"""The content codings with the suffixes of their files, the smaller one first."""

LONGEST_ACCEPT = 200
"""Characters of an Accept-Encoding that are looked at, since it is done on the event loop."""

LOOK = 0.1
"""Seconds between two looks for a new build: a look at each request let go of Python's lock each time, which
cost more than all else together."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Ready:
    """A response as it is sent, and what is sent instead to who has it already; headers as WSGI has them."""

    headers: Headers
    body: bytes
    etag: str
    not_modified: Headers
    raw: asgi.Headers
    """The same as ASGI has them."""
    raw_not_modified: asgi.Headers


class _File:
    """One file of a build, with the compressed ones beside it."""

    def __init__(self, build: "_Build", name: str, encodings: list[str]) -> None:
        self.build = build
        self.name = name
        self.encodings = encodings
        self.is_hashed = _HASHED.search(name) is not None
        self.kept: dict[str, Ready | None] = {}
        self.known: dict[frozenset[str], Ready] = {}

    def whole(self, accepted: frozenset[str]) -> Ready | None:
        """Return what to send to who takes these codings; None for what is sent from the disk."""
        if ready := self.known.get(accepted):
            return ready
        encoding = self.encoding(accepted)
        ready = self.kept[encoding] if encoding in self.kept else self._read(encoding)
        if ready and encoding in self.kept:
            self.known[accepted] = ready
        return ready

    def encoding(self, accepted: frozenset[str]) -> str:
        return next((name for name in self.encodings if name in accepted), "")

    def _read(self, encoding: str) -> Ready | None:
        with self.open(encoding) as file:
            size = os.fstat(file.fileno()).st_size
            if size > LARGE:
                self.kept[encoding] = None
                return None
            body = file.read()
        # Of the content alone, so that a new build or another machine gives the same name to the same.
        etag = f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
        whole, unchanged = self.headers(encoding, etag, size), self.headers("", etag)
        ready = Ready(whole, body, etag, unchanged, asgi.headers(whole), asgi.headers(unchanged))
        if self.build.has_room(size):
            self.kept[encoding] = ready
        return ready

    def headers(self, encoding: str, etag: str, size: int | None = None) -> Headers:
        """Return what is said of this file: with its *size* of it whole, without of it unchanged."""
        forever = "max-age=31536000, public, immutable"
        found = [("ETag", etag), ("Cache-Control", forever if self.is_hashed else "no-cache")]
        found += [("Vary", "Accept-Encoding")] if self.encodings else []
        found += self.build.safety.items()
        if size is not None:
            found += [("Content-Type", _media_type(self.name)), ("Content-Length", str(size))]
            found += [("Content-Encoding", encoding)] if encoding else []
        return found

    def open(self, encoding: str = "") -> BinaryIO:
        path = self.name + ENCODINGS.get(encoding, "")
        return open(path, "rb", opener=self.build.opener)


class _Build:
    """The files of the build in *folder*, by address as WSGI has it, and the redirects to them."""

    def __init__(self, folder: Path, before: "_Build | None") -> None:
        """Raises OSError when the folder goes while it is looked at."""
        root = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        weakref.finalize(self, os.close, root)
        self.opener = functools.partial(os.open, dir_fd=root)
        self.stamp = _stamp(os.fstat(root), os.stat(MARKER, dir_fd=root))
        self.safety = {**safety.HEADERS, **_policy(self.opener)}
        self.files: dict[str, _File] = {}
        self.moved: dict[str, str] = {}
        self._room = KEPT
        left_out: list[str] = []
        times = dict(_times(root, left_out))
        if left_out:
            said = "In the site %s, %d entries are not served, such as %s: they are links, or cannot be read."
            log.warning(said, folder, len(left_out), ", ".join(left_out[:3]))
        for name, written in times.items():
            if name[-3:] not in ENCODINGS.values() or name[:-3] not in times:
                # Older than the file itself is what somebody has forgotten to compress again.
                fresh = [
                    e for e, suffix in ENCODINGS.items() if times.get(name + suffix, -1) >= written
                ]
                self._add(name, fresh)
        # A page of the build before may be on its way, and asks for its scripts and styles yet.
        for address, file in before.files.items() if before else ():
            if file.is_hashed and file.build is before:
                self.files.setdefault(address, file)

    def _add(self, name: str, encodings: list[str]) -> None:
        address = os.fsencode(f"/{name}").decode("latin-1")
        folder, _, last = address.rpartition("/")
        if last == "index.html":
            self.moved[address] = "./"
            if folder:
                self.moved[folder] = f"{name.split('/')[-2]}/"
            address = f"{folder}/"
        self.files[address] = _File(self, name, encodings)

    def has_room(self, size: int) -> bool:
        self._room -= size
        return self._room >= 0


class SiteFiles:
    """Serves the files of *folder*, and hands everything else on; a new build is taken up by itself."""

    def __init__(self, application: WSGI, folder: Path) -> None:
        self.application = application
        self.folder = folder
        self._marker = folder / MARKER
        self._build: _Build | None = None
        self._taking_up = threading.Lock()
        self._next_look = 0.0
        self._now()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        method = environ["REQUEST_METHOD"]
        if method not in ("GET", "HEAD"):
            return self.application(environ, start_response)
        build, address = self._now(), environ["PATH_INFO"]
        file = build.files.get(address) if build else None
        if build is None or file is None:
            if build and (place := build.moved.get(address)) is not None:
                return _redirect(place, environ, start_response)
            return self.application(environ, start_response)
        accepted = _codings(environ.get("HTTP_ACCEPT_ENCODING", ""))
        in_part = "HTTP_RANGE" in environ  # a part is never compressed
        try:
            ready = file.whole(frozenset() if in_part else accepted)
            if ready is None or in_part:
                return _rarer(file, ready, accepted, environ, start_response)
        except FileNotFoundError:
            found = self if self._is_replaced(build) else self.application
            return found(environ, start_response)
        except OSError as error:
            log.warning("%s in the site cannot be read: %s", file.name, error.strerror)
            return self.application(environ, start_response)
        if "HTTP_IF_NONE_MATCH" in environ and has(environ["HTTP_IF_NONE_MATCH"], ready.etag):
            start_response("304 Not Modified", ready.not_modified.copy())
            return []
        start_response("200 OK", ready.headers.copy())
        return [ready.body] if method == "GET" else []

    def at_hand(self, address: str, accepts: str) -> Ready | None:
        """Return what `ready` does, as far as it lies in memory; waits for nothing."""
        build = self._build
        file = build.files.get(address) if build else None
        return file.known.get(_codings(accepts)) if file else None

    def has(self, address: str) -> bool:
        """Return whether the present build has a file at *address*."""
        build = self._build
        return build is not None and address in build.files

    def ready(self, address: str, accepts: str) -> Ready | None:
        """Return what to send of a file to who takes the codings in *accepts*, a header.

        None where it takes more than that: another address, a large file, or one that cannot be opened.
        """
        build = self._build
        file = build.files.get(address) if build else None
        try:
            return file.whole(_codings(accepts)) if file else None
        except OSError:
            return None

    def is_new(self) -> bool:
        """Whether there is a new build to take up; looks every LOOK seconds, and tells whoever asks then."""
        now = time.monotonic()
        if now < self._next_look:
            return False
        self._next_look = now + LOOK
        try:
            stamp = _stamp(self.folder.stat(), self._marker.stat())
        except OSError:
            return False
        return self._build is None or self._build.stamp != stamp

    def take_up(self) -> None:
        """Take up a new build; while its names are read, others are answered from the one before."""
        if not self._taking_up.acquire(blocking=self._build is None):
            return
        try:
            self._build = _Build(self.folder, self._build)
        except FileNotFoundError:
            pass  # replaced again meanwhile; a later request looks again
        except OSError as error:
            log.warning("The site in %s cannot be read: %s", self.folder, error)
        finally:
            self._taking_up.release()

    def _now(self) -> _Build | None:
        """Return the present build; while one is being replaced, that is the one before."""
        if self.is_new():
            self.take_up()
        return self._build

    def _is_replaced(self, build: _Build) -> bool:
        """Whether there is another build than *build*, whose files are gone; it is taken up then."""
        with self._taking_up:
            if self._build is build:
                with contextlib.suppress(OSError):
                    self._build = _Build(self.folder, build)
        return self._build is not build


def _policy(opener: Callable[[str, int], int]) -> dict[str, str]:
    """Return the policy that the site was built with; none where it names no other hosts."""
    try:
        with open(SITE_HEADERS, encoding="utf-8", opener=opener) as file:
            found = _POLICY.fullmatch(file.read())
    except FileNotFoundError:
        return {}
    return {"Content-Security-Policy": found[1]} if found else {}


_POLICY = re.compile(r'add_header Content-Security-Policy "([^"\n]+)" always;\n')


def _stamp(folder: os.stat_result, marker: os.stat_result) -> tuple[int, ...]:
    return folder.st_ino, folder.st_mtime_ns, marker.st_ino, marker.st_mtime_ns


def _times(folder: int, left_out: list[str], above: str = "") -> Iterator[tuple[str, int]]:
    """Yield the path of each file below the open *folder*, and when it was written.

    Builds hold folders and files. A link may lead to the keys, in a circle or nowhere, and a pipe keeps who
    opens it waiting: such entries, and folders that cannot be read, are added to *left_out*.
    """
    with os.scandir(folder) as entries:
        for entry in entries:
            path = above + entry.name
            if entry.is_file(follow_symlinks=False):
                yield path, entry.stat().st_mtime_ns
            elif entry.is_dir(follow_symlinks=False):
                try:
                    inner = os.open(entry.name, os.O_RDONLY | os.O_DIRECTORY, dir_fd=folder)
                except PermissionError:
                    left_out.append(path)
                    continue
                try:
                    yield from _times(inner, left_out, f"{path}/")
                finally:
                    os.close(inner)
            else:
                left_out.append(path)


@functools.lru_cache(maxsize=256)
def _codings(accepted: str) -> frozenset[str]:
    """Return which of our codings the header *accepted* allows."""
    weights = parse_accept_header(accepted[:LONGEST_ACCEPT], Accept)
    return frozenset(name for name in ENCODINGS if weights.quality(name) > 0)


def has(condition: str, etag: str) -> bool:
    """Whether an If-None-Match names *etag*; a proxy that compresses may have made it a weak one."""
    given = (name.strip().removeprefix("W/") for name in condition.split(","))
    return any(name in (etag, "*") for name in given)


def _rarer(
    file: _File,
    ready: Ready | None,
    accepted: frozenset[str],
    environ: dict[str, Any],
    start_response: Any,
) -> Iterable[bytes]:
    """Send a large file from the disk, or the part of a file that is asked for."""
    body: Iterable[bytes]
    if ready is not None:
        body, headers, size = [ready.body], ready.headers, len(ready.body)
    else:
        in_part = "HTTP_RANGE" in environ
        encoding = "" if in_part else file.encoding(accepted)
        opened = file.open(encoding)
        facts = os.fstat(opened.fileno())
        size, etag = facts.st_size, f'"{facts.st_mtime_ns:x}-{facts.st_size:x}"'
        body, headers = wrap_file(environ, opened, 64 * 1024), file.headers(encoding, etag, size)
    response = Response(body, headers=headers, direct_passthrough=True)
    try:
        response.make_conditional(environ, accept_ranges=True, complete_length=size)
    except RequestedRangeNotSatisfiable as error:
        response.close()
        return error(environ, start_response)
    return response(environ, start_response)


def _redirect(place: str, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Lead to *place*, relative so that the address of the site does not matter."""
    query = environ.get("QUERY_STRING")
    location = f"{place}?{query}" if query else place
    headers = [("Location", location), ("Cache-Control", "no-cache"), *safety.HEADERS.items()]
    start_response("302 Found", [*headers, ("Content-Length", "0")])
    return []


_HASHED = re.compile(r"assets/course-[0-9a-f]{8}/|\.[0-9a-f]{8}\.min\.(css|js)$")
"""Names that change with the content of their files, so that a browser may keep those for ever."""

_TYPES = mimetypes.MimeTypes()
"""Python's own table; the machine's may say anything."""

_MORE_TYPES = {
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".webmanifest": "application/manifest+json",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
}
"""What that lacks, or calls otherwise in some versions of Python."""


def _media_type(name: str) -> str:
    found, packed = _TYPES.guess_type(name, strict=False)
    found = _MORE_TYPES.get(os.path.splitext(name)[1].lower(), found)  # noqa: PTH122
    if found is None or packed:
        return "application/octet-stream"
    return f"{found}; charset=utf-8" if found.startswith("text/") else found


class Mounted:
    """Serves an application under *base*, such as "/course/"; other addresses are not found."""

    def __init__(self, application: WSGI, base: str) -> None:
        self.application = application
        self.prefix = base.rstrip("/")

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if not self.prefix:
            return self.application(environ, start_response)
        if path.startswith(self.prefix + "/"):
            environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + self.prefix
            environ["PATH_INFO"] = path[len(self.prefix) :]
            return self.application(environ, start_response)
        headers = [("Content-Type", "text/plain; charset=utf-8"), *safety.HEADERS.items()]
        if (
            path == self.prefix
        ):  # relative addresses of the page need the slash; a form is sent again
            status, headers = "308 Permanent Redirect", [*headers, self._location(environ)]
        elif path == "/":  # some other site may live here one day
            status, headers = "302 Found", [*headers, self._location(environ)]
        else:
            status = "404 Not Found"
        start_response(status, headers)
        return [f"This course is served under {self.prefix}/\n".encode()]

    def _location(self, environ: dict[str, Any]) -> tuple[str, str]:
        query = environ.get("QUERY_STRING")
        return "Location", f"{self.prefix}/?{query}" if query else f"{self.prefix}/"
