"""Pages of the service in the site's own dress: they stand inside a page that the site build emits."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import current_app, render_template, request
from markupsafe import escape

from course import markup
from course.web import parts

SHELL = "404.html"
"""The built page that doubles as the shell: MkDocs gives it addresses that work at any depth."""

_MAIN = re.compile(r"<!-- course:main -->.*?<!-- /course:main -->", re.DOTALL)
_TITLE = re.compile(r"<title>.*?</title>", re.DOTALL)
_PLAIN = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width,initial-scale=1"><title></title></head>'
    "<body><main><!-- course:main --><!-- /course:main --></main></body></html>"
)


@dataclass
class _Kept:
    stamp: int = -1
    before_title: str = ""
    before_main: str = ""
    after_main: str = ""


def page(template: str, title: str, *, seen_from: str | None = None, **context: Any) -> str:
    """Return *template* (its Jinja *context* given) as a whole page called *title*.

    What trainers wrote links and shows pictures as seen from the lesson's page, which is the path *seen_from*
    below the site.
    """
    main = render_template(template, title=title, **context)
    if seen_from is not None:
        main = markup.placed(main, parts.published().course.addresses.get(seen_from, {}))
        main = markup.anchored(main, f"{request.script_root}/{seen_from}")
    kept = _shell()
    name = parts.published().course.title
    head = f"<title>{escape(title)} - {escape(name)}</title>"
    return f"{kept.before_title}{head}{kept.before_main}{main}{kept.after_main}"


def _shell() -> _Kept:
    """Return the shell cut into its parts, read again when the site was built anew."""
    kept: _Kept = current_app.extensions.setdefault("course_shell", _Kept())
    path = Path(current_app.config["SITE_DIR"], SHELL)
    stamp = path.stat().st_mtime_ns if path.is_file() else 0
    if stamp != kept.stamp:
        html = path.read_text(encoding="utf-8") if stamp else _PLAIN
        title, main = _TITLE.search(html), _MAIN.search(html)
        if title is None or main is None:  # a theme that has no place for us
            html, title, main = _PLAIN, _TITLE.search(_PLAIN), _MAIN.search(_PLAIN)
        assert title is not None  # noqa: S101 - it stands in _PLAIN
        assert main is not None  # noqa: S101 - it stands in _PLAIN
        kept = _Kept(
            stamp,
            html[: title.start()],
            html[title.end() : main.start()],
            html[main.end() :],
        )
        current_app.extensions["course_shell"] = kept
    return kept
