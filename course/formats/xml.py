"""XML from strangers: read without entities, and by names without namespaces."""

from collections.abc import Iterator
from xml.etree import ElementTree

import defusedxml
import defusedxml.ElementTree

from course.content.problems import short
from course.formats.items import unusable

Element = ElementTree.Element

MAX_DEPTH = 200
"""No question file nests deeper; following it further down would end in a crash."""


def parse(content: bytes, name: str) -> Element:
    """Return the root of an XML file; raises CourseError for what is none, or is not safe to read."""
    try:
        root: Element = defusedxml.ElementTree.fromstring(
            content, forbid_dtd=False, forbid_entities=True, forbid_external=True
        )
    except defusedxml.DefusedXmlException as error:
        known = isinstance(error, defusedxml.EntitiesForbidden)
        kind = "declares entities" if known else "names other files"
        hint = "export it without them, or delete that part of its DOCTYPE"
        raise unusable(name, f"the XML {kind}, which is not read", hint) from None
    except ElementTree.ParseError as error:
        line, column = error.position
        text = str(error).partition(":")[0]
        hint = "the file may be cut short or edited by hand; export it again"
        raise unusable(
            name, f"is not XML: {text}", hint, line=max(line, 1), column=column + 1
        ) from None
    except (ValueError, LookupError) as error:  # how the parser meets an encoding it does not know
        raise unusable(name, f"is not XML: {short(error)}", "save it as UTF-8") from None
    _flatten(root, name)
    return root


def _flatten(root: Element, name: str) -> None:
    """Take the namespaces off every name; refuse a tree too deep to be walked."""
    level = [root]
    for _ in range(MAX_DEPTH):
        if not level:
            return
        for element in level:
            element.tag = str(element.tag).rpartition("}")[2]
            for key in [key for key in element.attrib if key.startswith("{")]:
                element.attrib[key.rpartition("}")[2]] = element.attrib.pop(key)
        level = [child for element in level for child in element]
    raise unusable(name, f"the XML is nested deeper than {MAX_DEPTH} levels")


def words(element: Element | None, path: str = "") -> str:
    """Return the text within what *path* leads to, or ""."""
    found = element.find(path) if element is not None and path else element
    return "" if found is None else "".join(found.itertext()).strip()


def inner_html(element: Element) -> str:
    """Return the content of *element* as HTML."""
    parts = [_escaped(element.text or "")]
    for child in element:
        tail, child.tail = child.tail, None
        parts.append(ElementTree.tostring(child, encoding="unicode", method="html"))
        child.tail = tail
        parts.append(_escaped(tail or ""))
    return "".join(parts)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def within(element: Element, *names: str) -> Iterator[Element]:
    """Yield the elements of these names below *element*, in their order."""
    for found in element.iter():
        if found.tag in names:
            yield found


def number(text: str | None) -> float | None:
    """Return an ordinary number, or None."""
    try:
        value = float((text or "").strip().replace(",", "."))
    except ValueError:
        return None
    return value if abs(value) < 1e300 else None


def add(parent: Element, tag: str, text: str | None = None, /, **attributes: str) -> Element:
    """Add an element to *parent* and return it."""
    made = ElementTree.SubElement(parent, tag, attributes)
    made.text = text
    return made


def written(root: Element) -> bytes:
    """Return *root* as a file."""
    text: str = ElementTree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()
