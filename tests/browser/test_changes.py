"""A learner and a trainer in a course that changes while it is served."""

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from playwright.sync_api import Page, expect

from course.cli import main
from course.web.edge import static
from tests import living, service
from tests.browser.learner import follow
from tests.service import Service


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    """The living course, in git, built and served."""
    database = f"sqlite:///{tmp_path / 'living/data/course.sqlite'}"
    root = living.start(tmp_path / "living", monkeypatch, database)
    living.edit(root, ".gitignore", "build/\n", "build/\ndata/\nserve.log\n")
    living.commit(root, "What is not ours")
    with service.running(root) as running:
        monkeypatch.setenv("COURSE_SITE_URL", running.url)
        yield running


def run(*arguments: str, root: Path | None = None) -> str:
    result = CliRunner().invoke(main, [*arguments, *(["--root", str(root)] if root else [])])
    assert result.exit_code == 0, result.output
    return result.output


@pytest.mark.parametrize("scripts", [True], indirect=True)
def test_a_learner_sees_what_a_correction_changed_and_a_trainer_what_was_answered(
    page: Page, served: Service
) -> None:
    page.goto("/one/first/")
    asked = page.locator("#q-capital")
    asked.get_by_label("Canberra").check()
    asked.get_by_role("button", name="Check").click()
    expect(asked.get_by_text("Not yet.")).to_be_visible()

    root = served.folder
    living.trainer_edits(root)
    living.edit(root, "lessons/two/new-name.md", "title:", "id: two/old-name\ntitle:")
    run("decide", "capital", "regrade", "--reason", "The capital is Canberra.", root=root)
    living.commit(root, "Corrections")
    run("publish", root=root)
    time.sleep(static.CHECK_SECONDS)

    page.goto("/one/first/")
    expect(asked.get_by_text("your answer was regraded")).to_be_visible()
    page.goto("/learning")
    changed = page.get_by_role("region", name="Marks that changed")
    expect(changed).to_contain_text("0 of 1 → 1 of 1")
    expect(changed).to_contain_text("The capital is Canberra.")
    changed.get_by_role("link", name="What is the capital").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("An earlier answer")
    expect(page.get_by_text("Canberra (chosen)")).to_be_visible()

    said = run("admin", "create", "grace@example.org")
    [link] = re.findall(r"http\S+", said)
    page.context.clear_cookies()
    page.goto(link)
    follow(page, page.get_by_role("button", name="Sign in"))
    page.goto("/teaching/learners")
    page.get_by_role("link", name="Guest 1").click()
    page.get_by_role("link", name="What is the capital").click()
    expect(page.get_by_text("Mark at the time")).to_be_visible()

    run("undo", root=root)
    time.sleep(static.CHECK_SECONDS)
    page.goto("/two/gone/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Gone")
