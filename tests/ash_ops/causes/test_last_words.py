"""A program's last words are no cause: what it ended of leads, whatever kind of message it is."""

import pytest

from ash_ops.causes.explain import explain

ENDED = (
    "Uncaught exception: ",
    "Unhandled promise rejection: Error: ",
    "Error: Uncaught (in promise) ",
)
FAILED = "Received response status [FAILED] from custom resource. Message returned: "


def first(text: str) -> str:
    return explain(text)[0].answer.cause


@pytest.mark.parametrize("ended", ENDED)
@pytest.mark.parametrize(
    ("cause", "said"),
    [
        ("claude-not-found", "Error: Claude Code native binary not found at /app/node_modules/x/claude"),
        ("container-start-failed", "CannotCreateVolumeError: ECS cannot create the volume mount needed by the container"),
        ("ecs-throttled", "service (web) operations are being throttled. Will try again later."),
        ("image-pull-failed", 'CannotPullContainerError: failed to resolve ref "ghcr.io/acme/ash:1"'),
        ("conn-timeout", "ConnectTimeoutError: Connect Timeout Error (attempted addresses: 3.120.1.2:4100, timeout: 10000ms)"),
        ("app-crash", "TypeError: Cannot read properties of undefined (reading 'id')"),
    ],
)  # fmt: skip
def test_what_nobody_caught_is_told_and_not_that_nobody_did(
    ended: str, cause: str, said: str
) -> None:
    assert first(ended + said) == cause


@pytest.mark.parametrize(
    ("cause", "said"),
    [
        (
            "db-auth-failed",
            'FATAL: password authentication failed for user "ash" (RequestId: 1b2c)',
        ),
        ("db-unreachable", "connect ECONNREFUSED 10.0.1.5:5432 (RequestId: 1b2c)"),
        ("disk-full", "[Errno 28] No space left on device (RequestId: 1b2c)"),
        ("cfn-resource-failed", "the table is already there (RequestId: 1b2c)"),
    ],
)
def test_what_a_custom_resource_says_is_the_cause(cause: str, said: str) -> None:
    event = f"ash | CREATE_FAILED | Custom::Migration | Migrate | {FAILED}{said}"
    assert first(event) == cause


def test_a_stack_with_nothing_to_do_is_why_its_tool_ended() -> None:
    refused = "An error occurred (ValidationError) when calling the UpdateStack operation: No updates are to be performed."
    assert first(f"{refused}\n\nProcess exited with code 255") == "cfn-no-updates"


@pytest.mark.parametrize(
    ("cause", "said"),
    [
        ("data-dir-unwritable", "chown: changing ownership of '/data/startup.sh': Read-only file system"),
        ("agent-script-failed", "startup.sh: line 3: python: not found"),
    ],
)  # fmt: skip
def test_a_script_that_cannot_be_handed_over_did_not_fail_itself(cause: str, said: str) -> None:
    assert first(said) == cause


def test_a_jar_without_a_manifest_is_no_attribute_of_an_instance() -> None:
    said = "no main manifest attribute, in /app/app.jar"
    assert (
        first(f"{{ stoppedReason: '{said}', stopCode: 'TaskFailedToStart' }}")
        == "entrypoint-missing"
    )


def test_a_text_between_single_quotes_of_javascript_is_read() -> None:
    said = "PrismaClientInitializationError: Can\\'t reach database server at db.abc.us-east-1.rds.amazonaws.com:5432"
    assert first(f"{{\n  message: '{said}'\n}}") == "db-unreachable"


def test_a_secret_with_an_escaped_quote_in_it_is_masked_whole() -> None:
    said = "Can\\'t reach database server at db.abc.us-east-1.rds.amazonaws.com:5432"
    told = explain(
        f"{{ password: 'ab\\'cdefghij-Zz9', message: 'PrismaClientInitializationError: {said}' }}"
    )
    assert told[0].answer.cause == "db-unreachable"
    assert "cdefghij-Zz9" not in repr(told)


REFUSED = "curl: (7) Failed to connect to ash-nlb-1.elb.eu-west-1.amazonaws.com port 4100 after 12 ms: Connection refused"


@pytest.mark.parametrize(
    ("cause", "said"),
    [
        ("image-not-found", "CannotPullContainerError: Error response from daemon: manifest for acme/ash:latest not found"),
        ("image-pull-denied", 'failed to resolve reference "ghcr.io/acme/ash:1": unexpected status from HEAD request to https://ghcr.io/v2/acme/ash/manifests/1: 403 Forbidden'),
        ("aws-region-missing", "failed to resolve service endpoint, an AWS region is required, but was not found"),
    ],
)  # fmt: skip
def test_two_messages_in_two_long_lines_are_not_read_as_one(cause: str, said: str) -> None:
    for text in (f"{REFUSED}\n{said}", f"{said}\n{REFUSED}"):
        assert [e.answer.cause for e in explain(text)] == [cause, "conn-refused"]
