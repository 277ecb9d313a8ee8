"""Rules for links: inside the course, and, when asked, to other sites."""

import functools
import http.client
import posixpath
import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import PurePosixPath

from course import __version__
from course.content import addresses
from course.content.lesson import anchors
from course.content.problems import Problem, did_you_mean, short
from course.content.reading import LESSONS, PLANS
from course.quality import markdown
from course.quality.material import Excuses, Material, Passage
from course.quality.rules import Found, Rule

AT_ONCE = 4
TIMEOUT = 10
AGENT = f"course-engine/{__version__} (checks the links of a course)"


# Inside the course


class Site:
    """The addresses of a course: its pages with their anchors, and its files."""

    def __init__(self, material: Material) -> None:
        self.root = material.root / LESSONS
        self.base = material.course.base
        self.pages = {page.path.removeprefix(f"{LESSONS}/"): page for page in material.pages}
        self.by_url = {addresses.of_page(path): path for path in self.pages}
        self._anchors: dict[str, set[str]] = {}

    def trouble(self, passage: Passage, home: str, link: markdown.Link) -> tuple[str, str] | None:
        """Return what is wrong with a *link* on the page *home*, and the fix; None if it works."""
        path, _, anchor = urllib.parse.unquote(link.target).partition("#")
        path = path.partition("?")[0]
        if not path and not anchor:
            return "leads nowhere", "write between the brackets where it should lead"
        found = home if not path else self._find(path, home, passage, is_html=link.is_html)
        if found is None:
            return f"leads to {short(path)}, which is not there", self._suggest(path, home)
        if anchor and found in self.pages and not self._has(found, anchor):
            there = self._anchors[found]
            return f"leads to #{short(anchor)}, which {LESSONS}/{found} has not", did_you_mean(
                anchor, there
            )
        return None

    def _find(self, path: str, home: str, passage: Passage, *, is_html: bool) -> str | None:
        """Return the file below the lessons' folder that *path* leads to, or None."""
        if path.startswith("/"):
            return self._at(path.removeprefix(self.base).lstrip("/"))
        if beside := self._beside(path, home):
            return beside
        if is_html or passage.in_question or PurePosixPath(path).suffix == "":
            # Not rewritten when the site is built, so it counts from the page's own address.
            return self._at(
                posixpath.normpath(posixpath.join("/", addresses.of_page(home), path)).lstrip("/")
            )
        return None

    def _beside(self, path: str, home: str) -> str:
        """Return the file that *path* leads to from the file *home*, or ""."""
        beside = posixpath.normpath(posixpath.join(posixpath.dirname(home), path))
        return beside if not beside.startswith("..") and (self.root / beside).is_file() else ""

    def _suggest(self, path: str, home: str) -> str:
        known = [posixpath.relpath(page, posixpath.dirname(home) or ".") for page in self.pages]
        return did_you_mean(path, known)

    def _at(self, address: str) -> str | None:
        if address.split("/")[0] in addresses.RESERVED:
            return address
        page = self.by_url.get(address.rstrip("/") + "/" if address.strip("/") else "")
        if page is None and address and (self.root / address).is_file():
            return address
        return page

    def _has(self, name: str, anchor: str) -> bool:
        if name not in self._anchors:
            page = self.pages[name]
            found = anchors(page.body.text)
            found |= {given[1] or given[2] for given in _IDS.finditer(page.body.visible)}
            if page.lesson is not None:
                found |= {f"q-{question.id}" for question in page.lesson.questions}
            self._anchors[name] = found
        return anchor in self._anchors[name] or anchor.startswith(("fn:", "fnref", "__"))


_IDS = re.compile(r"""\b(?:id|name)=["']?([\w:.-]+)|\{[^}\n]*#([\w:.-]+)[^}\n]*\}""")


_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:|//")


def _links(material: Material) -> Iterator[tuple[Passage, str, markdown.Link]]:
    """Yield every link with its passage and the page it is read on."""
    homes = {sheet.path: sheet.page.path for sheet in material.sheets}
    for passage in material.passages:
        home = homes.get(passage.path, passage.path).removeprefix(f"{LESSONS}/")
        home = re.sub(rf"^{PLANS}/(.*)\.yml$", r"\1.md", home)
        for link in markdown.links(passage.visible):
            yield passage, home, link


def dead_link(material: Material) -> Iterator[Found]:
    site = Site(material)
    for passage, home, link in _links(material):
        if _SCHEME.match(link.target) or (link.is_picture and not link.target):
            continue
        if trouble := site.trouble(passage, home, link):
            what = "the picture" if link.is_picture else "the link"
            words = "<" if link.is_html else link.target
            message = f"{what} {trouble[0]}"
            yield passage.excuses, passage.at(link.offset, words, message, trouble[1])


# To other sites


@dataclass(frozen=True)
class Answer:
    """What asking for an address led to: *trouble* is "" where a page came, *moved_to* is from where.

    *reached* is False where nothing can be concluded: no connection, or a server that turned a program away.
    """

    trouble: str = ""
    moved_to: str = ""
    reached: bool = True

    @property
    def state(self) -> str:
        """ "works", "dead" or "not reached"; what was not reached never counts as working."""
        if not self.reached:
            return "not reached"
        return "dead" if self.trouble else "works"


STATES = ("works", "dead", "not reached")
"""What is known of an address after asking for it."""

GONE = (404, 410)
"""The statuses by which a server says that there is no such page."""


class _Stay(urllib.request.HTTPRedirectHandler):
    """Follows nothing, so that we see each step."""

    def redirect_request(self, *_: object) -> None:
        return None


def request(address: str) -> Answer:
    """Request *address* as a browser would, without reading the response's body."""
    opener = urllib.request.build_opener(_Stay)
    url, for_good = address, True
    for _ in range(6):
        status, location, trouble = _step(opener, url)
        if trouble:
            return Answer(trouble, reached=status in GONE)
        if status // 100 != 3 or not location:
            return Answer(moved_to=url if url != address and for_good else "")
        for_good = for_good and status in (301, 308)
        url = urllib.parse.urljoin(url, location)
        if not url.startswith(("http://", "https://")):
            return Answer(f"is redirected to {short(url)}")
    return Answer("is redirected again and again")


def _step(opener: urllib.request.OpenerDirector, url: str) -> tuple[int, str, str]:
    """Return the status (0: none), where it redirects to, and what is wrong.

    Servers that refuse HEAD get a GET.
    """
    status, trouble = 0, ""
    for method in ("HEAD", "GET"):
        try:
            request = urllib.request.Request(  # noqa: S310 - only http and https come here
                urllib.parse.quote(url, safe="%/:=&?~#+!$,;'@()*[]"),
                headers={"User-Agent": AGENT, "Accept": "*/*"},
                method=method,
            )
            with opener.open(request, timeout=TIMEOUT) as response:
                return response.status, "", ""
        except urllib.error.HTTPError as error:
            error.close()
            if 300 <= error.code < 400:
                return error.code, error.headers.get("Location", ""), ""
            status, trouble = error.code, f"answers {error.code} {error.reason}".strip()
        except (OSError, http.client.HTTPException, ValueError) as error:
            reason = getattr(error, "reason", None) or error
            trouble = f"cannot be reached: {short(reason)}"
            break
    return status, "", trouble


@dataclass(frozen=True)
class _Outward:
    address: str
    excuses: Excuses
    at: Callable[[str, str], Problem]


def _outward(material: Material) -> Iterator[_Outward]:
    """Yield every link to another site, those of the sources too."""
    for page in material.pages:
        listed = page.document.found(("sources",))
        for position, entry in enumerate(listed.data if listed is not None else ()):
            if isinstance(entry, dict) and isinstance(url := entry.get("url"), str):
                steps = ("sources", position, "url")
                yield _Outward(url.strip(), page.excuses, functools.partial(page.at, steps))
    for passage, _, link in _links(material):
        if link.target.startswith(("http://", "https://", "//")):
            words = "<" if link.is_html else link.target
            address = f"https:{link.target}" if link.target.startswith("//") else link.target
            place = functools.partial(passage.at, link.offset, words)
            yield _Outward(address, passage.excuses, place)


@functools.lru_cache(maxsize=4)
def _asked(addresses: frozenset[str]) -> dict[str, Answer]:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        ordered = sorted(addresses)
        return dict(zip(ordered, pool.map(request, ordered), strict=True))


def _answered(material: Material) -> Iterator[tuple[_Outward, Answer]]:
    out = list(_outward(material))
    answers = _asked(frozenset(_whole(link.address) for link in out))
    for link in out:
        yield link, answers[_whole(link.address)]


def external_states(material: Material) -> dict[str, str]:
    """Return for each address of another site whether it works, is dead or was not reached."""
    return {link.address: answer.state for link, answer in _answered(material)}


def dead_external_link(material: Material) -> Iterator[Found]:
    for link, answer in _answered(material):
        if answer.state == "dead":
            message = f"{short(link.address)} {answer.trouble}"
            yield link.excuses, link.at(message, "look for its new address, or leave it out")


def unreached_link(material: Material) -> Iterator[Found]:
    for link, answer in _answered(material):
        if answer.state == "not reached":
            message = f"{short(link.address)} {answer.trouble}"
            yield link.excuses, link.at(message, "open it in a browser to see whether it is there")


def moved_link(material: Material) -> Iterator[Found]:
    for link, answer in _answered(material):
        if answer.moved_to:
            message = f"{short(link.address)} has moved"
            yield link.excuses, link.at(message, f"it is now {answer.moved_to}")


def _whole(address: str) -> str:
    return address.partition("#")[0]


COURSE_RULES: tuple[Rule[Material, Found], ...] = (
    Rule("dead-link", "a link that leads nowhere costs more than none", "our own rule", dead_link),
)

EXTERNAL_RULES: tuple[Rule[Material, Found], ...] = (
    Rule(
        "dead-external-link",
        "sources should be there for those who look them up",
        "our own rule",
        dead_external_link,
    ),
    Rule(
        "unreached-link",
        "what could not be asked is not known to be there",
        "our own rule",
        unreached_link,
    ),
    Rule("moved-link", "old addresses are switched off in the end", "our own rule", moved_link),
)
