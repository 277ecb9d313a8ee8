"""The code blocks of the documents, and a copy of the repository in which their commands run.

A block's info string says what becomes of it: ```sh runs, ```sh {.no-test} does not, and title="file"
writes that file first.
"""

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import PARTS
from tests.service import free_port

ROOT = Path(__file__).parents[2]
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(ROOT.glob("docs/*.md"))]

_FENCE = re.compile(
    r"^(?P<indent> *)(?P<mark>`{3,})(?P<info>[^`\n]*)\n(?P<text>.*?)^(?P=indent)(?P=mark)$",
    re.MULTILINE | re.DOTALL,
)
_TITLE = re.compile(r'title="([^"]+)"')
_SERVES = re.compile(r"^(make serve|course serve|course preview)\b.*$", re.MULTILINE)
_STARTED = re.compile(r"The (?:course|preview) is at (\S+)")

LEFT_OUT = shutil.ignore_patterns(
    ".git",
    ".venv",
    "node_modules",
    "site",
    "build",
    "data",
    "test-results",
    ".*cache",
    "__pycache__",
)


@dataclass(frozen=True)
class Fence:
    """One block of code in a document."""

    document: Path
    line: int
    language: str
    marks: frozenset[str]
    title: str
    text: str

    @property
    def where(self) -> str:
        return f"{self.document.relative_to(ROOT)}:{self.line}"


def fences(document: Path) -> list[Fence]:
    """Return the blocks of *document* in their order."""
    text = document.read_text(encoding="utf-8")
    return [_fence(document, text, match) for match in _FENCE.finditer(text)]


def _fence(document: Path, text: str, match: re.Match[str]) -> Fence:
    title = _TITLE.search(match["info"])
    words = re.sub(r"[{}.]", " ", _TITLE.sub("", match["info"])).split()
    body = re.sub(rf"^{match['indent']}", "", match["text"], flags=re.MULTILINE)
    line = text[: match.start()].count("\n") + 1
    language = words[0] if words else ""
    return Fence(document, line, language, frozenset(words[1:]), title[1] if title else "", body)


class Copy:
    """A copy of the repository, with this one's .venv, for commands that change files.

    With *course*, it holds that folder's lessons in place of the repository's, and builds faster.
    As in a terminal, a `cd` holds for the blocks after it: they run in `self.current`.
    """

    def __init__(self, folder: Path, course: Path | None = None) -> None:
        self.folder = folder.resolve()
        self.current = self.folder
        shutil.copytree(ROOT, self.folder, ignore=LEFT_OUT)
        if course is not None:
            for name in PARTS:
                if (self.folder / name).is_dir():
                    shutil.rmtree(self.folder / name)
                else:
                    (self.folder / name).unlink(missing_ok=True)
            shutil.copytree(course, self.folder, dirs_exist_ok=True)
        venv = self.folder / ".venv"
        venv.mkdir()
        real = Path(sys.prefix)
        for path in real.iterdir():
            (venv / path.name).symlink_to(path)
        # So that make finds everything installed, and asks no registry.
        for name in ("made-in", "checksums"):
            (venv / name).unlink(missing_ok=True)
        (venv / "made-in").write_text(f"{self.folder}\n")
        self._trust_locks(venv / "checksums")
        self._lend_sqlite()

    def _trust_locks(self, sums: Path) -> None:
        names = ("requirements.lock", "requirements-dev.lock", "pyproject.toml")
        sums.write_text(self.run(f"cksum {' '.join(names)}"))

    def _lend_sqlite(self) -> None:
        """Stand in for the sqlite3 command where it is not installed."""
        if shutil.which("sqlite3"):
            return
        program = self.folder / ".venv" / "lent" / "sqlite3"
        program.parent.mkdir()
        program.write_text(
            f"#!{sys.executable}\nimport sqlite3, sys\n"
            "with sqlite3.connect(sys.argv[1]) as connection:\n"
            "    for row in connection.execute(sys.argv[2]):\n        print(*row, sep='|')\n"
        )
        program.chmod(0o755)

    @property
    def environment(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("COURSE_", "PYTEST_"))}
        path = f"{self.folder}/.venv/bin:{self.folder}/.venv/lent:{kept['PATH']}"
        return kept | {
            "PATH": path,
            "PYTHONPATH": str(self.folder),  # the copy's engine, not the installed one
            "PIP_NO_INDEX": "1",
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",  # plugins take longer to load than to run without
            "HOME": str(self.folder.parent),
        }

    def play(self, block: Fence) -> str:
        """Write the file that *block* is, or run its commands; return what they said."""
        if block.title:
            path = self.current / block.title
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text, encoding="utf-8")
            return ""
        serving = _SERVES.search(block.text)
        if serving is None:
            return self.run(block.text, block.where)
        said = self.run(block.text[: serving.start()], block.where)
        return said + self.serve(serving[0])

    def run(self, commands: str, where: str = "") -> str:
        """Run shell commands to their good end and return what they printed."""
        left_in = self.folder.parent / "current"
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", f"{commands}\npwd -P >{shlex.quote(str(left_in))}"],
            cwd=self.current,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, f"{where}\n{commands}\n{done.stdout}"
        self.current = Path(left_in.read_text().strip())
        return done.stdout

    def serve(self, command: str) -> str:
        """Start *command* on a free port, read the start page, and stop it; return what it said."""
        port = str(free_port())
        if "--port" in command:
            command = re.sub(r"--port \d+", f"--port {port}", command)
        else:
            command += f' ARGS="--port {port}"' if command.startswith("make") else f" --port {port}"
        log = self.folder.parent / "serve.log"
        with log.open("w") as output:
            process = subprocess.Popen(
                ["bash", "-c", command],
                cwd=self.current,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            address = self._address(process, log)
            with urllib.request.urlopen(address, timeout=10) as page:
                assert b"<h1" in page.read()
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(20)
        return log.read_text()

    def _address(self, process: subprocess.Popen[bytes], log: Path) -> str:
        deadline = time.monotonic() + 40
        while time.monotonic() < deadline:
            match = _STARTED.search(log.read_text())
            if match is not None and _is_up(match[1]):
                return match[1]
            assert process.poll() is None, log.read_text()
            time.sleep(0.05)
        raise AssertionError(f"the service did not start:\n{log.read_text()}")


def _is_up(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5) as response:
            return bool(response.status == 200)
    except OSError:
        return False
