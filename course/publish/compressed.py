"""Compressed files beside those of a site, so that a server sends them without any work of its own."""

import os
import re
import zlib
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import brotli

from course.publish.cache import Cache, digest

TEXT = (".css", ".html", ".js", ".json", ".svg", ".txt", ".xml")

SMALLEST = 256
"""Bytes below which a file travels in one packet with its headers, compressed or not."""

WORTH = 0.9
"""What does not shrink to this share of its size is not worth unpacking."""

ONCE = 11, 9
OFTEN = 5, 4
"""Levels of Brotli and gzip. Brotli's best takes fifty times as long as its fifth for a tenth less: that is
for what seldom changes, which has its content in its name. gzip's fourth takes two thirds of the usual
sixth's time for three hundredths more, and few ask for it."""

LARGE = 1_000_000, (4, 4)
"""From so many bytes on, levels that take half the time for three hundredths more: only the index of a large
course's search is that long, and each edit makes it anew."""

_SELDOM = re.compile(r"/assets/course-[0-9a-f]{8}/|\.[0-9a-f]{8}\.min\.(css|js)$")


def add(site: Path, kept: Cache) -> None:
    """Write `page.html.br` and `page.html.gz` beside `page.html`, and so for every text that shrinks.

    Equal content gives equal bytes, and what *kept* has is not compressed again.
    """

    with meanwhile([path for path in texts(site) if not os.path.lexists(f"{path}.br")], kept):
        pass  # pages have theirs already


@contextmanager
def meanwhile(paths: Sequence[str], kept: Cache) -> Iterator[None]:
    """Write the compressed files of *paths* while the block runs; all are there when it ends."""
    with ThreadPoolExecutor(os.cpu_count()) as threads:  # these leave Python's lock to others
        done = [threads.submit(keep, path, kept) for path in paths]
        yield
        for one in done:
            one.result()


@contextmanager
def ahead(raw: bytes, kept: Cache) -> Iterator[None]:
    """Compress what will be a file of a site, while the block runs."""
    with ThreadPoolExecutor(1) as thread:
        done = thread.submit(_of, raw, "", kept)
        yield
        done.result()


def beside(page: str) -> None:
    """Write the compressed files of a *page* as it is made; who keeps the page keeps them with it."""
    raw = Path(page).read_bytes()
    if len(raw) >= SMALLEST and (entry := _packed(raw, OFTEN)):
        _write(page, entry)


def texts(site: Path | str) -> Iterator[str]:
    """Yield the files of a site that may shrink."""
    for folder, _, names in os.walk(site):
        yield from (f"{folder}/{name}" for name in names if name.endswith(TEXT))


def keep(path: str, kept: Cache) -> str:
    """Write the compressed files of one file; return where *kept* has them, "" for nowhere."""
    raw = Path(path).read_bytes()
    if len(raw) < SMALLEST:
        return ""
    key, entry = _of(raw, path, kept)
    if entry:
        _write(path, entry)
    return key


def _of(raw: bytes, path: str, kept: Cache) -> tuple[str, bytes]:
    """Return where *kept* has *raw* compressed, and that."""
    levels = ONCE if _SELDOM.search(path) else LARGE[1] if len(raw) >= LARGE[0] else OFTEN
    key = digest("compressed", brotli.__version__, zlib.ZLIB_RUNTIME_VERSION, repr(levels), raw)
    entry = kept.get(key)
    if entry is None:
        entry = _packed(raw, levels)
        kept.put(key, entry)
    return key, entry


def _write(path: str, entry: bytes) -> None:
    size = int.from_bytes(entry[:4], "big")
    Path(f"{path}.br").write_bytes(entry[4 : 4 + size])
    Path(f"{path}.gz").write_bytes(entry[4 + size :])


def _packed(raw: bytes, levels: tuple[int, int]) -> bytes:
    """Return *raw* compressed both ways, one behind the other; nothing where that saves too little."""
    with ThreadPoolExecutor(1) as other:
        zipping = other.submit(_zipped, raw, levels[1]) if len(raw) >= LARGE[0] else None
        small = brotli.compress(raw, mode=brotli.MODE_TEXT, quality=levels[0])
        if len(small) > len(raw) * WORTH:
            return b""
        zipped = zipping.result() if zipping else _zipped(raw, levels[1])
    return b"".join([len(small).to_bytes(4, "big"), small, zipped])


def _zipped(raw: bytes, level: int) -> bytes:
    return zlib.compress(raw, level, wbits=31)  # as gzip, with no name and no time in it
