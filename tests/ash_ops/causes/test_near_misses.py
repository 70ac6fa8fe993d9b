"""Words that look like a cause and are another one, or too few for any."""

from __future__ import annotations

import pytest

from ash_ops.causes import CAUSES
from ash_ops.causes.explain import explain
from ash_ops.report.explanation import lines
from tests.ash_ops.causes.test_corpus import DATA

ALARMS = ("error", "warning")


def cause_of(text: str) -> str:
    return explain(text)[0].answer.cause


def target(code: str) -> str:
    return f"Health checks failed with these codes: [{code}]"


SAME_WORDS = [
    ("getaddrinfo ENOTFOUND db.internal", "dns-nxdomain", {"aws-not-found"}),
    ("Error: getaddrinfo ENOTFOUND api.anthropic.com", "anthropic-unreachable", {"dns-nxdomain"}),
    (target("500"), "app-unhealthy-5xx", {"healthcheck-wrong-path"}),
    (target("404"), "healthcheck-wrong-path", {"app-unhealthy-5xx"}),
    ("The log group was created", "unknown", {"log-group-missing"}),
    ("The service call took 3 ms", "unknown", {"service-not-found"}),
    ("all 12 tests passed, 0 failed", "unknown", {"app-crash"}),
    ("no errors found", "unknown", {"app-crash"}),
    ("memory usage is at 40 %", "unknown", {"container-oom"}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "cause", "never"), SAME_WORDS, ids=[row[0] for row in SAME_WORDS])
def test_the_same_words_in_another_clause_are_another_cause(
    text: str, cause: str, never: set[str]
) -> None:
    found = cause_of(text)
    assert found not in never
    if cause == "unknown":
        assert found == "unknown" or CAUSES[found].severity == "info"


FAMILIES = [
    ("CannotPullContainerError: the registry sang a song", "image-pull-failed"),
    ("CannotStartContainerError: Error response from daemon: the moon is full", "container-start-failed"),
    ("ResourceInitializationError: the agent was not in the mood", "task-init-failed"),
    ("(service ash) was unable to place a task because of the weather.", "placement-failed"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "family"), FAMILIES, ids=[row[1] for row in FAMILIES])
def test_a_reason_nobody_knows_names_the_family_and_its_candidates(text: str, family: str) -> None:
    (only,) = explain(text)
    assert only.answer.cause == family
    assert CAUSES[family].symptom
    shown = "\n".join(lines([only]))
    assert "What may be behind it" in shown
    assert all(f"[{slug}]" in shown for slug, _ in CAUSES[family].confused_with)


CUT = "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secret from asm: service call has been retried 1 time(s): failed to"


def test_a_text_cut_before_its_reason_names_candidates() -> None:
    (only,) = explain(CUT)
    assert only.answer.cause == "task-init-failed"
    assert {"init-network", "secret-not-found", "secret-access-denied"} <= set(
        only.answer.alternatives
    ) | {slug for slug, _ in CAUSES["task-init-failed"].confused_with}


NORMAL = [
    "(service ash) has reached a steady state.",
    "(service ash) has started 1 tasks: (task 0a).",
    '{"level":30,"msg":"request completed","res":{"statusCode":200}}',
    "Listening on 0.0.0.0:4100",
    "CREATE_COMPLETE",
]


@pytest.mark.parametrize("text", NORMAL)
def test_what_is_normal_is_no_alarm(text: str) -> None:
    assert all(entry.answer.severity not in ("error", "warning") for entry in explain(text))


def test_what_was_not_read_is_never_called_normal() -> None:
    text = "(service ash) has reached a steady state.\nError: flux capacitor misaligned\n"
    assert explain(text)[0].answer.cause == "unknown"


def _table(name: str) -> list[list[str]]:
    lines = (DATA / name).read_text("utf-8").splitlines()
    return [line.split("\t") for line in lines if not line.startswith("#")]


LOOK_ALIKES = _table("lookalikes.tsv")
PHRASES = _table("phrases.tsv")


def test_a_cause_is_known_by_what_aws_and_ash_say() -> None:
    wrong = [
        (cause, found, text)
        for cause, others, text in PHRASES
        if (found := cause_of(text)) not in {cause, *others.split()}
    ]
    assert not wrong


def test_look_alikes_of_causes_claim_only_what_is_right() -> None:
    wrong = []
    for cause, right, text in LOOK_ALIKES:
        claimed = [e.answer.cause for e in explain(text) if e.answer.severity in ALARMS]
        expected = [] if right == "-" else right.split(",")
        if claimed[:1] != expected[:1] and not set(claimed[:1]) & set(expected):
            wrong.append((cause, claimed, text))
    assert not wrong


def test_most_causes_that_words_tell_have_a_look_alike() -> None:
    told = {slug for slug, cause in CAUSES.items() if cause.signatures and cause.severity != "info"}
    named = {cause for cause, _, _ in LOOK_ALIKES}
    assert named <= set(CAUSES)
    assert len(told & named) >= 0.95 * len(told), told - named


OTHERS_WORDS = [
    # aws/amazon-ecs-agent#3526: the runtime failed before it came to the command.
    (
        (
            "CannotStartContainerError: ResourceInitializationError: failed to create new container runtime task: "
            "failed to create shim task: OCI runtime create failed: runc create failed: unable to start container "
            "process: error during container init: error creating device nodes: mknod /run/rootfs/dev/null: errno 524"
        ),
        "container-start-failed",
    ),
    # aws-samples/net-modernization#13
    (
        (
            "CannotStartContainerError: ResourceInitializationError: unable to create new container: mount callback "
            "failed on /run/containerd-mount916: open /run/containerd-mount916/etc/passwd: no such file or directory"
        ),
        "container-start-failed",
    ),
    # aws/containers-roadmap#1120
    (
        "CannotPullContainerError: failed to find a descriptor for platform {linux/amd64}",
        "image-arch-mismatch",
    ),
    # anthropics/claude-code#14464, and #4383: the SDK starts the program, or node.
    (
        "Error: Failed to spawn Claude Code process: spawn /usr/local/bin/claude ENOENT",
        "claude-not-found",
    ),
    (
        "Failed to spawn Claude Code process: spawn node ENOENT\nClaude Code process exited with code -2",
        "claude-not-found",
    ),
    ("spawn /srv/tools/claude ENOENT", "claude-not-found"),
    # A library is missing, no session of the server's: thenotoriousJeremy/bindarr#21
    (
        (
            "Error: /lib/x86_64-linux-gnu/libm.so.6: version `GLIBC_2.38' not found\n"
            "  (required by /app/node_modules/sqlite3/build/Release/node_sqlite3.node)\n"
            "  code: 'ERR_DLOPEN_FAILED'\nNode.js v20.20.2"
        ),
        "app-crash",
    ),
    (
        (
            "Error: self-signed certificate in certificate chain\n"
            "    at TLSSocket.onConnectSecure (node:_tls_wrap:1674:34)\n"
            "    at /app/node_modules/pg-pool/index.js:45:11"
        ),
        "db-auth-failed",
    ),
    # The same words of a client that no database is seen beside.
    ("curl: (60) SSL certificate problem: self-signed certificate", "tls-certificate-invalid"),
    (
        'CannotStartContainerError: starting container process caused: exec: "-url": executable file not found',
        "entrypoint-missing",
    ),
    # lando/lando#2890 and anomalyco/opencode#14970: the marks of V8 and SQLite stand on other lines.
    (
        (
            "<--- Last few GCs --->\n\n[1039:0x2d62e10]  7904197 ms: Mark-sweep 2025.0 (2051.1) -> 2024.4 (2051.4) MB, "
            "1549.9 / 0.0 ms  (average mu = 0.105) allocation failure scavenge might not succeed\n\n<--- JS stacktrace --->"
        ),
        "node-heap-oom",
    ),
    (
        (
            "*** in database main ***\nTree 23 page 23: btreeInitPage() returns error code 11\n"
            "wrong # of entries in index sqlite_autoindex_project_1\n\n"
            "SQLite database corruption (database disk image is malformed) when running concurrent sessions on NFS"
        ),
        "sqlite-corrupt",
    ),
    # The names of columns are nobody's words: "@logStream" beside "unauthorized" denies no log.
    (
        (
            '@timestamp,@logStream,@message\n2026-01-02 03:04:05.000,ash/ash/5f1c,"docker pull ghcr.io/a/b:1"\n'
            '2026-01-02 03:04:06.000,ash/ash/5f1c,"Error response from daemon: error from registry: unauthorized"'
        ),
        "image-pull-denied",
    ),
]


@pytest.mark.parametrize(("text", "cause"), OTHERS_WORDS, ids=[row[0][:60] for row in OTHERS_WORDS])
def test_the_failing_act_decides_and_not_the_words_around_it(text: str, cause: str) -> None:
    assert cause_of(text) == cause


ANOTHER_SYSTEMS = {
    "what a guide says": "The CannotPullContainerError page says: if the task runs in a private subnet, make sure that it has a route to a NAT gateway.",
    "the same, of several": "Our onboarding guide for ResourceInitializationError explains where the endpoints must stand.",
    "a step of a build": '#21 [FRONT 4/4] RUN yarn run build\n297.8 FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory',
    "the same, quoted": " > [builder 6/7] RUN npm run build:\n23.4 FATAL ERROR: Ineffective mark-compacts near heap limit Allocation failed - JavaScript heap out of memory",
    "npm behind a proxy": "102 verbose stack Error: getaddrinfo EAI_AGAIN proxy.example:811\n103 verbose cwd C:\\work\n108 error code EAI_AGAIN\n110 error syscall getaddrinfo",
    "a pod": '"lastState": {\n  "terminated": {\n    "containerID": "docker://5954f621c17f13706c25a215db06fe2bf7b9",\n    "exitCode": 137,\n    "finishedAt": "2026-01-02T03:04:05Z",\n    "reason": "Error"\n  }\n},',
    "a pod in YAML": "lastState:\n  terminated:\n    exitCode: 137\n    reason: OOMKilled",
    "a function": '{\n  "errorType": "ResourceNotFoundException",\n  "errorMessage": "Secrets Manager can\'t find the specified secret value for staging label: AWSPENDING",\n  "stack": ["    at handleError (/var/task/node_modules/index.js:773:27)"]\n}',
}  # fmt: skip


@pytest.mark.parametrize("text", ANOTHER_SYSTEMS.values(), ids=ANOTHER_SYSTEMS)
def test_another_system_is_no_alarm_of_ours(text: str) -> None:
    assert not [e.answer.cause for e in explain(text) if e.answer.severity in ALARMS]
