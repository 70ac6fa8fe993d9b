"""By which words a kind of message is known, which calls may be ours, and what is asked for in a blank."""

from __future__ import annotations

import json
import re

from ash_ops.causes.advice.blanks import MEANING
from ash_ops.causes.advice.policies import granting_both
from ash_ops.causes.base import says
from ash_ops.causes.belonging import belonging
from ash_ops.causes.catalogue import CAUSES
from ash_ops.causes.catalogue.listed import beginnings
from ash_ops.causes.denials import denier
from ash_ops.causes.explain import explain
from ash_ops.causes.foreign import speaker
from ash_ops.causes.kinds import likely
from ash_ops.causes.logs import is_normal
from ash_ops.causes.matching import Haystack, find, folded
from ash_ops.causes.peers import is_another_caller
from ash_ops.causes.reading.entries import Entry
from tests.support.each import each

KINDS = {
    "stopped_task": """CannotPullContainerError|ResourceInitializationError|OutOfMemoryError|TaskFailedToStart|ContainerRuntimeTimeoutError|DockerTimeoutError|Essential container in task|Task failed to start|Task failed ELB|Task failed container|Scaling activity initiated
        Timeout waiting for network|Timeout waiting for ENI|network interface provision|Your Spot task|Spot task was interrupted|Task stopped by""",
    "service_event": "service web has|service web registered|(service web) (x|(task 7)|ECS deployment circuit breaker|deployment ecs-svc|was unable to place a task|unable to consistently start|steady state|container instance",
    "cfn_event": """HandlerErrorCode|Resource handler returned|CREATE_FAILED|UPDATE_FAILED|DELETE_FAILED|CREATE_IN_PROGRESS|UPDATE_IN_PROGRESS|DELETE_IN_PROGRESS|ROLLBACK_IN_PROGRESS|Resource creation cancelled|The following resource(s)|CloudFormation|did not stabilize|ROLLBACK_COMPLETE|ROLLBACK_FAILED|AWS::X|Embedded stack""",
    "target_health": "Target.Timeout|Elb.InternalError|Health checks failed with these codes|Target registration is in progress|Health checks failed",
    "api_error": """An error occurred (X|operation error X|api error X|botocore.x|aws: [ERROR]|Exception: x|ClientError|The config profile|Unable to locate credentials|Could not connect to the endpoint|You must specify a region|when calling the X|aws sso|status code: 403|error code: x
        AccessDeniedException|UnauthorizedOperation|ValidationException|ThrottlingException|InvalidParameterException|ClientException""",
    "http": 'fetch failed|HTTP/1.1|requests.exceptions|httpx.X|ERR_CONNECTION|ERR_NAME|SSL routines|"statusCode":|urllib3|<html|net::err|undici|curl: (',
}  # fmt: skip


def words(table: str) -> list[str]:
    return [text for line in table.strip().splitlines() for text in line.strip().split("|")]


@each("kind", list(KINDS))
def test_a_kind_of_message_is_known_by_each_of_its_words(kind: str) -> None:
    for text in words(KINDS[kind]):
        for shown in (text, f"it said {text} and"):
            assert kind in likely(folded(shown)), shown
            assert len(likely(folded(shown))) < 4, shown


# A real action of each service that a deployment, its roles, its prices or its diagnosis may call.
ACTIONS = """acm:ListCertificates application-autoscaling:DescribeScalableTargets autoscaling:DescribeAutoScalingGroups backup:ListBackupJobs backup-storage:MountCapsule bedrock:InvokeModel budgets:ViewBudget ce:GetCostAndUsage
cloudformation:CreateStack cloudtrail:LookupEvents cloudwatch:GetMetricData ec2:DescribeVpcs ec2messages:GetMessages ecr:GetAuthorizationToken ecr-public:GetAuthorizationToken ecs:RunTask elasticfilesystem:ClientMount elasticloadbalancing:DescribeTargetHealth
events:PutRule guardduty:SendSecurityTelemetry health:DescribeEvents iam:PassRole kms:Decrypt lambda:InvokeFunction logs:CreateLogStream organizations:DescribeOrganization pricing:GetProducts rds:DescribeDBInstances resource-groups:CreateGroup
route53:ListHostedZones s3:GetObject savingsplans:DescribeSavingsPlans secretsmanager:GetSecretValue service-quotas:GetServiceQuota servicediscovery:CreateService servicequotas:GetServiceQuota sns:Publish ssm:GetParameters ssmmessages:CreateControlChannel
sso:GetRoleCredentials states:StartExecution sts:AssumeRole tag:GetResources wafv2:GetWebACL"""


def test_a_denied_call_may_be_ours_by_its_service() -> None:
    """The two that another rule knows: Lambda and Bedrock speak of themselves."""
    for action in ACTIONS.split():
        found = speaker(folded(f"x is not authorized to perform: {action}"))
        service = action.split(":")[0]
        assert (found is None) is (service not in ("lambda", "bedrock")), action
        assert found is None or found.name != "another service of AWS", action
    for action in ("acmx:Get", "xacm:Get", "sagemaker:CreateEndpoint", "glue:GetTable", "wafv2x:Get"):  # fmt: skip
        found = speaker(folded(f"x is not authorized to perform: {action}"))
        assert found is not None, action
        assert found.name == "another service of AWS", action


CALLERS = "aiohttp anthropic ash_client asyncio boto3 botocore builtins claude_agent_sdk concurrent elb http httpcore httpx java javax net org requests socket ssl system target urllib urllib3 websockets"  # fmt: skip


def test_an_exception_of_what_calls_ash_the_model_or_aws_may_be_ours() -> None:
    for package in CALLERS.split():
        for kind in ("exceptions.connecttimeout", "internalerror", "a.b.c.someexception", "refused"):  # fmt: skip
            assert not is_another_caller(f"{package}.{kind}: x"), (package, kind)
    for text in ("psycopg.operationalerror: x", "[7] redis.exceptions.timeouterror: x", "acme.a.b.c.d.e.someerror: x"):  # fmt: skip
        assert is_another_caller(text), text
    for text in ("operationalerror: x", "psycopg.something: x", "psycopg.operationalerror x"):
        assert not is_another_caller(text), text


def test_what_a_package_that_calls_others_raises_is_about_its_own_calls() -> None:
    for text, cause in (
        ("kombu.exceptions.OperationalError: [Errno 111] Connection refused", "unknown"), ("httpx.ConnectError: [Errno 111] Connection refused", "conn-refused"), ("zeep.exceptions.TransportError: 401 Unauthorized", "unknown"), ("httpx.HTTPStatusError: 401 Unauthorized", "ash-auth-invalid"),
        ("zeep.exceptions.FileError: ENOSPC: no space left on device", "disk-full"),
    ):  # fmt: skip
        assert explain(text)[0].answer.cause == cause, text


def test_the_shortest_words_are_found_in_a_text_of_any_size() -> None:
    letters = "abcdefghijklmnopqrstuvwxyz"
    noise = " ".join(f"q{a}{b}{c}zzzzzz" for a in letters for b in letters for c in letters)
    every = {t for c in CAUSES.values() for s in c.signatures for t in s.all_of if t[:1] != "~"}
    short = sorted({w for term in every for w in term.split("|") if max(map(len, re.findall(r"[a-z_]+", w)), default=9) <= 3 and find(w, f"it {w} it")})  # fmt: skip
    assert len(short) > 30
    haystack = Haystack([noise, *(f"it {words_} it" for words_ in short)])
    for number, words_ in enumerate(short, 1):
        assert number in haystack.match(says(words_)), words_
    assert haystack.may_fit(beginnings(map(says, short))) == [*range(len(short))]


SOUND = """
Auto-generated API key has been saved|Read that file to retrieve your key|/data/initial-api-key|===========|Strict mode: on|listening on 7|listening at 7|Swagger UI|plain HTTP. in production|Dashboard has no authentication|Dashboard available|Data directory: x
Bridge entry: x|API key authentication enabled|shutting down|request completed|incoming request|DeprecationWarning: x|ExperimentalWarning: x|(Use `node --trace-x|SECURITY WARNING: The SSL modes|npm notice x|npm warn x|received SIGTERM|received SIGINT|ELB-HealthChecker/2.0
[telemetry] failed|child exited code=0 signal=null|child exited code=143 signal=x|child exited code=null signal=SIGTERM
"""
SOUND_UNLESS_ALARM = "started server|migrating|npm start|server listening|ready in 7|[entrypoint] x|[pool] x|[db] x|[server] x|[sandbox:7] x|[sessions] x|[agent] x|[coordinator] x|[runner] x|[eval-runner] x|[resource-limits] x|[tracing] x|[bridge] x|[bridge-tracing] x|[local-backend] x|[queue] x|[queue-processor] x|[usage] x|[state-persistence] x|[snapshot-s3] x|[snapshot-gcs] x|it: [pool] x|it | [pool] x|[[pool] x"  # fmt: skip
ALARMS = """error|fail|exception|fatal|denied|refused|unable|cannot|could not|invalid|timed out|timeout|crash|kill|corrupt|missing|not found|unauthorized|forbidden|panic|abort|econnreset|enoent|eacces|exceeded|overloaded|unsuccessful|did not run|non-zero"""


def test_each_line_of_a_sound_server_is_known_and_none_with_a_word_that_alarms() -> None:
    for text in words(SOUND):
        assert is_normal(text), text
        assert is_normal(f"it said {text}") or text.startswith("[telemetry]"), text
    pieces = SOUND_UNLESS_ALARM.replace("it | [", "it \x00 [").split("|")
    for text in (piece.replace("\x00", "|") for piece in pieces):
        assert is_normal(text), text
        assert not is_normal(f"{text} failed"), text
    for word in words(ALARMS):
        assert not is_normal(f"[pool] it {word} so"), word
    for text in ("child exited code=1 signal=null", "the pool is", "said [pool]", "x[pool] y"):
        assert not is_normal(text), text


WHOLE = """eacces eperm enoent epipe enotfound enomem eexist erofs enospc enotdir eproto edquot eai_again eaddrinuse eaddrnotavail econnrefused econnreset econnaborted etimedout ehostunreach enetunreach redis ready never ended patching mount place port file eval"""


def test_words_that_stand_in_others_by_chance_are_found_by_themselves_alone() -> None:
    for word in WHOLE.split():
        assert find(word, f"a {word} b") == word
        assert find(word, f"{word}s and") == word
        assert find(word, f"a x{word} b") is None, word
    assert find("denied", "undenied") == "denied"


ANY_PROGRAMS = """app-crash ash-auth-invalid ash-auth-missing bad-listen-config conn-refused conn-reset conn-timeout container-oom data-dir-unwritable db-unreachable disk-full dns-nxdomain exit-139 node-heap-oom
    sigkill-137 sqlite-corrupt sqlite-locked tls-certificate-invalid tls-to-plain-http"""
ASH_ALONE = "anthropic-auth db-auth-failed image-not-found port-in-use sandbox-userns-unavailable agent-disconnected"  # fmt: skip


def test_failures_of_any_program_are_ours_in_a_text_that_shows_it_and_others_in_any() -> None:
    long = [Entry(f"{letter * 100} it", number) for number, letter in enumerate("xyz", 1)]
    nobodys = belonging(long, long[:1])
    on_node = belonging([*long, Entry("in node_modules", 4)], long[:1])
    signed = belonging([*long, Entry("on fargate", 4)], long[:1])
    for slug in ANY_PROGRAMS.split():
        cause = CAUSES[slug]
        assert not nobodys(cause), slug
        assert on_node(cause), slug
        assert signed(cause), slug
    for slug in ASH_ALONE.split():
        assert nobodys(CAUSES[slug]), slug


def test_what_a_blank_of_a_command_stands_for_is_said_in_a_few_plain_words() -> None:
    for name, meaning in MEANING.items():
        assert re.fullmatch(r"[a-z]+(?:-[a-z]+){0,3}", name), name
        assert re.match(r"(?:the|a|an|any|every|another|how many|your) [a-z]|(?:the|a|an) [A-Z]|awsvpcConfiguration=", meaning), name  # fmt: skip
        assert "\n" not in meaning
        assert len(meaning) < 160, name


def test_who_can_lift_a_denial_is_told_in_a_sentence() -> None:
    for policy, who in (
        ("service control policy", "Ask the organisation's administrator, or use another account or region."), ("resource control policy", "Ask the organisation's administrator."), ("permissions boundary", "have the action added to the boundary, by whoever owns it."),
        ("session policy", "whoever makes the session must allow it there."), ("endpoint policy", "allow the action there."), ("resource-based policy", "allow the role there."), ("explicit deny", "find it on the role or user, and lift it."), ("AWSCompromisedKeyQuarantineV3, an explicit deny", "and then detach the policy."),
    ):  # fmt: skip
        told = denier(f"because no {policy}\nallows it")
        assert told is not None, policy
        assert told.endswith(who), policy
        assert told.startswith(("An organisation's ", "The ", "A statement ")), policy
    assert denier("because no identity-based policy allows it") is None


def test_what_one_was_refused_in_several_lines_is_allowed_by_one_policy() -> None:
    def names(*actions: str, principal: str = "me") -> dict[str, str]:
        statements = [{"Action": action} for action in actions]
        return {"policy": json.dumps({"Statement": statements}), "principal": principal, "x": "y"}

    def granted(one: dict[str, str], other: dict[str, str]) -> list[str]:
        both = granting_both(one, other)
        assert (both["principal"], both["x"]) == ("me", "y")
        return [statement["Action"] for statement in json.loads(both["policy"])["Statement"]]

    assert granted(names("a", "b"), names("b", "c")) == ["a", "b", "c"]
    assert granted(names("a"), names("b", principal="you")) == ["a"]
    assert granted(names("a"), {"principal": "me"}) == ["a"]
    assert "policy" not in granting_both({"principal": "me"}, names("a"))
    many = names(*(f"a{n}" for n in range(19)))
    assert granted(many, names("b", "c"))[18:] == ["a18", "b"]  # IAM takes no longer one
