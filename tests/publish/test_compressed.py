"""The compressed files beside those of a site."""

import gzip
from contextlib import closing
from pathlib import Path

import brotli
import pytest

from course.publish import compressed
from course.publish.cache import Cache

TEXT = "<p>What do you control, and what can you only influence?</p>\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    site = tmp_path / "site"
    (site / "basics").mkdir(parents=True)
    (site / "index.html").write_text(TEXT * 20)
    (site / "basics/index.html").write_text(TEXT * 30)
    (site / "app.01234567.min.js").write_text("export const one = 1;\n" * 40)
    (site / "short.txt").write_text("short")
    (site / "picture.png").write_bytes(b"\0" * 2000)
    (site / "chance.json").write_bytes(bytes(byte for byte in range(256)) * 2)
    return site


def compress(site: Path, cache_folder: Path) -> None:
    with closing(Cache(cache_folder)) as cache:
        compressed.compress_site(site, cache)


def made(site: Path) -> dict[str, bytes]:
    return {
        path.relative_to(site).as_posix(): path.read_bytes()
        for path in sorted(site.rglob("*"))
        if path.suffix in (".br", ".gz")
    }


def clear(site: Path) -> None:
    for name in made(site):
        (site / name).unlink()


def test_every_text_that_shrinks_gets_both_kinds(folder: Path, tmp_path: Path) -> None:
    compress(folder, tmp_path / "cache")

    files = made(folder)
    for name in ("index.html", "basics/index.html", "app.01234567.min.js"):
        raw = (folder / name).read_bytes()
        assert brotli.decompress(files.pop(f"{name}.br")) == raw
        assert gzip.decompress(files.pop(f"{name}.gz")) == raw
    assert set(files) <= {"chance.json.br", "chance.json.gz"}


def test_equal_content_gives_equal_bytes_with_a_cache_and_without(
    folder: Path, tmp_path: Path
) -> None:
    compress(folder, tmp_path / "cache")
    first = made(folder)

    for cache in ("cache", "another"):
        clear(folder)
        compress(folder, tmp_path / cache)
        assert made(folder) == first


def test_what_is_kept_is_not_compressed_again(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = Cache(tmp_path / "cache")
    compressed.compress_site(folder, kept)
    kept.sweep()
    clear(folder)
    worked: list[int] = []
    real = brotli.compress

    def counted(raw: bytes, **settings: int) -> bytes:
        worked.append(len(raw))
        return bytes(real(raw, **settings))

    monkeypatch.setattr(brotli, "compress", counted)

    (folder / "index.html").write_text(TEXT * 21)
    compress(folder, tmp_path / "cache")

    assert worked == [len(TEXT * 21)]


def test_what_is_there_already_stays_the_file_that_it_is(folder: Path, tmp_path: Path) -> None:
    compress(folder, tmp_path / "cache")
    before = (folder / "index.html.br").stat()

    compress(folder, tmp_path / "cache")

    assert (folder / "index.html.br").stat() == before, "it may have other names in other sites"


def test_without_a_cache_that_can_be_written_it_is_made_all_the_same(
    folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way")

    compress(folder, tmp_path / "file")

    assert "index.html.br" in made(folder)


def test_a_large_file_is_compressed_part_by_part_and_not_kept(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compressed, "LARGE", len(TEXT) * 25)
    monkeypatch.setattr(compressed, "_PART", 100)
    kept = Cache(tmp_path / "cache")

    key = compressed.compress_cached(str(folder / "basics/index.html"), kept)

    files, raw = made(folder), (folder / "basics/index.html").read_bytes()
    assert brotli.decompress(files["basics/index.html.br"]) == raw
    assert gzip.decompress(files["basics/index.html.gz"]) == raw
    assert key == ""


def test_what_is_compressed_ahead_is_the_same(folder: Path, tmp_path: Path) -> None:
    path = folder / "index.html"
    compressed._write_large(str(path))
    afterwards = made(folder)
    clear(folder)
    raw = path.read_bytes()
    path.unlink()

    with compressed.compress_large_in_background(raw, str(path)):
        path.write_bytes(raw)

    assert made(folder) == afterwards


def test_what_became_another_file_meanwhile_is_compressed_as_it_is(folder: Path) -> None:
    path = folder / "index.html"
    for other in (b"two", b"on", b"one more"):
        with compressed.compress_large_in_background(b"one", str(path)):
            path.write_bytes(other)

        assert gzip.decompress(made(folder)["index.html.gz"]) == other
        assert brotli.decompress(made(folder)["index.html.br"]) == other
