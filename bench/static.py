"""Pages as files: the same lesson from nginx and from the service, plain and compressed, in turn.

Beside them stands the service's own server with no program behind it, which sends the same bytes.
"""

import os
import shutil
import statistics
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bench import courses, hello, load, services
from bench.load import Counted, LoadError, Sent
from bench.services import ServiceError
from bench.tables import Table, figure
from course.web.edge import safety
from tests import postgres

NGINX, SERVICE, BARE = "nginx", "course serve", "its server alone"
CODINGS = ("identity", "gzip", "br")
PAGE = "module-1/lesson-1/"
BROTLI = Path("/usr/lib/nginx/modules/ngx_http_brotli_static_module.so")

CONFIGURATION = """
daemon off;
worker_processes {workers};
pid {folder}/nginx.pid;
error_log {folder}/error.log;
{load}
events {{ worker_connections 1024; }}
http {{
    include /etc/nginx/mime.types;
    access_log off;
    sendfile on;
    tcp_nopush on;
    keepalive_requests 100000000;
    open_file_cache max=1000;
    gzip_static on;
    {brotli}
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port};
        root {site};
        {headers}
        add_header Cache-Control no-cache;
    }}
}}
"""
"""As fast as we could make it: files kept open, no log, nothing compressed on the way."""


@dataclass(frozen=True)
class Sizes:
    seconds: int
    """How long each run takes."""
    rounds: int
    """How often everything runs, in turn."""
    workers: Sequence[int] = (1, 2)
    clients: int = 32
    warm_up: int = 1


FULL = Sizes(seconds=4, rounds=5)
QUICK = Sizes(seconds=2, rounds=2, workers=(1,))


@dataclass(frozen=True)
class Run:
    """One line of the table."""

    server: str
    workers: int
    coding: str
    url: str


def steps(sizes: Sizes) -> int:
    """Return how many steps `measure` tells."""
    return 1 + sizes.rounds * len(sizes.workers) * (len(_codings()) * 2 + 1)


def _codings() -> tuple[str, ...]:
    return CODINGS if BROTLI.exists() else CODINGS[:2]


def measure(sizes: Sizes, work: Path, step: Callable[[str], None]) -> dict[str, Any]:
    """Ask for one page *rounds* times from each server in turn, and return the medians."""
    step("building a course, starting servers")
    root = work / "course"
    courses.write(root, 12, 8)
    command = services.tied([*services.COURSE, "build", "--root", str(root)])
    subprocess.run(
        command, env=services.environment(), check=True, capture_output=True, timeout=120
    )
    sent = {coding: _sent(work, coding, sizes.clients) for coding in _codings()}
    with ExitStack() as stack:
        runs = []
        for workers in sizes.workers:
            at = {
                NGINX: stack.enter_context(_nginx(root / "site", work, workers)),
                SERVICE: stack.enter_context(_service(root, work, workers)),
            }
            for coding in _codings():
                runs += [Run(server, workers, coding, url) for server, url in at.items()]
            bare = stack.enter_context(_bare(root / "site", work, workers))
            runs.append(Run(BARE, workers, CODINGS[0], bare))
        for run in runs if sizes.warm_up else ():
            load.run(run.url, sizes.warm_up, sizes.clients, sent[run.coding])
        found: list[list[Counted]] = [[] for _ in runs]
        for number in range(1, sizes.rounds + 1):
            for run, counted in zip(runs, found, strict=True):
                step(f"round {number}: {run.server}, {run.coding}")
                counted.append(load.run(run.url, sizes.seconds, sizes.clients, sent[run.coding]))
                if not counted[-1].answered:
                    raise LoadError(f"{run.server}: no answer in {sizes.seconds} s")
    theirs = {
        (r.workers, r.coding): c for r, c in zip(runs, found, strict=True) if r.server == NGINX
    }
    page = root / "site" / PAGE / "index.html"
    return {
        "sizes": asdict(sizes),
        "bytes": {
            "identity": page.stat().st_size,
            "gzip": page.with_name("index.html.gz").stat().st_size,
            "br": page.with_name("index.html.br").stat().st_size,
        },
        "rows": [
            _row(run, counted, theirs[run.workers, run.coding])
            for run, counted in zip(runs, found, strict=True)
        ],
    }


def _sent(work: Path, coding: str, clients: int) -> Sent:
    line = f"GET /{PAGE}\tAccept-Encoding: {coding}"
    return Sent(load.lines(work / f"asking-{coding}", [line] * clients))


@contextmanager
def _nginx(site: Path, work: Path, workers: int) -> Iterator[str]:
    program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin:/sbin")
    if program is None:
        raise ServiceError("nginx is not installed: run scripts/debian-tools nginx")
    folder = work / f"nginx-{workers}"
    folder.mkdir()
    port = postgres.free_port()
    text = CONFIGURATION.format(
        workers=workers,
        folder=folder,
        site=site,
        port=port,
        load=f"load_module {BROTLI};" if BROTLI.exists() else "",
        brotli="brotli_static on;" if BROTLI.exists() else "",
        headers="\n".join(f'add_header {n} "{value}";' for n, value in safety.HEADERS.items()),
    )
    # nginx gives up root's rights, and the folder of a run is closed to others.
    if os.geteuid() == 0:
        text = f"user root;\n{text}"
    (folder / "nginx.conf").write_text(text, encoding="utf-8")
    url = f"http://127.0.0.1:{port}/"
    command = [program, "-p", str(folder), "-c", str(folder / "nginx.conf")]
    with services.running(command, url, work, {}):
        yield url


@contextmanager
def _service(root: Path, work: Path, workers: int) -> Iterator[str]:
    port = postgres.free_port()
    url = f"http://127.0.0.1:{port}/"
    settings = {"DATABASE_URL": f"sqlite:///{work}/static-{workers}.sqlite"}
    command = [*services.COURSE, "serve", "--no-build", f"--port={port}", f"--workers={workers}"]
    with services.running(command, f"{url}healthz", root, settings):
        yield url


@contextmanager
def _bare(site: Path, work: Path, workers: int) -> Iterator[str]:
    port = postgres.free_port()
    url = f"http://127.0.0.1:{port}/"
    command = [*services.PYTHON, "bench.hello", "bytes", str(port), str(workers)]
    more = {hello.SITE: str(site), hello.ADDRESS: f"/{PAGE}"}
    with services.running(command, url, work, {}, more=more):
        yield url


def _row(run: Run, counted: list[Counted], theirs: list[Counted]) -> dict[str, Any]:
    ratios = [c.per_second / t.per_second for c, t in zip(counted, theirs, strict=True)]
    return {
        "server": run.server,
        "workers": run.workers,
        "coding": run.coding,
        "per_second": statistics.median(c.per_second for c in counted),
        "p50_ms": statistics.median(c.p50 for c in counted),
        "p99_ms": statistics.median(c.p99 for c in counted),
        "of_nginx": statistics.median(ratios),
        "rounds": [c.per_second for c in counted],
    }


def summary(result: dict[str, Any]) -> list[str]:
    """Return what the figures say, a sentence for each number of workers."""
    told = []
    for workers in result["sizes"]["workers"]:
        ours = [r for r in result["rows"] if r["server"] == SERVICE and r["workers"] == workers]
        bare = next(r for r in result["rows"] if r["server"] == BARE and r["workers"] == workers)
        parts = [f"{row['of_nginx']:.0%} ({_named(row['coding'])})" for row in ours]
        rates = " and ".join(figure(row["per_second"]) for row in (ours[0], ours[-1]))
        told.append(
            f"A lesson from `course serve`, {_many(workers)}: {rates} a second, plain and in the smallest "
            f"coding. Of what nginx sends with as many workers, that is {', '.join(parts)}. "
            f"{BARE.capitalize()}, which looks at no request, sends {bare['of_nginx']:.0%}."
        )
    return told


def tables(result: dict[str, Any]) -> list[Table]:
    """Return what was measured."""
    sizes = Sizes(**result["sizes"])
    columns = (
        "",
        "Workers",
        "Bytes",
        "A second",
        "Lowest - highest",
        "p50 ms",
        "p99 ms",
        "Of nginx",
    )
    rows = [
        (
            f"{row['server']}, {_named(row['coding'])}",
            str(row["workers"]),
            f"{result['bytes'][row['coding']]:,}",
            figure(row["per_second"]),
            f"{figure(min(row['rounds']))} - {figure(max(row['rounds']))}",
            figure(row["p50_ms"]),
            figure(row["p99_ms"]),
            f"{row['of_nginx']:.2f}",
        )
        for row in result["rows"]
    ]
    note = (
        f"One lesson with its quiz, asked for by {sizes.clients} clients over connections that stay open, "
        f"without a pause; {sizes.rounds} times {sizes.seconds} s for each line, all lines in turn; medians, "
        "and the median of the ratios within each round. Both send the files that the build has compressed, "
        "with the same security headers; nginx keeps its files open and writes no log. "
        f"{BARE.capitalize()}: Granian with a program of three lines that sends the same bytes whatever is "
        "asked. What it sends fewer than nginx is the price of the way from the socket to Python and back. "
        "wrk ran on the same processors."
    )
    return [Table("A page from the service and from nginx", columns, rows, note)]


def _named(coding: str) -> str:
    return {"identity": "plain", "gzip": "gzip", "br": "Brotli"}[coding]


def _many(workers: int) -> str:
    return "1 worker" if workers == 1 else f"{workers} workers"
