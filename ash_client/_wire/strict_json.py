"""JSON as the server writes it: fast where it is well-formed UTF-8, patient where JavaScript is not."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from pydantic_core import from_json

from ash_client.errors import DecodeError


def decode(data: bytes, what: str) -> Any:
    r"""Decode ``data``.

    JavaScript may cut a character outside the basic plane in two and write each half as a lone ``\udXXX`` escape; the
    strict parser refuses that, the standard library's does not.

    Raises:
        DecodeError: It is not JSON.
    """
    try:
        return from_json(data, allow_inf_nan=False)
    except ValueError:
        return _decode_leniently(data, what)


def _decode_leniently(data: bytes, what: str) -> Any:
    try:
        return json.loads(data.decode("utf-8", "replace"), parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        shown = data[:200].decode("utf-8", "replace")
        message = f"{what} is not JSON ({error}): {shown!r}"
        raise DecodeError(message, raw=data) from None


def _refuse(constant: str) -> NoReturn:
    message = f"{constant} is not JSON"
    raise ValueError(message)
