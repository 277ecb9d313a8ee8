"""Numbers of things in sentences: "1 lesson", "2 lessons", "10,000 words".

`course/publish/assets/numbers.js` has the same functions for what scripts write.
"""


def counted(number: float, singular: str, plural: str | None = None) -> str:
    """Return *number* with the noun that goes with it; the plural is the singular with an s unless given."""
    shown = f"{number:,}" if isinstance(number, int) else f"{number:g}"
    return f"{shown} {pluralise(number, singular, plural)}"


def pluralise(number: float, singular: str, plural: str | None = None) -> str:
    """Return the one of two forms that goes with *number*: `pluralise(2, "it is", "they are")`."""
    if number == 1:
        return singular
    return f"{singular}s" if plural is None else plural


FILTERS = {"counted": counted, "pluralise": pluralise}
"""For templates: `{{ 2 | counted("lesson") }}`."""
