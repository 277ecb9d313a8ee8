"""The example fills in every entry of every plan page, and its figures agree."""

import re
from decimal import Decimal
from itertools import pairwise

import pytest

from course.content.plan import Part, Plan
from tests.series.reading import ROOT, Series
from tests.series.test_sums import sums, wrong

SENTENCE_END = re.compile(r"(?<=[.?!]) ")
NAMES = ("Nell", "Tomasz", "Priya", "Owen", "Bea")


@pytest.fixture(scope="module")
def example() -> str:
    return (ROOT / "lessons/example-plan.md").read_text(encoding="utf-8")


def plans(series: Series) -> dict[str, Plan]:
    return {name: lesson.plan for name, lesson in series.course.lessons.items() if lesson.plan}


def section(example: str, title: str) -> str:
    return example.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def entries(text: str, part: Part) -> str:
    """Return what follows the first sentence of the part's prompt, up to the next part."""
    asked = SENTENCE_END.split(part.prompt.strip())[0].replace("**", "")
    return text.partition(f"\n### {asked}\n")[2].partition("\n### ")[0]


def terms(text: str) -> list[str]:
    """Return the terms of definition lists."""
    return re.findall(r"^\*\*(.+)\*\*\n:   ", text, re.MULTILINE)


def table(text: str) -> list[list[str]]:
    """Return the rows of a table, its heading first."""
    rows = [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("|")]
    return [row for row in rows if not row[0].startswith("---")]


def labels(column: str) -> str:
    return f"*{column}*" if column.endswith("?") else f"*{column.removesuffix('.')}:*"


def missing(text: str, part: Part) -> list[str]:
    """Return the rows and columns of *part* that *text*, its entries in the example, leaves out."""
    rows = terms(text)
    if cells := table(text):
        found = {cell.strip() for cell in (*cells[0], *(row[0] for row in cells[1:]))}
        return [name for name in (*part.columns, *part.rows) if name not in found]
    if rows == part.columns:  # turned: a list for each column
        return [name for name in part.rows if text.count(labels(name)) != len(part.columns)]
    named = part.columns if part.rows else part.columns[1:]
    absent = [name for name in named if text.count(labels(name)) != len(rows)]
    if len(part.columns) == 1:
        absent = []  # a row and its one entry need no label
    if part.blank_rows and len(rows) != part.blank_rows:
        absent.append(f"{part.blank_rows} rows")
    return absent + [name for name in part.rows if name not in rows]


def test_the_example_has_the_plan_pages_in_order(series: Series, example: str) -> None:
    titles = [plan.title for plan in plans(series).values()]

    assert re.findall(r"^## (.+)$", example, re.MULTILINE)[: len(titles)] == titles
    assert len(titles) == 12
    for name, plan in plans(series).items():
        assert f"({name}.md)" in section(example, plan.title)


def test_the_example_fills_in_every_entry(series: Series, example: str) -> None:
    absent = {}
    for name, plan in plans(series).items():
        text = section(example, plan.title)
        for part in plan.parts:
            answered = entries(text, part)
            if not answered.strip():
                absent[f"{name}: {part.id}"] = ["no entry under its prompt"]
            elif part.columns and (lacking := missing(answered, part)):
                absent[f"{name}: {part.id}"] = lacking

    assert absent == {}


def test_an_entry_that_is_left_out_is_noticed() -> None:
    part = Part(id="roles", prompt="Who?", columns=["Name", "Deputy"], rows=["Money", "Law"])

    assert missing("**Money**\n:   *Name:* Nell\n:   *Deputy:* Owen\n", part) == ["Law"]
    assert missing(
        "**Money**\n:   *Name:* Nell\n:   *Deputy:* Owen\n\n**Law**\n:   *Name:* Nell\n", part
    ) == ["Deputy"]


def test_the_sums_that_the_example_writes_out_are_right(example: str) -> None:
    found = list(sums(example))

    assert wrong(found) == []
    assert len(found) >= 20


def test_the_shares_of_places_add_up_to_the_index(example: str) -> None:
    places = section(example, "Presence and dependence map")
    shares = [Decimal(x) for x in re.findall(r"\*Share:\* ([\d.]+)", places)]
    squares = [Decimal(x) for x in re.findall(r"\*Share²:\* ([\d.]+)", places)]

    assert sum(shares) == 1
    assert squares == [share**2 for share in shares]
    assert f"= **{sum(squares).normalize()}**" in places


def test_hours_and_members_add_up(example: str) -> None:
    returns = {row[0]: int(row[1]) for row in table(example.partition("\n## ")[0])[1:]}
    assert (
        sum(n for what, n in returns.items() if what.startswith("Sent back:"))
        == (returns["Sent back in all"])
    )

    members = [
        (int(count.replace(",", "")), share)
        for count, share in re.findall(
            r"\*Members:\* ([\d,]+)\n:   \*Share:\* ([\d.]+%)",
            section(example, "Audience and community map"),
        )
    ]
    assert sum(count for count, _ in members) == 1200
    assert [share for _, share in members] == [f"{count / 12:.1f}%" for count, _ in members]

    hours = {
        row[0]: [int(x) for x in row[1:]] for row in table(section(example, "Content plan"))[1:]
    }
    total = hours.pop("Sum")
    assert [sum(column) for column in zip(*hours.values(), strict=True)] == total

    week = {
        task: int(spent)
        for task, spent in re.findall(
            r"^\*\*(.+)\*\*\n(?::.*\n){2}:   \*Hours a week:\* (\d+)$",
            section(example, "90-day plan"),
            re.MULTILINE,
        )
    }
    assert week.pop("Needed in all") <= week.pop("Available") == sum(week.values())
    assert week["Replies"] == hours["Replies"][0]
    assert week["Pieces"] == hours["New pieces"][0] + hours["Care of old pages"][0]


def test_the_bank_of_questions_is_marked_and_sorted(example: str) -> None:
    marks = re.findall(
        r"\*Need:\* (\d)\n:   \*Evidence:\* (\d)\n:   \*Gap:\* (\d)\n:   \*Sum:\* (\d)",
        section(example, "Content plan"),
    )
    totals = [int(total) for *_, total in marks]

    assert totals == [sum(map(int, parts)) for *parts, _ in marks]
    assert all(a >= b for a, b in pairwise(totals))


def test_figures_agree_between_the_pages(series: Series, example: str) -> None:
    """A figure that one page takes from another is the same there."""
    for figure, pages in {
        "101 of 720": ("Claims and proof sheet", "KPI sheet", "90-day plan"),
        "10 February": ("Advocacy and referral card", "KPI sheet"),
        "3,009.80": ("KPI sheet", "90-day plan"),
        "at least 3 points below": ("90-day plan",),
        "less than 3 points": ("KPI sheet",),
        "228": ("KPI sheet", "90-day plan"),
        "four working hours": ("Participation guidelines", "90-day plan"),
    }.items():
        assert [page for page in pages if figure not in section(example, page)] == [], figure
    for name in NAMES:
        numbers = set(re.findall(rf"{name}, (07700 9\d+)", example))
        assert len(numbers) == 1, (name, numbers)


def test_the_holding_statement_keeps_its_limit(series: Series, example: str) -> None:
    plan = plans(series)["choreograph/when-it-goes-wrong"]
    part = next(part for part in plan.parts if part.id == "holding")

    assert "fifty words at most" in part.prompt
    assert len(re.findall(r"[\w’'-]+", entries(section(example, plan.title), part))) <= 50


@pytest.mark.parametrize(
    "page", ["index.md", "for-trainers.md", "choreograph/choreographing-your-success.md"]
)
def test_readers_are_led_to_the_example(page: str) -> None:
    assert "example-plan.md)" in (ROOT / "lessons" / page).read_text(encoding="utf-8")
