"""Compressed files beside those of a site, so that a server sends them without any work of its own."""

import functools
import os
import re
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
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

LARGE = 1_000_000
"""Bytes from which a file is compressed part by part, so that memory does not grow with it, and not cached:
only the search index of a large course is that long, and each edit changes it."""

QUICKLY = 4, 4
"""Levels for that: half the time for three hundredths more."""

_PART = 1 << 20

_SELDOM = re.compile(r"/assets/course-[0-9a-f]{8}/|\.[0-9a-f]{8}\.min\.(css|js)$")


def compress_site(site: Path, cache: Cache) -> None:
    """Write `page.html.br` and `page.html.gz` beside `page.html`, and so for every text that shrinks.

    Equal content gives equal bytes, and what *cache* has is not compressed again.
    """
    # Pages have theirs already.
    paths = [path for path in compressible_files(site) if not os.path.lexists(f"{path}.br")]
    with compress_in_background(paths, cache):
        pass


@contextmanager
def compress_in_background(paths: Sequence[str], cache: Cache) -> Iterator[None]:
    """Write the compressed files of *paths* while the block runs; all are there when it ends."""
    with ThreadPoolExecutor(os.cpu_count()) as threads:  # these leave Python's lock to others
        done = [threads.submit(compress_cached, path, cache) for path in paths]
        yield
        for one in done:
            one.result()


@contextmanager
def compress_large_in_background(raw: bytes, path: str) -> Iterator[None]:
    """Compress *raw* while the block runs, at the end of which it is in the LARGE file *path*."""
    parts = [memoryview(raw)[first : first + _PART] for first in range(0, len(raw), _PART)]
    with ThreadPoolExecutor(len(_PACKERS)) as threads:
        done = {suffix: threads.submit(b"".join, pack(parts)) for suffix, pack in _PACKERS.items()}
        yield
        if _has_content(Path(path), parts):
            for suffix, packed in done.items():
                Path(path + suffix).write_bytes(packed.result())
        else:  # another plugin has had a say in it
            _write_large(path)


def _has_content(file: Path, parts: Sequence[memoryview]) -> bool:
    """Whether *file* consists of *parts*."""
    with file.open("rb") as opened:
        # As bytes: memoryviews are compared item by item.
        return all(opened.read(_PART) == bytes(part) for part in parts) and not opened.read(1)


def compress_page(page: str) -> None:
    """Write the compressed files of a *page* as it is made; who keeps the page keeps them with it."""
    raw = Path(page).read_bytes()
    if len(raw) >= SMALLEST and (entry := _packed(raw, OFTEN)):
        _write(page, entry)


def compressible_files(site: Path | str) -> Iterator[str]:
    """Yield the files of a site that may shrink."""
    for folder, _, names in os.walk(site):
        yield from (f"{folder}/{name}" for name in names if name.endswith(TEXT))


def compress_cached(path: str, cache: Cache) -> str:
    """Write the compressed files of one file; return where *cache* has them, "" for nowhere."""
    size = Path(path).stat().st_size
    if size >= LARGE:
        _write_large(path)
    if not SMALLEST <= size < LARGE:
        return ""
    raw = Path(path).read_bytes()
    levels = ONCE if _SELDOM.search(path) else OFTEN
    key = digest("compressed", brotli.__version__, zlib.ZLIB_RUNTIME_VERSION, repr(levels), raw)
    entry = cache.get(key)
    if entry is None:
        entry = _packed(raw, levels)
        cache.put(key, entry)
    if entry:
        _write(path, entry)
    return key


def _write(path: str, entry: bytes) -> None:
    size = int.from_bytes(entry[:4], "big")
    Path(f"{path}.br").write_bytes(entry[4 : 4 + size])
    Path(f"{path}.gz").write_bytes(entry[4 + size :])


def _packed(raw: bytes, levels: tuple[int, int]) -> bytes:
    """Return *raw* compressed both ways, one behind the other; nothing where that saves too little."""
    small = brotli.compress(raw, mode=brotli.MODE_TEXT, quality=levels[0])
    if len(small) > len(raw) * WORTH:
        return b""
    zipped = zlib.compress(raw, levels[1], wbits=31)  # as gzip, with no name and no time in it
    return b"".join([len(small).to_bytes(4, "big"), small, zipped])


def _write_large(path: str) -> None:
    for suffix, pack in _PACKERS.items():
        with Path(path).open("rb") as file, Path(path + suffix).open("wb") as packed:
            packed.writelines(pack(iter(functools.partial(file.read, _PART), b"")))


def _brotli(parts: Iterable[bytes | memoryview]) -> Iterator[bytes]:
    packer = brotli.Compressor(mode=brotli.MODE_TEXT, quality=QUICKLY[0])
    yield from map(packer.process, parts)
    yield packer.finish()


def _gzip(parts: Iterable[bytes | memoryview]) -> Iterator[bytes]:
    packer = zlib.compressobj(QUICKLY[1], wbits=31)
    yield from map(packer.compress, parts)
    yield packer.flush()


_PACKERS: dict[str, Callable[[Iterable[bytes | memoryview]], Iterator[bytes]]] = {
    ".br": _brotli,
    ".gz": _gzip,
}
