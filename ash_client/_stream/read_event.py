"""From the bytes of one server-sent event to its typed object. No input or output here."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any, cast

from pydantic import TypeAdapter, ValidationError

from ash_client._log import logger
from ash_client._wire.strict_json import decode
from ash_client.events import (
    KNOWN,
    TYPE_FIRST,
    AssistantMessage,
    BaseEvent,
    Event,
    MessageEvent,
    ResultMessage,
    StreamEventMessage,
    SystemMessage,
    UnexpectedPayloadWarning,
    UnknownEvent,
    UnknownMessage,
    UserMessage,
)

if TYPE_CHECKING:
    from collections.abc import Callable

_MESSAGES: dict[str, type[MessageEvent]] = {
    kind.type: kind
    for kind in (AssistantMessage, UserMessage, ResultMessage, SystemMessage, StreamEventMessage)
}
# Built when first needed: pydantic takes longer to make these than to import.
_readers: dict[bytes, Callable[[bytes], Event]] = {}
_set_raw = vars(BaseEvent)["raw"].__set__  # the slot's own setter, the fastest way in
_STREAM_EVENT = b'{"type":"stream_event"'
_ASSISTANT = b'{"type":"assistant"'


def read_event(name: bytes, data: bytes) -> Event:
    """Make the typed event of one server-sent event.

    A ``message`` that begins and ends as the server writes them is decoded only when read; every other known event is
    decoded and checked here.

    Raises:
        DecodeError: A known event's payload is not JSON.
    """
    if name == b"message":
        # The two that come by the thousand here: a table would cost half as much again.
        if data.startswith(_STREAM_EVENT) and data.endswith(b"}"):
            return StreamEventMessage(data)
        if data.startswith(_ASSISTANT) and data.endswith(b"}"):
            return AssistantMessage(data)
        return _read_message(data)
    reader = _readers.get(name) or _reader_of(name)
    if reader is None:
        return UnknownEvent(name.decode("utf-8", "replace"), data)
    try:
        event = reader(data)
    except ValidationError:
        return _read_odd_payload(name, data)
    _set_raw(event, data)
    return event


def _reader_of(name: bytes) -> Callable[[bytes], Event] | None:
    kind = KNOWN.get(name)
    if kind is None:
        return None
    _readers[name] = TypeAdapter(kind).validator.validate_json
    return _readers[name]


def _read_message(data: bytes) -> Event:
    """Choose a message's class by its type; the payload stays as it is where it looks like the server's own."""
    match = TYPE_FIRST.match(data)
    if match and data.endswith(b"}"):
        return _message(match[1].decode(), data)
    payload = decode(data, "the payload of a 'message' event")
    kind = payload.get("type") if isinstance(payload, dict) else None
    return (
        _message(kind, data) if isinstance(kind, str) else _unexpected("message", data, "no type")
    )


def _message(kind: str, data: bytes) -> Event:
    return cast("Event", _MESSAGES.get(kind, UnknownMessage)(data))


def _read_odd_payload(name: bytes, data: bytes) -> Event:
    """The strict reader refused it: JSON of another shape, JSON only JavaScript would write, or no JSON at all."""
    event = name.decode()
    payload = decode(data, f"the payload of a {event!r} event")
    try:
        return _read_leniently(KNOWN[name], payload, data)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(str(step) for step in first["loc"])
        return _unexpected(event, data, f"{where}: {first['msg']}" if where else first["msg"])


def _read_leniently(kind: type[BaseEvent], payload: Any, data: bytes) -> Event:
    """Half a surrogate pair is no valid text to the strict reader; show it as the replacement character."""
    event: BaseEvent = TypeAdapter(kind).validate_python(_without_lone_surrogates(payload))
    _set_raw(event, data)
    return cast("Event", event)


def _without_lone_surrogates(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, dict):
        return {_without_lone_surrogates(k): _without_lone_surrogates(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_without_lone_surrogates(item) for item in value]
    return value


def _unexpected(event: str, data: bytes, why: str) -> UnknownEvent:
    """Keep it, and tell it once; what is in it is the application's own affair and is not told."""
    message = f"The payload of a {event!r} event has an unexpected shape ({why}); it is kept as an UnknownEvent."
    try:
        warnings.warn(message, UnexpectedPayloadWarning, stacklevel=2)
    except UnexpectedPayloadWarning:
        logger.warning("%s", message)  # under ``-W error`` a warning would break the stream
    return UnknownEvent(event, data)
