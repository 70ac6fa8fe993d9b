"""What each cause stops, unless the check that found it knows better."""

from __future__ import annotations

from ash_ops.causes import CAUSES
from ash_ops.checks.base import Effect

_OF_CATEGORY = {
    "pending": Effect.NEXT_START,
    "connection": Effect.ANSWERS,
    "restart": Effect.ANSWERS,
    "auth": Effect.ANSWERS,
    "agents": Effect.AGENTS,
    "deploy": Effect.NEXT_START,
}

# Where a cause stops another thing than its category does.
_OF_CAUSE = {
    Effect.NEXT_START: (
        "crash-loop",
        "dns-disabled",
        "endpoint-security-group-blocks",
        "public-ip-missing",
        "route-blackhole",
        "route-missing",
    ),
    Effect.ANSWERS: (
        "aws-not-found",
        "healthcheck-wrong-path",
        "service-desired-zero",
        "service-missing",
        "stopped-on-purpose",
        "target-group-missing",
    ),
    Effect.AGENTS: (
        "anthropic-auth",
        "anthropic-billing",
        "anthropic-key-missing",
        "anthropic-model-unknown",
        "anthropic-overloaded",
        "anthropic-rate-limit",
        "anthropic-request-invalid",
        "anthropic-unreachable",
        "ash-credential-key-missing",
        "ash-internal-secret",
        "ash-no-runner",
        "ash-runner-missing",
        "sandbox-capacity",
        "session-limit",
        "snapshot-sync-failed",
    ),
    Effect.NOTHING: (
        "api-key-exposed",
        "api-key-malformed",
        "balancer-without-security-group",
        "circuit-breaker-disabled",
        "cost-above-plan",
        "database-not-used",
        "fargate-maintenance",
        "image-tag-floating",
        "internal-secret-missing",
        "log-retention-endless",
        "memory-below-sandbox",
        "memory-below-sandboxes",
        "open-to-world",
        "plain-http",
        "scale-in-protected",
        "secrets-in-environment",
        "server-open",
        "stack-drift",
        "state-not-durable",
        "stop-timeout",
        "stream-idle-timeout",
        "target-healthcheck-disabled",
    ),
}
# What keeps this machine out, and perhaps nobody else.
OF_THIS_CALLER = frozenset(
    {
        "api-key-malformed",
        "ash-auth-invalid",
        "ash-auth-missing",
        "balancer-internal",
        "caller-address-blocked",
    }
)
_EXCEPTIONS = {cause: effect for effect, causes in _OF_CAUSE.items() for cause in causes}


def effect_of(cause: str) -> Effect:
    """What a cause stops; nothing where it is about the asker's own access, or no fault."""
    known = _EXCEPTIONS.get(cause)
    return known or _OF_CATEGORY.get(CAUSES[cause].category, Effect.NOTHING)
