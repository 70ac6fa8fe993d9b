"""The few commands a stand-in sandbox understands; nothing is ever run on this machine."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass

from ash_client.testing._model.state import StoredFile


@dataclass
class Result:
    """What a command left."""

    exit_code: int = 0
    stdout: str = ""
    stderr: str = ""


def run(command: str, files: dict[str, StoredFile], now: str) -> Result:
    """Run ``echo``, ``printf %s``, ``cat``, ``ls``, ``pwd``, ``true``, ``false``, ``exit`` and ``sleep``.

    Commands may be joined by ``;`` and write to a file with ``>`` or to stderr with ``>&2``; the
    last may be ``exec /bin/sh -c '...'``. Anything else is ``command not found``, 127.
    """
    result = Result()
    command, shell, inner = command.partition("; exec /bin/sh -c ")
    if shell:
        before, after = run(command, files, now), run("".join(shlex.split(inner)), files, now)
        stdout, stderr = before.stdout + after.stdout, before.stderr + after.stderr
        return Result(after.exit_code, stdout, stderr)
    try:
        commands = [shlex.split(part) for part in re.split(r"[;\n]", command)]
    except ValueError:
        return Result(2, stderr="/bin/sh: 1: Syntax error: Unterminated quoted string\n")
    for words in commands:
        if words and not _step(words, files, now, result):
            break
    return result


def _step(words: list[str], files: dict[str, StoredFile], now: str, result: Result) -> bool:
    """One command; whether the next is to be run."""
    if words[0] == "exit":
        _exit(words[1:], result)
        return False
    to_stderr = ">&2" in words
    words = [word for word in words if word != ">&2"]
    target = words[words.index(">") + 1] if ">" in words[:-1] else None
    words = words[: words.index(">")] if ">" in words else words
    result.exit_code, output, error = _output(words, files)
    result.stderr += error
    if target is not None:
        files[target] = StoredFile(output.encode(), now)
    elif to_stderr:
        result.stderr += output
    else:
        result.stdout += output
    return True


def _output(words: list[str], files: dict[str, StoredFile]) -> tuple[int, str, str]:
    """A command's exit code, output and complaint."""
    name, args = words[0], words[1:]
    simple = {
        "true": (0, "", ""),
        "false": (1, "", ""),
        "sleep": (0, "", ""),
        "pwd": (0, "/workspace\n", ""),
        "printf": (0, "".join(args[1:]), ""),
        "echo": (0, " ".join(args) + "\n", ""),
        "ls": (0, "".join(f"{path}\n" for path in sorted(files)), ""),
    }
    if name == "cat":
        missing = [path for path in args if path not in files]
        text = "".join(files[p].content.decode("utf-8", "replace") for p in args if p in files)
        error = "".join(f"cat: {path}: No such file or directory\n" for path in missing)
        return int(bool(missing)), text, error
    return simple.get(name, (127, "", f"/bin/sh: 1: {name}: not found\n"))


def _exit(args: list[str], result: Result) -> None:
    code = args[0] if args else str(result.exit_code)
    if code.isdecimal():
        result.exit_code = int(code) % 256
    else:
        result.exit_code = 2
        result.stderr += f"/bin/sh: 1: exit: Illegal number: {code}\n"
