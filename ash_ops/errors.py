"""What a command says when it cannot do what was asked.

OpsError              exit 1: it could not be done
├── UsageProblem      exit 2: it was asked in a way that cannot be right
├── CredentialsProblem exit 1: no AWS credentials, or unusable ones
├── ReadFailed        exit 1: one AWS call failed; carries the IAM action it needs
└── Inconclusive      exit 4: the answer could not be found out
"""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """The exit codes of every command, as the command line documents them."""

    OK = 0
    FAILED = 1
    USAGE = 2
    PROBLEMS = 3
    INCONCLUSIVE = 4
    INTERRUPTED = 130


class OpsError(Exception):
    """A failure in three sentences: what failed, why, and what to do next.

    They quote what AWS, a server or a file said, so they are redacted as they are made.
    """

    exit_code: ExitCode = ExitCode.FAILED

    def __init__(self, what: str, why: str, next_step: str) -> None:
        from ash_ops.redact import redact  # the help does without

        self.what, self.why, self.next_step = map(redact, (what, why, next_step))
        super().__init__(self.what, self.why, self.next_step)

    def __str__(self) -> str:
        return f"{self.what}: {self.why}"


class UsageProblem(OpsError):
    """An option, a variable or a file has a value that cannot be right."""

    exit_code = ExitCode.USAGE


class CredentialsProblem(OpsError):
    """AWS credentials are absent or cannot be used."""


class Inconclusive(OpsError):
    """What was asked could not be found out; it is neither healthy nor broken for all we know."""

    exit_code = ExitCode.INCONCLUSIVE


class ReadFailed(OpsError):
    """One AWS call failed.

    Attributes:
        call: the call as it is quoted in evidence, for instance ``ecs:DescribeTasks``.
        code: the error code AWS answered with, or the class of the transport failure.
        kind: ``denied``, ``throttled``, ``timeout``, ``unreachable``, ``missing`` or ``failed``.
        action: the IAM action to allow when ``kind`` is ``denied``.
    """

    def __init__(self, call: str, kind: str, code: str, message: str) -> None:
        from ash_ops.redact import redact  # the help does without

        self.call, self.code, self.message = map(redact, (call, code, message))
        self.kind = kind
        why, advice = f"{self.code}: {self.message}", _advice(kind, self.code, call)
        super().__init__(f"{self.call} failed", why, advice)
        self.action = call if kind == "denied" else None


_EXPIRED = ("ExpiredToken", "RequestExpired", "TokenRefreshRequired", "UnauthorizedSSOToken")


def _advice(kind: str, code: str, call: str) -> str:
    """What to do next about a failed AWS call."""
    if any(mark in code for mark in _EXPIRED):
        return "Renew the credentials (for instance `aws sso login`), then run the command again."
    return {
        "denied": f"Allow {call} for the identity in use (`ash-ops iam-policy` prints what is needed).",
        "throttled": "Wait a minute and run the command again.",
        "timeout": "Check the network path to AWS, then run the command again.",
        "unreachable": "Check the network, --region and --endpoint-url, then run the command again.",
        "missing": "Check --name and --region: nothing of that name is there.",
    }.get(kind, "Run the command again with -v to see the calls made.")
