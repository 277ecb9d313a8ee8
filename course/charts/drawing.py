"""A drawing in SVG: shapes that name their colour by a class, and text that stays readable on a phone."""

from collections.abc import Iterable
from typing import Literal
from xml.etree import ElementTree

WIDTH = 480
"""A phone shows this in some 330 pixels: 18 here are 12 there, and nothing is set smaller."""

LEFT, RIGHT = 16, WIDTH - 16

Tone = Literal["accent", "accent-soft", "accent-2", "accent-2-soft", "soft", "ghost"]
"""A colour of the site's palette; a ghost is a dashed outline of what is not there."""

Lettering = Literal["label", "label-soft", "label-strong", "label-on-accent"]
"""How a text looks."""

ON: dict[Tone, Lettering] = {
    "accent": "label-on-accent",
    "accent-2": "label-on-accent",
    "accent-soft": "label",
    "accent-2-soft": "label",
    "soft": "label",
    "ghost": "label-soft",
}
"""How a text looks that stands on a colour."""

SIZE, LARGE = 18, 20

_WIDE, _WIDE_STRONG = 0.57, 0.6
"""How wide a letter is on the average, as a part of its height: the page's font is known to browsers only."""


def wide(text: str, size: float = SIZE, *, strong: bool = False) -> float:
    """Return about how wide *text* is when it is set."""
    return len(text) * size * (_WIDE_STRONG if strong else _WIDE)


def wrapped(text: str, room: float) -> list[str]:
    """Return *text* in lines that fit into *room*, as far as its words allow."""
    lines: list[str] = []
    for word in text.split():
        if lines and wide(f"{lines[-1]} {word}") <= room:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def number(value: float, decimals: int | None = None) -> str:
    """Return a figure as it is printed, such as 1,200 or 24.5; *decimals* says how many it has."""
    if decimals is None:
        return f"{value:,.4f}".rstrip("0").rstrip(".")
    return f"{value:,.{decimals}f}"


class Drawing:
    """Shapes in the order in which they are laid over each other."""

    def __init__(self, name: str, title: str, description: str, made_from: str) -> None:
        named = {"role": "img", "aria-labelledby": f"{name}-title {name}-desc"}
        self._svg = ElementTree.Element("svg", named | {"xmlns": "http://www.w3.org/2000/svg"})
        self._svg.append(ElementTree.Comment(f" {made_from} "))
        self._add("title", id=f"{name}-title").text = title
        self._add("desc", id=f"{name}-desc").text = description

    def _add(self, tag: str, **attributes: str | float) -> ElementTree.Element:
        written = {
            key.replace("_", "-"): value if isinstance(value, str) else _plain(value)
            for key, value in attributes.items()
        }
        return ElementTree.SubElement(self._svg, tag, written)

    def rect(
        self, tone: Tone, x: float, y: float, width: float, height: float, *, square: bool = False
    ) -> None:
        if tone == "ghost":  # half of a line lies outside its shape
            x, y, width, height = x + 1, y + 1, width - 2, height - 2
        corner = {} if square else {"rx": "3"}
        name = {"class": "line-soft dash" if tone == "ghost" else tone}
        self._add("rect", **name, x=x, y=y, width=width, height=height, **corner)

    def outline(self, x: float, y: float, side: float) -> None:
        self._add("rect", **{"class": "line"}, x=x, y=y, width=side, height=side)

    def circle(self, tone: Tone, x: float, y: float, radius: float) -> None:
        self._add("circle", **{"class": tone}, cx=x, cy=y, r=radius)

    def polygon(self, name: str, points: Iterable[tuple[float, float]]) -> None:
        coordinates = " ".join(f"{_plain(x)},{_plain(y)}" for x, y in points)
        self._add("polygon", **{"class": name}, points=coordinates)

    def line(self, name: str, x: float, y: float, to_x: float, to_y: float) -> None:
        path = f"M{_plain(x)} {_plain(y)} L{_plain(to_x)} {_plain(to_y)}"
        self._add("path", **{"class": name}, d=path)

    def text(
        self,
        content: str,
        x: float,
        y: float,
        name: Lettering = "label",
        size: float = SIZE,
        anchor: Literal["start", "middle", "end"] = "start",
    ) -> None:
        placed = {} if anchor == "start" else {"text_anchor": anchor}
        self._add("text", **{"class": name}, x=x, y=y, font_size=size, **placed).text = content

    def svg(self, height: float) -> str:
        """Return the drawing, *height* high, a line for each shape."""
        self._svg.set("viewBox", f"0 0 {WIDTH} {_plain(height)}")
        ElementTree.indent(self._svg, space="")
        return ElementTree.tostring(self._svg, encoding="unicode") + "\n"


def _plain(value: float) -> str:
    """Return a length to a tenth: enough for the eye, and alike on every machine."""
    return f"{value:.1f}".removesuffix(".0")
