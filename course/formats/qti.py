"""QTI: packages and single files of versions 2.0 to 2.2, and the simple items of version 1.2.

The elements are those of the standard (1EdTech, QTI 2.1 Assessment Test, Section and Item Information
Model; IMS QTI 1.2 ASI). `qti_item` reads one item of version 2, `qti12` a file of version 1.2, and
`qti_package` writes.
"""

import re
import urllib.parse
from collections.abc import Iterator
from pathlib import PurePosixPath

from course.content.model import slug
from course.content.problems import CourseError
from course.formats import kinds, prose, qti12, qti_item, xml
from course.formats.archive import Archive
from course.formats.items import Item, Refused, unusable
from course.formats.xml import Element, words

MANIFEST = "imsmanifest.xml"


def recognises(root: Element) -> bool:
    return root.tag in ("assessmentItem", "questestinterop") or root.tag.startswith("qti-")


def read_package(content: bytes, name: str) -> list[Item]:
    """Return the questions of a package; raises CourseError for what is none."""
    archive = Archive(content, name)
    manifest = archive.find(MANIFEST)
    if manifest is None:
        hint = "a QTI package has its imsmanifest.xml at the top; zip its files, not their folder"
        other = kinds.detect_archive(archive)
        text = f"is {other}, which is not read here" if other else "is a zip file"
        raise unusable(name, f"{text} without {MANIFEST}" if not other else text, hint)
    resources = [*xml.parse(manifest, f"{name}/{MANIFEST}").iter("resource")]
    items: list[Item] = []
    for resource in resources:
        if _ITEMS.match(_kind(resource)):
            items += _item_file(archive, _href(resource), name, resource)
    listed = {_href(resource) for resource in resources if _ITEMS.match(_kind(resource))}
    for resource in resources:
        if _TESTS.match(_kind(resource)):
            items += _test(archive, _href(resource), name, listed)
    if not items and any("xmlv3" in _kind(r) or "qtiv3" in _kind(r) for r in resources):
        raise _too_new(name)
    if not items:
        raise unusable(name, f"its {MANIFEST} names no question in QTI 1.2 or 2", "export it again")
    return items


def _too_new(name: str) -> Exception:
    return unusable(name, "is QTI 3, which is not read here", "export it as QTI 2.1 or 2.2")


_ITEMS = re.compile(r"imsqti_(item_)?xmlv(2p\d|1p[12])|imsqti_item")
_TESTS = re.compile(r"imsqti_(test|assessment|section)_xmlv2p\d")
"""Types of resources, in small letters."""


def _kind(resource: Element) -> str:
    return (resource.get("type") or "").casefold()


def _href(resource: Element) -> str:
    """Return the path of a resource's file in the package."""
    href = resource.get("href") or next((f.get("href", "") for f in resource.iter("file")), "")
    return _joined(PurePosixPath(resource.get("base", "")), urllib.parse.unquote(href))


def _test(archive: Archive, path: str, name: str, taken: set[str]) -> Iterator[Item]:
    """Yield the questions that a test or a section names, without those that were *taken* before."""
    if path in taken:
        return
    taken.add(path)
    try:
        root = xml.parse(archive.read(path), f"{name}/{path}")
    except CourseError as error:
        yield _unread(path, error)
        return
    for reference in xml.within(root, "assessmentItemRef", "assessmentSectionRef"):
        href = urllib.parse.unquote(reference.get("href", ""))
        inner = _joined(PurePosixPath(path).parent, href)
        if reference.tag == "assessmentSectionRef":
            yield from _test(archive, inner, name, taken)
        elif inner not in taken:
            taken.add(inner)
            yield from _item_file(archive, inner, name)


def _item_file(
    archive: Archive, path: str, name: str, resource: Element | None = None
) -> Iterator[Item]:
    """Yield the questions of one file; one that cannot be read is refused, and the others are not."""
    if PurePosixPath(path).suffix != ".xml":
        return
    folder = PurePosixPath(path).parent

    def find(link: str) -> bytes | None:
        return archive.find(_joined(folder, link)) or archive.find(link)

    try:
        root = xml.parse(archive.read(path), f"{name}/{path}")
        if root.tag not in ("assessmentItem", "questestinterop") and not root.tag.startswith(
            "qti-"
        ):
            return
        items = read(root, f"{name}/{path}", find, place=path)
    except CourseError as error:
        yield _unread(path, error)
        return
    for item in items:
        if resource is not None:
            _described(item, resource)
        yield item


def _unread(path: str, error: CourseError) -> Item:
    """Return a refused item in place of the questions of a file that cannot be read."""
    (problem,) = error.problems
    where = f" (line {problem.line}, column {problem.column})" if problem.column > 1 else ""
    return Item(path, path, refused=f"{problem.message}{where}")


def _joined(folder: PurePosixPath, link: str) -> str:
    parts: list[str] = []
    for part in (folder / link.partition("?")[0]).parts:
        if part == ".." and parts:
            parts.pop()
        elif part not in ("..", "."):
            parts.append(part)
    return "/".join(parts)


def _described(item: Item, resource: Element) -> None:
    """Take what the manifest says about a question: its objective and its keywords."""
    for classed in resource.iter("classification"):
        if "objective" in words(classed, "purpose").casefold():
            item.category = words(classed, "taxonPath/taxon/id") or words(
                classed, "taxonPath/taxon"
            )
    tags = [words(keyword) for keyword in resource.iterfind(".//general/keyword")]
    if tags and not item.refused:
        item.data["tags"] = list(dict.fromkeys(slug(tag) for tag in tags))


def read(
    root: Element, name: str, find: prose.Find = prose.nothing, *, place: str = ""
) -> list[Item]:
    """Return the questions of one QTI file."""
    if root.tag.startswith("qti-"):
        raise _too_new(name)
    if root.tag == "questestinterop":
        return qti12.read(root, name, find)
    identifier = root.get("identifier") or ""
    item = Item(root.get("title") or identifier, place or identifier)
    own = identifier.removeprefix("_")
    item.id = own if own == slug(own) else ""
    try:
        item.data = qti_item.read(root, item, find)
    except Refused as reason:
        item.refused = str(reason)
    return [item]
