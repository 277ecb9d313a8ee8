"""Passwords are hashed a few at once, whoever asks, and no typed text makes that slow."""

import threading
import unicodedata
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from typing import Any

import email_validator
import pytest

from course.record.people import accounts
from course.record.people.accounts import (
    HASHING,
    MAX_WAITING,
    InvalidInput,
    Passwords,
    TooManyHashes,
)

CHEAP = {"time_cost": 1, "memory_cost": 8, "parallelism": 1}


class Held:
    """In place of the hasher: counts how many are at work, and lets none end before it is told to."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.most = self.now = 0
        self._lock = threading.Lock()

    def verify(self, *_: str) -> bool:
        with self._lock:
            self.now += 1
            self.most = max(self.most, self.now)
        self.go.wait()
        with self._lock:
            self.now -= 1
        return True


def test_of_thirty_at_once_a_few_are_hashed_and_most_are_told_to_wait(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(accounts, "MAX_WAIT", 60.0)
    passwords, held = Passwords(**CHEAP), Held()
    passwords._hasher = held  # type: ignore[assignment]
    crowded = 30 - HASHING - MAX_WAITING

    with ThreadPoolExecutor(30) as threads:
        left: set[Any] = {threads.submit(passwords.verify, "password", "hash") for _ in range(30)}
        failed: set[Any] = set()
        while len(failed) < crowded:
            done, left = wait(left, return_when=FIRST_EXCEPTION)
            failed |= done
        held.go.set()

    assert all(isinstance(one.exception(), TooManyHashes) for one in failed)
    assert [one.result() for one in left] == [True] * (HASHING + MAX_WAITING)
    assert held.most == HASHING


def test_who_waited_too_long_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accounts, "MAX_WAIT", 0.0)
    passwords = Passwords(**CHEAP)
    for _ in range(HASHING):
        passwords._hashing.acquire()

    with pytest.raises(TooManyHashes):
        passwords.hash("correct horse")


def test_who_failed_leaves_the_place_to_others() -> None:
    passwords = Passwords(**CHEAP)
    kept = passwords.hash("correct horse")

    for _ in range(HASHING + MAX_WAITING + 1):
        assert not passwords.verify("wrong horse", kept)
        assert not passwords.verify("wrong horse", "no hash")

    assert passwords.verify("correct horse", kept)


def test_no_more_of_a_password_is_normalised_than_one_can_have(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lengths = []
    normalize = unicodedata.normalize

    def noted(form: Any, text: str) -> str:
        lengths.append(len(text))
        return normalize(form, text)

    passwords = Passwords(**CHEAP)
    kept = passwords.hash("x" * accounts.MAX_PASSWORD)
    monkeypatch.setattr(unicodedata, "normalize", noted)

    assert passwords.verify("x" * accounts.MAX_PASSWORD, kept)
    assert not passwords.verify("x" * accounts.MAX_PASSWORD + "\u0301\u0323" * 30_000, kept)
    assert max(lengths) <= accounts.MAX_PASSWORD + 1


def test_an_address_that_is_far_too_long_is_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(email_validator, "validate_email")

    with pytest.raises(InvalidInput, match="at most 320"):
        accounts.normalise_address("a" * 60_000 + "@example.org")
