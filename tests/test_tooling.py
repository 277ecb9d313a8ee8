"""What installs, builds and checks this project holds together."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
RUNTIME = ROOT / "requirements.lock"
DEVELOPMENT = ROOT / "requirements-dev.lock"
LOCKS = [RUNTIME, DEVELOPMENT]

PIN = re.compile(
    r"^(?P<name>[a-z0-9-]+)(\[[a-z,-]+\])?==(?P<version>\S+)( ; .+)? \\$", re.MULTILINE
)


def pins(lock: Path) -> dict[str, str]:
    return {pin["name"]: pin["version"] for pin in PIN.finditer(lock.read_text())}


def names(requirements: list[str]) -> set[str]:
    found = (re.match(r"[\w-]+", requirement) for requirement in requirements)
    return {match[0].lower().replace("_", "-") for match in found if match}


def project() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_names_no_host_and_no_folder(lock):
    lines = lock.read_text().splitlines()

    assert [line for line in lines if "://" in line or re.search(r"(^|\s|=)[/~]", line)] == []
    assert [line for line in lines if line.strip().startswith("-") and "--hash=" not in line] == []


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_pin_of_a_lock_has_hashes(lock):
    blocks = re.split(r"^(?=\w)", lock.read_text(), flags=re.MULTILINE)[1:]

    assert len(blocks) == len(pins(lock))
    assert [block for block in blocks if "--hash=sha256:" not in block] == []


def test_every_runtime_dependency_is_in_the_runtime_lock():
    wanted = names(project()["project"]["dependencies"] + project()["build-system"]["requires"])

    assert wanted - pins(RUNTIME).keys() == set()


def test_every_dependency_is_in_the_development_lock():
    extras = project()["project"]["optional-dependencies"]
    wanted = names(project()["project"]["dependencies"]).union(*map(names, extras.values()))

    assert wanted - pins(DEVELOPMENT).keys() == set()


def test_the_development_lock_has_the_runtime_versions():
    assert pins(RUNTIME).items() <= pins(DEVELOPMENT).items()


def test_the_node_lock_names_no_registry():
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]

    installed = {name: facts for name, facts in packages.items() if name}
    assert [name for name, facts in installed.items() if "resolved" in facts] == []
    assert [name for name, facts in installed.items() if "integrity" not in facts] == []


@pytest.mark.parametrize("script", [".ci/run", *sorted(p.name for p in ROOT.glob("scripts/*"))])
def test_scripts_are_executable(script):
    path = ROOT / script if "/" in script else ROOT / "scripts" / script

    assert os.access(path, os.X_OK)
    assert path.read_text().startswith("#!")


def test_continuous_integration_runs_what_a_person_runs():
    commands = [line for line in (ROOT / ".ci" / "run").read_text().splitlines() if "make" in line]

    assert "make check" in commands


def test_make_help_lists_the_commands():
    said = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)

    listed = re.findall(r"^  make (\w+)", said.stdout, re.MULTILINE)
    assert listed == [
        *("help", "serve", "test", "quick", "check", "format", "bench", "lock", "clean"),
    ]


def test_an_import_against_the_layers_is_reported_with_both_modules(tmp_path):
    shutil.copytree(
        ROOT / "course", tmp_path / "course", ignore=shutil.ignore_patterns("__pycache__")
    )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    with (tmp_path / "course/content/percent.py").open("a") as module:
        module.write("import course.web.shell\n")

    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-logo", "--no-cache"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
    )

    assert done.returncode == 1
    assert "course.content.percent -> course.web.shell" in done.stdout
