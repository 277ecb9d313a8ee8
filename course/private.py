"""Files and folders that only their owner shall read: the record, keys, mail."""

import os
from pathlib import Path

OTHERS = 0o007


def make_folder(path: Path) -> None:
    """Make a folder that only its owner enters; one that is there stays as it is."""
    if not path.is_dir():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.mkdir(mode=0o700, exist_ok=True)


def tighten(path: Path) -> bool:
    """Take *path* from everybody but its owner, where everybody could read it; return whether it was so.

    What only a group may read besides was given to it on purpose, and stays.
    """
    mode = path.stat().st_mode & 0o777
    if not mode & OTHERS:
        return False
    path.chmod(mode & 0o700)
    return True


def write(path: Path, text: str, mode: int = 0o600) -> None:
    """Replace *path* in one step by a file of at most *mode*, on the disk when this returns."""
    new = path.with_name(f".{path.name}.{os.getpid()}")
    new.unlink(missing_ok=True)
    with os.fdopen(
        os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w", encoding="utf-8"
    ) as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
