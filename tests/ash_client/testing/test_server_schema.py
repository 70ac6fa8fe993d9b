"""The validator: conversions first, then Ajv's messages; it never fails in another way."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ash_client.testing._http.router import Router
from ash_client.testing._http.schema import InvalidError, conform
from ash_client.testing._operations.routes import ROUTES

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("value", "schema", "result"),
    [
        (5, {"type": "string"}, "5"),
        (True, {"type": "string"}, "true"),
        (None, {"type": "string"}, ""),
        ("5", {"type": "integer"}, 5),
        (5.0, {"type": "integer"}, 5),
        ("1.5", {"type": "number"}, 1.5),
        ("true", {"type": "boolean"}, True),
        (0, {"type": "boolean"}, False),
        (None, {"type": "array", "nullable": True}, None),
        ({}, {"type": "object", "properties": {"a": {"default": 3}}}, {"a": 3}),
        ({"b": 1}, {"type": "object", "additionalProperties": {"type": "string"}}, {"b": "1"}),
        ("anything", {}, "anything"),
    ],
)
def test_conversions(value, schema, result):
    assert conform(value, schema, "body") == result


@pytest.mark.parametrize(
    ("value", "schema", "message"),
    [
        ({}, {"type": "object", "required": ["a"]}, "body must have required property 'a'"),
        ([], {"type": "object"}, "body must be object"),
        ({}, {"type": "string"}, "body must be string"),
        ("x", {"type": "integer"}, "body must be integer"),
        (1.5, {"type": "integer"}, "body must be integer"),
        (True, {"type": "integer"}, "body must be integer"),
        ("yes", {"type": "boolean"}, "body must be boolean"),
        (["a", {}], {"type": "array", "items": {"type": "string"}}, "body/1 must be string"),
        ("", {"type": "string", "minLength": 1}, "body must NOT have fewer than 1 characters"),
        ("abc", {"type": "string", "maxLength": 2}, "body must NOT have more than 2 characters"),
        ("x!", {"type": "string", "pattern": "^x$"}, 'body must match pattern "^x$"'),
        ("x", {"type": "string", "format": "uuid"}, 'body must match format "uuid"'),
        ("x", {"enum": ["a"]}, "body must be equal to one of the allowed values"),
        (0, {"type": "integer", "minimum": 1}, "body must be >= 1"),
        (9, {"type": "integer", "maximum": 8}, "body must be <= 8"),
    ],
)
def test_refusals(value, schema, message):
    with pytest.raises(InvalidError) as refused:
        conform(value, schema, "body")
    assert str(refused.value) == message


@given(value=JSON, schema=st.sampled_from([r.body for r in ROUTES if r.body] + [{}]))
def test_any_json_either_fits_or_is_refused_and_what_fits_still_fits(value, schema):
    """Converting twice changes nothing more."""
    try:
        once = conform(value, schema, "body")
    except InvalidError:
        return
    assert conform(once, schema, "body") == once


@given(path=st.text(alphabet="/abci{}%-*0", max_size=30), method=st.sampled_from(["GET", "POST"]))
def test_any_path_finds_one_route_or_none(path, method):
    found = Router(ROUTES).find(method, path)
    assert found is None or found[0].method == method


@pytest.mark.parametrize(
    ("path", "pattern", "params"),
    [
        ("/api/queue/stats", "/api/queue/stats", {}),
        ("/api/queue/1", "/api/queue/{id}", {"id": "1"}),
        ("/api/agents/a%20b", "/api/agents/{name}", {"name": "a b"}),
        ("/api/agents/a/files/x/y", "/api/agents/{name}/files/{*}", {"name": "a", "*": "x/y"}),
        ("/api/agents/a/files", "/api/agents/{name}/files", {"name": "a"}),
    ],
)
def test_the_most_exact_route_wins(path, pattern, params):
    route, found = Router(ROUTES).find("GET", path)
    assert (route.pattern, found) == (pattern, params)
