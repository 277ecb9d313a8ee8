"""The file mkdocs.yml, as far as a course depends on it."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from course.content import navigation, source
from course.content.problems import Problem

SITE = "mkdocs.yml"


def read(root: Path) -> tuple[source.Document | None, list[Problem]]:
    """Return the settings in *root* with those that they inherit, and their problems.

    None where the course cannot be read without what is wrong.
    """
    path = root / SITE
    if not os.path.lexists(path):
        hint = "run this in a course's folder, or name the folder with --root"
        return None, [Problem(SITE, 1, 1, "is missing", hint)]
    try:
        site = source.parse_yaml(SITE, source.read_text(root, path), lenient=True)
        navigation.inherit(site, path)
    except source.Unreadable as error:
        return None, list(error.problems)
    if not isinstance(site.data, dict):
        hint = "write at least 'site_name:', 'docs_dir: lessons', 'theme:' and 'plugins:'"
        return None, [site.at((), "must be lines of 'key: value'", hint)]
    if not isinstance(site.data.get("nav"), list | None):
        hint = "list the modules and their lessons under 'nav:', each after a dash"
        return None, [site.at(("nav",), "nav: must be a list", hint)]
    if site.data.get("use_directory_urls") is False:
        message = "use_directory_urls: must stay true"
        hint = "remove it: a lesson's address, such as module/lesson/, is part of the record"
        return site, [site.at(("use_directory_urls",), message, hint)]
    return site, []


def address(site: source.Document) -> tuple[str, list[Problem]]:
    """Return the address of the site, "" where it names none, and what is wrong with it."""
    node = site.found(("site_url",))
    url = node.data if node else site.data.get("site_url") or ""
    if (node and node.tag == "!ENV") or (node is None and isinstance(url, list)):
        url = url[-1] if isinstance(url, list) and len(url) > 1 else ""
    if url and not _is_address(url):
        hint = "write the whole address, such as https://example.org/course/"
        return "", [site.at(("site_url",), "site_url: is no web address", hint)]
    return url if isinstance(url, str) else "", []


def _is_address(url: Any) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except (ValueError, AttributeError, TypeError):
        return False
