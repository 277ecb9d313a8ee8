"""Whether an acknowledged answer is ever lost or doubled: kill -9 under load, again and again."""

import contextlib
import os
import random
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from bench import client, recording
from bench.client import Account, Crowd
from bench.load import LoadError
from bench.recording import Service
from bench.tables import Table
from tests import postgres

THE_SERVICE = "the service"
THE_DATABASE = "PostgreSQL"


@dataclass(frozen=True)
class Sizes:
    kills: int
    """How often each service is killed under load."""
    seconds: float = 1.5
    """The longest that a load lasts before the kill; the shortest is a third of it."""
    clients: int = 16
    learners: int = 128
    lessons: int = 4
    questions: int = 8
    seed: int = 1
    services: Sequence[tuple[str, int]] = (
        *(("SQLite", 1), ("SQLite", 2)),
        *(("PostgreSQL", 1), ("PostgreSQL", 2)),
    )
    """Each database with a number of workers."""
    database_kills: int = 1
    """How often PostgreSQL itself is killed, under the last of the services over it."""


FULL = Sizes(kills=5, database_kills=3)
QUICK = Sizes(kills=1, seconds=1.0, services=(("SQLite", 2), ("PostgreSQL", 2)))


@dataclass
class Told:
    """What the client was told, and what an independent look into the database found."""

    name: str
    killed: str
    kills: int = 0
    acknowledged: int = 0
    stored: int = 0
    in_doubt: int = 0
    """Answers that a kill left without an acknowledgement; sent again after."""
    in_doubt_stored: int = 0
    """How many of them were stored all the same."""


def steps(sizes: Sizes) -> int:
    """Return how many steps `measure` tells."""
    has_postgres = any(name == "PostgreSQL" for name, _ in sizes.services)
    extra = sizes.database_kills if has_postgres else 0
    return 1 + len(sizes.services) * (1 + sizes.kills) + extra


def measure(sizes: Sizes, work: Path, step: Callable[[str], None]) -> dict[str, Any]:
    """Kill everything as often as *sizes* say; raises LoadError for an answer lost or doubled."""
    step("writing the course, starting PostgreSQL")
    root = work / "course"
    bodies = recording.published(root, sizes.lessons, sizes.questions)
    bodies_sent = bodies.read_text(encoding="utf-8").splitlines()
    rows: list[Told] = []
    with Cluster.running() as cluster:
        for name, workers in sizes.services:
            file = f"{work}/record-{workers}.sqlite"
            is_sqlite = name == "SQLite"
            database = f"kill_{workers}"
            url = (
                f"sqlite:///{file}" if is_sqlite else recording.new_database(cluster.url, database)
            )
            service = recording.prepared(name, workers, url, root, sizes.learners)
            rows.append(_killed(service, sizes, bodies_sent, step))
        if not is_sqlite and sizes.database_kills:
            rows.append(_database_killed(service, cluster, sizes, bodies_sent, step))
    return {"sizes": asdict(sizes), "rows": [asdict(row) for row in rows]}


def _killed(
    service: Service, sizes: Sizes, bodies: Sequence[str], step: Callable[[str], None]
) -> Told:
    """Load a service, first without a kill, then until each kill; after each it is started again."""
    chance = random.Random(f"{sizes.seed} {service.label}")
    told = Told(service.label, THE_SERVICE)
    whole = Account()
    for number in range(sizes.kills + 1):
        with service.up() as process:
            if number == 0:
                step(f"{service.label}: load without a kill")
                _calm(service, sizes, bodies, whole)
            else:
                _resolve(service, whole)
            if number == sizes.kills:
                break
            step(f"{service.label}: kill {number + 1}")
            crowd = _crowd(service, sizes, bodies, f"kill {number}")
            time.sleep(chance.uniform(sizes.seconds / 3, sizes.seconds))
            recording.kill(process)
            _settle(service, crowd, whole, told)
    return _sum(told, service, whole)


def _calm(service: Service, sizes: Sizes, bodies: Sequence[str], whole: Account) -> None:
    """Load a service that stays up: what is acknowledged and what is stored must be equal."""
    crowd = _crowd(service, sizes, bodies, "calm")
    time.sleep(sizes.seconds)
    account = crowd.stop()
    if account.in_doubt:
        raise LoadError(f"{service.label}: answers failed without a kill: {account.refused}")
    whole.acknowledged |= account.acknowledged
    _check(service, whole, exact=True)


def _database_killed(
    service: Service,
    cluster: "Cluster",
    sizes: Sizes,
    bodies: Sequence[str],
    step: Callable[[str], None],
) -> Told:
    """Load a service that stays up, while its database is killed and started again."""
    chance = random.Random(f"{sizes.seed} {service.label} database")
    told = Told(service.label, THE_DATABASE)
    whole = Account(acknowledged=set(stored(service.database_url)))
    before = len(whole.acknowledged)
    for number in range(sizes.database_kills):
        step(f"{service.label}: kill {number + 1} of PostgreSQL")
        with service.up():
            crowd = _crowd(service, sizes, bodies, f"database {number}")
            time.sleep(chance.uniform(sizes.seconds / 3, sizes.seconds))
            cluster.kill()
            cluster.start_again()
            _settle(service, crowd, whole, told)
            _resolve(service, whole)
    told = _sum(told, service, whole)
    told.acknowledged -= before
    told.stored -= before
    return told


def _crowd(service: Service, sizes: Sizes, bodies: Sequence[str], seed: str) -> Crowd:
    name = f"{sizes.seed} {service.label} {seed}"
    return Crowd(service.port, service.cookies, bodies, sizes.clients, name)


def _settle(service: Service, crowd: Crowd, whole: Account, told: Told) -> None:
    """End the load after a kill, look what is stored, and add it up."""
    account = crowd.stop()
    whole.acknowledged |= account.acknowledged
    whole.in_doubt |= account.in_doubt
    found = _check(service, whole, exact=False)
    told.kills += 1
    told.in_doubt += len(account.in_doubt)
    told.in_doubt_stored += len(account.in_doubt.keys() & found.keys())


def _resolve(service: Service, whole: Account) -> None:
    """Send what is in doubt again; then everything sent must be stored once."""
    deadline = time.monotonic() + client.PATIENCE
    while whole.in_doubt and time.monotonic() < deadline:
        client.send_again(whole, service.port)
    if whole.in_doubt:
        raise LoadError(f"{service.label}: {len(whole.in_doubt)} answers cannot be sent again")
    _check(service, whole, exact=True)


def _check(service: Service, account: Account, *, exact: bool) -> Counter[str]:
    """Return what is stored, after a look that nothing is missing, doubled or, if *exact*, unknown."""
    found = stored(service.database_url)
    missing = account.acknowledged - found.keys()
    doubled = [name for name, times in found.items() if times > 1]
    unknown = found.keys() - account.acknowledged - (set() if exact else account.in_doubt.keys())
    for names, what in ((missing, "lost"), (doubled, "stored twice"), (unknown, "never told of")):
        if names:
            raise LoadError(
                f"{service.label}: {len(names)} answers were {what}: {sorted(names)[:3]}"
            )
    return found


def _sum(told: Told, service: Service, whole: Account) -> Told:
    told.acknowledged = len(whole.acknowledged)
    told.stored = sum(stored(service.database_url).values())
    return told


def stored(database_url: str) -> Counter[str]:
    """Return how often each answer's id is in the database, by our own SQL over our own connection."""
    engine = sa.create_engine(database_url)
    try:
        with engine.connect() as connection:
            rows = connection.execute(sa.text("SELECT client_id FROM answer"))
            return Counter(_with_dashes(str(name)) for (name,) in rows)
    finally:
        engine.dispose()


def _with_dashes(name: str) -> str:
    """Return an id as it was sent; SQLite keeps it without its dashes."""
    digits = name.replace("-", "")
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


STARTS = 10


class Cluster:
    """A PostgreSQL server that can be killed and started again at the same address."""

    def __init__(self, folder: Path, password: str) -> None:
        self.password = password
        self.process, self.port = postgres.start(folder, password)
        self.folder = folder

    @property
    def url(self) -> str:
        return f"postgresql+psycopg://postgres:{self.password}@127.0.0.1:{self.port}/postgres"

    @classmethod
    @contextmanager
    def running(cls) -> Iterator["Cluster"]:
        folder = Path(tempfile.mkdtemp(prefix="course-postgres-"))
        password = secrets.token_hex(16)
        try:
            postgres.initialise(folder, password)
            cluster = cls(folder, password)
            try:
                yield cluster
            finally:
                postgres.stop(cluster.process)
        finally:
            shutil.rmtree(folder)

    def kill(self) -> None:
        """End the server and each of its processes at once."""
        mine = self.process.pid
        os.kill(mine, signal.SIGSTOP)  # so that it starts no more of them meanwhile
        children = Path(f"/proc/{mine}/task/{mine}/children").read_text(encoding="ascii")
        for number in [*map(int, children.split()), mine]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
        self.process.wait()

    def start_again(self) -> None:
        """Start it on the same files, which it recovers first."""
        for _ in range(STARTS):
            self._start()
            if postgres.answers(self.process, self.port, self.password):
                return
            time.sleep(0.5)  # until the last process is gone that held the memory they shared
        said = (self.folder / "log").read_text(encoding="utf-8")[-2_000:]
        raise LoadError(f"PostgreSQL does not start again:\n{said}")

    def _start(self) -> None:
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                self.process.args,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )


def summary(result: dict[str, Any]) -> list[str]:
    """Return how often what was killed, and that nothing was lost."""
    rows = result["rows"]
    kills = sum(row["kills"] for row in rows)
    acknowledged = sum(row["acknowledged"] for row in rows)
    return [
        f"Killed {kills} times under load (`kill -9`), none of {acknowledged:,} acknowledged answers was "
        "lost and none was stored twice, on either database."
    ]


def tables(result: dict[str, Any]) -> list[Table]:
    """Return what was acknowledged and what was stored."""
    sizes = result["sizes"]
    rows = [
        (
            f"{row['name']}; killed: {row['killed']}",
            str(row["kills"]),
            f"{row['acknowledged']:,}",
            f"{row['stored']:,}",
            "0",
            "0",
            f"{row['in_doubt']:,}",
            f"{row['in_doubt_stored']:,}",
        )
        for row in result["rows"]
    ]
    note = (
        f"{sizes['clients']} clients post answers and note each acknowledged id. At a moment picked by "
        f"chance (seed {sizes['seed']}) all processes of the service, or of PostgreSQL, are killed with "
        "`kill -9`. Another connection then compares ids: every acknowledged one must be stored, once, and "
        "nothing else but what was under way. After a new start what was under way is sent again with its "
        "ids, and compared again: everything sent is stored once. Each service also ran without a kill. An "
        "answer lost or doubled ends the run with an error, so these columns hold zeros or there is no table."
    )
    columns = (
        "",
        "Kills",
        "Acknowledged",
        "Stored",
        "Lost",
        "Doubled",
        "Under way",
        "of it stored",
    )
    return [Table("Killed in the middle", columns, rows, note)]
