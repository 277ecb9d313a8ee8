"""Files that are damaged, too large, or made to do harm: a clear error, and nothing written."""

import io
import stat
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from course import cli
from course.content.problems import CourseError
from course.formats import archive, files

ENTITIES = """<!DOCTYPE quiz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><quiz><question>&c;</question></quiz>"""
OUTSIDE = '<!DOCTYPE quiz [<!ENTITY x SYSTEM "file:///etc/passwd">]><quiz>&x;</quiz>'
PARAMETERS = '<!DOCTYPE quiz [<!ENTITY % x SYSTEM "http://127.0.0.1:9/x"> %x;]><quiz/>'
UNDECLARED = '<!DOCTYPE quiz SYSTEM "quiz.dtd"><quiz>&x;</quiz>'
JSON = '[{"question":"Which valve?","options":["Red","Blue"],"answer":"Blue"}]'
DEEP = f"<quiz>{'<question>' * 5000}{'</question>' * 5000}</quiz>"
CSV_HEAD = "type,prompt,part,right\n"

BROKEN = {
    "entities": (ENTITIES, "1:1: the XML declares entities, which is not read"),
    "entities from outside": (OUTSIDE, "the XML declares entities, which is not read"),
    "entities of parameters": (PARAMETERS, "the XML declares entities, which is not read"),
    "an entity that another file declares": (UNDECLARED, "is not XML: undefined entity"),
    "XML cut short": ("<quiz>\n<question type='essay'>", "2:24: is not XML: no element found"),
    "XML nested without end": (DEEP, "nested deeper than 200 levels"),
    "XML of something else": ("<?xml version='1.0'?>\n<html/>", "neither Moodle XML nor QTI"),
    "a manifest alone": ("<manifest/>", "name the zip file it came in"),
    "QTI 3": ("<qti-assessment-item/>", "is QTI 3, which is not read here"),
    "Moodle XML without questions": ("<quiz></quiz>", "holds no question"),
    "nothing": ("", "is empty"),
    "blank lines": ("\n \n", "is empty"),
    "prose": ("Dear all,\nthis is a letter.\n", "is no file of questions that is known here"),
    "GIFT of categories": ("$CATEGORY: one\n", "holds no question in GIFT"),
    "Latin-1": ("Wor\xfcber?\n{=a ~b}".encode("latin-1"), "1:4: is not UTF-8 text (byte 0xfc)"),
    "Latin-1 further down": ("A {=a ~b}\n\nf\xfcr".encode("latin-1"), "3:2: is not UTF-8 text"),
    "UTF-16 without a mark": ("One {=a ~b}".encode("utf-16-le"), "1:1: holds zero bytes"),
    "UTF-16 cut short": ("One {=a}".encode("utf-16")[:-1], "is not UTF-16 text"),
    "a picture": (b"\x89PNG\r\n\x1a\n\0\0", "is a picture, which is not read here"),
    "JSON": (JSON, "is JSON, which is not read here"),
    "JSON of one object": ('{"question": "Which {} valve?"}', "is JSON"),
    "JSON Lines": ('{"q": "One?"}\n{"q": "Two?"}\n', "is JSON"),
    "JSON cut short": (JSON[:-10], "is JSON"),
    "a web page": ("<!DOCTYPE html><html><p>{=a ~b}</p></html>", "is a web page"),
    "Aiken": ("Which valve?\nA. Red\nB. Blue\nANSWER: B\n", "is an Aiken file"),
    "LaTeX": ("\\begin{enumerate}\\item{} One\\end{enumerate}", "is LaTeX"),
    "a quiz of a course": ("questions:\n  - prompt: 'One {}?'\n", "is YAML"),
    "PDF": (b"%PDF-1.7 {=a}", "is a PDF file"),
    "program code": ("function valve() {}\n", "is program code"),
    "braces of something else": ("A .class { color: red }", "is no file of questions"),
    "CSV with a wrong heading": ("type,prompt,answr\n", "1:1: there is no column 'answr'"),
    "CSV without a heading": ("type,part,right\nsingle,a,x\n", "the column 'prompt' is missing"),
    "CSV with a heading twice": ("type,prompt,part,part\n", "the column 'part' stands twice"),
    "CSV with an open quote": (f'{CSV_HEAD}single,"P,a,x\n', "2:1: the row that begins here"),
    "CSV with text behind a quote": (f'{CSV_HEAD}single,"P"Q,a,x\n', "2:1: the row that begins"),
    "CSV of headings": (CSV_HEAD, "holds no question below its headings"),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_file_that_cannot_be_used_is_told_with_its_place(name: str, tmp_path: Path) -> None:
    content, message = BROKEN[name]
    path = tmp_path / "sent.txt"
    path.write_bytes(content.encode() if isinstance(content, str) else content)

    with pytest.raises(CourseError) as error:
        files.read(files.load(path), path.name)

    assert message in str(error.value)
    assert str(error.value).startswith("sent.txt:")


def zipped(**entries: bytes) -> io.BytesIO:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in entries.items():
            package.writestr(name, content)
    return made


def with_entry(name: str, mode: int = 0o644) -> bytes:
    made = zipped(**{"imsmanifest.xml": b"<manifest/>"})
    with zipfile.ZipFile(made, "a") as package:
        entry = zipfile.ZipInfo(name)
        entry.external_attr = mode << 16
        package.writestr(entry, b"x")
    return made.getvalue()


def bomb() -> bytes:
    return zipped(**{"imsmanifest.xml": b"<m>" + b" " * 24_000_000}).getvalue()


def lying_bomb() -> bytes:
    """Return a manifest of 24 MB that says of itself that it has ten bytes."""
    return bomb().replace((24_000_003).to_bytes(4, "little"), (10).to_bytes(4, "little"))


def encrypted() -> bytes:
    made = bytearray(zipped(**{"imsmanifest.xml": b"<manifest/>"}).getvalue())
    made[made.index(b"PK\1\2") + 8] |= 1
    return bytes(made)


def damaged() -> bytes:
    made = bytearray(zipped(**{"imsmanifest.xml": b"<manifest/>" * 9}).getvalue())
    made[made.index(b"xml") + 5] ^= 0xFF
    return bytes(made)


def many() -> bytes:
    return zipped(**{f"{number}.txt": b"" for number in range(archive.MAX_ENTRIES + 1)}).getvalue()


PACKAGES = {
    "an entry above": (lambda: with_entry("../../evil.txt"), "leads out of the archive"),
    "an entry above, for Windows": (lambda: with_entry("..\\evil.txt"), "leads out of the archive"),
    "an absolute entry": (lambda: with_entry("/etc/evil"), "leads out of the archive"),
    "an entry with a drive": (lambda: with_entry("C:/evil"), "leads out of the archive"),
    "a link": (lambda: with_entry("l", stat.S_IFLNK | 0o777), "is a link to another file"),
    "a bomb": (bomb, "unpacks to more than 20 MB"),
    "a bomb whose header lies": (lying_bomb, "is damaged"),
    "encrypted": (encrypted, "is encrypted"),
    "damaged": (damaged, "is damaged"),
    "cut short": (lambda: with_entry("a.txt")[:-30], "is not a whole zip file"),
    "too many entries": (many, "holds 5001 files; the limit is 5000"),
    "no manifest": (lambda: zipped(a=b"").getvalue(), "is a zip file without imsmanifest.xml"),
    "an empty manifest": (lambda: with_entry("a.txt"), "names no question"),
    "an item that is missing": (
        lambda: zipped(
            **{
                "imsmanifest.xml": b'<manifest><resource type="imsqti_item_xmlv2p1" href="a.xml"/>'
                b"</manifest>"
            }
        ).getvalue(),
        "has no file 'a.xml'",
    ),
    "a manifest with entities": (
        lambda: zipped(**{"imsmanifest.xml": ENTITIES.encode()}).getvalue(),
        "the XML declares entities",
    ),
}


@pytest.mark.parametrize("name", PACKAGES)
def test_a_package_that_cannot_be_used_is_told_and_nothing_is_written(
    name: str, course_root: Path, tmp_path: Path
) -> None:
    made, message = PACKAGES[name]
    path = tmp_path / "sent.zip"
    path.write_bytes(made())
    before = sorted(tmp_path.rglob("*"))

    result = run(str(path), "--root", str(course_root))

    assert result.exit_code == 1, result.output
    assert message in result.output
    assert "Nothing was imported." in result.output
    assert sorted(tmp_path.rglob("*")) == before


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli.main, ["import", *arguments])


def test_what_is_read_of_a_package_is_counted_over_all_its_files() -> None:
    content = zipped(a=b"x" * 900, b=b"y" * 900).getvalue()
    package = archive.Archive(content, "sent.zip")
    package._left = 1000

    assert package.find("a") == b"x" * 900
    with pytest.raises(CourseError, match="unpacks to more than"):
        package.find("b")


@pytest.mark.parametrize("name", ["missing.xml", "."])
def test_a_file_that_is_not_there_is_told(name: str, course_root: Path) -> None:
    result = run(name, "--root", str(course_root))

    assert result.exit_code == 1
    assert "is a folder" in result.output or "cannot be read: No such file" in result.output
