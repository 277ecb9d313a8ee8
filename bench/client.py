"""A client that keeps account: every answer that it sent, and every one that was acknowledged."""

import http.client
import random
import threading
import uuid
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from bench.recording import ANSWERS

PATIENCE = 30
"""Seconds that an answer may take."""


@dataclass(frozen=True)
class Answer:
    """One answer as it is sent, by the same learner under the same id however often."""

    id: str
    cookie: str
    body: str


@dataclass
class Account:
    """What became of the answers sent. No id is in both."""

    acknowledged: set[str] = field(default_factory=set)
    in_doubt: dict[str, Answer] = field(default_factory=dict)
    """Sent, and never acknowledged: they may be stored or not."""
    refused: dict[int, int] = field(default_factory=dict)
    """How many got another status, and which."""

    def note(self, answer: Answer, status: int | None) -> None:
        if status in (200, 201):
            self.acknowledged.add(answer.id)
            self.in_doubt.pop(answer.id, None)
            return
        self.in_doubt[answer.id] = answer
        if status is not None:
            self.refused[status] = self.refused.get(status, 0) + 1


class Connection:
    """One connection to the service, opened again after it broke."""

    def __init__(self, port: int) -> None:
        self.http = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)

    def send(self, answer: Answer) -> int | None:
        """Send an answer and return the status, once all of the response is here; None if it broke."""
        headers = {
            "Content-Type": "application/json",
            "Sec-Fetch-Site": "same-origin",
            "Cookie": answer.cookie,
        }
        try:
            self.http.request("POST", ANSWERS, answer.body, headers)
            response = self.http.getresponse()
            response.read()
        except (OSError, http.client.HTTPException):
            self.http.close()
            return None
        return response.status


def made(chance: random.Random, cookie: str, bodies: Sequence[str]) -> Answer:
    """Return a new answer of a learner."""
    name = str(uuid.UUID(int=chance.getrandbits(128), version=4))
    return Answer(name, cookie, chance.choice(bodies).replace("@", name, 1))


class Crowd:
    """Clients that send one answer after another, each for learners of its own, until they are stopped."""

    def __init__(
        self, port: int, cookies: Sequence[str], bodies: Sequence[str], clients: int, seed: str
    ) -> None:
        self._stop = threading.Event()
        self._port, self._cookies, self._bodies = port, cookies, bodies
        self._clients, self._seed = clients, seed
        self._pool = ThreadPoolExecutor(clients)
        self._running = [self._pool.submit(self._send, number) for number in range(clients)]

    def _send(self, number: int) -> Account:
        chance = random.Random(f"{self._seed} {number}")
        connection = Connection(self._port)
        mine = self._cookies[number :: self._clients]
        account = Account()
        while not self._stop.is_set():
            answer = made(chance, chance.choice(mine), self._bodies)
            status = connection.send(answer)
            account.note(answer, status)
            if status is None:
                self._stop.wait(0.02)  # nobody listens
        connection.http.close()
        return account

    def stop(self) -> Account:
        """Let each client end what it is about, and return all their accounts as one."""
        self._stop.set()
        whole = Account()
        for running in self._running:
            one = running.result()
            whole.acknowledged |= one.acknowledged
            whole.in_doubt |= one.in_doubt
            for status, many in one.refused.items():
                whole.refused[status] = whole.refused.get(status, 0) + many
        self._pool.shutdown()
        return whole


def send_again(account: Account, port: int) -> None:
    """Send what is in doubt once more, under the same ids, as a browser does."""
    connection = Connection(port)
    for answer in list(account.in_doubt.values()):
        account.note(answer, connection.send(answer))
    connection.http.close()
