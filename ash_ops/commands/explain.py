"""``explain``: what a message of AWS or Ash means. It asks nobody, so it takes no ports."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

from msgspec import Struct

from ash_ops.commands import Result
from ash_ops.errors import ExitCode, UsageProblem

if TYPE_CHECKING:
    from ash_ops.documents.explanation import Explanations, ListedCause

_LONGEST_PATH: Final = 1_000  # characters
# What ends so and holds no blank is the name of a file, whether it is there or not.
_FILE_ENDS: Final = (".log", ".txt", ".json", ".jsonl", ".yaml", ".yml", ".gz", ".out", ".err")
_PASTE: Final = "Paste the message: ash-ops explain 'CannotPullContainerError: ...'"


class Pasted(Struct, frozen=True, kw_only=True):
    """What is to be explained.

    Attributes:
        words: the arguments: a message, the name of a file or of a cause.
        stream: where a message is read from if there are none; ``None`` where a person would have to type it.
    """

    words: tuple[str, ...] = ()
    stream: BinaryIO | None = None

    def message(self) -> str | bytes:
        """The text, or the bytes of a file or a stream.

        Raises:
            UsageProblem: there is none.
        """
        content = self._given(" ".join(self.words)) if self.words else self._read()
        if not content.strip():
            raise UsageProblem("There is nothing to explain", "the input is empty", _PASTE)
        return content

    def _read(self) -> bytes:
        """What stands on standard input, or in the file of an option."""
        if self.stream is not None:
            return self.stream.read()
        raise UsageProblem(
            "There is nothing to explain",
            "neither a text nor --file was given, and standard input is a terminal",
            _PASTE,
        )

    def _given(self, text: str) -> str | bytes:
        """The words, or what is in the file that they name."""
        if (content := self._file()) is not None:
            return content
        named = text.endswith(_FILE_ENDS) and "://" not in text
        if named and not any(map(str.isspace, text)):
            raise UsageProblem(
                f"There is no file {text}",
                "it ends as a file's name does, and none is there",
                f"Correct its path. {_PASTE}",
            )
        return text

    def _file(self) -> bytes | None:
        """What a file holds, if the text is the name of one that is there."""
        if len(self.words) != 1 or len(self.words[0]) > _LONGEST_PATH or "\n" in self.words[0]:
            return None
        try:
            path = Path(self.words[0])
            return path.read_bytes() if path.is_file() else None
        except (OSError, ValueError):  # a text that cannot be a name
            return None


def explain(pasted: Pasted, format_name: str, width: int = 0) -> Result:
    """Say what each message in a text means; ``width`` is that of the terminal, 0 where there is none.

    Raises:
        UsageProblem: there is nothing to explain.
    """
    from ash_ops.causes.explain import explain
    from ash_ops.report.explanation import lines

    found = explain(pasted.message())
    known = any(entry.cause for entry in found)
    code = ExitCode.OK if known else ExitCode.INCONCLUSIVE
    if format_name == "json":
        document: Explanations = {
            "schema": "ash-ops.explain/1",
            "explanations": [entry.to_json() for entry in found],
        }
        return Result(exit_code=code, render=partial(_indented, document))
    return Result(exit_code=code, render=lambda: "\n".join(lines(found, width)) + "\n")


def batch(stream: BinaryIO, write: Callable[[str], None]) -> Result:
    """Answer JSON lines one by one, as they come; ``write`` gets each answer with its line break."""
    from ash_ops.causes.batch import answers

    code = ExitCode.OK
    for answer, readable in answers(stream):
        write(json.dumps(answer, ensure_ascii=False) + "\n")
        code = code if readable else ExitCode.FAILED
    return Result(exit_code=code)


def listing(format_name: str) -> Result:
    """Every cause of the catalogue."""
    from ash_ops.causes.catalogue import ORDER

    if format_name == "json":
        rows: list[ListedCause] = [
            {"cause": c.slug, "category": c.category, "severity": c.severity, "title": c.title}
            for c in ORDER
        ]
        return Result(exit_code=ExitCode.OK, render=partial(_indented, rows))
    text = "".join(f"{c.slug:32}  {c.title}\n" for c in ORDER)
    return Result(exit_code=ExitCode.OK, render=lambda: text)


def _indented(document: object) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"
