"""The figures, put into docs/performance.md between two marks."""

import re
from pathlib import Path
from typing import Any

from bench import answers, builds, durability, overload, pages, preview, profile, static, weight
from bench.kept import Results
from bench.tables import Table

SUBJECTS: dict[str, Any] = {
    "answers": answers,
    "overload": overload,
    "durability": durability,
    "pages": pages,
    "static": static,
    "weight": weight,
    "builds": builds,
    "preview": preview,
    "profile": profile,
}

"""In the order in which they are measured and told."""

BEGIN = "<!-- figures, written by `python -m bench report` -->"
END = "<!-- end of figures -->"


def tables(results: Results) -> list[Table]:
    """Return the tables of every subject in *results*."""
    return [
        table
        for name, subject in SUBJECTS.items()
        if name in results
        for table in subject.tables(results[name])
    ]


def text(results: Results) -> str:
    """Return *results* as Markdown: how they were got, what they say in short, then the tables."""
    if not results:
        return "No figures are kept: run `make bench`."
    said = [
        line
        for name, of in SUBJECTS.items()
        if name in results
        for line in of.summary(results[name])
    ]
    short = "### In short\n\n" + "\n".join(f"- {line}" for line in said)
    drawn = [table.markdown() for table in tables(results)]
    return "\n\n".join([short, *drawn, _runs(results), *_machines(results)])


def _runs(results: Results) -> str:
    """Return when and how each subject was measured."""
    rows = [
        (
            name,
            run["day"],
            f"`{run['command']}`",
            f"{run['minutes']:.1f}",
            run["load"],
        )
        for name in SUBJECTS
        if name in results
        for run in [results[name]["run"]]
    ]
    note = (
        "Minutes are those of the subject. The last column is the load of the machine in the minute before: "
        "how many processes others kept busy. Courses and learners are made by chance from fixed seeds, the "
        "same each time."
    )
    columns = ("Subject", "Day", "Command", "Minutes", "Load before")
    return Table("When it was measured", columns, rows, note).markdown()


def _machines(results: Results) -> list[str]:
    """Return a table for each machine and its programs, with the subjects that were measured on it."""
    found: list[tuple[dict[str, str], list[str]]] = []
    for name in (name for name in SUBJECTS if name in results):
        machine = results[name]["run"]["machine"]
        for other, names in found:
            if other == machine:
                names.append(name)
                break
        else:
            found.append((machine, [name]))
    titles = [
        "The machine" if len(found) == 1 else f"The machine: {', '.join(names)}"
        for _, names in found
    ]
    return [
        Table(title, ("", ""), list(machine.items())).markdown()
        for title, (machine, _) in zip(titles, found, strict=True)
    ]


def put(results: Results, document: Path) -> None:
    """Write *results* into *document*, between its marks."""
    before = document.read_text(encoding="utf-8")
    pattern = re.compile(f"{re.escape(BEGIN)}.*{re.escape(END)}", re.DOTALL)
    if not pattern.search(before):
        raise ValueError(f"{document} has no place for figures: add '{BEGIN}' and '{END}'")
    after = pattern.sub(lambda _: f"{BEGIN}\n\n{text(results)}\n\n{END}", before)
    document.write_text(after, encoding="utf-8")
