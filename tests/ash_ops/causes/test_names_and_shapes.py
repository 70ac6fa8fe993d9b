"""Which names a message holds for the commands, and which messages a document holds."""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest

from ash_ops.causes import CAUSES
from ash_ops.causes import explain as explain_module
from ash_ops.causes.advice.blanks import MEANING
from ash_ops.causes.base import Rank
from ash_ops.causes.classify import Classification
from ash_ops.causes.explain import by_name, explain
from ash_ops.causes.explanation import LOOK_FIRST, Explanation
from ash_ops.causes.names import names_in
from ash_ops.causes.reading import loggers, shapes
from ash_ops.causes.reading.decoding import decoded
from ash_ops.causes.reading.json_texts import parts
from ash_ops.causes.reading.labelled import field_of
from ash_ops.causes.repairs import placeholders
from ash_ops.causes.structure import Hint

A = "arn:aws:{}:eu-west-1:123456789012:{}"
TASK = "0123456789abcdef0123456789abcdef"
LB = "loadbalancer/net/n/0a"


def arn(service: str, rest: str) -> str:
    return A.format(service, rest)


@pytest.mark.parametrize(
    ("service", "rest", "names"),
    [
        ("ecs", "cluster/c", {"cluster": "c"}), ("ecs", "service/c/s", {"cluster": "c", "service": "s"}), ("ecs", "service/s", {"service": "s"}), ("ecs", f"task/c/{TASK}", {"cluster": "c", "task": TASK}),
        ("ecs", "container-instance/c/i1", {"cluster": "c", "container-instance": "i1"}), ("ecs", "task-definition/f:7", {"family": "f:7"}), ("ecs", "task-set/c/s/x", {}),
        ("secretsmanager", "secret:a/b-AbCdEf", {"secret": "*"}), ("ssm", "parameter/a/b", {"parameter": "*"}), ("elasticloadbalancing", "targetgroup/t/0a", {"target-group": "*"}), ("elasticloadbalancing", "listener/net/n/0a/0b", {"listener": "*"}),
        ("elasticloadbalancing", LB, {"load-balancer": "*"}), ("logs", "log-group:/a/b:log-stream:x", {"log-group": "/a/b"}), ("logs", "log-group:/a/b", {"log-group": "/a/b"}), ("logs", "destination:x", {}),
        ("cloudformation", "stack/st/guid-1", {"stack": "st"}), ("cloudformation", "changeSet/x/y", {}), ("elasticfilesystem", "file-system/fs-01234567", {"file-system": "fs-01234567"}), ("elasticfilesystem", "access-point/fsap-01234567", {}), ("s3", "x", {}),
    ],
)  # fmt: skip
def test_an_arn_names_its_resource_and_what_that_belongs_to(
    service: str, rest: str, names: dict[str, str]
) -> None:
    whole = arn(service, rest)
    expected = {name: whole if value == "*" else value for name, value in names.items()}
    for text in (whole, f"see {whole}.", f'"{whole}",', f"({whole}): x"):
        assert names_in(text) == expected, text
    for cut in (f"{whole}...", f"{whole}<", f"{whole}${{x}}"):
        assert names_in(cut) == {} or "file-system" in expected, cut


def identity(rest: str, service: str = "iam", partition: str = "aws") -> str:
    return f"arn:{partition}:{service}::123456789012:{rest}"


@pytest.mark.parametrize(
    ("given", "names"),
    [
        (identity("role/r"), {"role": "r", "role-arn": identity("role/r")}), (identity("role/path/r"), {"role": "r", "role-arn": identity("role/path/r")}), (identity("user/p/u"), {"user": "u", "user-arn": identity("user/p/u")}),
        (identity("assumed-role/r/session", "sts"), {"role": "r", "role-arn": identity("role/r")}), (identity("assumed-role/r", "sts"), {}), (identity("assumed-role/r/s", "sts", "aws-us-gov"), {"role": "r", "role-arn": identity("role/r", partition="aws-us-gov")}),
        (identity("group/g"), {}), (identity("policy/p"), {}),
    ],
)  # fmt: skip
def test_who_it_was_is_the_role_of_a_session_and_not_the_session(
    given: str, names: dict[str, str]
) -> None:
    assert names_in(f"by {given} now") == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("(service web) (port 8000) x", {"service": "web", "port": "8000"}), ("service web was unable to place", {"service": "web"}), ("service web has started 1 tasks", {"service": "web"}), ("my service web is nice", {}), (f"(task {TASK})", {"task": TASK}),
        ("Stack [st-1] x", {"stack": "st-1"}), ("stack: 'st-1'", {"stack": "st-1"}), ("log group '/a/b'", {"log-group": "/a/b"}), ("secret 'a/b'", {"secret": "a/b"}), ("invalid ssm parameters: /a/b", {"parameter": "/a/b"}), ("role 'r1'", {"role": "r1"}), ("Cluster 'c1'", {"cluster": "c1"}),
        ("subnet-01234567 sg-0123456789abcdef0 vpc-01234567 fs-01234567", {"subnet": "subnet-01234567", "security-group": "sg-0123456789abcdef0", "vpc": "vpc-01234567", "file-system": "fs-01234567"}), ("subnet-0123456", {}),
        ("failed to resolve ref ghcr.io/a/b:1.2: x", {"image": "ghcr.io/a/b:1.2"}), ("manifest for a/b:c not found", {"image": "a/b:c"}), ("pull access denied for a/b, repository does not exist", {"image": "a/b"}), ('pull image "b" x', {"image": "b"}), ("pull image b x", {}),
        ("aws logs tail /a/b --follow", {"log-group": "/a/b"}), ("curl -s http://h.example:4100/health", {"host": "h.example"}), ("n-0a.elb.eu-west-1.amazonaws.com refused", {"host": "n-0a.elb.eu-west-1.amazonaws.com"}),
        ("aws ecs x --cluster c --services s --tasks t", {"cluster": "c", "service": "s", "task": "t"}), ("--service=s --stack-name 'st'", {"service": "s", "stack": "st"}), ("--service-name s --task t --task-definition f", {"service": "s", "task": "t", "family": "f"}),
        ("--log-group-name /a --role-name r --secret-id x --profile p --region eu-west-1", {"log-group": "/a", "role": "r", "secret": "x", "profile": "p", "region": "eu-west-1"}), ("--target-group-arn tg --load-balancer-arn lb", {"target-group": "tg", "load-balancer": "lb"}), ("x--cluster c", {}),
        ('"serviceName": "s", "clusterName": "c"', {"service": "s", "cluster": "c"}), ("stackname='st' LogGroupName=\"/g\"", {"stack": "st", "log-group": "/g"}), ('"awslogs-group":"/g","loadBalancerName":"n"', {"log-group": "/g", "load-balancer-name": "n"}),
        ('"family": "f", "image": "i:1", "roleName": "r"', {"family": "f", "image": "i:1", "role": "r"}), ('"image": "a b"', {}), ('"image": "i;rm"', {}), ("--cluster a --cluster b", {"cluster": "a"}),
    ],
)  # fmt: skip
def test_a_name_comes_from_a_place_that_is_kept_for_it_and_never_out_of_prose(
    text: str, names: dict[str, str]
) -> None:
    assert names_in(text) == names


WHO = identity("user/u")
THING = arn("ecs", "service/c/s")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (f"User: {WHO} is not authorized to perform: ecs:Run on resource: {THING}", {"principal": WHO, "user": "u", "action": "ecs:Run", "action-name": "ecs-Run", "resource": THING}),
        (f"User: {identity('role/r')} is not authorized to perform: ecs:Run", {"principal": identity("role/r"), "role": "r", "action": "ecs:Run", "action-name": "ecs-Run", "resource": "*"}),
        ("Encountered a permissions error performing a tagging operation API: ecs:Run", {"action": "ecs:Run", "resource": "*"}), ("perform: ecs:Run on resource: arn:", {"action": "ecs:Run", "resource": None, "policy": None}),
        ("perform: ecs:Run on resource: arn:aws:ecs:eu-west-1:<account>:x", {"action": "ecs:Run", "resource": None}),
    ],
)  # fmt: skip
def test_a_refusal_names_who_was_refused_what_and_the_policy_that_holds_just_that(
    text: str, names: dict[str, str | None]
) -> None:
    found = names_in(text)
    assert {name: found.get(name) for name in names} == names
    if found.get("resource"):
        statement = {"Effect": "Allow", "Action": found["action"], "Resource": found["resource"]}
        assert json.loads(found["policy"]) == {"Version": "2012-10-17", "Statement": [statement]}
        assert " " not in found["policy"]


def test_a_role_that_was_asked_for_is_not_who_asked() -> None:
    role = identity("role/r")
    found = names_in(f"is not authorized to perform: iam:PassRole on resource: {role}")
    assert found["resource"] == role
    assert not {"role", "role-arn", "principal"} & found.keys()
    both = names_in(f"User: {WHO} is not authorized to perform: iam:PassRole on resource: {role}")
    assert (both["principal"], both["user"]) == (WHO, "u")


def test_names_beside_a_masked_account_are_kept_and_what_is_masked_is_not_printed() -> None:
    who = "User: arn:aws:sts::***:assumed-role/deploy/GitHubActions is not authorized to perform: "
    found = names_in(f"{who}iam:PassRole on resource: arn:aws:iam::***:role/ash-task because no")
    assert found["role"] == "deploy"
    assert not {"principal", "resource", "role-arn", "policy"} & found.keys()
    both = names_in(f"{who}ecs:UpdateService on resource: arn:aws:ecs:***:***:service/c/s")
    assert (both["cluster"], both["service"]) == ("c", "s")
    assert "policy" not in both


def test_a_secret_that_was_refused_by_its_name_is_granted_alone() -> None:
    asked = f"User: {WHO} is not authorized to perform: secretsmanager:GetSecretValue on resource: "
    found = names_in(f"{asked}prod/ash/db because no identity-based policy allows it")
    assert '"Resource":"arn:aws:secretsmanager:*:*:secret:prod/ash/db-*"' in found["policy"]
    cut = names_in(f"{asked}<name> because no")
    assert "secret:" not in cut["policy"]


def test_each_blank_of_a_command_is_explained() -> None:
    steps = [s for c in CAUSES.values() for s in (*c.proof, *c.repair)]
    blanks = {name for step in steps for name in placeholders(step.command)}
    assert blanks <= MEANING.keys()
    assert all(len(meaning) > 8 for meaning in MEANING.values())


# Documents.


@pytest.mark.parametrize(
    ("document", "told"),
    [
        ({"tasks": [{"taskArn": "a/b/t1", "stoppedAt": "noon"}, {}]}, [("task t1", "stopped_task", "noon"), ("task", "stopped_task", "")]), ({"Tasks": [], "failures": [{"arn": "a/f", "reason": "MISSING"}, {}]}, [("f", "api_error", ""), ("request", "api_error", "")]),
        ({"services": [{"serviceName": "s", "events": [{"createdAt": "noon", "message": "m"}]}]}, [("service s: deployments", "service_event", ""), ("service s: event", "service_event", "noon")]), ({"services": [{"serviceArn": "a/s2"}, {}], "failures": [{}]}, [("service s2: deployments", "service_event", ""), ("service ?: deployments", "service_event", ""), ("request", "api_error", "")]),
        ({"StackEvents": [{"LogicalResourceId": "L", "Timestamp": "noon"}, {"ResourceType": "T"}, {}]}, [("resource L", "cfn_event", "noon"), ("resource T", "cfn_event", ""), ("resource event", "cfn_event", "")]), ({"OperationEvents": [{"LogicalResourceId": "L"}]}, [("resource L", "cfn_event", "")]),
        ({"Stacks": [{"StackName": "st"}, {}]}, [("stack st", "cfn_event", ""), ("stack ?", "cfn_event", "")]), ({"TargetHealthDescriptions": [{"Target": {"Id": "10.0.0.7"}}, {}]}, [("target 10.0.0.7", "target_health", ""), ("target target", "target_health", "")]), ({"TargetHealthDescriptions": []}, [("target group", "target_health", "")]),
        ({"TargetHealth": {}}, [("target target", "target_health", "")]), ({"stopCode": "x", "stoppedAt": "noon"}, [("task", "stopped_task", "noon")]), ({"taskArn": "a/t"}, [("task t", "stopped_task", "")]), ({"events": [{"timestamp": 1, "message": "m"}]}, [("log", "log_line", "")]), ({"events": [{"x": 1}]}, []), ({"events": []}, []),
        ({"serviceName": "s", "deployments": []}, [("service s: deployments", "service_event", "")]), ({"resourceStatusReason": "x"}, [("resource event", "cfn_event", "")]), ({"StackStatus": "x"}, [("resource event", "cfn_event", "")]), ({"failures": [{"arn": "a/f"}]}, [("f", "api_error", "")]),
        ({"eventName": "RunTask", "errorCode": "E"}, [("RunTask", "api_error", "")]), ({"errorMessage": "E"}, [("call", "api_error", "")]), ({"lastState": {"x": 1}}, [("container", "log_line", "")]), ({"containerID": "containerd://x"}, [("container", "log_line", "")]), ({"finishedAt": 1, "exitCode": 1, "reason": "Error"}, [("container", "log_line", "")]),
        ({"state": {"ExitCode": 1}}, [("container", "stopped_task", "")]), ({"Health": {"Status": "unhealthy"}}, [("container", "stopped_task", "")]), ({"Status": "unhealthy", "FailingStreak": 3}, [("container", "stopped_task", "")]), ({"status": "ACTIVE", "running": 1, "desired": 2}, [("service", "service_event", "")]),
        ({"createdAt": "noon", "message": "m"}, [("event", "service_event", "noon")]), ({"exitCode": 1}, [("container", "stopped_task", "")]), ({"exitCode": -1}, []), ({"status": "x", "reason": "y"}, [("container", "stopped_task", "")]), ({"__type": "x"}, [("error", "api_error", "")]), ({"code": 1, "message": "m"}, [("error", "api_error", "")]),
        ({"status": 500, "body": "x"}, [("answer", "http", "")]), ({"statusCode": 500}, [("answer", "http", "")]), ({"state": "unhealthy", "reason": "x"}, [("target target", "target_health", "")]), ({"id": "r", "kind": "http", "fields": {}}, [("r", "http", "")]), ({"kind": "http", "fields": {}}, [("message", "http", "")]), ({"kind": "odd", "fields": {}}, []),
        ({"detail-type": "x", "detail": {"taskArn": "a/t", "stoppedAt": "noon"}}, [("task t", "stopped_task", "noon")]), ({"detail-type": "x", "time": "noon", "detail": {"reason": "r"}}, [("event", "service_event", "noon")]), ({"detail-type": "x", "detail": {"errorCode": "E", "eventName": "RunTask"}}, [("RunTask", "api_error", "")]),
        ([[{"__type": "x"}], {"__type": "y"}], [("error", "api_error", ""), ("error", "api_error", "")]), ([[[[{"__type": "x"}]]]], []), ("text", []), (7, []), ({"a": 1}, []), ({"exitCode": "x"}, [("container", "stopped_task", "")]),
    ],
)  # fmt: skip
def test_a_document_holds_the_messages_that_its_shape_says(
    document: object, told: list[tuple[str, str, str]]
) -> None:
    found = shapes.messages(document)
    assert [(m.subject, m.kind, m.at) for m in found] == told
    if isinstance(document, dict):
        assert shapes.recognised(document) is bool(told)


def test_what_a_message_keeps_of_its_document_is_what_speaks_of_it() -> None:
    def fields(document: object) -> Any:
        (one,) = shapes.messages(document)
        return dict(one.fields)

    assert fields({"serviceName": "s", "status": "ACTIVE", "desiredCount": 1, "x": 2, "deployments": []}) == {"status": "ACTIVE", "desiredCount": 1, "deployments": []}  # fmt: skip
    assert fields({"status": "A", "running": 1, "desired": 2}) == {"status": "A", "runningCount": 1, "desiredCount": 2}  # fmt: skip
    assert fields({"errorCode": "E", "errorMessage": "m", "errorType": "T", "y": 1}) == {"code": "E", "message": "m", "errorType": "T"}  # fmt: skip
    assert fields({"statusCode": 500, "error": "x"}) == {"status": 500, "body": {"statusCode": 500, "error": "x"}}  # fmt: skip
    assert fields({"status": 500, "body": "x"}) == {"status": 500, "body": "x"}
    assert fields({"events": [{"timestamp": 1}]}) == {"logs": [{"timestamp": 1}]}
    assert fields({"exitCode": 1}) == {"containers": [{"exitCode": 1}]}
    assert fields({"failures": [{"reason": "MISSING"}]}) == {"failures": [{"reason": "MISSING"}]}
    assert fields({"kind": "http", "fields": {"Status": 1}}) == {"status": 1}
    state = {"ExitCode": 137, "OOMKilled": True, "Health": {"Status": "unhealthy", "Log": [{"Output": "curl: (7)"}]}}  # fmt: skip
    dead = {"exitCode": 137, "reason": "OutOfMemoryError", "healthStatus": "unhealthy"}
    assert fields({"State": state}) == {
        "containers": [dead],
        "logs": ["container health check failed: curl: (7)"],
    }
    alive = {"State": {"ExitCode": 0, "Running": True, "Error": "x"}}
    assert fields(alive)["containers"] == [{"exitCode": None, "reason": "x", "healthStatus": None}]
    assert len(shapes.messages({"tasks": [{}] * 2_001})) == 2_000
    assert fields({"lastState": {"a": 1}}) == {"message": 'lastState: {"lastState": {"a": 1}}'}


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ('  "stoppedReason": "x y",', ("stoppedReason", "x y")), ("Stopped reason: x", ("stoppedReason", "x")), ("Exit code  137", ("exitCode", 137)), ("exitCode=137", ("exitCode", 137)), ("- last status\tSTOPPED", ("lastStatus", "STOPPED")), ("**Status** | x", ("status", "x")), ("status: null", ("status", None)), ("status: ~", ("status", None)), ("status: -", ("status", None)),
        ("stop code: x", ("stopCode", "x")), ("Status reason: x", ("reason", "x")), ("health status: x", ("healthStatus", "x")), ("Logical ID: x", ("logicalResourceId", "x")), ("desired: 2", ("desiredCount", 2)), ("running: 1", ("runningCount", 1)), ("pending: 0", ("pendingCount", 0)), ("rolloutState: FAILED", ("rolloutState", "FAILED")),
        ("taskArn: a", ("taskArn", "a")), ("clusterArn: a", ("clusterArn", "a")), ("group: g", ("group", "g")), ("resourceStatus: a", ("resourceStatus", "a")), ("resourceStatusReason: a", ("resourceStatusReason", "a")), ("resourceType: a", ("resourceType", "a")), ("stackName: a", ("stackName", "a")), ("stackStatus: a", ("stackStatus", "a")),
        ("stackStatusReason: a", ("stackStatusReason", "a")), ("rolloutStateReason: a", ("rolloutStateReason", "a")), ("failedTasks: 3", ("failedTasks", 3)), ("serviceName: a", ("serviceName", "a")), ("state: a", ("state", "a")), ("description: a", ("description", "a")), ("oomKilled: true", ("oomKilled", "true")), ("message: a", ("message", "a")), ("logGroupName: a", ("logGroupName", "a")),
        ('"reason": "cut off', ("reason", "cut off")), ("exit code: -1", ("exitCode", -1)), ("exit code: 1234567890", ("exitCode", "1234567890")), ("unknown: x", None), ("we saw the status: x", None), ("reason:x", None), ("reason", None), ("status: " + "x" * 4_000, None),
    ],
    ids=range(42),
)  # fmt: skip
def test_a_line_may_give_a_field_in_whatever_spelling(
    line: str, field: tuple[str, Any] | None
) -> None:
    assert field_of(line) == field


@pytest.mark.parametrize(
    ("value", "is_entry", "calm", "readable"),
    [
        ({"level": 30, "time": 1}, True, True, "level info"), ({"level": 30, "msg": "m"}, True, True, "m | level info"), ({"level": 20, "msg": "m"}, True, True, "m | level debug"), ({"level": 21, "msg": "m"}, True, True, "m | level info"), ({"level": 40, "msg": "m"}, True, True, "m"), ({"level": 41, "msg": "m"}, True, False, "m | level error"),
        ({"level": "info", "message": "m"}, True, True, "m | level info"), ({"severity": "ERROR", "message": "m"}, True, False, "m | level error"), ({"levelname": "WARNING", "event": "m"}, True, True, "m"), ({"lvl": "trace", "text": "m"}, True, True, "m | level debug"), ({"loglevel": "notice", "msg": "m"}, True, True, "m"), ({"msg": "m"}, False, True, "m"), ({"level": 30}, False, True, "level info"),
        ({"level": 50, "err": {"type": "T", "message": "x", "code": "E", "stack": "s", "n": 1}}, True, False, "T | E | x | s | level error"), ({"level": "error", "error": "x"}, True, False, "x | level error"), ({"level": 30, "exception": True, "msg": "m"}, True, True, "m | level info"), ({"level": 30, "msg": "m", "message": "m", "reason": "r"}, True, True, "m | r | level info"),
        ({"level": 30, "msg": "m", "res": {"statusCode": 499}}, True, True, 'm | level info | "statusCode": 499'), ({"level": 30, "msg": "m", "res": {"statusCode": 500}}, True, False, 'm | level info | "statusCode": 500'), ({"level": 30, "msg": "m", "res": 7}, True, True, "m | level info"), ({"level": 30, "msg": "m", "userAgent": "ELB"}, True, True, 'm | level info | "ELB"'), ({"level": 30, "msg": "m", "req": {"url": "/"}}, True, True, 'm | level info | {"url": "/"}'),
        ({"level": "information", "cause": "x"}, True, True, "x | level info"), ({"level": "default", "stack": "x"}, True, True, "x"), ({"level": "warn", "exc_info": "x"}, True, True, "x"), ({"level": "debug", "msg": "m"}, True, True, "m | level debug"),
    ],
    ids=range(26),
)  # fmt: skip
def test_an_entry_of_any_logger_is_read_by_level_text_error_and_status(
    value: dict[str, Any], is_entry: bool, calm: bool, readable: str
) -> None:
    assert loggers.is_entry(value) is is_entry
    assert loggers.is_normal(value) is calm
    assert loggers.readable(value) == readable


def test_an_entry_of_several_lines_is_read_line_by_line_with_what_continues_each() -> None:
    value = {"level": 50, "msg": "one\n  more\n}\n\ntwo"}
    (entry,) = loggers.entries(value, 7)
    assert (entry.number, entry.normal) == (7, False)
    assert [line.text for line in entry.lines] == ["one more }", "two | level error"]
    assert loggers.page(value) == value["msg"]
    for other in ({"level": 30, "msg": "a\nb"}, {"level": 50, "msg": "a\n"}, {"level": 50, "msg": "a\nb", "err": "x"}, {"level": 50, "msg": "a\nb", "text": "c"}):  # fmt: skip
        assert loggers.page(other) == ""
    (single,) = loggers.entries({"level": 30, "msg": "one"}, 1)
    assert (single.lines, single.normal) == ((), True)


TEXT = "CannotPull é ✓ of it"


def test_bytes_are_text_in_whatever_encoding_and_wrapping_they_came() -> None:
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-le"):
        raw = TEXT.encode(encoding)
        assert decoded(raw) == decoded(gzip.compress(raw)) == TEXT, encoding
    assert decoded(b"\xfe\xff" + TEXT.encode("utf-16-be")) == TEXT
    assert decoded(b"\x00\x00\xfe\xff" + TEXT.encode("utf-32-be")) == TEXT
    packed = gzip.compress(b"x" * 3_000_000)
    assert decoded(packed[: len(packed) - 10]).startswith("x" * 1000)
    assert decoded("a\u200bb\u00a0c\u202fd\ufeff\u2060\u200c\u200de") == "ab c de"
    assert decoded("<pre>a</pre> <b>x &amp; y</b> &lt;z&gt; &#39;q&#x27;") == " a   x & y  <z> 'q'"
    assert decoded("a <image> b & c") == "a <image> b & c"
    assert decoded('"a\\nb \\"c\\""') == 'a\nb "c"'
    assert decoded('"a b"') == '"a b"'
    assert decoded('"a\\x"') == '"a\\x"'
    assert decoded(b"\x00\x01\x02\x03abcdefgh\x00\x05\x06\x07short\x00\x08\x0eijklmnop\x7f\x81\x82\x83") == "abcdefgh\nijklmnop"  # fmt: skip


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ('{"a":1}', [{"a": 1}]), ('x {"a":1} y [1,2] z', [{"a": 1}, ]), ('[{"a":1}]\n{"b":2}', [[{"a": 1}], {"b": 2}]), ('$ aws x\n{\n  "a": [\n    "b"', [{"a": ["b"]}]), ('{"a":{"b":"c', [{"a": {"b": "c"}}]), ('{"a":1,"b', [{"a": 1}]), ('{"a": "}" , "b": 2}', [{"a": "}", "b": 2}]),
        ("no json {here} or [there]", []), ('{"a": "x\\"y"}', [{"a": 'x"y'}]), ('{"a":1}}', [{"a": 1}]), ('"a": {"b": 1},', [{"b": 1}]),
    ],
)  # fmt: skip
def test_json_is_found_anywhere_in_a_text_and_the_rest_stays(text: str, values: list[Any]) -> None:
    found = list(parts(text))
    told = [part.value for part in found if part.is_json]
    assert told[: len(values)] == values
    assert values or not told
    assert "".join(text[part.start : part.end] for part in found) == text


# Explanations.


def test_what_cannot_be_claimed_says_why_and_what_its_words_would_have_been_taken_for() -> None:
    (ponies,) = explain("ponies everywhere")
    assert (ponies.answer.cause, ponies.answer.title) == ("unknown", "Not a message this catalogue knows")  # fmt: skip
    (advice,) = explain("If the task was OutOfMemoryError: Container killed due to memory usage, raise it.")  # fmt: skip
    assert advice.answer.title == "The words of a failure, and nothing says that it happened"
    assert "container-oom" in advice.answer.alternatives
    (foreign,) = explain("kubelet: Failed to pull image: ErrImagePull manifest unknown")
    assert foreign.answer.title.startswith("A message of ")
    assert foreign.answer.title.endswith(", which is no part of an Ash deployment")
    (typo,) = explain("image-not-fuond")
    assert typo.close[0] == "image-not-found"
    assert typo.to_json()["alternatives"] == list(typo.close)


def test_a_cause_asked_for_by_name_is_explained_without_a_message() -> None:
    (told,) = explain(" container-oom ")
    assert told == by_name("container-oom")
    assert (told.subject, told.kind, told.to_json()["kind"]) == ("container-oom", "", None)
    cause = CAUSES["container-oom"]
    assert [step.command for step in told.repair()] == [step.command for step in cause.repair]
    assert told.answer.alternatives == tuple(slug for slug, _ in cause.confused_with)


GRANTED = next(
    c
    for c in CAUSES.values()
    if c.severity == "error"
    and any("put-role-policy" in s.command and not s.when for s in c.repair)
)


def test_what_the_role_s_own_policies_cannot_allow_is_not_repaired_by_one() -> None:
    def told(text: str) -> Explanation:
        hint = Hint(GRANTED.slug, Rank.DECISIVE, "f", "q")
        answer = Classification(GRANTED.slug, "error", "t", (), (hint,))
        return Explanation("message", "api_error", answer, text=text, structured=True)

    own = told("no identity-based policy allows it").repair()
    assert any("put-role-policy" in step.command for step in own)
    scp = told("with an explicit deny in a service control policy").repair()
    assert not any("put-role-policy" in step.command for step in scp)
    assert scp[0].why.startswith("An organisation's service control policy denies it")


def test_who_is_not_sure_advises_to_look_first_and_changes_nothing() -> None:
    cause = CAUSES["container-oom"]

    def told(rank: int, text: str, **more: Any) -> Explanation:
        answer = Classification(cause.slug, more.pop("severity", "error"), "t", (), (Hint(cause.slug, rank, "f", "q"),))  # fmt: skip
        return Explanation("message", "log_line", answer, text=text, **more)

    for explanation, sure in (
        (told(Rank.LIKELY, "the fargate task"), True), (told(Rank.LIKELY - 1, "the fargate task"), False), (told(Rank.DECISIVE, "killed"), False), (told(Rank.GENERIC, "killed", structured=True), True),
        (told(Rank.GENERIC, ""), True), (told(Rank.GENERIC, "killed", severity="info"), True),
    ):  # fmt: skip
        steps = explanation.repair()
        assert (steps[0] == LOOK_FIRST) is not sure, explanation
        assert sure or not any("ash-ops deploy" in step.command for step in steps)


def test_who_was_refused_what_is_of_one_message_and_other_names_of_the_whole_text() -> None:
    before = {"cluster": "c", "principal": "p", "action": "a:B", "action-name": "a-B", "resource": "r", "policy": "{}"}  # fmt: skip
    assert explain_module._merged(before, {"action": "x:Y"}) == {"cluster": "c", "action": "x:Y"}
    assert explain_module._merged(before, {"cluster": "d"}) == {**before, "cluster": "d"}
