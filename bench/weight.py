"""The weight of a first visit, file by file, how a page behaves on a slow phone, and what Lighthouse says."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from bench import services
from bench.services import ServiceError
from bench.tables import Table, figure
from tests import postgres

START, LESSON, LEARNING = "start", "lesson", "My learning"
PAGES = {START: "", LESSON: "understand/who-holds-the-message/", LEARNING: "learning"}
"""Of the course that ships; the lesson is its heaviest."""

PARTS = ("lessons", "quizzes", "plans", "mkdocs.yml", "glossary.yml")
REPORTS = Path(__file__).with_name("lighthouse")
TRIES = 3
"""Lighthouse fails now and then to hear of a page's begin, and asks to be run again."""
LIGHTHOUSE = services.ROOT / "bench/node_modules/lighthouse/cli/index.js"
CATEGORIES = {
    "performance": "Performance",
    "accessibility": "Accessibility",
    "best-practices": "Best practices",
    "seo": "SEO",
}
SLOWER = 4
"""How many times slower the processor seems, as Lighthouse has it for phones."""

PHONE: Any = {"viewport": {"width": 412, "height": 823}, "is_mobile": True, "has_touch": True}

WATCH = """
window.shift = 0;
window.slowest = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value;
}).observe({ type: "layout-shift", buffered: true });
new PerformanceObserver((list) => {
  for (const entry of list.getEntries())
    if (entry.interactionId) window.slowest = Math.max(window.slowest, entry.duration);
}).observe({ type: "event", durationThreshold: 16, buffered: true });
"""


@dataclass(frozen=True)
class Sizes:
    answers: int
    """How many questions are answered on the slow phone."""
    reports: bool = True
    """Whether Lighthouse runs; its reports go to bench/lighthouse/."""


FULL = Sizes(answers=4)
QUICK = Sizes(answers=1, reports=False)


@dataclass(frozen=True)
class File:
    """What came over the wire for one request, headers and all."""

    path: str
    kind: str
    bytes: int


def steps(sizes: Sizes) -> int:
    """Return how many steps `measure` tells."""
    return 2 + len(PAGES) * (2 if sizes.reports else 1)


def measure(sizes: Sizes, work: Path, step: Callable[[str], None]) -> dict[str, Any]:
    """Visit each page with an empty browser, answer questions, and let Lighthouse look."""
    step("building the course that ships")
    with _served(work) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_chromium(), args=_arguments())
        visits = {}
        for name, path in PAGES.items():
            step(f"a first visit: {name}")
            files, shift = visit(browser, url + path)
            visits[name] = {"files": [asdict(file) for file in files], "shift": shift}
        step(f"answering on a processor {SLOWER} times slower")
        interaction = _interaction(browser, url + PAGES[LESSON], sizes.answers)
        browser.close()
        scores = {}
        for name, path in PAGES.items() if sizes.reports else ():
            step(f"Lighthouse: {name}")
            scores[name] = _lighthouse(url + path, name, work)
    return {
        "sizes": asdict(sizes),
        "visits": visits,
        "interaction_ms": interaction,
        "scores": scores,
    }


def visit(browser: Browser, url: str) -> tuple[list[File], float]:
    """Open *url* with nothing kept, and return what was transferred and how far things moved."""
    context = browser.new_context(**PHONE)
    try:
        page = context.new_page()
        found = _heard(context, page)
        page.add_init_script(WATCH)
        page.goto(url, wait_until="networkidle")
        page.wait_for_timeout(300)  # what begins when a page is idle
        return sorted(found, key=lambda file: -file.bytes), float(page.evaluate("window.shift"))
    finally:
        context.close()


def _heard(context: BrowserContext, page: Page) -> list[File]:
    """Return a list that grows with each file that *page* and its workers load."""
    found: list[File] = []
    began: dict[str, tuple[str, str]] = {}
    session = context.new_cdp_session(page)
    session.send("Network.enable")

    def sent(event: dict[str, Any]) -> None:
        address = urlsplit(event["request"]["url"])
        if address.scheme in ("http", "https"):
            began[event["requestId"]] = address.path, event.get("type", "Other")

    def finished(event: dict[str, Any]) -> None:
        if (what := began.pop(event["requestId"], None)) is not None:
            found.append(File(*what, round(event["encodedDataLength"])))

    session.on("Network.requestWillBeSent", sent)
    session.on("Network.loadingFinished", finished)
    return found


def _interaction(browser: Browser, url: str, answers: int) -> float:
    """Answer questions on a slow phone; return the longest time from a touch to what it shows, in ms."""
    context = browser.new_context(**PHONE)
    page = context.new_page()
    page.add_init_script(WATCH)
    page.goto(url, wait_until="networkidle")
    session = context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    questions = page.locator("course-question:has(input[type=radio])")
    for number in range(min(answers, questions.count())):
        question = questions.nth(number)
        question.locator("label:has(input[type=radio])").first.tap()
        question.locator("button[type=submit]").first.tap()
        question.locator("[role=status], output").first.wait_for()
        page.wait_for_timeout(500)
    slowest = float(page.evaluate("window.slowest"))
    context.close()
    return slowest


def _lighthouse(url: str, name: str, work: Path) -> dict[str, int | None]:
    """Let Lighthouse look at *url*, keep its report without pictures, and return its scores."""
    if not LIGHTHOUSE.exists():
        raise ServiceError("Lighthouse is not installed: run scripts/node-tools")
    path = work / "report.json"
    for _ in range(TRIES):
        said = subprocess.run(
            [
                *("node", str(LIGHTHOUSE), url, "--output=json", f"--output-path={path}"),
                *("--quiet", f"--chrome-flags={' '.join(['--headless=new', *_arguments()])}"),
            ],
            env={**os.environ, "CHROME_PATH": _chromium()},
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )
        if not said.returncode:
            break
    if said.returncode or not path.exists():
        raise ServiceError(f"Lighthouse failed for {url}:\n{said.stderr[-2_000:]}")
    report = json.loads(path.read_text(encoding="utf-8"))
    REPORTS.mkdir(exist_ok=True)
    kept = REPORTS / f"{name.replace(' ', '-').lower()}.json"
    kept.write_text(json.dumps(_lean(report, url), indent=1) + "\n", encoding="utf-8")
    return {
        key: None if (score := report["categories"][key]["score"]) is None else round(score * 100)
        for key in CATEGORIES
    }


def _lean(report: dict[str, Any], url: str) -> dict[str, Any]:
    """Return *report* without pictures, texts of its own, and what names this run's port."""
    for name in ("fullPageScreenshot", "i18n", "timing", "stackPacks", "entities"):
        report.pop(name, None)
    for name in (
        "screenshot-thumbnails",
        "final-screenshot",
        "script-treemap-data",
        "main-thread-tasks",
    ):
        report["audits"].pop(name, None)
    for audit in report["audits"].values():
        if audit.get("score") == 1 or audit.get("scoreDisplayMode") == "notApplicable":
            audit.pop("details", None)
    text = json.dumps(report).replace(f"127.0.0.1:{urlsplit(url).port}", "127.0.0.1:8000")
    lean: dict[str, Any] = json.loads(text)
    return lean


@contextmanager
def _served(work: Path) -> Iterator[str]:
    """Build the course that ships, and serve it as `course serve` does."""
    root = work / "shipped"
    root.mkdir()
    for name in PARTS:
        source = services.ROOT / name
        if source.is_dir():
            shutil.copytree(source, root / name)
        else:
            shutil.copy(source, root)
    port = postgres.free_port()
    url = f"http://127.0.0.1:{port}/"
    command = [*services.COURSE, "serve", f"--port={port}"]
    with services.running(command, f"{url}healthz", root, {}):
        yield url


def _chromium() -> str:
    found = os.environ.get("COURSE_CHROMIUM") or shutil.which("chromium")
    if not found:
        raise ServiceError("Chromium is not installed: run scripts/debian-tools chromium")
    return found


def _arguments() -> list[str]:
    return ["--no-sandbox"] if os.geteuid() == 0 else []


def summary(result: dict[str, Any]) -> list[str]:
    """Return what the figures say."""
    weights = ", ".join(
        f"{name} {_weight(seen) / 1024:.0f} KB in {len(seen['files'])} requests"
        for name, seen in result["visits"].items()
    )
    shift = max(seen["shift"] for seen in result["visits"].values())
    told = [
        f"A first visit transfers, compressed and with headers: {weights}. Nothing moves by more than "
        f"{shift:.3f}. On a processor {SLOWER} times slower an answer shows "
        f"{figure(result['interaction_ms'])} ms after the touch."
    ]
    for name, scores in result["scores"].items():
        marks = " / ".join("none" if mark is None else str(mark) for mark in scores.values())
        told.append(f"Lighthouse for {name}: {marks} ({', '.join(CATEGORIES.values()).lower()}).")
    return told


def tables(result: dict[str, Any]) -> list[Table]:
    """Return the pages, and the files of the lesson."""
    columns = ("", "Requests", "KB", "Layout shift", *CATEGORIES.values())
    rows = []
    for name, seen in result["visits"].items():
        scores = result["scores"].get(name, {})
        marks = ["" if scores.get(key) is None else str(scores[key]) for key in CATEGORIES]
        size, shift = f"{_weight(seen) / 1024:.1f}", f"{seen['shift']:.3f}"
        rows.append((name, str(len(seen["files"])), size, shift, *marks))
    note = (
        "First visits to the course that ships, with an empty browser of a phone's size; compressed, headers "
        "included. Lighthouse as for phones (slow network and processor simulated), its reports in "
        "bench/lighthouse/. My learning is a learner's own page and asks search engines to leave it out, "
        "which Lighthouse takes off its SEO."
    )
    files = [
        (file["path"].rsplit("/", 1)[-1] or "the page itself", f"{file['bytes']:,}")
        for file in result["visits"][LESSON]["files"]
    ]
    return [
        Table("First visits", columns, rows, note),
        Table("What a first visit to a lesson transfers", ("", "Bytes"), files),
    ]


def _weight(seen: dict[str, Any]) -> int:
    return sum(file["bytes"] for file in seen["files"])
