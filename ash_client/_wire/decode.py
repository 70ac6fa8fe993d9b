"""Answers as typed values. No input or output here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from ash_client._wire.failures import describe, presentable
from ash_client._wire.strict_json import decode
from ash_client.errors import DecodeError

if TYPE_CHECKING:
    import httpx

T = TypeVar("T")
_adapters: dict[Any, TypeAdapter[Any]] = {}


def adapter_of(kind: Any) -> TypeAdapter[Any]:
    """The validator of a type, built when first needed."""
    if kind not in _adapters:
        _adapters[kind] = TypeAdapter(kind)
    return _adapters[kind]


def parse(kind: type[T], response: httpx.Response, *keys: str) -> T:
    """Read an answer's body, or the part of it under ``keys``, as ``kind``.

    Raises:
        DecodeError: It is not JSON, or of another shape.
    """
    what = f"The answer to {describe(response.request)}"
    try:
        payload = decode(response.content, what)
        for key in keys:
            payload = payload[key]
        result: T = adapter_of(kind).validate_python(payload)
    except DecodeError as error:
        error.response = presentable(response, response.content)
        raise
    except (ValidationError, KeyError, TypeError, IndexError) as error:
        message = f"{what} has an unexpected shape: {_explain(error, keys)}"
        fault = DecodeError(message, raw=response.content)
        fault.response = presentable(response, response.content)
        raise fault from error
    return result


def _explain(error: Exception, keys: tuple[str, ...]) -> str:
    if not isinstance(error, ValidationError):
        return f"there is no '{'.'.join(keys)}' in it"
    first = error.errors(include_input=False, include_url=False)[0]
    where = ".".join(str(step) for step in first["loc"])
    return f"{where}: {first['msg']}" if where else first["msg"]
