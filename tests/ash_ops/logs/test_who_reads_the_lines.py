"""A wait for more lines ends when nobody reads them any more; how the end of following is told."""

from __future__ import annotations

import io
import os
from typing import Any

import pytest

from ash_ops.logs import command as command_module
from ash_ops.logs.command import LogsCommand
from ash_ops.logs.output import Output
from ash_ops.logs.request import Request
from ash_ops.settings import Options, load


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


class Watch:
    """What looks at the tasks beside the lines: begun, ended, and why the log is over."""

    def __init__(self, *_: Any) -> None:
        self.did: list[str] = []
        self.reason = "the service was deleted"

    def start(self) -> None:
        self.did.append("start")

    def stop(self) -> None:
        self.did.append("stop")

    def ended(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("late", "interrupted", "said"),
    [
        (0, False, ["end of the log: the service was deleted"]),
        (3, False, ["3 lines arrived late and stand out of order", "end of the log: the service was deleted"]),
        (1, True, ["1 lines arrived late and stand out of order"]), (0, True, []),
    ],
)  # fmt: skip
def test_following_tells_at_its_end_how_many_lines_came_late_and_why_it_is_over(
    monkeypatch: pytest.MonkeyPatch, late: int, *, interrupted: bool, said: list[str]
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAFAKEFAKEFAKEFAKE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "fake")
    heard: list[str] = []
    watches: list[Watch] = []

    def drive(tail: Any, *_: Any, ended: Any, **__: Any) -> None:
        assert (tail._late_window, ended()) == (9_000, True)
        tail.late_lines = late
        if interrupted:
            raise KeyboardInterrupt

    monkeypatch.setattr(command_module, "drive", drive)
    monkeypatch.setattr(command_module, "TaskWatch", lambda *_: watches.append(Watch()) or watches[0])  # fmt: skip
    request = Request(follow=True, late_window=4_000, health=True)
    settings = load(Options(env_file=None), {"AWS_REGION": "us-east-1"})
    command = LogsCommand(settings, request, Output(io.BytesIO()), heard.append)
    if interrupted:
        with pytest.raises(KeyboardInterrupt):
            command.run()
    else:
        command.run()
    assert heard == said
    assert watches[0].did == ["start", "stop"]
