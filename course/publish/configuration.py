"""What of mkdocs.yml has a part in a page, and whether everything in it is known to depend on no more."""

import functools
import json
import warnings
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig

from course.publish import cache

_SEARCH = "material.plugins.search.plugin"
_PLUGINS = {_SEARCH, "course.publish.plugin"}
_LIBRARIES = {"course", "markdown", "material", "pymdownx"}
_READING_FILES = {"pymdownx.b64"}
"""Extensions that read files without a record of them; `texts` records snippets."""

_ELSEWHERE = (
    "nav",
    "site_name",
    "site_url",
    "site_description",
    "site_author",
    "copyright",
    "extra",
)
"""Settings that only templates see."""


class _Unknown(Exception):
    """Something in the settings can do anything."""


def are_known(config: MkDocsConfig) -> bool:
    """Whether a page depends only on what the cache's keys name.

    Another plugin, a hook or a Markdown extension from elsewhere can read whatever it likes; then every
    page is rendered at every build.
    """
    plugins = list(config.plugins.values())
    try:
        _plain(_settings(config))
    except _Unknown:
        return False
    return (
        config.theme.name == "material"
        and not config.hooks
        and {type(plugin).__module__ for plugin in plugins} <= _PLUGINS
        and all(map(_is_known, config.markdown_extensions))
        and not config.mdx_configs.get("pymdownx.snippets", {}).get("url_download")
        and not any(p.config.get("jieba_dict") or p.config.get("jieba_dict_user") for p in plugins)
    )


def _is_known(extension: Any) -> bool:
    if not isinstance(extension, str) or extension in _READING_FILES:
        return False
    return (
        extension in _short_names()
        or extension == "course.publish.blocks"
        or extension.split(".")[0] in {"markdown", "pymdownx"}
    )


@functools.cache
def _short_names() -> frozenset[str]:
    """Return how Markdown's own extensions may be called."""
    points = metadata.distribution("markdown").entry_points
    return frozenset(point.name for point in points if point.group == "markdown.extensions")


def search(config: MkDocsConfig) -> Any:
    """Return Material's search, or None where the site has none, or another, or has it switched off."""
    for plugin in config.plugins.values():
        if type(plugin).__module__ == _SEARCH and plugin.config["enabled"]:
            return plugin
    return None


def texts_digest(config: MkDocsConfig, base: str) -> str:
    """Name what the text of every page depends on; *base* is the path at which forms are taken."""
    relevant = {key: value for key, value in _settings(config).items() if key not in _ELSEWHERE}
    return cache.digest(
        cache.engine_digest(), base, json.dumps(_plain(relevant)), _own_theme(config)
    )


def pages_digest(config: MkDocsConfig) -> str:
    """Name what every finished page depends on."""
    return cache.digest(
        cache.engine_digest(), json.dumps(_plain(_settings(config))), _own_theme(config)
    )


def _settings(config: MkDocsConfig) -> dict[str, Any]:
    """Return the settings as the course gives them, with variables and inherited files put in."""
    found: dict[str, Any] = {}
    with warnings.catch_warnings():
        # MkDocs announces that it will remove this some day; we use MkDocs 1, which has no other.
        warnings.simplefilter("ignore", DeprecationWarning)
        for given in config.user_configs:
            found.update(given)
    found.pop("site_dir", None)  # only where the pages go
    return found


def _own_theme(config: MkDocsConfig) -> str:
    folder = config.theme.custom_dir
    return cache.folder_digest(Path(folder)) if folder else ""


def _plain(value: Any) -> Any:
    """Return *value* as JSON can hold it: functions by their names, as far as their code is known."""
    if isinstance(value, dict):
        return [[str(key), _plain(inner)] for key, inner in value.items()]
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, Callable):  # type: ignore[arg-type]
        module = getattr(value, "__module__", None) or ""
        if module.split(".")[0] not in _LIBRARIES:
            raise _Unknown
        return f"{module}.{getattr(value, '__qualname__', '')}"
    return value if isinstance(value, str | int | float | bool | None) else repr(value)
