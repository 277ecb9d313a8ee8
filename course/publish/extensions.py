"""Extensions of Markdown, set so that pages need no script and nothing of other sites."""

from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from pymdownx import emoji

from course.markup import diagrams
from course.publish import drawings

EMOJI = "pymdownx.emoji"
FENCES = "pymdownx.superfences"
ARITHMATEX = "pymdownx.arithmatex"
"""Leaves formulas to a script, which our policy blocks; they are drawn by course.markup.formulas."""


def prepare(config: MkDocsConfig) -> None:
    """Change the settings of extensions that mkdocs.yml lists."""
    listed = config.markdown_extensions
    if ARITHMATEX in listed:
        listed.remove(ARITHMATEX)
    if EMOJI in listed:
        settings = config.mdx_configs.get(EMOJI) or {}
        config.mdx_configs[EMOJI] = {**_icons(), **settings, "emoji_generator": as_character}
    if FENCES in listed:
        settings = config.mdx_configs.get(FENCES) or {}
        others = [one for one in settings.get("custom_fences", ()) if one["name"] != "mermaid"]
        fences = [*others, diagrams.fence(drawings.fence)]
        config.mdx_configs[FENCES] = {**settings, "custom_fences": fences}


def _icons() -> dict[str, Any]:
    from material.extensions.emoji import twemoji  # Material is imported where a site is built

    return {"emoji_index": twemoji}


def as_character(index: str, shortname: str, alias: str, uc: str | None, *rest: Any) -> Any:
    """Return an emoji as its character, and an icon of the theme as a drawing in the page."""
    from material.extensions.emoji import to_svg

    if uc is None:
        return to_svg(index, shortname, alias, uc, *rest)
    return emoji.to_alt(index, shortname, alias, uc, *rest)
