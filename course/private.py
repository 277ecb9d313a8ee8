"""Files and folders that only their owner may read: database, keys, mail."""

import os
from pathlib import Path

OTHERS_BITS = 0o007


def make_folder(path: Path) -> None:
    """Create a folder that only its owner can enter; leave an existing one unchanged."""
    if not path.is_dir():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.mkdir(mode=0o700, exist_ok=True)


def restrict(path: Path) -> bool:
    """Restrict *path* to its owner if others have access; return whether they had.

    Access for the group alone was granted on purpose, and stays.
    """
    mode = path.stat().st_mode & 0o777
    if not mode & OTHERS_BITS:
        return False
    path.chmod(mode & 0o700)
    return True


def write(path: Path, text: str, mode: int = 0o600) -> None:
    """Replace *path* atomically by a file with at most *mode*, and fsync its content."""
    new = path.with_name(f".{path.name}.{os.getpid()}")
    new.unlink(missing_ok=True)
    with os.fdopen(
        os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w", encoding="utf-8"
    ) as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)


def give(target: Path | int, beside: Path) -> None:
    """Give a file, by its path or descriptor, to the owner of *beside*, where root made it for a service."""
    if os.geteuid() == 0:
        owner = beside.stat()
        os.chown(target, owner.st_uid, owner.st_gid)


def move_into_place(new: Path, path: Path) -> None:
    """Replace *path* atomically by the file *new* in the same file system; both steps reach the disk."""
    _sync(new)
    new.replace(path)
    _sync(path.parent)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
