"""Write docs/api out of the SDK's own docstrings and signatures."""

from __future__ import annotations

import inspect
import re
import textwrap
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any, get_args

import ash_client.agents
import ash_client.chat
import ash_client.errors
import ash_client.events
import ash_client.models
import ash_client.testing
from ash_client import AshClient, Clock, MessageStream, RawResponse
from ash_client._options import RequestOptions
from ash_client._sync import resources
from ash_client.chat import Chat

ROOT = Path(__file__).resolve().parent.parent
FOLDER = "docs/api"
WIDTH = 96
_SECTION = re.compile(r"^(Args|Raises|Attributes|Returns):$")
_ENTRY = re.compile(r"^    ([\w.*]+): (.*)$")


@dataclass(frozen=True)
class Page:
    """A page of the reference."""

    name: str
    title: str
    text: str


def pages() -> list[Page]:
    """All pages."""
    return [
        Page("client", "AshClient and AsyncAshClient", client_page()),
        Page("streams", "Streams and conversations", streams_page()),
        Page("events", "Events", module_page(ash_client.events, union=True)),
        Page("models", "Models", module_page(ash_client.models)),
        Page("errors", "Errors", module_page(ash_client.errors)),
        Page("agents", "Agents' folders", module_page(ash_client.agents)),
        Page("testing", "Testing", module_page(ash_client.testing)),
    ]


def client_page() -> str:
    """The client: its options, then its operations by what they are about."""
    call = parts_of(ash_client._options.CallOptions)["Attributes"]
    options = "".join(entries({**call, **parts_of(RequestOptions)["Attributes"]}))
    parts = [
        "`AsyncAshClient` has the same methods, to be awaited; its streams and conversations are entered with "
        "`async with`.\n\nEvery operation takes, beside what is listed:\n\n" + options,
        class_section(AshClient, methods=("with_options", "close", "session")),
    ]
    for resource, methods in operations().items():
        group = getattr(resources, resource.title().replace("_", "") + "Resource")
        parts.append(f"## client.{resource}\n\n{group.__doc__}\n")
        parts += [operation_section(resource, name, flat) for name, flat in methods.items()]
    parts.append("## client.with_raw_response\n\n" + prose(resources.WithRawResponse.__doc__ or ""))
    parts += [class_section(RawResponse, level=3), class_section(Clock)]
    return "\n".join(parts)


def operations() -> dict[str, dict[str, str]]:
    """The flat name of each operation by resource and name there."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for kind in reversed(AshClient.__mro__):
        for flat, method in vars(kind).items():
            if hasattr(method, "operation"):
                resource, name, _ = method.operation
                found[resource][name] = flat
    return dict(found)


def operation_section(resource: str, name: str, flat: str) -> str:
    """One operation under both its names."""
    method = getattr(AshClient, flat)
    head = f"### {flat}\n\nAlso `client.{resource}.{name}`.\n\n"
    return head + signature_block(flat, method) + documentation(method)


def streams_page() -> str:
    """What reading an answer gives."""
    kinds = (MessageStream, Chat, ash_client.chat.Reply)
    return "\n".join(class_section(kind) for kind in kinds)


def module_page(module: Any, *, union: bool = False) -> str:
    """Every public name of a module."""
    parts = [prose(inspect.getdoc(module) or "")]
    for name in module.__all__:
        member = getattr(module, name)
        if inspect.isclass(member):
            parts.append(class_section(member))
        elif inspect.isfunction(member):
            parts.append(f"## {name}\n\n{signature_block(name, member)}{documentation(member)}")
        elif union and get_args(member):
            kinds = ", ".join(f"`{kind.__name__}`" for kind in get_args(member))
            parts.append(f"## {name}\n\nThe union of {kinds}: what iterating a stream yields.\n")
        elif get_args(member):
            parts.append(f"## {name}\n\n```text\n{name} = {plain(str(member))}\n```\n")
    return "\n".join(parts)


def class_section(kind: type, *, level: int = 2, methods: tuple[str, ...] | None = None) -> str:
    """A class: what it is, how it is made, what it has."""
    bases = [
        b.__name__
        for b in kind.__bases__
        if b.__module__.startswith("ash_client") and b.__name__[0] != "_"
    ]
    after = f"({', '.join(bases)})" if bases and methods is None else ""
    parts = [f"{'#' * level} {kind.__name__}{after}\n"]
    fields_shown = list(field_lines(kind))
    if (
        not fields_shown
        and "__init__" in vars(kind)
        and not issubclass(kind, BaseException | ash_client.events.BaseEvent)
    ):
        parts.append(signature_block(kind.__name__, kind.__init__))
    parts.append(documentation(kind))
    if issubclass(kind, ash_client.events.BaseEvent):
        parts += [tags(kind)]
    if fields_shown:
        parts.append("| field | type |\n| --- | --- |\n" + "".join(fields_shown))
    for name, member in members(kind):
        if methods is None or name in methods:
            parts.append(member_section(name, member, level + 1))
    return "\n".join(part for part in parts if part)


def tags(kind: type) -> str:
    """The literal names a type checker tells an event by."""
    told = {n: getattr(kind, n, None) for n in ("event", "type")}
    shown = [f"`{name}` is `{value!r}`" for name, value in told.items() if isinstance(value, str)]
    return f"{', '.join(shown)}.\n" if shown else ""


def field_lines(kind: type) -> Iterator[str]:
    """A row of the table for each field of a model or a data class."""
    model: dict[str, Any] = getattr(kind, "model_fields", {})
    for name, field in model.items():
        if name in kind.__annotations__:
            yield f"| `{name}` | `{cell(field.annotation)}` |\n"
    if is_dataclass(kind):
        for found in fields(kind):
            yield f"| `{found.name}` | `{cell(found.type)}` |\n"


def cell(annotation: Any) -> str:
    """A type inside a table, where a bar would end the cell."""
    text = annotation if isinstance(annotation, str) else type_text(annotation)
    return plain(text).replace("|", "\\|")


def type_text(annotation: Any) -> str:
    """A type as it is written."""
    return (
        annotation.__name__
        if isinstance(annotation, type) and not get_args(annotation)
        else str(annotation)
    )


def plain(text: str) -> str:
    """A type without the modules its parts come from, and without what only pydantic reads."""
    text = text.replace("_SessionId", "str | None")
    text = re.sub(r"Annotated\[(.*?), (?:Field|WrapValidator).*\]$", r"\1", text)
    return re.sub(r"\b(?:typing|datetime|ash_client)\.(?:\w+\.)*|<class '|'>", "", text)


def members(kind: type) -> Iterator[tuple[str, Any]]:
    """A class's own public methods and properties."""
    for name, member in list(vars(kind).items()):
        inner = member.fget if isinstance(member, property) else getattr(member, "__func__", member)
        if not name.startswith("_") and inspect.isfunction(inner):
            yield name, member
    if kind is AshClient:
        yield from ((n, getattr(kind, n)) for n in ("session", "with_options", "close"))


def member_section(name: str, member: Any, level: int) -> str:
    """A method or a property."""
    if isinstance(member, property) and member.fget is not None:
        returned = inspect.signature(member.fget).return_annotation
        return f"{'#' * level} {name}\n\n`{plain(str(returned))}`. {documentation(member)}"
    function = getattr(member, "__func__", member)
    return f"{'#' * level} {name}\n\n{signature_block(name, function)}{documentation(function)}"


def signature_block(name: str, function: Callable[..., Any]) -> str:
    """The signature as code, one parameter a line where it is long."""
    signature = inspect.signature(function)
    shown, keyword_only = [], False
    for parameter in signature.parameters.values():
        if parameter.name == "self":
            continue
        if parameter.kind is parameter.KEYWORD_ONLY and not keyword_only:
            keyword_only = True
            shown.append("*")
        if "RequestOptions" not in str(parameter.annotation):
            shown.append(parameter_text(parameter))
    returned = signature.return_annotation
    nothing = returned in (inspect.Signature.empty, "None") or name[0].isupper()
    end = "" if nothing else f" -> {plain(str(returned))}"
    line = f"{name}({', '.join(shown)}){end}"
    if len(line) > WIDTH:
        line = f"{name}(\n" + "".join(f"    {text},\n" for text in shown) + f"){end}"
    return f"```py\n{line}\n```\n\n"


def parameter_text(parameter: inspect.Parameter) -> str:
    """A parameter as it is written; a default that is a function is shown by its name."""
    kinds = inspect.Parameter
    many: dict[int, str] = {kinds.VAR_KEYWORD: "**", kinds.VAR_POSITIONAL: "*"}
    stars = many.get(parameter.kind, "")
    annotation = parameter.annotation
    text = annotation if isinstance(annotation, str) else type_text(annotation)
    default = parameter.default
    if default is parameter.empty:
        return f"{stars}{parameter.name}: {plain(text)}"
    shown = default.__name__ if callable(default) else repr(default)
    return f"{parameter.name}: {plain(text)} = {shown}"


def documentation(member: Any) -> str:
    """A docstring as Markdown."""
    parts = parts_of(member)
    text = prose("\n".join(parts.pop("", {}).values()))
    for title, listed in parts.items():
        if title in ("Args", "Raises") or listed:
            text += f"\n{'' if title == 'Attributes' else f'**{title}**'}\n\n" + "".join(
                entries(listed)
            )
    return text


def parts_of(member: Any) -> dict[str, dict[str, str]]:
    """A docstring's text under "", and the entries of each of its sections."""
    parts: dict[str, dict[str, str]] = {"": {"": ""}}
    title, last = "", ""
    for line in (inspect.getdoc(member) or "").splitlines():
        section, entry = _SECTION.match(line), _ENTRY.match(line)
        if section:
            title, last = section[1], ""
            parts[title] = {}
        elif title and entry:
            last = entry[1]
            parts[title][last] = entry[2]
        elif title and last and line.strip():
            parts[title][last] += " " + line.strip()
        elif not title:
            parts[""][""] += line + "\n"
    return parts


def entries(listed: dict[str, str]) -> Iterator[str]:
    """A section's entries as a list."""
    yield from (f"* `{name}`: {marked(text)}\n" for name, text in listed.items())


def prose(text: str) -> str:
    """Text of a docstring: what stands indented behind ``::`` becomes a block of code."""
    text = re.sub(r"(?m)^::\n\n((?:    .*\n|\n)+)", block, text)
    return marked(text).strip() + "\n"


def block(match: re.Match[str]) -> str:
    """An indented example as a block of code."""
    language = "text" if "├" in match[1] else "py"
    return f"```{language}\n{textwrap.dedent(match[1]).strip()}\n```\n\n"


def marked(text: str) -> str:
    """The marks of reStructuredText as those of Markdown."""
    text = re.sub(r":\w+:`~?(?:[\w.]+\.)?(\w+)`", r"`\1`", text)
    return re.sub(r"(?<!`)``(?!`)", "`", text)


def files() -> dict[str, str]:
    """Every page by its path below the project."""
    found = pages()
    listed = "".join(f"* [{page.title}]({page.name}.md)\n" for page in found)
    intro = (
        "# API reference\n\nWritten by `make generate` from the docstrings. The guide is [the SDK](../sdk.md); "
        f"whole programs are in [the recipes](../recipes.md).\n\n{listed}"
    )
    texts = {f"{FOLDER}/{page.name}.md": f"# {page.title}\n\n{page.text}" for page in found}
    texts[f"{FOLDER}/index.md"] = intro
    return {path: re.sub(r"\n{3,}", "\n\n", text).rstrip() + "\n" for path, text in texts.items()}
