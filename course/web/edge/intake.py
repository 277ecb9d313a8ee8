"""The application class, which rejects input that no view could handle before a view is called.

- A number in an address must fit a database id; otherwise the address is not found.
- A text must be storable in every database: no NUL and no lone surrogates.
- JSON must not be nested too deeply, and its numbers must be finite.
- Errors are logged with the route instead of the address, which may contain the token of a mail link.
"""

import logging
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
from werkzeug.wrappers import Request

from course.record.store.values import is_storable

FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")

log = logging.getLogger(__name__)


class Id(IntegerConverter):
    """A database id: a non-negative integer of at most 63 bits."""

    regex = "[0-9]{1,19}"

    def __init__(self, map: Map, max: int = 2**63 - 1, **named: Any) -> None:
        super().__init__(map, max=max, **named)


class Addresses(Map):
    """A URL map in which `int` means Id."""

    default_converters = ImmutableDict({**Map.default_converters, "int": Id})


class Json(DefaultJSONProvider):
    """JSON parsed by pydantic, as for the models; it rejects deep nesting, NaN and lone surrogates."""

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
    """Reject every request to *app* that contains text which cannot be stored."""
    app.before_request(lambda: refuse_unstorable(request))


def refuse_unstorable(request: Request) -> None:
    """Raise NotFound for an address, UnprocessableEntity for a field, that cannot be stored."""
    if not is_storable(request.path):
        raise NotFound
    for name, text in _fields(request):
        if not (is_storable(name) and is_storable(text)):
            message = f"The field {name[:40]!r} holds a character that cannot be stored."
            raise UnprocessableEntity(message)


def _fields(request: Request) -> Iterator[tuple[str, str]]:
    yield from request.args.items(multi=True)
    if request.mimetype in FORMS:
        yield from request.form.items(multi=True)
