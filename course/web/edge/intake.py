"""The application, set up so that what nothing behind it could take is refused once, before any view.

- A number in an address fits an id of the database; any other names nothing.
- A text can be stored by every database: it holds no NUL and no half of a surrogate pair.
- JSON is nested as deep as a parser can follow, and its numbers are finite.
- What fails is logged by its route: an address may hold the token of a mail link.
"""

import logging
import re
from collections.abc import Iterator
from types import TracebackType
from typing import Any

from flask import Flask, request
from flask.json.provider import DefaultJSONProvider
from flask_openapi3.openapi import OpenAPI
from pydantic_core import from_json
from werkzeug.datastructures import ImmutableDict
from werkzeug.exceptions import NotFound, UnprocessableEntity
from werkzeug.routing import IntegerConverter, Map

FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")

_UNSTORABLE = re.compile("[\0\ud800-\udfff]")

log = logging.getLogger(__name__)


class Id(IntegerConverter):
    """An id of the database: a whole number of 63 bits."""

    regex = "[0-9]{1,19}"

    def __init__(self, map: Map, max: int = 2**63 - 1, **named: Any) -> None:
        super().__init__(map, max=max, **named)


class Addresses(Map):
    """Addresses in which each whole number is an Id, unless a rule says how large it may be."""

    default_converters = ImmutableDict({**Map.default_converters, "int": Id})


class Json(DefaultJSONProvider):
    """JSON read by the parser that the models use, which refuses deep nesting, NaN and half surrogates."""

    def loads(self, s: str | bytes, **_: Any) -> Any:
        return from_json(s, allow_inf_nan=False)


class Service(OpenAPI):
    """The application."""

    url_map_class = Addresses
    json_provider_class = Json

    def log_exception(
        self,
        exc_info: tuple[type, BaseException, TracebackType] | tuple[None, None, None],
    ) -> None:
        log.error("%s %s failed", request.method, request.url_rule, exc_info=exc_info)


def init_app(app: Flask) -> None:
    """Refuse texts that cannot be stored, wherever a request of *app* holds them."""
    app.before_request(refuse_unstorable)


def is_storable(text: str) -> bool:
    """Return whether every database can store *text*."""
    return _UNSTORABLE.search(text) is None


def refuse_unstorable() -> None:
    """Raise NotFound for an address, UnprocessableEntity for a field, that cannot be stored."""
    if not is_storable(request.path):
        raise NotFound
    for name, text in _fields():
        if not (is_storable(name) and is_storable(text)):
            message = f"The field {name[:40]!r} holds a character that cannot be stored."
            raise UnprocessableEntity(message)


def _fields() -> Iterator[tuple[str, str]]:
    yield from request.args.items(multi=True)
    if request.mimetype in FORMS:
        yield from request.form.items(multi=True)
