"""What a line is without what was put around it, whether it asserts anything, and whose it is."""

from __future__ import annotations

import pytest

from ash_ops.causes import CAUSES, classify
from ash_ops.causes.calm import asserted, says_again, says_over
from ash_ops.causes.explain import classified
from ash_ops.causes.foreign import SERVICES, may_say, speaker
from ash_ops.causes.logs import entries, is_normal, readable
from ash_ops.causes.matching import folded
from ash_ops.causes.reading.commands import is_command, is_continued
from ash_ops.causes.reading.entries import pieces
from ash_ops.causes.reading.shapes import Message
from ash_ops.causes.reading.widths import Width, goes_on, hard_joined, rejoined, width_of
from ash_ops.causes.reading.wrappings import Line, unwrapped
from ash_ops.causes.speech.documents import only_described, only_listed


@pytest.mark.parametrize(
    ("raw", "text", "dated", "command"),
    [
        ("plain", "plain", False, False), ("> quoted", "quoted", False, False), (">>> deep", "deep", False, False), ("│ in a box │", " in a box", False, False), ("| cell |", " cell", False, False), ("|| or", "|| or", False, False), ("web-1  | said", "said", False, False), ("##[error]it", "it", False, False),
        ("ERROR: it", "it", False, False), ("[WARN] it", "it", False, False), ("FATAL it", "it", False, False), ("CRITICAL:root:it", "it", False, False), ("ERRORS it", "ERRORS it", False, False),
        ("2026-11-27T12:00:00.123Z it", "it", True, False), ("2026/11/27 12:00:00,5 +01:00 it", "it", True, False), ("[2026-11-27 12:00:00] it", "it", True, False), ("12:00:00 it", "it", True, False), ("Nov 27 12:00:00 host app[7]: it", "it", True, False), ("2026-11-27T12:00:00Z stdout F it", "it", True, False), ("2026-11-27T12:00:00Z a/b/c it", "it", True, False),
        ("2026-11-27T12:00:00Z ERROR: it", "it", True, False), ("2026-11-27T12:00:00Z INFO ERROR: it", "INFO ERROR: it", True, False), ("2026-11-27T12:00:00Z DEBUG ERROR: it", "DEBUG ERROR: it", True, False), ("2026-11-27T12:00:00Z TRACE ERROR: it", "TRACE ERROR: it", True, False),
        ("$ aws ecs list-tasks", "aws ecs list-tasks", False, True), ("me@host:~/x$ ls", "ls", False, True), ("~/x $ ls", "ls", False, True), ("PS C:\\x> ls", "ls", False, True), ("C:\\x>dir", "dir", False, True), ("\u276f ls", "ls", False, True), ("aws ecs list-tasks", "aws ecs list-tasks", False, True), ("$5 is a price", "$5 is a price", False, False),
        ("```json", "", False, False), ("-----", "", False, False), ("+---+---+", "", False, False), ("$ ", "", False, False), ('{"a": 1} ', '{"a": 1}', False, False), ("--", "--", False, False),
    ],
)  # fmt: skip
def test_a_line_is_read_without_marks_borders_prompts_and_times(
    raw: str, text: str, dated: bool, command: bool
) -> None:
    (line,) = unwrapped(raw)
    assert (line.text, line.dated, line.command) == (text, dated, command)
    assert line.number == 1
    if not command and text and "│" not in raw and "|" not in raw[:6]:
        assert line.length == len(raw.rstrip())


def test_a_command_that_goes_on_in_the_next_line_is_one() -> None:
    text = "$ aws ecs x \\\n  --cluster c ^\n  --service s `\n  -v\nit failed"
    assert [line.command for line in unwrapped(text)] == [True, True, True, True, False]
    assert [is_continued(text) for text in ("x \\", "x ^ ", "x `", "x`", "x")] == [True, True, True, False, False]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("aws ecs describe-tasks --cluster c", True), ("sudo docker ps", True), ("+ curl -s http://x", True), ("AWS_REGION=x aws ecs list", True), ("timeout 5 kubectl get pods", True), ("- run: npm ci", True), ("RUN npm install", True), ("git clone http://x", True), ("ash-ops doctor", True), ("terraform apply -x", True), ("grep -r x", True), ("tail -f x", True),
        ("docker build: failed", False), ("aws: error", False), ("curl: (7) Failed", False), ("aws ecs x An error occurred (y)", False), ("aws ecs list-tasks 'Error: y'", True), ("npm run failed", False), ("aws ecs list-tasks curl: (7)", False), ("aws ecs list-tasks exited with 1", False), ("aws ecs list-tasks Exception: x", False), ("aws ecs list-tasks failed", False), ("we ran aws ecs list", False), ("kubectl said no", False),
    ],
)  # fmt: skip
def test_a_command_is_known_by_its_program_unless_it_printed_something(
    text: str, is_one: bool
) -> None:
    assert is_command(text) is is_one


def lines(*texts: str) -> list[Line]:
    return [Line(text, number) for number, text in enumerate(texts, 1)]


def test_lines_that_end_alike_were_cut_there_and_longer_ones_wrapped_between_words() -> None:
    a, b = "x" * 60, "y" * 60
    assert width_of(lines(a, b, "z")) == Width(60, 0)
    assert width_of(lines(a, a)) == Width(0, 0)  # a line that is repeated ends where it ends
    assert width_of(lines("x" * 39, "y" * 39)) == Width(0, 0)
    assert width_of(lines("x" * 301, "y" * 301)) == Width(0, 0)
    assert width_of(lines("a b", "c d e", "f" * 9)) == Width(0, 5)
    assert width_of([]) == Width(0, 0)
    assert width_of([Line("x" * 50, 1, lost=10), Line("y" * 60, 2)]).cut == 60


@pytest.mark.parametrize(
    ("before", "after", "width", "how"),
    [
        ("x" * 60, "y", Width(60, 0), ""), ("x" * 59, "y", Width(60, 0), None), ("x" * 60, " ", Width(60, 0), None), ("a " * 30, "longword", Width(0, 60), " "), ("a " * 30, "longword", Width(0, 39), None), ("a " * 30, "longword", Width(0, 301), None),
        ("a" * 50, "bbbbbbbbb", Width(0, 60), None), ("a" * 50, "bbbbbbbbbb", Width(0, 60), " "), ("a" * 23, "b" * 99, Width(0, 60), None), ("a" * 24, "b" * 99, Width(0, 60), " "), ("  " + "a" * 58, "bbb", Width(0, 60), None), ("  " + "a" * 58, "  bbb", Width(0, 60), " "),
    ],
)  # fmt: skip
def test_a_line_goes_on_in_the_next_if_its_first_word_had_no_room(
    before: str, after: str, width: Width, how: str | None
) -> None:
    first, second = lines(before, after)
    assert goes_on(first, second, width) == how


def test_what_was_cut_at_a_width_is_put_together_and_rows_of_a_table_are_not() -> None:
    text = "".join(chr(97 + n % 26) for n in range(210))
    cut = [text[at : at + 60] for at in range(0, 210, 60)]
    assert hard_joined(lines(*cut)) == text
    assert hard_joined(lines(cut[0], *(f"  {part}" for part in cut[1:]))) == text
    assert hard_joined(lines(*cut[:3])) == ""  # three lines, of which two are full
    assert hard_joined(lines(*(f"| {part[:50]} | b" for part in cut))) == ""
    assert hard_joined(lines(*(part[:39] for part in cut[:3]), "x")) == ""
    assert hard_joined(lines("one", "", *cut, "", "two")) == text
    assert rejoined("\n".join(cut)) == f"{text} "
    assert rejoined("a\nb") == "a b "
    assert rejoined("x" * 80 + "\ny") == "x" * 80 + "y "
    assert rejoined("a\n" + "x" * 79 + "\ny") == "a " + "x" * 79 + " y "


NOT_ASSERTED = """
0 errors
no failures
errors: 0
none found
is 0 for the last hour
expected TypeError
✓ handles ECONNREFUSED
PASS src/x.test.ts
ok 3 - refuses
12 tests passed
test_x.py::test_denied
dry run: would be denied
if (error.code === 'ECONNREFUSED') retry()
except ConnectionError as e:
raise ValueError('denied')
logger.error("denied")
const code = 'ECONNREFUSED'
fix(auth): token expired
- fixed a crash
changelog for ECONNREFUSED
recovered from ECONNREFUSED
connection refused, ignoring
resolved: connection refused
now healthy
retry succeeded
last failure 3 days ago
all checks passed
alert rule for OutOfMemoryError
metric errors is 0
retry_on: timeout
filterPattern: "ERROR"
this error means access is denied
how to fix AccessDenied
# Connection refused
this is expected: connection refused
a container that exceeds its limit is killed
DEBUG connection refused
level=debug msg=refused
info loaded retry policy for ECONNREFUSED
connect_timeout=10
dns lookup ... ok
"""


@pytest.mark.parametrize("text", NOT_ASSERTED.strip().splitlines())
def test_a_clause_that_denies_tests_describes_or_is_over_asserts_nothing(text: str) -> None:
    assert asserted(folded(text)).strip() == ""


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("connection refused", "connection refused"), ("3 errors, 0 warnings", "3 errors, 0 warnings"), ("errors: 0.5", "errors: 0.5"), ("info connection refused", "info connection refused"), ("not recovered from it", "not recovered from it"), ("it was denied. If a task dies, look.", "it was denied.  ."), ("if it is denied, it fails", ", it fails"),
        ("tasks usually stop because of memory. but mine was denied", "tasks usually stop because of memory. but mine was denied"), ("this is usually due to a full disk.", "."), ("an error occurred (AccessDenied) is usually due to a policy", "an error occurred (accessdenied) is usually due to a policy"), ("denied (this is usually a policy)", "denied "),
    ],
)  # fmt: skip
def test_what_a_text_asserts_is_what_is_left_without_such_clauses(text: str, left: str) -> None:
    assert asserted(folded(text)).strip() == left.strip()


def test_lists_of_names_to_retry_on_and_glossaries_say_nothing() -> None:
    assert only_listed(["retryable_errors: [", "ECONNREFUSED", "it failed here", "x: y"]) == {0, 1}
    assert only_listed(["ECONNREFUSED"]) == frozenset()
    assert only_described(["- alert: Oom", "  expr: x > 1", "killed"]) == {0, 1, 2}
    assert only_described(["- alert: Oom", "killed"]) == frozenset()
    assert only_described(["What's new", "- fixed it", "- crash", "it crashed", "- crash"]) == {0, 1, 2}  # fmt: skip
    assert only_described(["**a**: means b", "`c`: means d", "x"]) == {0, 1}
    assert only_described(["**a**: b"]) == frozenset()
    assert only_described(["**a**: b **c**: d"]) == {0}
    assert only_described(["Common causes: disk \u2013 full, memory \u2013 killed"]) == {0}
    assert only_described([]) == frozenset()


def test_what_is_tried_again_and_what_is_over_are_told_apart() -> None:
    for text in ("retrying in 2 s", "will retry", "attempt 2", "backing off", "waiting"):
        assert says_again(text), text
    assert not says_again("has been retried 5 time(s)")
    for text in ("connected after 3", "recovered", "retry succeeded", "connection to db restored", "upload ok"):  # fmt: skip
        assert says_over(text), text
    assert not says_over("connection refused")


SPEAKERS = [
    ("kubelet: ErrImagePull", "Kubernetes"), ("Task timed out after 3.00 seconds", "AWS Lambda"), ("nginx: [emerg] bind() failed", "a proxy"), ("gcloud: denied", "Google Cloud"), ("azure: denied", "Microsoft Azure"), ("heroku[web.1]: killed", "another hoster"),
    ("not authorized to perform: dynamodb:GetItem", "another service of AWS"), ("bedrock: denied", "a model of Amazon Bedrock"), ("podman: denied", "a container tool of a desktop"), ("openai.error: quota", "another vendor's model"), ("ssh: connect refused", "another network service"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "name"), SPEAKERS)
def test_another_service_is_known_by_its_marks_unless_a_mark_of_ours_outweighs_them(
    text: str, name: str
) -> None:
    found = speaker(folded(text))
    assert found is not None
    assert found.name == name
    assert speaker(folded(f"{text} CannotPullContainerError")) is None
    assert speaker("x" * 4_000 + folded(text)) is None


def test_the_action_that_was_denied_tells_whose_it_is() -> None:
    called = """
    acm application-autoscaling autoscaling backup backup-storage budgets ce cloudformation cloudtrail cloudwatch ec2 ec2messages ecr ecr-public ecs elasticfilesystem elasticloadbalancing events guardduty health iam kms
    logs organizations pricing rds resource-groups route53 s3 savingsplans secretsmanager service-quotas servicediscovery servicequotas sns ssm ssmmessages sso states sts tag wafv2
    """
    for service in called.split():
        assert speaker(f"not authorized to perform: {service}:getx") is None, service
    for service in ("dynamodb", "sqs", "athena", "ecsx"):
        assert speaker(f"not authorized to perform: {service}:getx") is not None, service


def test_what_another_service_may_still_mean_is_calm_or_its_own_files_or_the_end_of_our_task() -> (
    None
):
    by_name = {service.name: service for service in SERVICES}
    kubernetes, proxy, bedrock = (by_name[name] for name in ("Kubernetes", "a proxy", "a model of Amazon Bedrock"))  # fmt: skip
    calm = next(c for c in CAUSES.values() if c.severity == "info")
    assert may_say(proxy, calm, "")
    assert not may_say(proxy, CAUSES["disk-full"], "")
    assert may_say(kubernetes, CAUSES["disk-full"], "")
    assert not may_say(kubernetes, CAUSES["container-oom"], "")
    assert may_say(kubernetes, CAUSES["app-crash"], "log_line")
    assert not may_say(kubernetes, CAUSES["app-crash"], "stopped_task")
    assert may_say(bedrock, CAUSES["aws-access-denied"], "")
    assert [service.name for service in SERVICES if service.apart and may_say(service, CAUSES["app-crash"], "log_line")] == []  # fmt: skip
    platforms = {service.name for service in SERVICES if service.platform}
    assert platforms >= {"Kubernetes", "AWS Lambda", "Google Cloud", "Microsoft Azure"}
    assert "a proxy" not in platforms


WORDS = [
    ("CannotPullContainerError: pull image manifest has been retried 1 time(s): manifest unknown", "image-not-found"),
    ("OutOfMemoryError: Container killed due to memory usage", "container-oom"),
    ("Error: listen EADDRINUSE: address already in use :::4100", "port-in-use"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "cause"), WORDS)
def test_words_within_a_field_that_names_a_symptom_are_asked_for_every_kind_they_may_be(
    text: str, cause: str
) -> None:
    stack = {"resourceType": "AWS::CloudFormation::Stack", "resourceStatus": "UPDATE_ROLLBACK_IN_PROGRESS", "resourceStatusReason": text}  # fmt: skip
    _, answer = classified(Message("stack", "cfn_event", stack))
    assert answer.cause == cause
    assert answer.why[0].source.endswith("esourceStatusReason")
    nothing = {**stack, "resourceStatusReason": "ponies"}
    assert classified(Message("stack", "cfn_event", nothing))[1].cause == "deployment-rolled-back"


def test_a_message_of_anyone_is_another_service_s_when_its_fields_say_so() -> None:
    fields = {"message": "An error occurred: AccessDenied, not authorized to perform: dynamodb:GetItem", "code": "AccessDenied"}  # fmt: skip
    _, answer = classified(Message("error", "api_error", fields))
    assert answer.cause == "unknown"


NORMAL = """
Auto-generated API key has been saved to /data
Strict mode: off
Server listening at http://0.0.0.0:4100
listening on 4100
Data directory: /data
shutting down
received SIGTERM
(Use `node --trace-warnings ...`)
ExperimentalWarning: x
npm notice new version
ELB-HealthChecker/2.0
Started server process [7]
Running migrations
ready in 300 ms
npm start
[entrypoint] going on
[pool] 3 warm
[sandbox:ab12] started
[telemetry] failed to send
child exited code=0 signal=null
child exited code=143 signal=SIGTERM
{"level":30,"msg":"x"}
"""
ALARMING = """
migration failed
started server but cannot write
[pool] timeout
[entrypoint] permission denied
child exited code=1 signal=null
{"level":50,"msg":"x"}
{"level":30,"msg":"x","res":{"statusCode":500}}
some words
"""


def test_a_line_of_a_sound_server_is_known_unless_a_word_of_it_alarms() -> None:
    for line in NORMAL.strip().splitlines():
        assert is_normal(line), line
        assert classify("log_line", {"logs": [line, line]}).cause == "healthy-log", line
    for line in ALARMING.strip().splitlines():
        assert not is_normal(line), line
    assert classify("log_line", {"logs": ["listening on 4100", "some words"]}).cause == "unknown"
    assert classify("log_line", {"logs": []}).cause == "unknown"


def test_the_lines_of_a_log_go_on_in_those_that_are_indented() -> None:
    assert entries(["Error: x", "  at a", "\tat b", "next", "  on"]) == ["Error: x at a at b", "next on"]  # fmt: skip
    assert entries(["  first", "  more"]) == ["  first more"]
    assert readable('{"level":50,"msg":"m","err":{"message":"e"}}') == "m | e | level error"
    assert readable('{"a":1}') == '{"a":1}'
    assert readable("plain {") == "plain {"


OF_AWS = [
    ("stopped_task", "stoppedReason", "OutOfMemoryError: Container killed due to memory usage", "container-oom"),
    ("service_event", "message", "(service a) was unable to place a task because no container instance met all of its requirements. Reason: No Container Instances were found in your cluster.", None),
    ("cfn_event", "resourceStatusReason", "The maximum number of addresses has been reached.", "cfn-quota"),
    ("target_health", "description", "Health checks failed with these codes: [502]", None),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "field", "text", "cause"), OF_AWS)
def test_what_aws_writes_of_what_is_asked_for_means_what_it_says_whatever_stands_before_it(
    kind: str, field: str, text: str, cause: str | None
) -> None:
    """In a log the same words may be a level of chatter, a test, an example."""
    plain = classify(kind, {field: text}).cause
    assert plain == (cause or plain) != "unknown"
    assert classify(kind, {field: f"DEBUG {text}"}).cause == plain
    assert classify("log_line", {"logs": [f"DEBUG {text}"]}).cause == "unknown"


def test_an_utterance_too_long_to_be_compared_at_once_is_cut_with_an_overlap() -> None:
    for length, starts in ((4_000, [0]), (4_001, [0, 3_600])):
        text = "".join(chr(97 + n % 26) for n in range(length))
        assert list(pieces(text)) == [text[at : at + 4_000] for at in starts]
