"""Work shared out to processes, by one of its own: a process with threads, as a test may be, never forks."""

import json
import subprocess
import sys
from typing import Any

from course.publish import workers

SPREAD = """
import json, os
from course.publish import workers

workers._cpu_count, workers._BATCH_SIZE = lambda: 2, {term}
told = []
found = workers.parallel_map(range({many}), lambda one: [{do}, os.getpid()], told.append)
print(json.dumps([found, sum(told), os.getpid()]))
"""


def spread(many: int, do: str, term: int = 40) -> tuple[dict[int, Any], list[int], int]:
    """Spread the expression *do* of each *one*; return what it gave, who did it, and how many were told."""
    code = SPREAD.format(many=many, do=do, term=term)
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, timeout=60)
    found, told, parent = json.loads(said.stdout)
    done = {int(position): what for position, (what, _) in found.items()}
    by = [found[str(position)][1] for position in sorted(done)]
    assert parent not in by
    return done, by, told


def test_everything_is_done_once_by_processes_that_are_replaced() -> None:
    done, by, told = spread(120, "one * 2")

    assert done == {position: position * 2 for position in range(120)}
    assert told == 120
    first, second, third = (set(by[at : at + 40]) for at in (0, 40, 80))
    assert len(first | second | third) == len(first) + len(second) + len(third)


def test_what_fails_in_a_process_is_left_to_the_caller() -> None:
    done, _, told = spread(40, "10 // (one % 4)")

    assert sorted(done) == [position for position in range(40) if position % 4]
    assert told == 30


def test_a_few_things_are_left_to_the_caller() -> None:
    assert workers.parallel_map(range(workers.MIN_ITEMS), str) == {}
