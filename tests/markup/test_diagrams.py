"""Drawing a diagram cannot hold up anything else."""

import re

import pytest

from course.markup import diagrams
from course.markup.diagrams import DiagramError


def test_comments_may_be_empty() -> None:
    drawn = diagrams.draw("sequenceDiagram\n  Ann->>Bob: asks\n%%\n  Bob->>Ann: answers\n%%")

    assert ">answers</text>" in drawn["light"]


def test_a_renderer_that_does_not_end_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(diagrams, "SECONDS", 1)
    monkeypatch.setattr(diagrams, "_EMPTY_COMMENT", re.compile("never"))  # in which it loops

    with pytest.raises(DiagramError, match="takes too long to draw"):
        diagrams.draw("sequenceDiagram\n  Ann->>Bob: asks for ever\n%%\n")
