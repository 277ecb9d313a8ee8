"""Templates made ready faster, with the same outcome."""

import contextlib
import functools
import os
from collections.abc import Callable
from typing import Any

import jinja2
from jinja2.bccache import Bucket
from mkdocs.theme import Theme

from course import markup


def quicken(theme: Theme) -> None:
    """Let every environment of *theme* look only where templates can be, and keep what it has compiled."""
    make = theme.get_env
    markup.environment().bytecode_cache = compiled()

    def get_env() -> jinja2.Environment:
        env = make()
        env.bytecode_cache = compiled()
        env.list_templates = functools.partial(_templates, env)  # type: ignore[method-assign]
        return env

    theme.get_env = get_env  # type: ignore[method-assign]


class _Compiled(jinja2.FileSystemBytecodeCache):
    """Jinja's own cache, in a folder of this user alone: it holds code, and that is run.

    So it cannot lie in the course's folder, which may come from somebody else.
    """

    def dump_bytecode(self, bucket: Bucket) -> None:
        with contextlib.suppress(OSError):  # no room
            super().dump_bytecode(bucket)


@functools.cache
def compiled() -> jinja2.BytecodeCache | None:
    """Return what keeps compiled templates from one build to the next; None where nothing can."""
    with contextlib.suppress(RuntimeError, OSError):  # no folder that is ours alone
        return _Compiled()
    return None


def _templates(
    env: jinja2.Environment,
    extensions: Any = None,
    filter_func: Callable[[str], bool] | None = None,
) -> list[str]:
    """Return what the environment's own method would, but for names that begin with a dot.

    MkDocs asks for the files of a theme that belong into a site, and passes over those itself. Material
    has fourteen thousand icons in such a folder.
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
