"""The charts of a course: which file becomes which drawing, and what is wrong with either."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from course.charts import KINDS
from course.charts.chart import MADE, Chart
from course.content import source
from course.content.model import place, slug, validated
from course.content.problems import Problem, did_you_mean, short
from course.content.reading import LESSONS

CHARTS = "charts"


@dataclass(frozen=True)
class Sheet:
    """One chart with its file and the drawing that belongs to it. *drawn* is what the drawing should be."""

    path: Path
    target: Path
    chart: Chart
    drawn: str

    @property
    def is_drawn(self) -> bool:
        """Whether the drawing is up to date with its file."""
        return self.target.is_file() and self.target.read_bytes() == self.drawn.encode()


def read_all(root: Path) -> tuple[list[Sheet], list[Problem]]:
    """Return the charts of the course in *root*, and everything that is wrong with their files."""
    sheets: list[Sheet] = []
    problems: list[Problem] = []
    for path in sorted((root / CHARTS).rglob("*.yml")):
        chart, found = read(root, path)
        problems += found
        if chart is None or found:
            continue
        target = (root / LESSONS / path.relative_to(root / CHARTS)).with_suffix(".svg")
        if found := list(_faults_of_target(root, path, target)):
            problems += found
            continue
        drawn = chart.svg(slug(path.stem), source.name_of(root, path))
        sheets.append(Sheet(path, target, chart, drawn))
    return sheets, problems


def read(root: Path, path: Path) -> tuple[Chart | None, list[Problem]]:
    """Return the chart in *path* and all its problems; None where nothing of it can be used."""
    name = source.name_of(root, path)
    try:
        document = source.parse_yaml(name, source.read_text(root, path))
    except source.Unreadable as error:
        return None, error.problems
    data = document.data
    problems = list(document.problems)
    kind = data.get("kind") if isinstance(data, dict) else None
    if isinstance(data, dict) and (not isinstance(kind, str) or kind not in KINDS):
        if kind is None:
            message, hint = "kind: missing", f"add 'kind:' and one of {', '.join(KINDS)}"
        else:
            message = f"kind: there is no chart '{short(kind)}'"
            hint = did_you_mean(str(kind), KINDS)
        return None, [*problems, document.at(("kind",), message, hint)]
    chart, found = validated(KINDS.get(str(kind), Chart), data, document, (), "chart")
    problems += found
    if chart is not None:
        problems += [
            document.at(fault.steps, f"{place(fault.steps)}: {fault.message}", fault.hint)
            for fault in chart.faults()
        ]
    return chart, problems


def _faults_of_target(root: Path, path: Path, target: Path) -> Iterator[Problem]:
    name, beside = source.name_of(root, path), source.name_of(root, target)
    if not target.parent.is_dir():
        folder = source.name_of(root, target.parent)
        hint = "a chart lies in the folder of its lesson"
        yield Problem(name, 1, 1, f"there is no folder {folder} for its drawing", hint)
    elif target.is_file() and MADE.encode() not in target.read_bytes():
        hint = "rename one of them, or delete the drawing"
        yield Problem(name, 1, 1, f"{beside} was drawn by hand", hint)
