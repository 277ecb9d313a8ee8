"""Where a text holds diagrams of Mermaid, in which braces and brackets have a meaning of their own."""

import re
from typing import Any

_FENCE = re.compile(
    r"^(?P<marks>[ >]*(?:`{3,}|~{3,})) *\{? *\.?mermaid\b[^\n]*\n.*?^(?P=marks) *$",
    re.MULTILINE | re.DOTALL,
)


def split(text: str) -> list[str]:
    """Return Markdown in pieces, every second of which is the fence of a diagram."""
    pieces, end = [], 0
    for match in _FENCE.finditer(text) if "mermaid" in text else ():
        pieces += [text[end : match.start()], match[0]]
        end = match.end()
    return [*pieces, text[end:]]


def has_diagram(data: Any) -> bool:
    """Return whether any text in plain data holds a diagram."""
    if isinstance(data, str):
        return len(split(data)) > 1
    parts = data.values() if isinstance(data, dict) else data if isinstance(data, list) else ()
    return any(has_diagram(part) for part in parts)
