"""What programs in containers print of their databases, ports and images, and what is only said of such things."""

from __future__ import annotations

import pytest

from ash_ops.causes.explain import explain

_PSQL = "2023-07-13 17:07:43.917 UTC [27] FATAL:  database files are incompatible with server\n"

OURS = [
    ("Error parsing connection string: invalid port number", "db-url-invalid"),
    (
        "With a # in the password of the database the app stops with 'invalid port number'",
        "db-url-invalid",
    ),
    ("ASH_PORT: invalid port number 99999", "bad-listen-config"),
    (
        "[10:02:11 FTL] Unable to start Kestrel.\nSystem.Net.Sockets.SocketException (13): Permission denied",
        "bad-listen-config",
    ),
    (
        (
            "Unhandled exception. System.IO.IOException: Failed to bind to address http://[::]:80.\n"
            " ---> System.AggregateException: One or more errors occurred. (Permission denied)"
        ),
        "bad-listen-config",
    ),
    (
        "worker_1 | [2024-05-01 10:11:12,123: ERROR/MainProcess] consumer: Cannot connect to amqp://app:**@mq:5672//: [Errno -2] Name or service not known.",
        "db-unreachable",
    ),
    (
        "worker_1 | [2024-05-01 10:11:12,123: ERROR/MainProcess] consumer: Cannot connect to amqp://app:**@mq:5672//: [Errno 111] Connection refused.",
        "conn-refused",
    ),
    (
        (
            "--2021-10-04 11:25:04--  https://example.org/rootfs.tar.gz\nConnecting to example.org|203.0.113.7|:443... connected.\nERROR: cannot verify example.org's certificate, issued by 'CN=R3,O=Let\\'s Encrypt,C=US':\n  Issued certificate has expired.\n"
            "To connect to example.org insecurely, use `--no-check-certificate'."
        ),
        "tls-certificate-invalid",
    ),
    (
        "ERROR: The certificate of 'ftp.example.org' is not trusted.\nERROR: The certificate of 'ftp.example.org' has expired.",
        "tls-certificate-invalid",
    ),
    ("web_1 | exec /usr/bin/jellyfin: exec format error", "image-arch-mismatch"),
    (
        "14:07:02.114 dependency failed to start: container agentic-db-1 is unhealthy",
        "container-healthcheck-failed",
    ),
    (
        "Creating app_1...\nContainer command 'node server.js' not found or does not exist.",
        "entrypoint-missing",
    ),
    (
        "No auth configured. Set ANTHROPIC_API_KEY or CLAUDE_CODE_OAUTH_TOKEN.",
        "anthropic-key-missing",
    ),
    ("our app keeps continually restarting in ECS", "crash-loop"),
]


@pytest.mark.parametrize(("text", "cause"), OURS, ids=[f"{n}" for n in range(len(OURS))])
def test_what_containers_print_is_known(text: str, cause: str) -> None:
    assert explain(text)[0].answer.cause == cause


NOT = [
    (
        _PSQL
        + "DETAIL:  The data directory was initialized by PostgreSQL version 12, which is not compatible with this version 15.3.",
        "wrong-launch-type",
    ),
    (
        "panic: runtime error: invalid memory address or nil pointer dereference",
        "cfn-fargate-cpu-mem",
    ),
    ("│ failed to start or connect to MCP server 'files'\n│ MCP error -32000: Connection closed", "claude-exit"),
    (
        'Get "https://api.metrics.example.com/v2/series/list": dial tcp: lookup api.metrics.example.com: i/o timeout',
        "image-pull-network",
    ),
    (
        "Error: spawn /usr/lib/node_modules/esbuild/bin/esbuild ENOENT",
        "sandbox-bridge-failed",
    ),
    ('{"level":3,"time":"2023-02-25T14:39:39+00:00","app":"core","message":"WRONGPASS invalid username-password pair"}', "healthy-log"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "cause"), NOT, ids=[cause for _, cause in NOT])
def test_what_is_another_failure_is_not_taken_for_one_that_has_its_words(
    text: str, cause: str
) -> None:
    assert cause not in [entry.answer.cause for entry in explain(text)]


SPOKEN_OF = [
    "- Surface the termination reason (OOM, crash, kill) before the session is recovered.",
    "Limiting the memory of the container causes the VM to get killed with an OOM error without this fix",
    "`n` is the number of seconds before forcing shutdown with `SIGKILL`.",
    "HEALTHCHECK possible values: 0: success - the container is healthy, 1: unhealthy - the container is not working",
    "No information about statuses like restarting, or why a container stays in a restart loop",
    "Subprocesses (which have `--dangerously-skip-permissions`) also run as root.",
]


@pytest.mark.parametrize("text", SPOKEN_OF)
def test_what_a_change_or_a_page_says_of_failures_alarms_nobody(text: str) -> None:
    found = [entry.answer for entry in explain(text)]
    assert not [a.cause for a in found if a.severity in {"error", "warning"}]


@pytest.mark.parametrize(
    "text",
    [
        "--dangerously-skip-permissions cannot be used with root/sudo privileges for security reasons",
        "claude --dangerously-skip-permissions won't start as root in my container",
    ],
)
def test_what_was_refused_to_root_is_known(text: str) -> None:
    assert explain(text)[0].answer.cause == "claude-root-refused"
