"""What a test uses beside its own process, so that `make quick` can leave it out.

A browser and PostgreSQL come from fixtures and their parameters. Whether a test starts a program, such
as the service, a command or git, or builds a site, is found by following the names in its code through
the helpers of tests and benchmarks.
"""

import dis
import inspect
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import chain, pairwise
from types import CodeType, FunctionType, ModuleType

import pytest

FOLLOWED = ("tests.", "bench.")

MARKERS = {
    "subprocess": "programs",
    "course.publish.site": "sites",
    "course.publish.checking": "sites",
}
"""What a test is marked with whose code leads to a module."""


def mark(item: pytest.Function) -> None:
    """Add the markers that *item*'s fixtures, parameters and code ask for."""
    if "browser" in item.fixturenames:
        item.add_marker("browser")
    fixtures = [
        made.func for group in item._fixtureinfo.name2fixturedefs.values() for made in group
    ]
    parameters = list(item.callspec.params.values()) if hasattr(item, "callspec") else []
    if "postgres_url" in item.fixturenames or any(
        isinstance(value, str) and value == "postgresql" for value in parameters
    ):
        item.add_marker("postgres")
    for name in found([item.function, *fixtures, *parameters]):
        item.add_marker(name)


def found(begin: Iterable[object]) -> set[str]:
    """The markers of the modules that the code of *begin* leads to."""
    seen: set[int] = set()
    markers: set[str] = set()
    waiting = list(begin)
    while waiting:
        value = waiting.pop()
        if isinstance(value, ModuleType) and value.__name__ in MARKERS:
            markers.add(MARKERS[value.__name__])
        elif isinstance(value, FunctionType | type) and id(value) not in seen:
            seen.add(id(value))
            waiting += _named_by(value) if value.__module__.startswith(FOLLOWED) else []
    return markers


@cache
def _named_by(value: FunctionType | type) -> list[object]:
    """The functions, classes and modules that the code of *value* names."""
    if isinstance(value, type):
        return [method for method in vars(value).values() if isinstance(method, FunctionType)]
    function = inspect.unwrap(value)
    found = [
        _attribute(function.__globals__.get(loaded.argval), following.argval)
        for code in _codes(function.__code__)
        for loaded, following in pairwise(dis.get_instructions(code))
        if loaded.opname == "LOAD_GLOBAL"
    ]
    tables = [value.values() for value in found if isinstance(value, Mapping)]
    modules = filter(_is_our_module, chain(*tables))
    return found + [member for module in modules for member in vars(module).values()]


def _codes(code: CodeType) -> Iterator[CodeType]:
    """*code* and the code of what is defined in it."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)


def _attribute(value: object, name: object) -> object:
    """What *name* is in *value* where that is a module of ours; other values themselves."""
    return vars(value).get(name) if _is_our_module(value) else value


def _is_our_module(value: object) -> bool:
    return isinstance(value, ModuleType) and value.__name__.startswith(FOLLOWED)
