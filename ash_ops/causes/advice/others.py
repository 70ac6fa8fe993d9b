"""Whose program or deployment a text speaks of, and hence which commands may be told: Ash's own do nothing elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from msgspec.structs import replace

from ash_ops.causes.base import Step
from ash_ops.patterns import regex

OWN: Final = r"\bash-ops (?:--[a-z-]{2,20} \S{1,100} ){0,4}"
"""How a command of this tool begins, with the options that name the deployment."""
_ASHS: Final = regex(
    r"(?<![A-Za-z0-9])(?<!\bbin/)(?:ash(?![a-z0-9])|Ash(?![a-z])|ASH(?![A-Z]))|(?<!\d)4100(?!\d)|\[(?:db|server|pool)\]|\[sandbox[\]:]|/app/node_modules/better-sqlite3/|(?<![\w/])/data/(?:ash\.db|agents|sandboxes|sessions)\b"
)
"""What a deployment of Ash has in the names of what it made, unless somebody chose others, and what begins its lines; where its image
keeps its database's driver, and where it keeps its data.

In ``/bin/ash`` it is the shell of Alpine.
"""
_LOG_ROUTER: Final = regex(r"(?i)\bfluent[ -]?bit\b")
"""It ends beside the server, and its lines are not in the server's log."""
_ASH: Final = regex(r"(?i)\bash\b")
_OF_ALL: Final = frozenset(("host-and-port", "instance", "port", "region", "registry-host", "zone"))
"""Names that tell nothing of whose deployment it is."""
_LISTED: Final = regex(
    r"(?:\bresource\(s\) failed to (?:create|update|delete): \[[^\]\n]{0,400}?|\b[Rr]esource [Nn]ame: \w{0,80}?)"
    r"(?:\bMy[A-Z]|[0-9A-F]{8}\b|Lambda|Dynamo|ApiGateway)"
)
"""Resources that no template of this tool has; their tool's hash ends the names of many."""
_OTHERS_CODE: Final = regex(
    r"(?i)\b(?:typeorm|prisma|django|sqlalchemy|npgsql|jdbc|hibernate|sequelize|laravel|activerecord|gorm|mongoose|spring|aws-sdk|ecto|panicked at|httpclient|http\.rb|http::connectionerror|mongo\w{0,30}|litellm|openrouter|upstream|gateway|curl error|postmaster|authentication failed against database server)\b|\b(?:mysql|mariadb)://|\bport '?(?:80|443|3000|8000|8080)\b|://user(?:name)?:pass"
)
"""What other programs are made with, or stand behind; an address that is only a pattern."""
_OWN_COMMAND: Final = regex(OWN)
_DEPLOYS_NOW: Final = regex(rf"{OWN}(?:deploy(?! --plan)|rollout|rollback)\b")
_ABOUT_ASH: Final = regex(r"\bASH_[A-Z]|\ba deployment of Ash\b|\b[Tt]he doctor\b|\b4100\b")
"""What a step says that nobody can do who does not run Ash."""
_BARE: Final = 240
"""Characters of a text that may be of anybody's deployment, so of Ash's."""
_BEGINNING: Final = 100_000
"""Characters of a text in which a deployment is looked for."""


@lru_cache(maxsize=8)
def names_ash(pasted: str) -> bool:
    """Whether a whole text, as it was pasted, shows that Ash or its deployment is meant."""
    text = pasted[:_BEGINNING]
    if _LOG_ROUTER.search(text) and not _ASH.search(text):
        return False
    return _ASHS.search(text) is not None


def is_nobodys(pasted: str, names: Mapping[str, str], *, length: int = _BARE) -> bool:
    """Whether a text is so short and bare that it may be of Ash's deployment as well as of any other."""
    if len(pasted.strip()) > length or not names.keys() <= _OF_ALL:
        return False
    if _OTHERS_CODE.search(pasted):
        return False
    return _LISTED.search(pasted) is None


def of_any_task(steps: list[Step], pasted: str) -> list[Step]:
    """Steps for a text that need not be of Ash: none that deploys it, if another one is left."""
    if names_ash(pasted):
        return steps
    return [step for step in steps if not _DEPLOYS_NOW.search(step.command)] or steps


def is_own(step: Step) -> bool:
    """Whether a step is done with a command of this tool."""
    return _OWN_COMMAND.search(step.command) is not None


def elsewhere(steps: list[Step], instead: tuple[Step, ...], *, bare: bool) -> list[Step]:
    """Steps for a text that does not show Ash: in place of those for any message, what others can do.

    Args:
        steps: what the text asks for.
        instead: what the cause has for other programs and deployments.
        bare: whether the text may be of Ash as well, so that its steps are told, too, behind the others.
    """
    if any(step.when for step in steps):
        told = steps if bare else [s for s in map(_in_others_words, steps) if s.why]
        return [replace(s, command="") if s.when and is_own(s) else s for s in told]
    if not instead:
        return steps
    also = [step for step in steps if is_own(step) and "4100" not in step.why] if bare else []
    return [*instead, *also]


_ONLY_ASHS: Final = regex(
    r"; in Ash's, [^;]{1,200}$| \(Ash(?:: | with | on )[^)]{1,60}\)|^A deployment of Ash has .{1,200}$"
)
"""What a step says to those who run Ash alone."""


def _in_others_words(step: Step) -> Step:
    """A step that a text asks for, without what it says to those who run Ash."""
    why = _ONLY_ASHS.sub("", step.why).replace("ASH_DATABASE_URL", "the URL that the program has")
    return step if why == step.why else replace(step, why=why)


def without_ashs(steps: list[Step]) -> list[Step]:
    """Steps without the commands of this tool, and without what nobody can do who does not run Ash."""
    kept = [s for s in steps if not (is_own(s) and _ABOUT_ASH.search(s.why))]
    return [replace(s, command="") if is_own(s) else s for s in kept or steps]


def seen_elsewhere(steps: list[Step], *, bare: bool) -> list[Step]:
    """Look-ups for a text that does not show Ash: without this tool's, unless the text may be of Ash as well."""
    kept = [step for step in steps if not is_own(step) and not _ABOUT_ASH.search(step.why)]
    return steps if bare and not kept else kept
