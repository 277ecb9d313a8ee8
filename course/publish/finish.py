"""Final changes to a page's HTML, wherever it came from: the author, Markdown or an extension."""

import re

from markdown.postprocessors import Postprocessor

from course.markup import styles


class Finish(Postprocessor):
    """Replaces inline styles by classes, and lets frames send their origin, which video hosts require."""

    def run(self, text: str) -> str:
        text = styles.as_classes(text)
        return _FRAME.sub(r'<iframe referrerpolicy="strict-origin"\1>', text)


_FRAME = re.compile(r"<iframe\b(?![^<>]*\breferrerpolicy=)([^<>]*\bsrc=[^<>]*)>", re.IGNORECASE)
"""A frame without a referrer policy; ours sends no referrer, and some hosts then refuse to play a video."""
