"""A page is listed in mkdocs.yml, whoever adds it, and nothing else in the file changes."""

from pathlib import Path

import pytest

from course.content import navigation_edit
from course.content.navigation_edit import NoPlace


def listed(folder: Path, site: str, page: str = "more/new.md") -> str:
    (folder / "mkdocs.yml").write_bytes(site.encode())
    return navigation_edit.with_page(folder, page).decode()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("- More:\n  - more/old.md\ntheme: x\n", "- More:\n  - more/old.md\n  - more/new.md\ntheme: x\n"),
        ("- More:\n  - Old: more/old.md # x\n", "- More:\n  - Old: more/old.md # x\n  - more/new.md\n"),
        ("- A:\n  - B:\n    - more/old.md\n", "- A:\n  - B:\n    - more/old.md\n    - more/new.md\n"),
        ("- index.md", "- index.md\n- More:\n    - more/new.md\n"),
        ("- index.md\r\n- https://x.org/\r\n",
         "- index.md\r\n- https://x.org/\r\n- More:\r\n    - more/new.md\r\n"),
    ],
)  # fmt: skip
def test_a_page_is_listed_behind_those_of_its_folder(
    before: str, after: str, tmp_path: Path
) -> None:
    close = "\r\n" if "\r\n" in before else "\n"
    assert listed(tmp_path, f"nav:{close}{before}") == f"nav:{close}{after}"


def test_the_byte_order_mark_stays(tmp_path: Path) -> None:
    site = "\ufeffnav:\n- More:\n  - more/old.md\n"

    assert listed(tmp_path, site) == f"{site}  - more/new.md\n"


def test_a_page_without_a_folder_gets_a_module(tmp_path: Path) -> None:
    site = "nav:\n- index.md\n"

    assert listed(tmp_path, site, "new.md") == f"{site}- Lessons:\n    - new.md\n"


@pytest.mark.parametrize(
    ("site", "reason"),
    [
        ("nav: [index.md, {More: [more/old.md]}]\n", "its list has an unusual layout"),
        ("nav:\n- More: [more/old.md]\n", "its list has an unusual layout"),
        ("site_name: x\n", "it has no list of pages"),
        ("nav: []\n", "it has no list of pages"),
        ("nav: [\n", "it cannot be read"),
    ],
)  # fmt: skip
def test_where_no_place_is_safe_the_reason_is_given(site: str, reason: str, tmp_path: Path) -> None:
    with pytest.raises(NoPlace, match=reason):
        listed(tmp_path, site)
