"""A restore that is killed at any step leaves the old record or the new one, and can be run again."""

import itertools
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from course.record.backup import archive
from course.record.people.tables import Learner
from tests.record.backup.conftest import opened, save

ROOT = Path(__file__).parents[3]
OLD, NEW = ["new", "old"], ["new"]


def add_learner(url: str, seed: str) -> None:
    with opened(url) as database, database.write() as session:
        session.add(Learner(seed=seed))


def killed_at_each_step(*arguments: str | Path) -> dict[str, list[dict[str, Any]]]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.record.backup.killing", *arguments],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        check=True,
    )
    found: dict[str, list[dict[str, Any]]] = json.loads(done.stdout)
    return found


def test_a_killed_restore_leaves_the_old_record_or_the_new_one(
    database_url: str, tmp_path: Path
) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    key = folder / "secret.key"
    arguments: list[str | Path] = [database_url, tmp_path / "backups/new.tar.gz", folder]
    if database_url.startswith("sqlite"):
        shutil.move(tmp_path / "course.sqlite", folder)
        arguments[0] = f"sqlite:///{folder}/course.sqlite"
        arguments.append(tmp_path / "template")
    url = str(arguments[0])
    add_learner(url, "new")
    key.write_text("new key")
    save(url, tmp_path / "backups/new.tar.gz", {archive.KEY: key})
    key.write_text("old key")
    with opened(url) as database, database.write() as session:
        session.add(Learner(seed="old"))
        session.commit()
        shutil.copytree(folder, tmp_path / "template")  # as a crash leaves it, with a log

    found = killed_at_each_step(*arguments)

    states = found["states"]
    assert [state["seeds"] for state in states] in [
        [OLD] * old + [NEW] * (len(states) - old) for old in range(1, len(states))
    ], "the old record up to one step, and the new one from then on"
    assert [key for key, _ in itertools.groupby(state["key"] for state in states)] in (
        ["old key", "new key"],
        ["old key"],
    )
    assert len(states) > 8, "steps that were tried"
    assert found["again"]
    for state in found["again"]:
        assert state == {"seeds": NEW, "key": "new key", "unfinished": 0}
