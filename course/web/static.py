"""The built site, served from memory by the same process."""

import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from whitenoise import WhiteNoise

from course.web import safety

WSGI = Callable[[dict[str, Any], Any], Iterable[bytes]]


class SiteFiles:
    """Serves the files of *folder*, and hands everything else on; a new build is taken up by itself."""

    def __init__(self, application: WSGI, folder: Path) -> None:
        self.application = application
        self.folder = folder
        self._stamp = -1
        self._files: WSGI = application

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return self.application(environ, start_response)
        stamp = self._now()
        if stamp != self._stamp:
            self._stamp = stamp
            self._files = self._scan() if stamp else self.application
        return self._files(environ, start_response)

    def _now(self) -> int:
        try:
            return (self.folder / "404.html").stat().st_mtime_ns
        except OSError:
            return 0

    def _scan(self) -> WSGI:
        def add_headers(headers: Any, path: str, url: str) -> None:
            for name, value in safety.HEADERS.items():
                headers[name] = value

        files: WSGI = WhiteNoise(
            self.application,
            root=str(self.folder),
            index_file=True,
            max_age=0,  # pages change with each build; they are revalidated by Last-Modified
            immutable_file_test=_is_hashed,
            add_headers_function=add_headers,
        )
        return files


def _is_hashed(path: str, url: str) -> bool:
    """Whether a file's name changes with its content, so that a browser may keep it for ever."""
    return _HASHED.search(url) is not None


_HASHED = re.compile(r"assets/course-[0-9a-f]{8}/|\.[0-9a-f]{8}\.min\.(css|js)$")


class Mounted:
    """Serves an application under *base*, such as "/course/"; other addresses are not found."""

    def __init__(self, application: WSGI, base: str) -> None:
        self.application = application
        self.prefix = base.rstrip("/")

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if not self.prefix:
            return self.application(environ, start_response)
        if path == self.prefix or path.startswith(self.prefix + "/"):
            environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + self.prefix
            environ["PATH_INFO"] = path[len(self.prefix) :] or "/"
            return self.application(environ, start_response)
        location = f"{self.prefix}/" if path == "/" else None
        status = "302 Found" if location else "404 Not Found"
        headers = [("Content-Type", "text/plain; charset=utf-8")]
        start_response(status, [*headers, ("Location", location)] if location else headers)
        return [f"This course is served under {self.prefix}/\n".encode()]
