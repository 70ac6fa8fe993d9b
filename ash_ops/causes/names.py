"""The names a message holds, for the commands that prove and repair its cause.

A name comes from an ARN, from a field, from an option of the command line that was pasted, from
quotes or brackets, or from a place that AWS's own wording keeps for a name; never out of prose.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from ash_ops.causes.advice.linked_roles import linked_roles
from ash_ops.causes.advice.places import composed
from ash_ops.causes.advice.policies import STATEMENTS, UNNAMED, of_a_stream, of_no_arn, policy
from ash_ops.causes.advice.refused_calls import refused_call
from ash_ops.causes.reading.whole import Pasted
from ash_ops.patterns import regex

_MOST: Final = 40_000
"""Characters in which names are looked for."""
_SAFE: Final = regex(r"[\w.:/@#+=,-]{1,400}")
"""What may stand in a command line without quotes."""

_WITHOUT_BLANK: Final = r"(?![\w.:/@#+=*<>{}$\[%-])"
"""What does not follow a name that is whole: the rest of it, or a blank to fill in (``<account>``, ``${name}``)."""
_ARN: Final = regex(
    r"arn:aws[a-z-]{0,10}:([a-z0-9-]{2,30}):([a-z0-9-]{0,20}|\*{3}):(\d{12}|\*{3}|):([\w.:/@#+=*-]{1,300})"
    rf"{_WITHOUT_BLANK}"
)
"""GitHub prints stars for an account, or a region, that is a secret of the repository: the names behind them count."""
_NOBODY: Final = frozenset(("null", "none", "undefined", "nil"))
"""What stands in the place of a name that was never set."""
_ANOTHERS: Final = regex(r"(?i)already exists in stack[ '\"]{1,3}$")
"""What stands in front of a stack that has what one's own was to make: that one is not to be changed."""
_LAST: Final = ".,:;"
_USER: Final = regex(
    rf"User:? {{1,3}}(arn:aws[a-z-]{{0,10}}:(?:iam|sts)::(?:\d{{12}}|\*{{3}}):[\w./@+=,-]{{1,200}}){_WITHOUT_BLANK}"
)
_ACTION: Final = regex(r"(?:perform:? ?|API: |permission to call )([a-z0-9-]{2,40}:[A-Za-z]{3,60})")
_RESOURCE: Final = regex(
    rf"on resource: ?\"?(arn:aws[a-z-]{{0,10}}(?::[\w-]{{0,40}}){{2}}:(?:\d{{12}}|aws|\*|):[\w.:/@#+=*-]{{1,300}}){_WITHOUT_BLANK}"
)
_OF_NAME: Final = regex(r"on resource: ?\"?(?!arn:)([A-Za-z][\w/+=.@-]{1,200})(?![\w*<>{}$])")
"""Secrets Manager names a secret as the call did, which need not be its ARN."""
_OF_ARN: Final = regex(r"on resource: ?\"?(?:arn:|\$)")
_FIELDS: Final = {
    "serviceName": "service",
    "clusterName": "cluster",
    "stackName": "stack",
    "logGroupName": "log-group",
    "awslogs-group": "log-group",
    "loadBalancerName": "load-balancer-name",
    "family": "family",
    "image": "image",
    "roleName": "role",
    "logStreamName": "log-stream",
}
_FIELD: Final = regex(
    rf"""(?i)["']?\b({"|".join(_FIELDS)})["']?\s{{0,3}}[:=]\s{{0,3}}["']([^"'\s]{{1,300}})["']"""
)
_OPTIONS: Final = {
    "cluster": "cluster",
    "service": "service",
    "services": "service",
    "service-name": "service",
    "task": "task",
    "tasks": "task",
    "stack-name": "stack",
    "log-group-name": "log-group",
    "task-definition": "family",
    "target-group-arn": "target-group",
    "load-balancer-arn": "load-balancer",
    "role-name": "role",
    "secret-id": "secret",
    "profile": "profile",
    "region": "region",
}
_OPTION: Final = regex(
    # "with the --region flag" names none.
    rf"""(?<!\S)--({"|".join(_OPTIONS)})[ =]{{1,2}}["']?(?!(?:flag|option|parameter|argument|switch|value|or|and|is|to|in|with)\b)([\w/][\w.:/@#+=,-]{{0,300}})"""
)
_TAIL: Final = regex(r"aws logs tail {1,2}([\w./#-]{1,300})")
_CALLED: Final = regex(r"(?:curl|wget|http) [^\n]{0,120}?https?://([A-Za-z0-9.-]{3,200})")
_BALANCER: Final = regex(
    r"\b((?:internal-)?[A-Za-z0-9-]{3,100}\.elb\.[a-z0-9-]{5,20}\.amazonaws\.com)"
)

_NAME: Final = r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}"
_TAG: Final = r"(?::[A-Za-z0-9._-]{1,128})?(?:@sha256:[0-9a-f]{64})?"
_IMAGE: Final = rf"[a-z0-9][a-z0-9._/:-]{{0,200}}?{_TAG}"
_IMAGE_PATH: Final = rf"[a-z0-9][a-z0-9.-]{{0,100}}(?:(?::\d{{1,5}})?/[a-z0-9._/-]{{1,150}}{_TAG}|:[A-Za-z0-9._-]{{1,128}})"
_PLACES: Final = tuple(
    (name, regex(pattern))
    for name, pattern in (
        # Amazon ECS service event messages keep these places for the service and the task.
        ("service", rf"\(service ({_NAME})\)"),
        (
            "service",
            (
                rf"(?:^|[\s\"'|])service ({_NAME}) (?:was unable to place|is unable to consistently"
                r"|has reached a steady|has (?:started|stopped|begun) |failed to launch"
                r"|deregistered |registered |\(port |\(instance )"
            ),
        ),
        ("task", r"\(task ([0-9a-f]{32})\)"),
        ("port", r"\(port (\d{1,5})\)"),
        ("port", r"\bport (\d{1,5}) (?:is )?unhealthy (?:in|due)\b"),
        ("port", r"\.elb\.[a-z0-9.-]{0,30}amazonaws\.com(?::| port )(\d{1,5})\b"),
        ("stack", rf"\b[Ss]tack:? ?[\['\"]({_NAME})[\]'\"]"),
        ("log-group", r"log group:? [\['\"](/?[\w./#-]{1,300})[\]'\"]"),
        ("secret", r"secret [\['\"]([\w./+=@-]{1,300})[\]'\"]"),
        ("secret", r"\bsecret (/[\w.-]{1,60}(?:/[\w.-]{1,60}){1,5})(?=[\s'\"`]|$)"),
        ("profile", r"\bAWS_(?:DEFAULT_)?PROFILE=[\"']?([\w.@+-]{1,60})"),
        ("parameter", r"invalid (?:ssm )?parameters: (/?[\w./-]{1,300})"),
        (
            "repository",
            r"\.dkr\.ecr\.[a-z0-9-]{5,20}\.amazonaws\.com(?:\.cn)?/(?!v2/)([a-z0-9][a-z0-9._/-]{1,200})(?![\w.*<{$\[%-])",
        ),
        ("repository", r"repository with name [\'\"]([a-z0-9][a-z0-9._/-]{1,200})[\'\"]"),
        ("registry", r"\b(\d{12}\.dkr\.ecr\.[a-z0-9-]{5,20}\.amazonaws\.com(?:\.cn)?)\b"),
        (
            "export",
            r"\b(?:Export|Cannot delete export) ([A-Za-z0-9:-]{3,255}) (?:cannot be (?:updated|deleted)|as it is in use)",
        ),
        (
            "stack",
            rf"arn:aws[a-z-]{{0,10}}:cloudformation:[\w*-]{{1,20}}:[A-Za-z*-]{{1,20}}:stack/({_NAME})/",
        ),
        # An account of which somebody struck out a part.
        (
            "user",
            rf"\barn:aws[a-z-]{{0,10}}:iam::[\dXx*]{{1,11}}:user/(?:[\w+=,.@-]{{1,64}}/){{0,4}}({_NAME})",
        ),
        ("role", rf"\barn:aws[a-z-]{{0,10}}:sts::[\dXx*]{{1,11}}:assumed-role/({_NAME})/"),
        ("role", rf"\b[Rr]ole with name ({_NAME}) already exists"),
        ("role", r"\bService role name (AWSServiceRoleFor\w{2,60}) has been taken"),
        ("bucket", r"\bs3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?=[/\s'\"`)]|$)"),
        ("command", r"exec: \\{0,3}[\"'](?!-)([\w./-]{1,120})\\{0,3}[\"']: "),
        (
            "file",
            r"(?:exec|caused|start|stat)[: ]{1,2}\\{0,3}[\"']?(/[\w./-]{1,160}\.(?:sh|bash|py|rb|pl))\b",
        ),
        ("role", rf"\brole [\['\"]({_NAME})[\]'\"]"),
        # Terraform puts what it makes, waits for or deletes into brackets.
        ("cluster", rf"\bECS Cluster \(({_NAME})\)"),
        ("service", rf"\bECS Service \(({_NAME})\)"),
        ("stack", rf"❌ {{1,3}}(?!Deployment |Build |Stack )({_NAME}) failed: "),
        ("cluster", rf"\b[Cc]luster [\['\"]({_NAME})[\]'\"]"),
        (
            "resource",
            r"\bof type '[\w:]{5,80}' with identifier '([\w./:|-]{2,200})' already exists",
        ),
        (
            "domain",
            r"\bCannot connect to host ([a-z0-9-]{1,60}(?:\.[a-z0-9-]{1,60}){1,5}):\d{2,5} ",
        ),
        ("target-group-name", r"target group with the same name '([\w-]{1,32})'"),
        ("ami", r"\b(ami-[0-9a-f]{8,17})\b"),
        ("instance-type", r"sufficient ([a-z][\w-]{1,14}\.[\w-]{2,14}) capacity"),
        ("bucket", r"\bs3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?=[/\s\"'])"),
        ("image", rf"\((\d{{12}}\.dkr\.ecr\.{_IMAGE_PATH})\) \(NONE"),
        ("image", rf"\bimage ({_IMAGE_PATH}) not found\b"),
        ("stack-set", r"\bstack set ([A-Za-z][\w-]{1,127}) failed\b"),
        ("image", rf"docker pull ({_IMAGE_PATH})"),
        ("subnet", r"\b(subnet-[0-9a-f]{8,17})\b"),
        ("security-group", r"\b(sg-[0-9a-f]{8,17})\b"),
        ("vpc", r"\b(vpc-[0-9a-f]{8,17})\b"),
        ("file-system", r"\b(fs-[0-9a-f]{8,17})\b"),
        # What somebody wrote on a command line has its tag.
        ("image", rf"\bdocker (?:image )?pull ({_IMAGE_PATH})(?=[\s'\"`]|$)"),
        # containerd and Docker name the image behind these words; a bare word only in quotes or
        # before the comma of "pull access denied for X, repository does not exist".
        ("image", rf"(?:resolve ref(?:erence)? |pull image )({_IMAGE_PATH})"),
        ("image", rf"[Mm]anifest for ({_IMAGE}) not found"),
        (
            "image",
            rf"(?:pull image |resolve ref(?:erence)? |find image )[\"'\\]{{1,2}}({_IMAGE})[\"'\\]",
        ),
        ("image", rf"access denied for ({_IMAGE}), repository"),
    )
)


REFUSAL: Final = frozenset({"principal", "action", "action-name", "resource", "policy"})
"""The placeholders of a refusal: they speak of one call."""


_WHO_ASKS: Final = regex(r"\bCan I \w{1,60}\?[ |]{1,9}\S{1,300}")
"""A row of the checker of ECS Exec about the person who runs it: https://github.com/aws-containers/amazon-ecs-exec-checker"""


def names_in(text: str, pasted: Pasted | None = None) -> dict[str, str]:
    """What a text names: images, secrets, roles, clusters and so on, by placeholder.

    Args:
        text: a message, its broken lines put together.
        pasted: what it came from, in which a name must stand whole; None when nothing broke it.
    """
    seen = text[:_MOST]
    if "Can I " in seen:
        seen = _WHO_ASKS.sub("", seen)
    found: dict[str, str] = {}
    for name, value in _named(seen):
        value = value.rstrip(_LAST)
        if value.lower() in _NOBODY or value.endswith("role/null"):
            continue
        if value and _SAFE.fullmatch(value) and _is_whole(name, value, pasted):
            found.setdefault(name, value)
    for name, value in (*composed(seen), *linked_roles(seen), *refused_call(seen)):
        found.setdefault(name, value)
    refused = dict(_of_denial(seen, pasted))
    asked_for = "resource" in refused and refused["resource"] == found.get("role-arn")
    if asked_for and "principal" not in refused:
        # The role is what was asked for; who asked is cut off.
        found = {name: value for name, value in found.items() if name not in ("role", "role-arn")}
    return found | refused


def _is_whole(name: str, value: str, pasted: Pasted | None) -> bool:
    if pasted is None or pasted.holds(name, value):
        return True
    # The role of a session: its ARN is made of its name.
    session = f"assumed-role/{value.rsplit('/', 1)[-1]}"
    return name == "role-arn" and pasted.holds("session", session)


def _named(text: str) -> Iterator[tuple[str, str]]:
    """Each name with its placeholder, the surest first."""
    if user := _USER.search(text):
        yield from _of_arn_text(user.group(1))
    for found in _ARN.finditer(text):
        if not _ANOTHERS.search(text, max(0, found.start() - 40), found.start()):
            yield from _of_arn(found)
    for found in _FIELD.finditer(text):
        yield _placeholder(found.group(1)), found.group(2)
    for found in _OPTION.finditer(text):
        yield _OPTIONS[found.group(1)], found.group(2)
    for name, pattern in (("log-group", _TAIL), ("host", _BALANCER), ("host", _CALLED)):
        if match := pattern.search(text):
            yield name, match.group(1)
    for name, place in _PLACES:
        if match := place.search(text):
            yield name, match.group(1)


def _placeholder(field: str) -> str:
    return next(place for name, place in _FIELDS.items() if name.lower() == field.lower())


def _of_arn_text(arn: str) -> Iterator[tuple[str, str]]:
    found = _ARN.match(arn)
    if found:
        yield from _of_arn(found)


def _of_arn(found: re.Match[str]) -> Iterator[tuple[str, str]]:
    """What an ARN names: the resource, and what it belongs to; nothing when it is cut."""
    service, _, _, rest = found.groups()
    if "..." in rest:
        return
    rest = rest.rstrip(_LAST)
    arn = found.group(0).rstrip(_LAST)
    kind, _, name = (
        rest.replace(":", "/", 1).partition("/") if service != "ecs" else rest.partition("/")
    )
    if service == "ecs":
        yield from _of_ecs(kind, name)
    elif service in ("secretsmanager", "ssm"):
        yield "secret" if service == "secretsmanager" else "parameter", arn
    elif service in ("iam", "sts"):
        yield from _of_identity(arn, found.group(3), kind, name)
    elif service == "elasticloadbalancing":
        yield (
            {"targetgroup": "target-group", "listener": "listener"}.get(kind, "load-balancer"),
            arn,
        )
    elif service == "logs" and kind == "log-group":
        yield "log-group", name.split(":")[0]
    elif service == "cloudformation" and kind == "stack":
        yield "stack", name.split("/")[0]
    else:
        yield from _of_others(found, kind, name, arn)


def _of_others(found: re.Match[str], kind: str, name: str, arn: str) -> Iterator[tuple[str, str]]:
    """What an ARN names of the services that a deployment only uses."""
    service, region, account, rest = found.groups()
    if service == "elasticfilesystem" and kind == "file-system":
        yield "file-system", name
    elif service == "ecr" and kind == "repository":
        yield "repository", name
        yield "registry-id", account
    elif service == "s3" and not region and not account:
        yield "bucket", rest.split("/")[0]
    elif (placeholder := _BY_ARN.get((service, kind))) is not None:
        yield placeholder, arn


_BY_ARN: Final = {
    ("acm", "certificate"): "certificate",
    ("kms", "key"): "key",
    ("lambda", "function"): "function",
}
"""What commands name by its ARN."""


def _of_ecs(kind: str, name: str) -> Iterator[tuple[str, str]]:
    parts = name.split("/")
    if kind == "cluster":
        yield "cluster", parts[0]
    elif kind in ("service", "task", "container-instance"):
        if len(parts) > 1:
            yield "cluster", parts[0]
        yield kind, parts[-1]
    elif kind == "task-definition":
        yield "family", name


_GIVEN_OUT: Final = "AWSReservedSSO_"
"""The roles of IAM Identity Center: their ARNs have a path, which their sessions do not tell."""


def _of_identity(arn: str, account: str, kind: str, name: str) -> Iterator[tuple[str, str]]:
    """The role or user. IAM knows the role of a session, not the session (``Invalid Entity Arn``)."""
    partition = arn.split(":")[1]
    if kind == "assumed-role":
        role, _, session = name.partition("/")
        if not session:  # every session has a name: this one is cut
            return
        yield "role", role
        if role.startswith(_GIVEN_OUT):
            return
        yield "role-arn", f"arn:{partition}:iam::{account}:role/{role}"
    elif kind == "role":
        yield "role", name.rsplit("/", 1)[-1]
        yield "role-arn", arn
    elif kind == "user":
        yield "user", name.rsplit("/", 1)[-1]
        yield "user-arn", arn


def _of_denial(text: str, pasted: Pasted | None) -> Iterator[tuple[str, str]]:
    """Who was refused what, and a policy that holds just that."""
    if user := _USER.search(text):
        told = _of_arn_text(user.group(1))
        own = {name: value for name, value in told if _is_whole(name, value, pasted)}
        yield from ((name, own[name]) for name in ("role", "user") if name in own)
        principal = own.get("role-arn") or own.get("user-arn")
        if principal and _SAFE.fullmatch(principal):
            yield "principal", principal
    refused = list(_refused(text, pasted))
    if refused:
        action, resource = refused[0]
        yield "action", action
        yield "action-name", action.replace(":", "-")
    if refused and resource:
        composed_of = resource == UNNAMED or (":role/" in resource and resource not in text)
        if ":*:" not in resource and not composed_of:
            yield "resource", resource
        yield "policy", policy([pair for pair in refused if pair[1]])


def _refused(text: str, pasted: Pasted | None) -> Iterator[tuple[str, str]]:
    """Each action that one caller was refused, with its resource; that is empty where it cannot be read."""
    found = list(_ACTION.finditer(text))
    # CloudFormation names the call that it made in front of the action that was refused in it.
    found = [one for one in found if one.group().startswith("perform")] or found
    several = len(set(_USER.findall(text))) > 1
    for number, action in enumerate(found[: 1 if several else STATEMENTS]):
        end = found[number + 1].start() if number + 1 < len(found) else len(text)
        rest = text[action.start() : end]
        if _is_whole("action", action.group(1), pasted):
            yield action.group(1), _resource(rest, text, pasted)


def _resource(text: str, around: str, pasted: Pasted | None) -> str:
    """What an action was refused on: its ARN, anything where none is named, nothing where it is cut."""
    if resource := _RESOURCE.search(text):
        target = resource.group(1).rstrip(_LAST)
        if made_by := _FOR_A_SERVICE.match(target):
            return f"{made_by.group()}*"
        if target.endswith(":log-stream"):
            target += ":"  # CloudWatch Logs asks for a group with a stream of no name behind it
        whole = target.endswith("/*") or _is_whole("resource", target, pasted)
        return _OF_ONE_RUN.sub(r"\1*", target) if whole else ""
    if "secretsmanager:" in text and (secret := _OF_NAME.search(text)):
        name = secret.group(1).rstrip(_LAST)
        return f"arn:aws:secretsmanager:*:*:secret:{name}-*"
    return of_a_stream(text) if _OF_ARN.search(text) else of_no_arn(text, around)


_FOR_A_SERVICE: Final = regex(
    r"arn:aws[a-z-]{0,10}:iam::\d{12}:role/aws-service-role/[a-z.-]{5,80}\.amazonaws\.com/"
)
"""Where IAM makes the roles of a service: all of them are that service's own."""
_OF_ONE_RUN: Final = regex(
    r"(:ecs:[\w-]{1,30}:\d{12}:(?:task|container-instance)/(?:[\w-]{1,255}/)?)[0-9a-f][0-9a-f-]{7,60}\Z"
)
"""What has another name at the next run: a right on that one alone helps nobody."""
