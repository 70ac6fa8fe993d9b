"""``docs/parameters.md``, generated from the templates: what can be chosen, and what is taken otherwise."""

from __future__ import annotations

from collections.abc import Iterator

from ash_ops.template_parameters import (
    LISTS,
    MODES,
    SOURCES,
    SWITCHES,
    Parameter,
    bundled_parameters,
    default_text,
    in_either,
)

_HEAD = """<!-- Generated from the templates by `make generate`. -->

# The parameters of a deployment

Each is declared in the templates and nowhere else: `ash-ops deploy --help`, the checks before a deployment and
`ash-ops cost` read names, defaults and allowed values from there. An option is nearer than a variable, and what is
not given stays as the stack has it. A value that the template does not allow is refused before AWS is asked. With
`--template DIR` your own templates' defaults and values count.

A row without an option is set by `ash-ops deploy` itself, or left at its default.

| parameter | option | variable | default | values | meaning |
| --- | --- | --- | --- | --- | --- |
"""


def files() -> dict[str, str]:
    """The page by its path below the project."""
    return {"docs/parameters.md": page()}


def page() -> str:
    """The page: one row a parameter, those of both templates first."""
    names = dict.fromkeys(name for mode in MODES for name in bundled_parameters(mode))
    return _HEAD + "".join(f"| {' | '.join(_row(name))} |\n" for name in names)


def _row(name: str) -> Iterator[str]:
    parameter = in_either(name)
    option, variable = SOURCES.get(name) or LISTS.get(name) or ("", "")
    options = [f"--{word}" for word in SWITCHES.get(name, (option.replace("_", "-"),)) if word]
    yield f"`{name}`"
    yield "`--name`" if name == "Name" else ", ".join(f"`{option}`" for option in options)
    yield f"`{variable}`" if variable else ""
    yield f"`{default_text(name)}`" if default_text(name) else _without(parameter)
    yield _values(parameter).replace("|", r"\|")
    only = [mode for mode in MODES if name in bundled_parameters(mode)]
    where = f"{only[0]} only: " if len(only) == 1 else ""
    yield f"{where}{' '.join(parameter.description.split())}".replace("|", r"\|")


def _without(parameter: Parameter) -> str:
    return "none" if parameter.default == "" else "found, or must be given"


def _values(parameter: Parameter) -> str:
    if parameter.name in SWITCHES:
        return ""
    if parameter.allowed:
        return ", ".join(map(parameter.shown, parameter.allowed))
    return parameter.range or parameter.constraint
