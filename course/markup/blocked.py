"""Finds what our Content-Security-Policy would block in a page's HTML: one list of rules for all pages.

The policy itself is made in course/content/hosts.py. Browsers say nothing to readers about what they block,
so it has to be found before.
"""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import urlsplit

from course.content.hosts import Hosts
from course.content.problems import short
from course.markup import faults
from course.markup.faults import Fault

Attributes = dict[str, str]

_KINDS = {"frames": "frame", "pictures": "picture", "films": "film", "sound": "sound"}
_LOADS = {
    ("iframe", "src"): "frames",
    ("frame", "src"): "frames",
    ("img", "src"): "pictures",
    ("img", "srcset"): "pictures",
    ("input", "src"): "pictures",
    ("image", "href"): "pictures",
    ("image", "xlink:href"): "pictures",
    ("video", "poster"): "pictures",
    ("video", "src"): "films",
    ("audio", "src"): "sound",
}
"""What an attribute makes a browser load; for `source` and `track` it depends on their parent."""

_EMBEDS = ("object", "embed", "applet")
REPORTED = frozenset({"script", "style", "base", *_EMBEDS})
"""Elements that are reported wherever they stand."""
_SHEETS = "list a file of your own under extra_css in mkdocs.yml"


def found(page: str, hosts: Hosts) -> Iterator[Fault]:
    """Yield what of *page*, which is HTML, browsers will not show or run, and what is marked as a fault."""
    yield from faults.found(page)
    reader = _Reader(hosts)
    reader.feed(page)
    reader.close()
    yield from reader.faults


class _Reader(HTMLParser):
    def __init__(self, hosts: Hosts) -> None:
        super().__init__()
        self.hosts = hosts
        self.faults: list[Fault] = []
        self.around = ""
        """The film, sound or picture that is open."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("video", "audio", "picture"):
            self.around = tag
        given = {name: value or "" for name, value in attrs}
        self.faults += _of_element(tag, given)
        for name, value in given.items():
            self.faults += _of_attribute(tag, name, value)
        self.faults += _of_loading(tag, given, self.around, self.hosts)

    def handle_endtag(self, tag: str) -> None:
        if tag == self.around:
            self.around = ""


def _of_element(tag: str, given: Attributes) -> Iterator[Fault]:
    if tag == "script" and given.get("type", "text/javascript") in _CODE and not _is_here(given):
        message = (
            "this script is not run: the site's policy lets no script of a page or another site in"
        )
        hint = (
            "put it into a file of the course, and list that under extra_javascript in mkdocs.yml"
        )
        yield Fault(given.get("src") or "<script", message, hint)
    elif tag == "style":
        message = "this <style> has no effect: the site's policy lets no styles of a page in"
        yield Fault("<style", message, _SHEETS)
    elif tag in _EMBEDS:
        message = f"<{tag}> is not shown: the site's policy lets no plug-ins in"
        yield Fault(
            f"<{tag}", message, "link to the file, or show it in an <iframe> or as a picture"
        )
    elif tag == "base":
        yield Fault("<base", "<base> has no effect under the site's policy", "remove it")
    elif (
        tag == "link"
        and "stylesheet" in given.get("rel", "").lower()
        and _host(given.get("href", ""))
    ):
        message = f"the styles of {short(given['href'])} are not loaded"
        yield Fault(given["href"], message, _SHEETS)
    elif tag == "form" and _host(given.get("action", "")):
        message = f"a form cannot be sent to {short(given['action'])}: the site's policy forbids it"
        yield Fault(given["action"], message, "link to the page that has the form")


_CODE = ("", "module", "text/javascript", "application/javascript")


def _is_here(given: Attributes) -> bool:
    """Whether a script is a file of the site itself."""
    return bool(given.get("src")) and not _host(given["src"])


def _of_attribute(tag: str, name: str, value: str) -> Iterator[Fault]:
    if name == "style" and value.strip():
        message = f"the style '{short(value)}' has no effect: the site's policy lets no styles of a page in"
        yield Fault(value, message, "give it a class, and say the style in a file under extra_css")
    elif name.startswith("on") and len(name) > 4:
        message = f"'{short(name)}' does nothing: the site's policy lets no script of a page in"
        yield Fault(
            f"{name}=", message, "remove it, or add a listener in a file under extra_javascript"
        )
    elif name in ("href", "src", "action", "formaction", "xlink:href") and _SCRIPT.match(value):
        message = (
            f"the link {short(value)} does nothing: the site's policy lets no script of a page in"
        )
        yield Fault(value, message, "link to an address, or remove it")


_SCRIPT = re.compile(r"[\s\x00-\x1f]*j\s*a\s*v\s*a\s*s\s*c\s*r\s*i\s*p\s*t\s*:", re.IGNORECASE)


def _of_loading(tag: str, given: Attributes, around: str, hosts: Hosts) -> Iterator[Fault]:
    for name, value in given.items():
        kind = _LOADS.get((tag, name), "")
        if tag in ("source", "track") and name in ("src", "srcset"):
            kind = {"video": "films", "audio": "sound"}.get(around, "pictures")
        if kind:
            for address in _addresses(value) if name == "srcset" else [value]:
                yield from _of_address(address.strip(), kind, hosts)


def _addresses(srcset: str) -> Iterator[str]:
    for part in srcset.split(","):
        if part.strip():
            yield part.split()[0]


def _of_address(address: str, kind: str, hosts: Hosts) -> Iterator[Fault]:
    what = _KINDS[kind]
    scheme = urlsplit(address).scheme.lower() if ":" in address[:12] else ""
    if scheme in ("data", "blob", "file", "ftp") and not (scheme == "data" and kind == "pictures"):
        message = f"this {what} is not shown: the site's policy lets no {scheme}: address in"
        yield Fault(address[:60], message, f"put the {what} into a file beside the lesson")
    host = _host(address)
    # Films and sound are one to the policy.
    kinds = ("films", "sound") if kind in ("films", "sound") else (kind,)
    if host and not any(hosts.allows(one, host) for one in kinds):
        message = f"the {what} from {short(host)} is not shown: mkdocs.yml does not name this host"
        instead = "link to it" if kind == "frames" else f"copy the {what} into the course"
        setting = f"hosts: {{{kind}: [{host}]}}"
        hint = f"add '{setting}' below 'course:' under 'plugins:', or {instead}"
        yield Fault(address, message, hint)
    elif host and scheme == "http":
        message = f"the {what} from {short(host)} is not shown: it is not asked for over https"
        yield Fault(address, message, "begin its address with https://")


def _host(address: str) -> str:
    """Return the host of an address, with its port; "" for one inside the site."""
    try:
        parts = urlsplit(address.strip())
        return (
            parts.netloc.rpartition("@")[2].lower() if parts.scheme in ("", "http", "https") else ""
        )
    except ValueError:
        return ""
