"""What a finding says: whole sentences, in words that English or AWS has, about what the facts hold."""

from __future__ import annotations

import functools
import itertools
import json
import re
import shlex
from collections.abc import Iterator
from typing import Any, get_args

from botocore.model import ServiceModel

from ash_ops.causes import CAUSES
from ash_ops.checks.base import Evidence, Finding
from ash_ops.checks.playbooks import Playbook
from ash_ops.diagnosis import Report
from tests.support.commands import models


def listed(words: str) -> set[str]:
    return set(words.split())


SERVICES = {"elasticloadbalancing": "elbv2", "servicequotas": "service-quotas"}
ASKED = (
    *("autoscaling", "cloudformation", "cloudtrail", "ec2", "ecs", "elbv2", "iam", "logs", "rds"),
    *("secretsmanager", "service-quotas"),
)
# Written as the field writes them.
TERMS = listed(
    "ACL ACLs ACM CNAME CPU DNS EFS GB GiB IAM IP MB NAT NFS SQLite URL UTC VPC VPCs VPN "
    "ARN AWS CAA OutOfMemoryError vCPU vCPUs CloudFormation CloudTrail CloudWatch ECR ECS API APIs HTTP HTTPS JSON TCP TLS "
    "PostgreSQL SIGILL SIGSEGV elbv2 SizeInGiB PassRole ecsInstanceRole"
)
# What a person puts in its place, and the families of instances in a quota's name.
LEFT_OPEN = listed("A B C D H I M R T Z NAME TAG TYPE UNITS")
# The parts of a variable's name, the rungs of the ladder by which the server is asked, an alarm's state.
NAMES = listed("ANTHROPIC ASH DATABASE HOST IMAGE KEY MAX MEMORY PORT SANDBOX SANDBOXES SERVER")
NAMES |= {"AUTH", "HEALTH", "ALARM"}
# What a field is called by us, where AWS's answer has no word for it.
OURS = {
    *(
        "keys",
        "valueFrom",
        "simulation",
        "Quota",
        "secrets",
        "privateIpv4Address",
    ),  # a reading as it is kept
    *("awslogs", "region", "max", "buffer", "size", "mode"),  # the options of a log driver
    *("errorMessage",),  # of the event that CloudTrail tells as a text
}
# Of the key of this machine and of a refusal: as a reader would call them.
ASKED_OF_US = {"body", "error", "SERVER", "URL", "ASH_SERVER_URL", "flaws", "fingerprint"}
# The words in which evidence tells that something is not there, or compares; units; what no answer holds as a text.
BESIDE = listed(
    "a as but desired found have here in is its it load balancer lets local maximum minimum not of on or out to then "
    "none no placeholder guides rule runs run set sets secret shown since stage tasks that the from for trusts "
    "admits allowed does exist failed readable stack their units use value vCPU wants way why without word wanted deployed environment container volume definition apiKey "
    "given told said reason message minimumHealthyPercent maximumPercent CPU EFS GB MB MEMORY TCP UTC False false 10m"
)
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9]*")
_ORDINARY = re.compile(r"[a-z]+|[A-Z][a-z]+")
_BADLY_SET = re.compile(
    r"\S  +\S|[a-z] [.,;:)](?![\w:])|\( |\bNone\b(?! of )|\bTrue\b|\bFalse\b|(?<!\w)\[\]|\{\}"
)
_TOKEN = re.compile(r"\w+(?:[-./:]\w+)*")
_CODE = re.compile(r"node -e \".*?\"")
_WITHIN = re.compile(r"\[[^]]*\]|: .*$| \(.*\)$")


@functools.cache
def model_of(service: str) -> ServiceModel:
    """AWS's own model of a service."""
    return models().get_service_model(SERVICES.get(service, service))


@functools.cache
def members_of(service: str) -> set[str]:
    """Every name that the answers of a service have, in one writing."""
    model = model_of(service)
    shapes = (model.shape_for(name) for name in model.shape_names)
    return {m.lower() for s in shapes if s.type_name == "structure" for m in s.members}


@functools.cache
def words_of_aws() -> set[str]:
    """The operations, members and states that the models of botocore have."""
    known: set[str] = set()
    for service in ASKED:
        model = model_of(service)
        known |= set(model.operation_names)
        for name in model.shape_names:
            shape = model.shape_for(name)
            known |= set(shape.members) if shape.type_name == "structure" else set()
            known |= set(getattr(shape, "enum", None) or ())
    return known


def read(facts: Any) -> str:
    """All that was read, as text."""
    return " ".join(_leaves(facts))


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from _leaves(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner)
    elif value is not None:
        yield str(value)


def holds(item: Finding, facts: str) -> None:
    """Whatever a finding says is whole, and was read."""
    holds_together(item)
    summary_is_a_sentence_or_ends_in_what_was_read(item, facts)
    for proof in item.evidence:
        assert unknown_to_aws(proof) == set(), f"{item.id}: {proof.source} {proof.field}"
        assert invented(proof, facts) == set(), f"{item.id}: {proof.field} = {proof.value}"
        assert unread_names(proof, facts) == set(), f"{item.id}: {proof.source} {proof.field}"


def is_plain(whose: str, text: str, facts: str) -> None:
    """A text is in plain words, set as print is."""
    assert odd_words(text, facts) == set(), f"{whose}: {text}"
    assert badly_set(text, facts) == "", f"{whose}: {text}"


def told(report: Report) -> Iterator[tuple[str, str]]:
    """Every text of a report, with what it belongs to."""
    for item in report.findings:
        yield item.id, item.summary
        yield from ((item.id, step.why) for step in item.fix)
        yield from ((item.id, step.interrupts) for step in item.fix if step.interrupts)
    for unknown in report.unknown:
        assert len(unknown.reason.split()) > 1, unknown
        yield unknown.check, unknown.reason


def holds_together(item: Finding) -> None:
    assert item.evidence, item.id
    assert item.fix, item.id
    for step in item.fix:
        documents_are_whole(step.command or "")
        assert step.why.endswith((".", ":")), step.why
        assert step.why[:1].isupper() or step.why.startswith("/data "), step.why
    assert not item.title.endswith((".", ":"))
    assert len(item.summary.split()) > 2, item.summary
    assert item.cause in CAUSES
    assert item.playbook in get_args(Playbook)
    assert item.subject == "" or all(item.subject.partition("/")), item.subject


def summary_is_a_sentence_or_ends_in_what_was_read(item: Finding, facts: str) -> None:
    """It begins with a capital or a name, and ends with a full stop or a message as it was read."""
    first, last = item.summary.split()[0], item.summary.rsplit(": ", 1)[-1][-20:]
    assert first[0].isupper() or not first.isalpha() or first in words_of_aws(), item.summary
    assert item.summary.endswith((".", "(Set Scheme to internal)")) or last in facts, item.summary


def odd_words(text: str, facts: str) -> set[str]:
    """Those that neither English, AWS nor the facts write so; short forms of ids left out."""
    odd = {word for word in _WORD.findall(text) if not _ORDINARY.fullmatch(word)}
    odd -= TERMS | LEFT_OPEN | NAMES | words_of_aws()
    return {word for word in odd if word not in facts and not re.search(r"\d", word)}


def badly_set(text: str, facts: str) -> str:
    """What no printer would set: two spaces, one before a full stop, the name of an empty value."""
    (flaw,) = _BADLY_SET.findall(_CODE.sub("", text))[:1] or ("",)
    if text.count("`") % 2:
        return "a single backquote"
    return "" if flaw in facts else str(flaw)


def invented(proof: Evidence, facts: str) -> set[str]:
    """What a piece of evidence says that stands nowhere in the facts."""
    value = proof.value.rstrip("…")
    if value in facts:
        return set()
    tokens = set(_TOKEN.findall(value)) - BESIDE
    known = facts.lower()
    return {
        each for each in tokens if each.lower() not in known and not re.fullmatch(r"[\d.:-]+", each)
    }


def unread_names(proof: Evidence, facts: str) -> set[str]:
    """The names in a field of the server's own answers that stand nowhere in what was read of it."""
    if proof.source.partition(":")[0] not in ("probe", "local") or proof.field.startswith("GET /"):
        return set()
    known = facts.lower().replace("_", "")
    words = re.findall(r"[A-Za-z_]+", proof.field)
    return {word for word in words if word.lower().replace("_", "") not in known} - ASKED_OF_US


def documents_are_whole(command: str) -> None:
    """A policy that a command carries has the members that IAM reads, each with the values that it takes."""
    words = shlex.split(command) if "--policy-document" in command else []
    for option, text in itertools.pairwise(words):
        if option != "--policy-document":
            continue
        document = json.loads(text)
        assert set(document) == {"Version", "Statement"}
        assert document["Version"] == "2012-10-17"
        for statement in document["Statement"]:
            assert statement["Effect"] == "Allow"
            assert set(statement) <= {"Effect", "Action", "Resource", "Principal", "Condition"}
            assert statement["Action"]
            assert statement.get("Resource") or statement["Principal"]["Service"]


def unknown_to_aws(proof: Evidence) -> set[str]:
    """The names in a field that the model of the service does not have; brackets hold who it is about."""
    service, _, operation = proof.source.partition(":")
    assert proof.source
    assert proof.field
    if service in ("probe", "local", "registry", "plan", "dns"):
        return set()
    assert operation in model_of(service).operation_names, proof.source
    if service == "cloudwatch" or ": " in proof.field:
        return set()  # a metric by its name; a rule or a setting that the stack wants
    names = re.findall(r"[A-Za-z0-9]+", _WITHIN.sub("", proof.field))
    return {name for name in names if name not in OURS and name.lower() not in members_of(service)}
