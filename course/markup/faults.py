"""Marks in the HTML of a page for what could not be shown, from which problems with a place are made."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

_MARK = re.compile(
    r'<code class="fault" title="([^"]*)" data-hint="([^"]*)">(.*?)</code>', re.DOTALL
)


@dataclass(frozen=True)
class Fault:
    """What of a page cannot be shown. *quoted* are the words in the source that it is about."""

    quoted: str
    message: str
    hint: str = ""
    is_warning: bool = False
    """Whether the page can be published all the same."""


def marked(quoted: str, message: str, hint: str = "") -> str:
    """Return HTML that shows *quoted* in place of what it should have become."""
    attributes = f'title="{html.escape(message)}" data-hint="{html.escape(hint)}"'
    return f'<code class="fault" {attributes}>{html.escape(quoted)}</code>'


def found(page: str) -> Iterator[Fault]:
    """Yield every fault that is marked in *page*."""
    for message, hint, quoted in _MARK.findall(page) if 'class="fault"' in page else ():
        yield Fault(html.unescape(quoted), html.unescape(message), html.unescape(hint))
