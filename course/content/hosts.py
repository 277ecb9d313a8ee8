"""Other sites whose frames, pictures, films and sound pages may show, and the policy that lets them."""

import functools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

from course.content import source
from course.content.problems import Problem, did_you_mean, short

_HOST = re.compile(
    r"(?:\*\.)?(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?(?::\d{1,5})?"
)
"""A name with a dot, all of its subdomains (`*.`), perhaps a port; nothing that could end a directive."""


@dataclass(frozen=True)
class Hosts:
    """The hosts that mkdocs.yml names, by what may come from them; always over https."""

    frames: tuple[str, ...] = ()
    pictures: tuple[str, ...] = ()
    films: tuple[str, ...] = ()
    sound: tuple[str, ...] = ()

    @classmethod
    def load(cls, data: Mapping[str, Any]) -> "Hosts":
        """Return the hosts that `dump` wrote; raises ValueError for what is no host."""
        found = {name: tuple(data.get(name, ())) for name in KINDS}
        wrong = [host for hosts in found.values() for host in hosts if not _is_host(host)]
        if wrong:
            raise ValueError(f"{wrong[0]!r} is no host")
        return cls(**found)

    def dump(self) -> dict[str, list[str]]:
        """Return the hosts as plain data, without kinds that have none."""
        return {name: list(getattr(self, name)) for name in KINDS if getattr(self, name)}

    @functools.cached_property
    def policy(self) -> str:
        """The Content-Security-Policy of every page; see https://www.w3.org/TR/CSP3/."""
        directives = dict(_DIRECTIVES)
        if self.pictures:
            directives["img-src"] += _sources(self.pictures)
        if self.films or self.sound:
            directives["media-src"] = "'self'" + _sources(self.films + self.sound)
        if self.frames:
            directives["frame-src"] = "'self'" + _sources(self.frames)
        return "; ".join(f"{name} {value}" for name, value in directives.items())

    @property
    def as_nginx(self) -> str:
        """The content of SITE_HEADERS."""
        return f'add_header Content-Security-Policy "{self.policy}" always;\n'

    def allows(self, kind: str, host: str) -> bool:
        """Whether *kind*, such as "frames", may come from *host*, given as in an address with its port."""
        host = host.lower().removesuffix(":443")
        return any(
            host.endswith(named[1:]) if named.startswith("*.") else host == named
            for named in getattr(self, kind)
        )


SITE_HEADERS = "assets/headers.conf"
"""The file of a site that says its policy, as nginx includes it and as the service reads it."""

KINDS = tuple(field.name for field in fields(Hosts))

_DIRECTIVES = {
    "default-src": "'self'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "object-src": "'none'",
}


def _sources(hosts: tuple[str, ...]) -> str:
    return "".join(f" https://{host}" for host in dict.fromkeys(hosts))


def _is_host(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= 253 and _HOST.fullmatch(value) is not None


def read(site: source.Document) -> tuple[Hosts, list[Problem]]:
    """Return the hosts in the settings of the plugin `course` in mkdocs.yml, and what is wrong there."""
    steps = (*plugin_steps(site), "hosts")
    node = site.found(steps)
    if node is None or node.data is None:
        return Hosts(), []
    if not isinstance(node.data, dict):
        message = f"hosts: must be lines of 'key: value', not {source.describe(node.data)}"
        return Hosts(), [site.at(steps, message, f"write {_EXAMPLE}")]
    problems = list(_problems(site, steps, node.data))
    if problems:
        return Hosts(), problems
    return Hosts(**{name: tuple(hosts) for name, hosts in node.data.items()}), []


_EXAMPLE = "'frames: [www.youtube-nocookie.com]' below it"


def _problems(
    site: source.Document, steps: tuple[str | int, ...], data: dict[str, Any]
) -> Iterator[Problem]:
    for name, hosts in data.items():
        if name not in KINDS:
            yield site.at((*steps, name), f"hosts.{short(name)}: unknown key", _known(name))
        elif not isinstance(hosts, list):
            message = f"hosts.{name}: must be a list, not {source.describe(hosts)}"
            yield site.at((*steps, name), message, "write the hosts in brackets, with commas")
        else:
            for position, host in enumerate(hosts):
                if not _is_host(host):
                    message = f"hosts.{name}: '{short(host)}' is no host"
                    yield site.at((*steps, name, position), message, _fix_hint(host))


def _known(name: str) -> str:
    return did_you_mean(name, KINDS)


def _fix_hint(host: Any) -> str:
    """Return how to write what was meant, if that can be guessed."""
    inside = re.match(r"(?:https?:)?//([^/?#@]+)", str(host).lower())
    if inside and _is_host(inside[1]):
        return f"write the host alone: {inside[1]}"
    return "write a host such as media.example.org, or *.example.org for all hosts below it"


def plugin_steps(site: source.Document) -> tuple[str | int, ...]:
    """Return the path to the settings of the plugin `course` in mkdocs.yml."""
    plugins = site.data.get("plugins") if isinstance(site.data, dict) else None
    if isinstance(plugins, dict):
        return ("plugins", "course")
    for position, entry in enumerate(plugins if isinstance(plugins, list) else ()):
        if isinstance(entry, dict) and "course" in entry:
            return ("plugins", position, "course")
    return ("plugins", "course")
