"""The figures, put into docs/performance.md between two marks."""

import re
from pathlib import Path
from typing import Any

from bench import answers, builds, preview, profile
from bench.tables import Table

SUBJECTS: dict[str, Any] = {
    "answers": answers,
    "builds": builds,
    "preview": preview,
    "profile": profile,
}

BEGIN = "<!-- figures, written by `python -m bench report` -->"
END = "<!-- end of figures -->"


def tables(results: dict[str, Any]) -> list[Table]:
    """Return the tables of every subject in *results*."""
    return [
        table
        for name, subject in SUBJECTS.items()
        if name in results
        for table in subject.tables(results[name])
    ]


def text(results: dict[str, Any]) -> str:
    """Return *results* as Markdown: how they were got, then the tables."""
    machine = "\n".join(f"| {name} | {value} |" for name, value in results["machine"].items())
    head = (
        f"Measured on {results['day']} with `{results['command']}` in {results['minutes']:.0f} minutes.\n\n"
        f"| Machine | |\n| --- | --- |\n{machine}"
    )
    said = [
        line
        for name, of in SUBJECTS.items()
        if name in results
        for line in of.summary(results[name])
    ]
    short = "### In short\n\n" + "\n".join(f"- {line}" for line in said)
    return "\n\n".join([head, short, *(table.markdown() for table in tables(results))])


def put(results: dict[str, Any], document: Path) -> None:
    """Write *results* into *document*, between its marks."""
    before = document.read_text(encoding="utf-8")
    pattern = re.compile(f"{re.escape(BEGIN)}.*{re.escape(END)}", re.DOTALL)
    if not pattern.search(before):
        raise ValueError(f"{document} has no place for figures: add '{BEGIN}' and '{END}'")
    after = pattern.sub(lambda _: f"{BEGIN}\n\n{text(results)}\n\n{END}", before)
    document.write_text(after, encoding="utf-8")
