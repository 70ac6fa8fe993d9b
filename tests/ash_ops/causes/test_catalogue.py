"""The declarations agree with each other and with their rules."""

from __future__ import annotations

import re

import pytest

from ash_ops.causes import CAUSES, KINDS, Rank, cause
from ash_ops.causes.catalogue import ORDER
from ash_ops.causes.matching import find
from ash_ops.errors import UsageProblem

# The names doctors and users rely on; removing one is a breaking change.
PROMISED = re.findall(
    r"\S+",
    """
image-not-found image-pull-denied image-pull-network image-pull-dns image-arch-mismatch
registry-rate-limit image-unpack-failed init-network secret-access-denied secret-not-found
secret-bad-format log-group-missing log-access-denied log-driver-config role-assume-failed
eni-provision-timeout subnet-no-ips fargate-capacity fargate-quota az-unsupported ecs-throttled
wrong-launch-type efs-mount-failed elb-healthcheck-failed target-timeout app-unhealthy-5xx
target-az-not-enabled target-group-not-attached no-registered-targets target-not-registered
target-healthcheck-disabled elb-internal-error sandbox-capacity conn-refused conn-timeout
dns-nxdomain tls-to-plain-http conn-reset ash-rate-limited ash-no-runner ash-route-not-found
ash-bad-request crash-loop container-oom sigkill-137 node-heap-oom app-crash
container-healthcheck-failed fargate-maintenance spot-interruption port-in-use bad-listen-config
entrypoint-missing db-unreachable db-auth-failed data-dir-unwritable disk-full sqlite-corrupt
sqlite-locked sandbox-cgroups-unavailable sandbox-userns-unavailable sandbox-bridge-failed
sandbox-oom sandbox-disk-limit agent-dir-missing agent-script-failed claude-root-refused claude-exit
ash-auth-missing ash-auth-invalid ash-internal-secret anthropic-auth anthropic-billing
anthropic-rate-limit anthropic-overloaded healthcheck-wrong-path target-group-missing
circuit-breaker deployment-rolled-back deployment-config-deadlock scale-in-protected cfn-quota
cfn-subnets-same-az cfn-fargate-cpu-mem cfn-already-exists cfn-access-denied cfn-passrole-denied
cfn-not-stabilized cfn-rollback-complete cfn-update-rollback-failed cfn-no-updates cfn-capabilities
cfn-tg-no-lb cfn-delete-dependency cfn-slr-missing cfn-container-port ecs-service-exists
cfn-secret-pending-deletion cfn-sg-vpc-mismatch cfn-secondary aws-credentials-missing
aws-credentials-expired aws-credentials-invalid aws-sso-expired aws-clock-skew aws-access-denied
aws-scp-deny aws-throttled aws-not-found aws-region-invalid aws-region-missing aws-profile-missing
ecs-exec-disabled ecs-exec-not-connected ecs-iam-misconfigured healthy-steady
healthy-deploy-progress healthy-scale-in healthy-rebalance healthy-target healthy-log healthy-cfn
healthy-http healthy-exit0 anthropic-key-missing api-key-exposed open-to-world
secrets-in-environment internal-secret-missing state-not-durable balancer-without-security-group
circuit-breaker-disabled log-retention-endless server-open api-key-malformed api-key-stale
target-initial-wait task-security-group-blocks caller-address-blocked nacl-blocks
deployment-in-progress stack-drift service-missing service-desired-zero stopped-on-purpose route-missing
route-blackhole public-ip-missing egress-blocked dns-disabled listener-missing stop-timeout
""",
)


def test_every_promised_cause_is_there() -> None:
    assert set(PROMISED) <= set(CAUSES)


def test_no_words_of_a_step_hold_a_control_character() -> None:
    # "\b" in a string that is not raw is a backspace, and such a step is never told.
    words = [s.why + s.command + s.when for c in CAUSES.values() for s in (*c.proof, *c.repair)]
    assert not [found for found in words if re.search(r"[\x00-\x1f]", found)]


def test_no_cause_is_declared_twice() -> None:
    assert len(CAUSES) == len(ORDER)


def test_a_cause_can_be_read_and_acted_upon() -> None:
    for entry in ORDER:
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", entry.slug)
        assert entry.title, entry.slug
        assert entry.meaning.endswith("."), entry.slug
        assert entry.repair, entry.slug
        if entry.category != "healthy":
            assert entry.proof, entry.slug


def test_normal_causes_are_no_alarm() -> None:
    for entry in ORDER:
        if entry.category == "healthy":
            assert entry.severity == "info", entry.slug


def test_confusions_name_existing_causes() -> None:
    for entry in ORDER:
        for other, difference in entry.confused_with:
            assert other in CAUSES
            assert other != entry.slug
            assert difference.endswith(".")


def test_the_signatures_of_a_symptom_rank_below_those_of_causes() -> None:
    for entry in ORDER:
        # These are exact messages of a wrapper or a state: precise words, whose cause is elsewhere.
        exact = ("claude-exit", "cfn-rollback-complete", "cfn-update-rollback-failed")
        if entry.symptom and entry.slug not in exact:
            assert all(signature.rank <= Rank.GENERIC for signature in entry.signatures)


def test_signatures_are_written_as_they_are_compared() -> None:
    for entry in ORDER:
        for signature in entry.signatures:
            assert signature.kinds <= set(KINDS)
            for term in (*signature.all_of, *signature.none_of):
                assert term
                if term.startswith("~"):
                    re.compile(term[1:])
                    assert not re.search(r"\([^)]*[+*][^)]*\)[+*{]", term), "nested repetition"
                else:
                    assert term == term.lower(), "compared with a text in lower case"
                    assert "" not in term.split("|"), "an empty alternative fits everything"
                    assert "|~" not in term, "an alternative is no regular expression"


def test_commands_hold_no_other_placeholders_than_names() -> None:
    for entry in ORDER:
        for step in (*entry.proof, *entry.repair):
            for placeholder in re.findall(r"<([^<>]*)>", step.command):
                assert re.fullmatch(r"[a-z][a-z-]*|[^a-z].*", placeholder), step.command


def test_a_mistyped_name_is_answered_with_the_closest_ones() -> None:
    with pytest.raises(UsageProblem) as raised:
        cause("image-not-fuond")
    assert "image-not-found" in raised.value.why


def test_a_cause_is_found_by_its_name() -> None:
    assert cause("conn-refused").slug == "conn-refused"


def _words() -> set[str]:
    """Every alternative of a term that is compared as it stands."""
    signatures = [signature for entry in ORDER for signature in entry.signatures]
    terms = [term for s in signatures for term in (*s.all_of, *s.none_of) if term[:1] != "~"]
    return {words for term in terms for words in term.split("|")}


def test_a_figure_is_no_part_of_a_longer_one() -> None:
    first = {words for words in _words() if words[:1].isdigit()}
    last = {words for words in _words() if re.search(r"\d{3}$|[a-z]\d{2}$", words)}
    assert {"28p01", "3d000", "28000", "42501", "137"} <= first & last
    assert not [words for words in first if find(words, f"took 9{words} ms")]
    assert not [words for words in last if find(words, f"code {words}7 of a")]
    assert all(find(words, f"({words})") for words in first | last)


def test_a_figure_of_a_pattern_is_no_part_of_a_longer_one() -> None:
    terms = {term for entry in ORDER for s in entry.signatures for term in s.all_of}
    patterns = {term for term in terms if term[:1] == "~" and re.search(r"\d{3}|\\d\\d", term)}
    codes = (126, 127, 134, 137, 139, 401, 403, 404, 429, 500, 503)
    texts = [f"{before}4{code}" for code in codes for before in ("exit code ", "status: ", "http ")]
    texts += [f"{text}0" for text in texts]
    assert len(patterns) > 10
    assert not [(term, text) for term in patterns for text in texts if find(term, text)]
