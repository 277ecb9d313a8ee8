"""Style attributes as classes and other attributes: our policy blocks styles written into a page."""

import html
import re
from collections.abc import Iterator

_ALIGNS = ("left", "right", "center", "justify", "start", "end")
_CLASSES = {
    **{("text-align", side): f"course-align-{side}" for side in _ALIGNS},
    **{("vertical-align", side): f"course-valign-{side}" for side in ("top", "middle", "bottom")},
    **{("float", side): f"course-float-{side}" for side in ("left", "right")},
    **{("clear", side): f"course-clear-{side}" for side in ("left", "right", "both")},
    **{("width", f"{share}%"): f"course-width-{share}" for share in range(5, 101, 5)},
    ("white-space", "nowrap"): "course-nowrap",
    ("font-weight", "bold"): "course-bold",
    ("font-style", "italic"): "course-italic",
    ("text-decoration", "underline"): "course-underline",
}
"""What course.css has a class for."""

CLASSES = frozenset(_CLASSES.values())

_SIZED = frozenset({"img", "video", "iframe", "table", "td", "th", "col", "hr"})
"""Elements that have attributes for their size."""
_SIZE = re.compile(r"(\d{1,4}(?:\.\d+)?)(px|%)?")

_STYLED = re.compile(
    r"<(?P<tag>[a-zA-Z][\w-]*)(?P<before>(?:\s[^<>]*?)?)\sstyle=(?P<said>\"[^\"<>]*\"|'[^'<>]*')(?P<after>[^<>]*)>"
)
_CLASS = re.compile(r"\sclass=(\"[^\"]*\"|'[^']*'|[^\s\"'>/]+)")


def as_classes(page: str) -> str:
    """Return HTML with styles replaced by attributes or classes where possible; others are unchanged."""
    return _STYLED.sub(_otherwise, page) if "style=" in page else page


def _otherwise(match: re.Match[str]) -> str:
    tag = match["tag"].lower()
    classes, attributes, left = [], "", []
    for name, value in _declarations(html.unescape(match["said"][1:-1])):
        size = _SIZE.fullmatch(value)
        if size and name in ("width", "height") and tag in _SIZED:
            attributes += f' {name}="{size[1]}{"%" if size[2] == "%" else ""}"'
        elif named := _CLASSES.get((name, value)):
            classes.append(named)
        else:
            left.append(f"{name}: {value}")
    rest = match["before"] + match["after"]
    if classes:
        given = _CLASS.search(rest)
        if given is not None:
            classes.insert(0, given[1].strip("\"'"))
            rest = rest[: given.start()] + rest[given.end() :]
        attributes += f' class="{" ".join(classes)}"'
    if left:
        attributes += f' style="{html.escape("; ".join(left))}"'
    return f"<{match['tag']}{attributes}{rest}>"


def _declarations(style: str) -> Iterator[tuple[str, str]]:
    for part in style.split(";"):
        name, _, value = part.partition(":")
        if name.strip():
            plain = " ".join(value.lower().split())
            yield name.strip().lower(), "bold" if plain == "700" else plain
