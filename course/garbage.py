"""Python's searches for garbage, left out where they find none."""

import atexit
import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def paused() -> Iterator[None]:
    """Search for no garbage inside, and leave what was made there out of every later search.

    Searches while modules are imported and a course is read find nothing, and take a tenth of a short build.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def skip_last_search() -> None:
    """Leave what a command holds at its end to the system, which takes the process's memory back as a whole.

    Python would search all of it for garbage once more: a fifth of the time of a short build.
    """
    atexit.register(gc.freeze)
