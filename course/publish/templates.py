"""Faster loading of templates: cached bytecode, and no search through the theme's icons."""

import contextlib
import functools
import os
from collections.abc import Callable
from typing import Any

import jinja2
from jinja2.bccache import Bucket
from mkdocs.theme import Theme

from course import markup


def speed_up(theme: Theme) -> None:
    """Let the environments of *theme* cache bytecode and skip folders that hold no templates."""
    make = theme.get_env
    markup.environment().bytecode_cache = bytecode_cache()

    def get_env() -> jinja2.Environment:
        env = make()
        env.bytecode_cache = bytecode_cache()
        env.list_templates = functools.partial(_list_templates, env)  # type: ignore[method-assign]
        return env

    theme.get_env = get_env  # type: ignore[method-assign]


class _PrivateBytecodeCache(jinja2.FileSystemBytecodeCache):
    """Jinja's own cache, in a folder private to this user.

    Cached bytecode is executed, so it cannot be in the course's folder, which may come from somebody else.
    """

    def dump_bytecode(self, bucket: Bucket) -> None:
        with contextlib.suppress(OSError):  # no room
            super().dump_bytecode(bucket)


@functools.cache
def bytecode_cache() -> jinja2.BytecodeCache | None:
    """Return the cache of compiled templates; None if there is no private folder for it."""
    with contextlib.suppress(RuntimeError, OSError):  # no folder that is ours alone
        return _PrivateBytecodeCache()
    return None


def _list_templates(
    env: jinja2.Environment,
    extensions: Any = None,
    filter_func: Callable[[str], bool] | None = None,
) -> list[str]:
    """Return what the environment's own method would, without walking hidden folders.

    MkDocs lists a theme's files to copy them and ignores hidden ones itself; Material has fourteen thousand
    icons in such a folder.
    """
    loader = env.loader
    if extensions is not None or not isinstance(loader, jinja2.FileSystemLoader):
        return type(env).list_templates(env, extensions, filter_func)
    found = set()
    for top in loader.searchpath:
        for folder, folders, names in os.walk(top, followlinks=loader.followlinks):
            folders[:] = [name for name in folders if not name.startswith(".")]
            inside = os.path.relpath(folder, top)
            found |= {os.path.normpath(f"{inside}/{name}").replace(os.sep, "/") for name in names}
    return sorted(name for name in found if filter_func is None or filter_func(name))
