"""Counters of rate limits in the memory of this process: one number for each key and window.

The in-memory storage of `limits` starts a thread a hundred times a second that iterates over all keys; with a
few thousand learners that costs more than the counting.

Windows are measured by the monotonic clock, so that setting the system clock does not prolong a limit.
"""

import threading
import time
from typing import Any

from limits.storage import Storage

SWEEP_SECONDS = 60.0
"""Seconds between two removals of expired keys."""


class InProcessStorage(Storage):
    """Counts in fixed windows, the only strategy that we use."""

    STORAGE_SCHEME = ["process"]  # noqa: RUF012 - read by limits as it is

    def __init__(self, uri: str | None = None, wrap_exceptions: bool = False, **_: Any) -> None:
        super().__init__(uri, wrap_exceptions=wrap_exceptions)
        self._counts: dict[str, tuple[int, float]] = {}
        self._lock = threading.Lock()
        self._swept_at = time.monotonic()

    @property
    def base_exceptions(self) -> type[Exception]:
        """The errors of this storage; it has none of its own."""
        return ValueError

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """Count *amount* more in a window that began with the first one, *expiry* seconds long."""
        now = time.monotonic()
        with self._lock:
            count, ends = self._counts.get(key, (0, 0.0))
            if ends <= now:
                count, ends = 0, now + expiry
            self._counts[key] = (count + amount, ends)
            if now - self._swept_at > SWEEP_SECONDS:
                self._swept_at = now
                self._counts = {
                    key: window for key, window in self._counts.items() if window[1] > now
                }
        return count + amount

    def get(self, key: str) -> int:
        """Return the count of the window that is open; 0 where none is."""
        count, ends = self._counts.get(key, (0, 0.0))
        return count if ends > time.monotonic() else 0

    def get_expiry(self, key: str) -> float:
        """Return when the window of *key* ends, in seconds since 1970; now where none is open."""
        left = self._counts.get(key, (0, 0.0))[1] - time.monotonic()
        return time.time() + max(left, 0.0)

    def check(self) -> bool:
        """Return whether it works, which it does."""
        return True

    def reset(self) -> int:
        """Forget every count; return how many there were."""
        with self._lock:
            count = len(self._counts)
            self._counts = {}
        return count

    def clear(self, key: str) -> None:
        """Forget one count."""
        with self._lock:
            self._counts.pop(key, None)
