"""What callers pass, as it goes out: ids, names, paths, messages, files."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from ash_client import InvalidArgument
from ash_client._wire import arguments
from ash_client._wire.upload import JsonBody, batches, decoded_size, size_in_json, upload, written

if TYPE_CHECKING:
    from pathlib import Path

ID = "8d9dceaa-5492-4181-a003-c5b8b32d0637"


# Arguments.


@pytest.mark.parametrize("good", ["a", "a.b", "A_~@:-9", "~x", "x" * 255, UUID(ID)])
def test_an_id_is_taken_as_the_server_gave_it(good: object) -> None:
    assert arguments.id_text(good) == str(good)


@pytest.mark.parametrize(
    "bad", ["", ".a", "a/b", "a b", "a\n", "x" * 256, None, 7, b"a", "../x", "é"]
)
def test_what_is_no_id_is_refused_by_what_it_should_have_been(bad: object) -> None:
    with pytest.raises(InvalidArgument) as caught:
        arguments.id_part(bad, "queue id")
    shown = repr(bad) if len(repr(bad)) <= 60 else repr(bad)[:57] + "..."
    assert str(caught.value) == f"{shown} is not a queue id. Pass the id as the server gave it, for example session.id."  # fmt: skip


def test_names_and_paths_are_quoted_and_never_lead_elsewhere() -> None:
    assert arguments.name_part("a b/c?é") == "a%20b%2Fc%3F%C3%A9"
    assert arguments.file_part("a b/c%/d") == "a%20b/c%25/d"
    assert arguments.id_part("a:b@c") == "a%3Ab%40c"
    for bad in ("", ".", "..", "a\x00", "a\x7f", None, 7):
        with pytest.raises(InvalidArgument) as caught:
            arguments.name_part(bad)
        assert str(caught.value) == f"{bad!r} is not a agent name."
    for bad in ("", "/a", "a//b", "a/../b", "./a", "a/", "a\n", None, 7):
        with pytest.raises(InvalidArgument) as caught:
            arguments.file_part(bad)
        assert str(caught.value) == f"{bad!r} is not the path of a file inside the workspace."
    assert arguments.check_agent_name("a_B-9" * 51) == "a_B-9" * 51
    for bad in ("", "a b", "a.b", "x" * 256, None):
        with pytest.raises(InvalidArgument, match="cannot be an agent's name"):
            arguments.check_agent_name(bad)


def test_what_was_not_given_is_not_sent_and_none_clears_where_it_may() -> None:
    """None is nothing in one and a value in the other."""
    assert arguments.given(a=None, b=0, c="", d=UUID(ID)) == {"b": 0, "c": "", "d": ID}
    assert arguments.sent(a=None, b=arguments.NOT_GIVEN) == {"a": None}
    assert arguments.query(a=None, b=True, c=False, d=7, e=UUID(ID)) == {
        "b": "true",
        "c": "false",
        "d": "7",
        "e": ID,
    }


EITHER = "Pass either message (text) or content (text or a list of content blocks)."


def test_a_message_has_one_content() -> None:
    block = {"type": "text", "text": "x"}
    assert arguments.message_content("hi", None) == arguments.message_content(None, "hi") == "hi"
    assert arguments.message_content(None, [block]) == [block]
    assert arguments.message_content(None, (block, block)) == [block, block]
    refused: list[tuple[Any, Any, str]] = [
        (None, None, EITHER), ("a", "b", EITHER), ("", None, "The message is empty."), (None, "", "The message is empty."),
        (7, None, "message must be text; not int."), (None, [], "content must be text, or a list of blocks such as {'type': 'text', 'text': '...'}; not list."),
        (None, ["x"], "not list."), (None, [block, "x"], "not list."), (None, b"x", "not bytes."), (None, 7, "not int."), ([block], None, "message must be text; not list."),
    ]  # fmt: skip
    for message, content, said in refused:
        with pytest.raises(InvalidArgument) as caught:
            arguments.message_content(message, content)
        assert str(caught.value) == said or (len(said) < 20 and said in str(caught.value)), said


# Files on their way up.


@pytest.mark.parametrize("size", [0, 1, 2, 3, 49_151, 49_152, 49_153, 100_000])
def test_a_file_arrives_as_it_is_and_its_length_is_told_before(size: int, tmp_path: Path) -> None:
    data = bytes(n % 251 for n in range(size))
    path = tmp_path / "file"
    path.write_bytes(data)
    for content in (data, bytearray(data), memoryview(data), path):
        body = JsonBody({"a": upload(content, "x"), "é": [upload(b"y", "y")]})
        text = b"".join(body)
        assert len(text) == body.length
        found = json.loads(text)
        assert base64.b64decode(found["a"]) == data
        assert base64.b64decode(found["é"][0]) == b"y"
        assert b"".join(body) == text  # sent again after a failure
        assert "\u00e9".encode() in text


def test_a_file_that_changed_meanwhile_is_not_sent_as_if_it_were_whole(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"x" * 10)
    body = upload(path, "x")
    for other in (b"x" * 9, b"x" * 11, b"x" * 60_000):
        path.write_bytes(other)
        with pytest.raises(InvalidArgument, match="changed while it was being sent"):
            list(body.pieces())
    path.unlink()
    with pytest.raises(InvalidArgument, match="cannot be read: No such file"):
        list(body.pieces())
    for bad, said in (
        (tmp_path, "is not a file."),
        (7, "x: the content must be bytes, text or a path, not int."),
        ("\ud800", "cannot be written as UTF-8"),
    ):
        with pytest.raises(InvalidArgument, match=said):
            upload(bad, "x")


def test_what_json_has_no_word_for_is_not_sent() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        JsonBody({"a": float("nan")})
    with pytest.raises(TypeError, match="Object of type set is not JSON serializable"):
        JsonBody({"a": {1}})


def test_a_small_body_is_put_together_and_a_large_one_read_as_it_is_sent() -> None:
    for size, at_once in ((100, True), (786_000, True), (790_000, False)):
        made = written({"a": upload(b"x" * size, "x")})
        assert isinstance(made, bytes) is at_once, size


@pytest.mark.parametrize(
    ("sizes", "most_bytes", "most_files", "groups"),
    [
        ([], 10, None, []), ([4, 6], 10, None, [2]), ([4, 7], 10, None, [1, 1]), ([20], 10, None, [1]), ([20, 1], 10, None, [1, 1]), ([1, 20, 1], 10, None, [1, 1, 1]),
        ([1] * 5, 10, 2, [2, 2, 1]), ([5, 5, 5, 5], 10, 9, [2, 2]), ([10, 10], 20, 1, [1, 1]),
    ],
)  # fmt: skip
def test_files_go_in_as_few_requests_as_the_server_takes(
    sizes: list[int], most_bytes: int, most_files: int | None, groups: list[int]
) -> None:
    files = [{"path": str(n), "content": upload(b"x" * size, "x")} for n, size in enumerate(sizes)]
    made = list(batches(files, most_bytes, decoded_size, most_files))
    assert [len(group) for group in made] == groups
    assert [file for group in made for file in group] == files
    for file in files:
        assert size_in_json(file) == len(b"".join(JsonBody(file))) + 1
