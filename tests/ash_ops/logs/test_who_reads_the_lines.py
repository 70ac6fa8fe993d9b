"""A wait for more lines ends when nobody reads them any more."""

from __future__ import annotations

import io
import os

import pytest

from ash_ops.logs.output import Output


def test_a_wait_ends_at_once_when_the_reader_of_a_pipe_goes_away() -> None:
    reading, writing = os.pipe()
    with os.fdopen(writing, "wb") as pipe:
        output = Output(pipe)
        output.sleep(0)  # it is read: nothing happens
        output.write("a line\n")
        assert os.read(reading, 99) == b"a line\n"
        os.close(reading)
        with pytest.raises(BrokenPipeError):
            output.sleep(60.0)


def test_where_nobody_can_tell_whether_it_is_read_a_wait_is_a_wait(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    slept: list[float] = []
    monkeypatch.setattr("time.sleep", slept.append)
    Output(io.BytesIO()).sleep(0.25)
    assert slept == [0.25]
