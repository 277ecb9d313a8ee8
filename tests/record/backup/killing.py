"""Restores a backup again and again, killed a step later each time, and prints what is there after each.

A step is what Python reports to its audit hooks when a file is opened to be written, renamed or removed, or a
program is started. `test_kill.py` runs it:

    python -m tests.record.backup.killing DATABASE_URL BACKUP FOLDER [TEMPLATE]
"""

import json
import os
import shutil
import signal
import sys
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from course.record.backup import archive, restoring, saving, staging
from course.record.people.tables import Learner
from course.record.store import schema
from course.record.store.database import Database

STEPS = {"open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.chmod", "os.link"}
PROGRAMS = {"subprocess.Popen"}


class Restore:
    """One restore of *backup* into the database at *url*, whose files lie in *folder*."""

    def __init__(self, url: str, backup: Path, folder: Path) -> None:
        self.url, self.backup, self.folder = url, backup, folder
        self.steps = STEPS if url.startswith("sqlite") else PROGRAMS | {"os.rename"}
        self.key = folder / "secret.key"
        self.left: int | None = None

    def run(self, steps: int | None = None) -> bool:
        """Restore in a process that is killed at the step after *steps*; return whether it ended well."""
        child = os.fork()
        if child == 0:
            self.left = steps
            sys.addaudithook(self._count)
            self._restore()
            os._exit(0)
        _, status = os.waitpid(child, 0)
        assert status in (0, signal.SIGKILL), status
        return status == 0

    def _restore(self) -> None:
        database = Database(self.url)
        saved = self.folder / f"saved-{os.getpid()}.tar.gz"
        files = {archive.KEY: self.key}
        try:
            restoring.restore(
                database,
                self.backup,
                files,
                lambda: saving.save(database, saved, files),
                replace=True,
            )
        finally:
            database.close()

    def _count(self, event: str, arguments: tuple[Any, ...]) -> None:
        if self.left is None or event not in self.steps:
            return
        if event not in PROGRAMS and not str(arguments[0]).startswith(str(self.folder)):
            return
        if event == "open" and not arguments[2] & (os.O_WRONLY | os.O_RDWR):
            return
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        self.left -= 1

    def found(self) -> dict[str, Any]:
        """Return what is in the record and in the file of the key."""
        database = Database(self.url)
        try:
            schema.check(database)
            with database.read() as session:
                seeds = list(session.scalars(sa.select(Learner.seed).order_by(Learner.id)))
            unfinished = sum(1 for _ in self.folder.glob(f"{staging.PREFIX}*"))
            return {"seeds": seeds, "key": self.key.read_text(), "unfinished": unfinished}
        finally:
            database.close()


def main(url: str, backup: str, folder: str, template: str = "") -> None:
    restore = Restore(url, Path(backup), Path(folder))
    states, again = [], []
    is_done = False
    while not is_done:
        if template:
            shutil.rmtree(folder)
            shutil.copytree(template, folder)
        is_done = restore.run(len(states))
        states.append(restore.found())
        is_replaced = states[-1]["seeds"] != states[0]["seeds"]
        if template or is_replaced:
            restore.run()
            again.append(restore.found())
        if is_replaced and not template:
            break
    print(json.dumps({"states": states, "again": again}))


if __name__ == "__main__":
    main(*sys.argv[1:])
