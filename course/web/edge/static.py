"""Serves the built site from memory: directly on the event loop, or as a WSGI application.

Invariants:

- A request is answered from a single build. Files are opened relative to a descriptor of that build's
  folder, which still refers to the same folder after the next build has replaced it.
- A request notices a new build within a tenth of a second and loads it. While it lists the files, other
  requests are answered from the previous build.
- A file is read once and cached while there is room, together with its headers, so that a request takes two
  look-ups. Large files and ranges are sent from the disk.
- No part of a request is used as a path. Only files that existed when the build was loaded are found.
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
"""A build is identified by the inodes and times of its folder and of this page, which the service needs."""

CACHE_BYTES = 64 * 1024 * 1024
"""Bytes of one build that a process caches: enough for all pages of some 5,000 lessons, compressed."""

LARGE_FILE_BYTES = 1024 * 1024
"""Files above this many bytes are sent from the disk; the only text that large is a big course's index."""

ENCODINGS = {"br": ".br", "gzip": ".gz"}
"""The content codings with the suffixes of their files, the smaller one first."""

MAX_ACCEPT_CHARACTERS = 200
"""Longest prefix of an Accept-Encoding that is parsed, since that happens on the event loop."""

CHECK_SECONDS = 0.1
"""Seconds between two checks for a new build. A check on each request released the GIL each time, which cost
more than everything else together."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class FileResponse:
    """The response for a file, and the headers of a 304 instead of it; both as WSGI and as ASGI headers."""

    headers: Headers
    body: bytes
    etag: str
    not_modified: Headers
    asgi_headers: asgi.Headers
    asgi_not_modified: asgi.Headers


class _File:
    """One file of a build, with its compressed variants."""

    def __init__(self, build: "_Build", name: str, encodings: list[str]) -> None:
        self.build = build
        self.name = name
        self.encodings = encodings
        self.is_hashed = _HASHED.search(name) is not None
        self.by_encoding: dict[str, FileResponse | None] = {}
        self.by_accepted: dict[frozenset[str], FileResponse] = {}

    def response(self, accepted: frozenset[str]) -> FileResponse | None:
        """Return the response for these accepted encodings; None for a file that is sent from the disk."""
        if response := self.by_accepted.get(accepted):
            return response
        encoding = self.encoding(accepted)
        response = (
            self.by_encoding[encoding] if encoding in self.by_encoding else self._read(encoding)
        )
        if response and encoding in self.by_encoding:
            self.by_accepted[accepted] = response
        return response

    def encoding(self, accepted: frozenset[str]) -> str:
        return next((name for name in self.encodings if name in accepted), "")

    def _read(self, encoding: str) -> FileResponse | None:
        with self.open(encoding) as file:
            size = os.fstat(file.fileno()).st_size
            if size > LARGE_FILE_BYTES:
                self.by_encoding[encoding] = None
                return None
            body = file.read()
        # Computed from the content alone, so that it stays the same across builds and machines.
        etag = f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
        headers, not_modified = self.headers(encoding, etag, size), self.headers("", etag)
        response = FileResponse(
            headers,
            body,
            etag,
            not_modified,
            asgi.headers(headers),
            asgi.headers(not_modified),
        )
        if self.build.has_room(size):
            self.by_encoding[encoding] = response
        return response

    def headers(self, encoding: str, etag: str, size: int | None = None) -> Headers:
        """Return the headers of a 200 with a body of *size* bytes; of a 304 where *size* is None."""
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
    """The files of the build in *folder* by WSGI path, and the redirects to them."""

    def __init__(self, folder: Path, previous: "_Build | None") -> None:
        """Raises OSError when the folder disappears while it is read."""
        root = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        weakref.finalize(self, os.close, root)
        self.opener = functools.partial(os.open, dir_fd=root)
        self.stamp = _stamp(os.fstat(root), os.stat(MARKER, dir_fd=root))
        self.safety = {**safety.HEADERS, **_policy(self.opener)}
        self.files: dict[str, _File] = {}
        self.redirects: dict[str, str] = {}
        self._room = CACHE_BYTES
        left_out: list[str] = []
        times = dict(_modification_times(root, left_out))
        if left_out:
            log.warning(
                "In the site %s, %d entries are not served, such as %s: they are links, or cannot be read.",
                folder,
                len(left_out),
                ", ".join(left_out[:3]),
            )
        for name, written in times.items():
            if name[-3:] not in ENCODINGS.values() or name[:-3] not in times:
                # A variant older than the file itself is stale: it was not compressed again.
                fresh = [
                    e for e, suffix in ENCODINGS.items() if times.get(name + suffix, -1) >= written
                ]
                self._add(name, fresh)
        # A browser may just have got a page of the previous build, and still request its scripts and styles.
        for address, file in previous.files.items() if previous else ():
            if file.is_hashed and file.build is previous:
                self.files.setdefault(address, file)

    def _add(self, name: str, encodings: list[str]) -> None:
        address = os.fsencode(f"/{name}").decode("latin-1")
        folder, _, last = address.rpartition("/")
        if last == "index.html":
            self.redirects[address] = "./"
            if folder:
                self.redirects[folder] = f"{name.split('/')[-2]}/"
            address = f"{folder}/"
        self.files[address] = _File(self, name, encodings)

    def has_room(self, size: int) -> bool:
        self._room -= size
        return self._room >= 0


class SiteFiles:
    """Serves the files of *folder* and passes all other requests on; notices new builds by itself."""

    def __init__(self, application: WSGI, folder: Path) -> None:
        self.application = application
        self.folder = folder
        self._marker = folder / MARKER
        self._build: _Build | None = None
        self._loading = threading.Lock()
        self._next_check = 0.0
        self._current_build()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        method = environ["REQUEST_METHOD"]
        if method not in ("GET", "HEAD"):
            return self.application(environ, start_response)
        build, address = self._current_build(), environ["PATH_INFO"]
        file = build.files.get(address) if build else None
        if build is None or file is None:
            if build and (place := build.redirects.get(address)) is not None:
                return _redirect(place, environ, start_response)
            return self.application(environ, start_response)
        accepted = _accepted_encodings(environ.get("HTTP_ACCEPT_ENCODING", ""))
        is_partial = "HTTP_RANGE" in environ  # a part is never compressed
        try:
            response = file.response(frozenset() if is_partial else accepted)
            if response is None or is_partial:
                return _large_or_partial(file, response, accepted, environ, start_response)
        except FileNotFoundError:
            found = self if self._is_replaced(build) else self.application
            return found(environ, start_response)
        except OSError as error:
            log.warning("%s in the site cannot be read: %s", file.name, error.strerror)
            return self.application(environ, start_response)
        if "HTTP_IF_NONE_MATCH" in environ and matches_etag(
            environ["HTTP_IF_NONE_MATCH"], response.etag
        ):
            start_response("304 Not Modified", response.not_modified.copy())
            return []
        start_response("200 OK", response.headers.copy())
        return [response.body] if method == "GET" else []

    def cached(self, address: str, accepts: str) -> FileResponse | None:
        """Return the response for *address* if it is cached; never blocks."""
        build = self._build
        file = build.files.get(address) if build else None
        return file.by_accepted.get(_accepted_encodings(accepts)) if file else None

    def has_file(self, address: str) -> bool:
        """Return whether the present build has a file at *address*."""
        build = self._build
        return build is not None and address in build.files

    def response(self, address: str, accepts: str) -> FileResponse | None:
        """Return the response for *address*, read from the disk if need be; *accepts* is an Accept-Encoding.

        None for an address without a file, a large file, or one that cannot be opened.
        """
        build = self._build
        file = build.files.get(address) if build else None
        try:
            return file.response(_accepted_encodings(accepts)) if file else None
        except OSError:
            return None

    def has_new_build(self) -> bool:
        """Whether there is a new build to load; checks every CHECK_SECONDS, and returns False in between."""
        now = time.monotonic()
        if now < self._next_check:
            return False
        self._next_check = now + CHECK_SECONDS
        try:
            stamp = _stamp(self.folder.stat(), self._marker.stat())
        except OSError:
            return False
        return self._build is None or self._build.stamp != stamp

    def load_build(self) -> None:
        """Load the new build; meanwhile, other requests are answered from the previous one."""
        if not self._loading.acquire(blocking=self._build is None):
            return
        try:
            self._build = _Build(self.folder, self._build)
        except FileNotFoundError:
            pass  # replaced again meanwhile; a later request tries again
        except OSError as error:
            log.warning("The site in %s cannot be read: %s", self.folder, error)
        finally:
            self._loading.release()

    def _current_build(self) -> _Build | None:
        """Return the current build; while a new one is being loaded, that is the previous one."""
        if self.has_new_build():
            self.load_build()
        return self._build

    def _is_replaced(self, build: _Build) -> bool:
        """Whether *build*, whose files are gone, has been replaced; loads the new build if it has."""
        with self._loading:
            if self._build is build:
                with contextlib.suppress(OSError):
                    self._build = _Build(self.folder, build)
        return self._build is not build


def _policy(opener: Callable[[str, int], int]) -> dict[str, str]:
    """Return the Content-Security-Policy that the site was built with; empty if it allows no other hosts."""
    try:
        with open(SITE_HEADERS, encoding="utf-8", opener=opener) as file:
            found = _POLICY.fullmatch(file.read())
    except FileNotFoundError:
        return {}
    return {"Content-Security-Policy": found[1]} if found else {}


_POLICY = re.compile(r'add_header Content-Security-Policy "([^"\n]+)" always;\n')


def _stamp(folder: os.stat_result, marker: os.stat_result) -> tuple[int, ...]:
    return folder.st_ino, folder.st_mtime_ns, marker.st_ino, marker.st_mtime_ns


def _modification_times(
    folder: int, left_out: list[str], above: str = ""
) -> Iterator[tuple[str, int]]:
    """Yield the path and modification time (ns) of each file below the open *folder*.

    Builds consist of folders and regular files. A link may point to the keys, to itself or nowhere, and
    opening a pipe blocks: such entries, and folders that cannot be read, are added to *left_out*.
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
                    yield from _modification_times(inner, left_out, f"{path}/")
                finally:
                    os.close(inner)
            else:
                left_out.append(path)


@functools.lru_cache(maxsize=256)
def _accepted_encodings(accepted: str) -> frozenset[str]:
    """Return which of ENCODINGS the header *accepted* allows."""
    weights = parse_accept_header(accepted[:MAX_ACCEPT_CHARACTERS], Accept)
    return frozenset(name for name in ENCODINGS if weights.quality(name) > 0)


def matches_etag(condition: str, etag: str) -> bool:
    """Whether an If-None-Match matches *etag*; a compressing proxy may have made it weak."""
    given = (name.strip().removeprefix("W/") for name in condition.split(","))
    return any(name in (etag, "*") for name in given)


def _large_or_partial(
    file: _File,
    cached: FileResponse | None,
    accepted: frozenset[str],
    environ: dict[str, Any],
    start_response: Any,
) -> Iterable[bytes]:
    """Send a large file from the disk, or the requested range of a file."""
    body: Iterable[bytes]
    if cached is not None:
        body, headers, size = [cached.body], cached.headers, len(cached.body)
    else:
        is_partial = "HTTP_RANGE" in environ
        encoding = "" if is_partial else file.encoding(accepted)
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
    """Redirect to *place*, which is relative, so that the address of the site does not matter."""
    query = environ.get("QUERY_STRING")
    location = f"{place}?{query}" if query else place
    headers = [("Location", location), ("Cache-Control", "no-cache"), *safety.HEADERS.items()]
    start_response("302 Found", [*headers, ("Content-Length", "0")])
    return []


_HASHED = re.compile(r"assets/course-[0-9a-f]{8}/|\.[0-9a-f]{8}\.min\.(css|js)$")
"""Names that contain a hash of the file's content, so that browsers may cache them for ever."""

_TYPES = mimetypes.MimeTypes()
"""Python's built-in table, since the system's differs between machines."""

_MORE_TYPES = {
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".webmanifest": "application/manifest+json",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
}
"""Types that it lacks, or names differently in some versions of Python."""


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
