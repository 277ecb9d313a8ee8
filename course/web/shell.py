"""Pages of the service in the site's design: they are inserted into a page of the built site."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import current_app, render_template, request
from markupsafe import escape

from course import markup
from course.web import current

SHELL = "404.html"
"""The built page that is used as the shell, because MkDocs gives it links that work at any depth."""

_MAIN = re.compile(r"<!-- course:main -->.*?<!-- /course:main -->", re.DOTALL)
_TITLE = re.compile(r"<title>.*?</title>", re.DOTALL)
_PLAIN = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width,initial-scale=1"><title></title></head>'
    "<body><main><!-- course:main --><!-- /course:main --></main></body></html>"
)


@dataclass
class _Shell:
    stamp: int = -1
    before_title: str = ""
    before_main: str = ""
    after_main: str = ""


def page(template: str, title: str, *, seen_from: str | None = None, **context: Any) -> str:
    """Render *template* as a complete page with *title*.

    Relative links and pictures in trainers' texts are resolved against the lesson's path *seen_from*.
    """
    main = render_template(template, title=title, **context)
    if seen_from is not None:
        main = markup.placed(main, current.published().course.addresses.get(seen_from, {}))
        main = markup.anchored(main, f"{request.script_root}/{seen_from}")
    shell = _current_shell()
    name = current.published().course.title
    head = f"<title>{escape(title)} - {escape(name)}</title>"
    return f"{shell.before_title}{head}{shell.before_main}{main}{shell.after_main}"


def _current_shell() -> _Shell:
    """Return the shell's parts; they are read again after each build."""
    shell: _Shell = current_app.extensions.setdefault("course_shell", _Shell())
    path = Path(current_app.config["SITE_DIR"], SHELL)
    stamp = path.stat().st_mtime_ns if path.is_file() else 0
    if stamp != shell.stamp:
        html = path.read_text(encoding="utf-8") if stamp else _PLAIN
        title, main = _TITLE.search(html), _MAIN.search(html)
        if title is None or main is None:  # a theme without our markers
            html, title, main = _PLAIN, _TITLE.search(_PLAIN), _MAIN.search(_PLAIN)
        assert title is not None  # noqa: S101 - _PLAIN has it
        assert main is not None  # noqa: S101 - _PLAIN has it
        shell = _Shell(
            stamp,
            html[: title.start()],
            html[title.end() : main.start()],
            html[main.end() :],
        )
        current_app.extensions["course_shell"] = shell
    return shell
