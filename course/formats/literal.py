"""Words in angle brackets that are meant as words, such as <head> in a question about HTML."""

import re

import nh3


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_PAGE = _names("""
    html head body title base link meta header footer main nav section article aside form fieldset legend
    label button input select option optgroup datalist textarea output template slot dialog menu search
    noscript frame frameset
""")
"""Elements of a whole page, which a question's text has far more often as words than as tags."""

_SHORT = _names("a b i u s q p em strong code sub sup small big tt")
"""Elements without attributes that need no value: `a<b and b>c` has no <b>."""

_MATHS = _names("""
    math maction menclose merror mfenced mfrac mi mlabeledtr mmultiscripts mn mo mover mpadded mphantom
    mprescripts mroot mrow ms mspace msqrt mstyle msub msubsup msup mtable mtd mtext mtr munder munderover
    none semantics annotation annotation-xml
""")
_DRAWN = _names("""
    svg g defs path rect circle ellipse line polyline polygon text tspan marker use image clippath mask
    pattern lineargradient radialgradient stop symbol desc foreignobject filter animate
""")
_MEDIA = _names(
    "audio video iframe object embed script style canvas source track param picture portal"
)
_OLD = _names("font big nobr applet basefont dir isindex listing plaintext xmp blink marquee")

_TEXT = nh3.ALLOWED_TAGS - _PAGE | _MATHS | _DRAWN | _MEDIA | _OLD

_TAG = re.compile(r"<(?P<end>/?)(?P<name>[A-Za-z][\w:.-]*)(?P<rest>[^<>]*)>")


def escaped_words(text: str, *, is_html: bool) -> str:
    """Return HTML in which tags that are words show as such.

    No element of HTML is a word. Elements that make a page are words where the text only may be HTML; where
    it *is_html*, so are those that carry no attribute and are never closed.
    """
    closed = {tag["name"].casefold() for tag in _TAG.finditer(text) if tag["end"]}

    def settled(tag: re.Match[str]) -> str:
        name = tag["name"].casefold()
        is_sentence = name in _SHORT and tag["rest"].strip(" /") and "=" not in tag["rest"]
        if (name in _TEXT and not is_sentence) or ":" in name:  # Word's own tags, such as <o:p>
            return tag[0]
        if name in _PAGE and is_html and (name in closed or tag["rest"].strip(" /")):
            return tag[0]
        return tag[0].replace("<", "&lt;").replace(">", "&gt;")

    return _TAG.sub(settled, text)
