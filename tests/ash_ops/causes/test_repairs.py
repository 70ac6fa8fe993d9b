"""Commands hold the names of the message, and no others; a denial is answered with its action."""

from __future__ import annotations

import json
import re
import shlex
from typing import Any

import pytest
from msgspec.structs import replace

from ash_ops.causes import CAUSES
from ash_ops.causes.advice.blanks import MEANING
from ash_ops.causes.advice.linked_roles import SERVICES
from ash_ops.causes.explain import by_name, explain
from ash_ops.causes.explanation import Explanation
from ash_ops.causes.names import names_in
from ash_ops.iam.policy import commands, policy_document
from ash_ops.names import Deployment
from ash_ops.report.explanation import lines
from tests.ash_ops.causes.wrappings import pasted, rows

EVERY = [*rows("labelled.jsonl"), *rows("collected.jsonl"), *rows("incidents.jsonl")]


def commands_of(found: Explanation) -> list[str]:
    return [step.command for step in (*found.proof(), *found.repair()) if step.command]


def _is_marked(value: str, text: str) -> bool:
    """Whether a text holds a name in a field, an ARN, quotes, an option, or AWS's own place for it."""
    if value.startswith("arn:"):
        return value in text
    name = re.escape(value)
    places = (
        rf"[\"'\[({{/:=]{name}[\"'\])}}/:,\\]",
        rf"arn:aws[\w-]*:[\w:/.*-]*{name}",
        rf"--[\w-]+[ =]{name}",
        rf"[\"'`\[]{name}|{name}[\"'`\]]",
        rf"resolve ref(?:erence)? {name}|pull image {name}|access denied for {name}, repo|anifest for {name} not",
        rf"(?:\(|\b)service {name}[ )]|\(task {name}\)|\(port {name}\)|ssm parameters: {name}",
        rf"\b{name}\.efs\.|://{name}|connect to {name}|perform: ?{name}|on resource: ?{name}|API: {name}",
        rf"\bExport {name} cannot be|\b(?:exec|stat) {name}\b|amazonaws\.com(?::| port ){name}\b",
        rf"\bunhealthy in \(?(?:elb|target-group) {name}[ )]|\bELB health checks in \(target-group {name}\)|[Cc]apacity provider '{name}'",
        rf"\b(?:ENOTFOUND|EAI_AGAIN|lookup|resolve host:) {name}\b|\b(?:resolve |\(host=)'{name}'",
        rf"dependency failed to start: container {name} is |/aws/lambda/{name}\b|\b[Ll]og group {name} already exists|docker pull {name}\s|failed to solve: {name}: ",
    )
    return (
        re.search("|".join(places), text) is not None
        or _is_asked_for(value, text)
        or re.fullmatch(r"\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com", value) is not None
        or re.search(rf"operation error [\w ]+: {name.rpartition(':')[2]}\b", text) is not None
        or re.search(rf"matching container-instance {re.escape(value)} (?:has|is)", text)
        is not None
        or re.fullmatch(r"(?:subnet|sg|vpc|fs)-[0-9a-f]+", value) is not None
    )


def _is_asked_for(value: str, text: str) -> bool:
    """Whether an image is put together of the address at which its registry was asked for it."""
    path, mark, tag = value.partition("@")
    path, _, tag = (path, mark, tag) if mark else value.rpartition(":")
    host, _, rest = path.partition("/")
    hub = rf"registry-1\.docker\.io/v2/(?:library/)?{re.escape(path)}"
    own = rf"{re.escape(host)}/v2/{re.escape(rest)}"
    return re.search(rf"https://(?:{hub}|{own})/manifests/{re.escape(tag)}\b", text) is not None


NAMED_BY_AWS = {
    (name, value)
    for _, service, role in SERVICES
    for name, value in (("linked-service", service), ("linked-role", role))
}
"""What AWS calls a service's own role, and the service in it: nobody else names them."""


def _derived(name: str, value: str, names: dict[str, str]) -> bool:
    """What is made of other names: a policy, its name, the role of a session."""
    return (
        name in ("policy", "action-name")
        or value == "*"
        or (name, value) in NAMED_BY_AWS
        or (name in ("role-arn", "principal") and value.endswith("/" + names.get("role", "?")))
    )


def _is_asked(value: str, text: str) -> bool:
    """Whether a host and a port stand together in a text, the port behind a colon or named."""
    host, _, port = value.partition(" ")
    between = r"[\"'`]{0,3}(?: \([\d.]{7,15}\))?(?::|,? (?:and accepting \s*TCP/IP connections on )?port |[`'\"]:[`'\"])"
    return re.search(rf"{re.escape(host)}{between}{port}(?!\d)", text) is not None


def test_no_command_holds_a_name_that_the_text_does_not_mark() -> None:
    wrong = []
    for row in EVERY:
        text = pasted(row)
        for found in explain(text):
            wrong += [
                (row["id"], name, value)
                for name, value in found.names.items()
                if not _derived(name, value, dict(found.names))
                and not (_is_asked if name == "host-and-port" else _is_marked)(value, text)
            ]
    assert not wrong


PROSE = [
    "the log group does not exist",
    "the service call has been retried 3 times",
    "service is unable to start",
    "secret from asm was not found",
    "pull image manifest has been retried 1 time(s)",
    "no matching manifest for linux/arm64/v8 in the manifest list entries",
    "the cluster and the role were missing",
    "the stack is broken",
]


@pytest.mark.parametrize("text", PROSE)
def test_words_of_a_sentence_are_no_names(text: str) -> None:
    assert not names_in(text)


def test_every_placeholder_is_explained() -> None:
    used = {
        name
        for entry in CAUSES.values()
        for step in (*entry.proof, *entry.repair)
        for name in re.findall(r"<([a-z][a-z-]+)>", step.command + step.why)
    }
    assert used - {"policy"} <= set(MEANING)


def test_a_name_that_is_missing_is_explained() -> None:
    shown = "\n".join(lines(explain("CannotPullContainerError: manifest unknown")))
    assert "What to fill in" in shown
    assert "<image>" in shown


DENIED = "An error occurred (AccessDeniedException) when calling the {call} operation: User: arn:aws:{who} is not authorized to perform: {action} on resource: arn:aws:ecs:eu-west-1:123456789012:service/ash-cloud/x because no identity-based policy allows the {action} action"
SESSION = "sts::123456789012:assumed-role/ops/jane"
ACTIONS = (
    "ecs:DescribeServices",
    "ecs:StopTask",
    "cloudformation:DescribeStacks",
    "logs:PutRetentionPolicy",
)


def denied(action: str, who: str = SESSION) -> Explanation:
    return explain(DENIED.format(call=action.split(":")[1], action=action, who=who))[0]


def test_a_session_is_asked_for_as_its_role() -> None:
    told = "\n".join(commands_of(denied("ecs:StopTask")))
    assert "arn:aws:iam::123456789012:role/ops" in told
    assert "assumed-role" not in told


def _actions(document: str) -> set[str]:
    statements: list[Any] = json.loads(document)["Statement"]
    found: set[str] = set()
    for statement in statements:
        action = statement["Action"]
        found |= {action} if isinstance(action, str) else set(action)
    return found


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("who", [SESSION, "iam::123456789012:user/jane"])
def test_a_denied_action_is_answered_with_a_policy_that_holds_it(action: str, who: str) -> None:
    allowed: set[str] = set()
    for command in (step.command for step in denied(action, who).repair()):
        words = shlex.split(command)
        if "--policy-document" in words:
            allowed |= _actions(words[words.index("--policy-document") + 1])
        if words[:2] == ["ash-ops", "iam-policy"]:
            allowed |= _actions(
                policy_document(
                    words[2],
                    Deployment(),
                    partition="aws",
                    region="eu-west-1",
                    account="123456789012",
                )
            )
            assert action in allowed
    assert action in allowed


def test_two_denied_actions_are_answered_with_one_policy_for_both() -> None:
    who = "arn:aws:iam::111122223333:user/jo"
    said = "User: {} is not authorized to perform: {} because no identity-based policy allows it"
    text = "\n".join(said.format(who, a) for a in ("ec2:DescribeVpcs", "ec2:DescribeAddresses"))
    (found,) = explain(text)
    policy = json.loads(found.names["policy"])
    assert [s["Action"] for s in policy["Statement"]] == [
        "ec2:DescribeVpcs",
        "ec2:DescribeAddresses",
    ]
    other = text.replace(
        f"{who} is not authorized to perform: ec2:DescribeA",
        "arn:aws:iam::111122223333:user/ann is not authorized to perform: ec2:DescribeA",
    )
    (apart,) = explain(other)
    assert len(json.loads(apart.names["policy"])["Statement"]) == 1


def test_the_policies_that_are_named_exist() -> None:
    for entry in CAUSES.values():
        for step in (*entry.proof, *entry.repair):
            for name in re.findall(r"ash-ops iam-policy (\S+)", step.command):
                assert name in commands()


def test_an_explicit_deny_is_not_answered_with_an_allow() -> None:
    text = DENIED.format(call="StopTask", action="ecs:StopTask", who=SESSION).replace(
        "because no identity-based policy allows the ecs:StopTask action",
        "with an explicit deny in an identity-based policy",
    )
    told = "\n".join(step.why + step.command for step in explain(text)[0].repair())
    assert "put-role-policy" not in told
    assert "Deny" in told


def test_a_repair_follows_its_message() -> None:
    """Health checks that get 404 and 503 are repaired differently."""

    def told(code: str) -> str:
        (only,) = explain(f"Health checks failed with these codes: [{code}]")
        return "\n".join(step.why + step.command for step in only.repair())

    assert told("404") != told("503")


# What only looks, or sets nothing but the caller's own shell.
LOOKS = re.compile(
    r"aws [a-z0-9-]+ (?:describe|get|list|filter|simulate|lookup|batch-get|head|validate|tail|wait|login|configure|ls|logs)\b|aws sso login|"
    r"ash-ops (?:--\S+ \S+ )*(?:doctor|logs|health|status|explain|connect|cost|key|iam-policy|runners$)|"
    r"curl|dig|nslookup|nc|openssl|timedatectl|date|df|cat|ls|head|export AWS_(?:PROFILE|REGION)=|cdk (?:diff|ls|context$)|npx cdk --version|session-manager-plugin --version|docker (?:ps|stats|volume ls|images|image inspect|inspect|manifest|logs|info|version|login|system df)"
)  # fmt: skip


def test_no_step_changes_anything_where_nothing_tells_whose_failure_it_is() -> None:
    changing = [
        (cause.slug, step.command)
        for cause in CAUSES.values()
        if cause.severity != "info"
        for step in replace(by_name(cause.slug), text="x", anybodys=True).repair()
        if step.command and not LOOKS.match(step.command)
    ]
    assert changing == []
    sure = [step.command for step in by_name("rollout-stuck").repair()]
    assert "ash-ops rollback" in sure
