"""Whose failure a text is: signs of AWS and Ash, of what Ash runs on, and who else names itself."""

from __future__ import annotations

import json

import pytest

from ash_ops.causes import CAUSES
from ash_ops.causes.belonging import (
    ANYBODYS,
    belonging,
    is_anybodys,
    is_bare,
    is_named,
    is_signed,
    speaks_for_itself,
)
from ash_ops.causes.matching import folded
from ash_ops.causes.reading.entries import Entry
from ash_ops.causes.reading.json_texts import parts
from ash_ops.causes.reading.widths import rejoined

SIGNED = """
aws said no|amazon said|arn:aws:x|ec2 said|ecs said|a Fargate task|the NLB said|an ELB|cloudwatch|CloudFormation|cdk deploy|task definition|task-definition|essential container|container instance|target group|stoppedReason|
CannotPullContainerError|ResourceInitializationError|container killed due to|ip-10-0-0-7|An error occurred (x)|when calling the X|create_failed|ROLLBACK_COMPLETE|resource handler|boto3|botocore|CloudTrail|iam:PassRole|sts said|sso session|
subnet said|security group|the VPC|Throttling: Rate exceeded|status code: 400, request id|deployment circuit breaker|NoCredentialProviders|SharedCredsLoad|Stack 'x-1' does not exist|(Service: x|HandlerErrorCode|Secrets Manager|the SSM|eu-west-1|
ash said|ash-ops|ash_client|port 4100|in /data now|the sandbox|bwrap: x|anthropic|Claude|[db] x|[pool] x|[server] x|[entrypoint] x|[bridge] x|[session] x|[coordinator] x|[runner] x|
node:internal|node.js|in /app/x|better-sqlite3|SqliteError|SQLITE_BUSY|events.js:1|connect ECONNREFUSED|getaddrinfo ENOTFOUND|listen EADDRINUSE|spawn ENOENT|ENOSPC: x|EACCES: x|JavaScript heap|last few GCs|JS stacktrace|node_modules|TLSSocket|code: 'E1'|unhandled 'error' event|
curl: (7)|httpx.ConnectError|httpcore|urllib3|requests.exceptions|undici|fetch failed
"""
UNSIGNED = """
it failed|secs 5|an electric thing|washing|sandy|subnet 5|connect error|read error|14100|41001|/database|codes: e|curling|the node|aspects
"""


def test_a_sign_of_aws_of_ash_or_of_what_it_runs_on_is_seen_wherever_it_stands() -> None:
    for sign in SIGNED.replace("\n", "").split("|"):
        assert is_signed(folded(f"so {sign} here")), sign
        assert is_signed(folded(sign)), sign
    for text in UNSIGNED.replace("\n", "").split("|"):
        assert not is_signed(folded(f"so {text} here")), text


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Grafana: refused", True), ("My App: refused", True), ("backup job: refused", True), ("worker[12]: refused", True), ("2026 ERROR\tbilling.Api\trefused", True), ("ERROR:billing:refused", True), ("ERROR:root:refused", False),
        ("Error: refused", False), ("TypeError: x", False), ("connection refused: x", False), ("node: x", False), ("bwrap: x", False), ("mount.nfs4: x", False), ("task: x", False), ("reason: x", False), ("aws: x", False), ("ash: x", False), ("start.sh: x", False), ("curl: (7)", False), ("Grafana: 500 x", False), ("no colon here", False),
    ],
)  # fmt: skip
def test_who_speaks_may_stand_in_front_of_a_colon(text: str, named: bool) -> None:
    assert is_named(text) is named


# Names that a person might have, and are known to be programs or companies.
PROGRAMS = """
Adyen Airflow Ansible Apache Borg Brew Caddy Celery Chrome Consul Coredns Cron Django Etcd Express Firefox Flask Git Github Gitlab Google Grafana Helm Heroku Istio Jenkins Kafka Kaniko Kernel Kong Kubelet
Lambda Laravel Maven Mongo Mysql Nginx Nomad Okta Plex Poetry Postgres Prisma Rails Redis Render Salesforce Slurm Solr Spark Spring Ssh Systemd Tar Teams Tomcat Vault Yarn Zabbix Zoom Zsh
"""


def test_who_names_himself_speaks_for_himself_unless_something_around_is_of_aws_or_ash() -> None:
    for program in (
        "Kafka",
        "grafana",
        "my-poller",
        "billing.worker",
        "billing2",
        "FooBar",
        "SNCF seats",
        "backup job",
    ):
        assert speaks_for_itself(Entry(f"{program}: disk full", 1), []), program
    for known in PROGRAMS.split():
        assert speaks_for_itself(Entry(f"{known}: disk full", 1), []), known
    for code in (
        "toomanyrequests",
        "TerminationNotice",
        "capacity-oversubscribed",
        "aws_lb.a",
        "alice",
        "Alice",
        "Alice Example",
    ):
        assert not speaks_for_itself(Entry(f"{code}: disk full", 1), []), code
    kafka, ours = Entry("Kafka: disk full", 1), Entry("the fargate task", 2)
    assert speaks_for_itself(kafka, [])
    assert not speaks_for_itself(kafka, [ours])
    assert not speaks_for_itself(Entry("Kafka: disk full on ECS", 1), [])
    assert not speaks_for_itself(Entry("Error: disk full", 1), [])


def test_failures_that_any_program_has_are_known_by_their_causes() -> None:
    for cause in CAUSES.values():
        expected = cause.severity != "info" and (
            cause.slug in ANYBODYS or cause.category in ("aws-access", "deploy")
        )
        assert is_anybodys(cause) is expected, cause.slug
    assert {"disk-full", "conn-refused", "container-oom", "sigkill-137"} <= ANYBODYS
    assert not is_anybodys(CAUSES["image-not-found"])


HOME = "/home"  # where people keep their own files


def entries(*texts: str) -> list[Entry]:
    return [Entry(text, number) for number, text in enumerate(texts, 1)]


@pytest.mark.parametrize(
    ("texts", "bare"),
    [
        (("disk full",), True), (("disk full", "x y", "z w"), True), (("disk full", "x y", "z w", "v u"), False), (("x" * 240,), True), (("x" * 241,), False), (("Grafana: disk full",), False), ((f"in {HOME}/me/x",), False), (("C:/dev/x",), False), (("http://localhost:9/x",), False), (("/var/lib/x",), False),
        (("disk full", "0 errors", "no failures", "DEBUG x y"), True),
    ],
)  # fmt: skip
def test_a_line_or_two_that_name_nobody_are_somebody_s_own(
    texts: tuple[str, ...], bare: bool
) -> None:
    assert is_bare(entries(*texts)) is bare
    commands = [Entry("x" * 300, 9, command=True)]
    assert is_bare([*entries(*texts), *commands]) is bare


def test_what_anybody_may_say_is_ours_by_a_sign_or_if_it_is_bare() -> None:
    anybodys, called, own = CAUSES["disk-full"], CAUSES["aws-access-denied"], CAUSES["image-not-found"]  # fmt: skip
    long = ["x" * 100, "y" * 100, "z" * 100]

    def may(*texts: str) -> list[bool]:
        found = entries(*texts)
        allows = belonging(found, found[:1])
        return [allows(cause) for cause in (anybodys, called, own)]

    assert may("disk full") == [True, True, True]
    assert may("disk full", *long) == [False, False, True]
    assert may("disk full", *long, "on fargate") == [True, True, True]
    assert may("ENOSPC: no space left", *long) == [True, False, True]
    assert may("ENOSPC: no space left", *long, f"in {HOME}/runner/work") == [False, False, True]
    many = [f"line {n} of it" for n in range(200)]
    assert may(*many) == [False, False, True]
    assert may(*many[:90], "on fargate", *many[90:]) == [False, False, True]
    assert may("on fargate", *many) == may(*many, "on fargate") == [True, True, True]


def test_json_that_a_terminal_broke_within_a_word_is_whole_again() -> None:
    document = {"stoppedReason": "CannotPullContainerError: " + "abc def " * 20, "n": [1, {"b": 2}]}
    text = json.dumps(document)
    for width in (80, 100, 120):
        broken = "\n".join(text[at : at + width] for at in range(0, len(text), width))
        (found,) = [part.value for part in parts(f"see: {broken}") if part.is_json] or [None]
        assert found == document, width
    assert rejoined("a" * 50 + "\nb") == "a" * 50 + "b "  # the first line is the widest
    assert rejoined("b\n" + "a" * 50) == "b " + "a" * 50 + " "
    assert rejoined("a" * 39 + "\nb") == "a" * 39 + " b "
    assert rejoined("b\n" + "a" * 50 + "\n" + "c" * 50 + "\nd") == "b " + "a" * 50 + "c" * 50 + "d "
