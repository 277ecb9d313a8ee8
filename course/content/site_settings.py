"""What of the settings in mkdocs.yml asks for what the policy of the site keeps out."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from course.content import hosts, source
from course.content.problems import Problem, short

ARITHMATEX = "pymdownx.arithmatex"
DOLLARS = "dollar_formulas"


def problems(site: source.Document) -> Iterator[Problem]:
    """Yield what is wrong with the settings of a site."""
    yield from _files_from_elsewhere(site)
    yield from _fonts(site)
    yield from _dollars(site)


_DRAWN = ("mathjax", "katex", "mermaid")


def _files_from_elsewhere(site: source.Document) -> Iterator[Problem]:
    for key, what in (("extra_javascript", "script"), ("extra_css", "style sheet")):
        listed = site.data.get(key)
        for position, entry in enumerate(listed if isinstance(listed, list) else ()):
            address = entry.get("path", "") if isinstance(entry, dict) else entry
            host = _host(address)
            if not host:
                continue
            message = f"{key}: the {what} from {short(host)} is not loaded under the site's policy"
            hint = f"copy it into lessons/, and list the copy under {key}"
            if any(name in str(address).lower() for name in _DRAWN):
                hint = "remove it: formulas and mermaid diagrams are drawn when the site is built"
            yield site.at((key, position), message, hint)


def _host(address: Any) -> str:
    try:
        return urlsplit(address).netloc if isinstance(address, str) else ""
    except ValueError:
        return ""


def _fonts(site: source.Document) -> Iterator[Problem]:
    theme = site.data.get("theme")
    if (
        isinstance(theme, dict)
        and theme.get("name") == "material"
        and theme.get("font") is not False
    ):
        message = (
            "theme.font: fonts would come from another site, which the site's policy keeps out"
        )
        problem = site.at(("theme", "font"), message, "write 'font: false' below 'theme:'")
        yield replace(problem, is_warning=True)


def _dollars(site: source.Document) -> Iterator[Problem]:
    """Yield that dollars are no formulas, where an extension is listed of which they would be."""
    settings = site.found(hosts.plugin_steps(site))
    says = settings is not None and isinstance(settings.data, dict) and DOLLARS in settings.data
    listed = site.data.get("markdown_extensions")
    for position, entry in enumerate(listed if isinstance(listed, list) else ()):
        name, given = (
            next(iter(entry.items())) if isinstance(entry, dict) and entry else (entry, None)
        )
        syntax = given.get("inline_syntax") if isinstance(given, dict) else None
        if name == ARITHMATEX and not says and (syntax is None or "dollar" in syntax):
            message = (
                f"{ARITHMATEX}: the engine itself draws \\(...\\) and \\[...\\]; $...$ stays text"
            )
            hint = f"remove it; if $...$ are formulas, add '{DOLLARS}: true' below 'course:' under 'plugins:'"
            problem = site.at(("markdown_extensions", position), message, hint)
            yield replace(problem, is_warning=True)
