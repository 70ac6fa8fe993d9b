"""The global options of this command line, in the commands of ash-ops that it advises.

Somebody who typed ``ash-ops --name second stop`` and is told that ``ash-ops start`` starts it again
pastes that: without the name it would start another deployment.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import Any, Final

from ash_ops.patterns import regex

# A command in backquotes; with an option before its name it says already which deployment it is about.
_COMMAND: Final = regex(
    r"(?P<before>`[^`\n]*?\bash-ops )(?P<name>[a-z][a-z-]*)(?P<rest>[^`\n]*)(?=`)"
)
# What is the same for every deployment.
_OF_NO_DEPLOYMENT: Final = frozenset({"completion", "demo", "explain", "skill", "template"})


def with_given(text: str, options: Mapping[str, Any]) -> str:
    """A text whose commands are about the deployment that this command line is about.

    Args:
        text: what is told; commands of ash-ops stand in backquotes.
        options: the global options that were given, by their names in Python.
    """
    given = {name: value for name, value in options.items() if name != "verbose"}
    if not given or "`" not in text:
        return text
    return _COMMAND.sub(lambda found: _about_the_same(found.groupdict(), given), text)


def _about_the_same(found: Mapping[str, str], given: Mapping[str, Any]) -> str:
    words = found["rest"].split()
    added = "".join(
        f"--{name.replace('_', '-')} {shlex.quote(str(value))} "
        for name, value in given.items()
        if found["name"] not in _OF_NO_DEPLOYMENT and f"--{name.replace('_', '-')}" not in words
    )
    return f"{found['before']}{added}{found['name']}{found['rest']}"
