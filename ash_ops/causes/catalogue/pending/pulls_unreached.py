"""Registries that a pull does not reach."""

from typing import Final

from ash_ops.causes.base import Cause, Rank, Step
from ash_ops.causes.catalogue.pending.other_places import (
    COUNT_THE_FILES,
    FEWER_FILES,
    PUSH_AGAIN,
    PUSHED_FROM_HERE,
)
from ash_ops.causes.catalogue.pending.plainly_said import CHECK_THE_ACL
from ash_ops.causes.catalogue.pending.repairs import UNREACHED
from ash_ops.causes.catalogue.pending.words import PULL_ERRORS, PULLING, task_says

CAUSES: Final = (
    Cause(
        slug="image-pull-network",
        title="Task has no network route to the image registry",
        category="pending",
        severity="error",
        meaning="The connection to the registry never completes: no answer, no HTTP status.",
        proof=(
            *PUSHED_FROM_HERE,
            *COUNT_THE_FILES,
            Step(
                "Read the route table of the task's subnet: a default route to an internet gateway (with a public IP) or to a NAT gateway",
                "aws ec2 describe-route-tables --filters Name=association.subnet-id,Values=<subnet>",
            ),
            Step(
                "See whether the task gets a public IP",
                "aws ecs describe-services --cluster <cluster> --services <service> --query 'services[].networkConfiguration'",
            ),
            CHECK_THE_ACL,
        ),
        repair=(
            *PUSH_AGAIN,
            *FEWER_FILES,
            Step(
                "In a public subnet, assign a public IP and route 0.0.0.0/0 to the internet gateway; in a private one, to a working NAT gateway"
            ),
            Step(
                "Let the task's security group out on 443",
                "aws ec2 authorize-security-group-egress --group-id <security-group> --protocol tcp --port 443 --cidr 0.0.0.0/0",
            ),
            Step(
                "VPC endpoints do not help for registries outside AWS (ghcr.io, Docker Hub): they serve AWS's own only"
            ),
            Step(
                "The host pulls through a proxy which does not answer or asks for credentials: correct HTTPS_PROXY (http:// where the proxy speaks plain HTTP) in /etc/systemd/system/docker.service.d/http-proxy.conf and /etc/ecs/ecs.config",
                "sudo systemctl show docker --property Environment",
                when="proxyconnect|proxy authentication",
            ),
            *UNREACHED,
        ),
        signatures=(
            task_says("the task cannot pull", "image", "network configuration", rank=Rank.CLEAR),
            task_says(
                "download complete|pull complete|pulling from|download failed, retrying|no such image|writing blob|storing blob",
                "unexpected eof",
                rank=Rank.PRECISE,
                unless="verification failed|error processing tar",
            ),
            # A proxy between that does not speak as it should.
            task_says("/v2/|/v1/", "proxyconnect tcp", rank=Rank.DECISIVE, unless="no such host"),
            task_says(
                PULLING,
                "i/o timeout|request canceled|context canceled|client.timeout|awaiting headers|deadline exceeded|connection timed out|tls handshake timeout|network is unreachable|no route to host|connection issue|connection refused|connection reset|dial tcp|unexpected eof|: eof|operation timed out|timed out|timeout exceeded|could not connect|cannot connect|connection error|forcibly closed|read tcp|api error (500): get|proxy authentication required|could not reach any registry endpoint",
                rank=Rank.PRECISE,
                unless=(
                    "no such host|server misbehaving",
                    "169.254.170.2",  # the metadata of the task, whose path is /v2/ as well
                    "registry auth|getauthorizationtoken",
                    "secrets manager|secretsmanager|from ssm|from asm",
                    "~(?:^|[^0-9a-z.:])(?:401|403|404|429)(?:[^0-9a-z]|$)",
                    "denied: denied|denied: permission|pull access denied",
                    "toomanyrequests",
                    "resourceinitializationerror",
                    "unexpected status|buildah pull ",
                    # The second version of somebody's API, which is no registry.
                    "~https?://api\\.[\\w.-]{3,200}/v2/[a-z]",
                    "no space left",
                    "is not running|cannot connect to the docker daemon",
                    # The agent names the image whatever it waited for.
                    "~could not transition to (?!pulled)|dockertimeouterror for 'docker (?!pull)",
                ),
            ),
            task_says(
                "cannotpullcontainererror|cannotpullecrcontainererror",
                "task network configuration|network configuration",
                rank=Rank.CLEAR,
            ),
            task_says(
                "prod-region-starport-layer-bucket|starport|s3.amazonaws|.s3.",
                "i/o timeout|unexpected status|timeout|403|deadline",
                "cannotpull|httpreadseeker|failed to copy|pull",
                rank=Rank.CLEAR,
            ),
        ),
        confused_with=(
            (
                "init-network",
                "There the task fails earlier, at ResourceInitializationError: fetching ECR's authorisation, a secret or the log stream.",
            ),
            ("image-pull-denied", "There the registry answered 401, 403 or 'denied'."),
        ),
        docs_url=PULL_ERRORS,
    ),
    Cause(
        slug="image-pull-dns",
        title="Registry host name does not resolve",
        category="pending",
        severity="error",
        meaning="The resolver of the VPC knows no such host, so the pull cannot begin.",
        proof=(
            Step(
                "Check the spelling of the host in the image reference, then the VPC's resolver",
                "aws ec2 describe-vpc-attribute --vpc-id <vpc> --attribute enableDnsSupport",
            ),
        ),
        repair=(
            Step("Correct the host of the image"),
            Step(
                "Or switch DNS on in the VPC",
                "aws ec2 modify-vpc-attribute --vpc-id <vpc> --enable-dns-support",
            ),
        ),
        signatures=(
            task_says(
                PULLING,
                "no such host|server misbehaving|nxdomain|name resolution|name or service not known|could not resolve",
                rank=Rank.DECISIVE,
                unless=(
                    "resourceinitializationerror",
                    "secretsmanager.|ssm.|api.ecr.|logs.",
                    "ordering dependency",
                ),
            ),
        ),
        confused_with=(
            ("image-pull-network", "There the name resolved and the connection did not complete."),
            ("dns-disabled", "There every name fails, because the VPC has no DNS support."),
        ),
        docs_url=PULL_ERRORS,
    ),
)
