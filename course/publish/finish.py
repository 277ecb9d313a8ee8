"""What is done to the HTML of a page at last, whoever wrote it: the author, Markdown, an extension."""

import re

from markdown.postprocessors import Postprocessor

from course.markup import styles


class Finish(Postprocessor):
    """Says styles as classes, and lets frames of other sites know where they are shown, as films ask for."""

    def run(self, text: str) -> str:
        text = styles.as_classes(text)
        return _FRAME.sub(r'<iframe referrerpolicy="strict-origin"\1>', text)


_FRAME = re.compile(r"<iframe\b(?![^<>]*\breferrerpolicy=)([^<>]*\bsrc=[^<>]*)>", re.IGNORECASE)
"""A frame that says nothing of it; our own header would send nothing, and some hosts then show no film."""
