"""Images that cannot be pulled, unpacked or run on the task's processor."""

from typing import Final

from ash_ops.causes.base import Cause, Rank, Signature, Step, says

PULL_ERRORS: Final = (
    "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_cannot_pull_image.html"
)

_PULLING: Final = (
    "cannotpull|pull image|pulling image|image pull|pull access|pull command|docker pull|"
    "failed to pull|unable to pull|cannot pull|failed to resolve re|resolve reference|manifest|"
    "/v2/|ref pull|registry-1|ghcr.io|docker.io|dkr.ecr|quay.io|public.ecr|copy image|failed to copy|"
    "httpreadseeker|pulling from|error pulling|inspect image"
)
"""Words that say an image was being pulled."""

_NOT_AWS_INIT: Final = (
    "resourceinitializationerror",
    "registry auth",
    "secrets manager",
    "from ssm",
)
"""The steps before the pull, which are ``init-network`` and its neighbours."""

_CHECK_IMAGE: Final = Step(
    "Ask the registry for exactly this image", "docker manifest inspect <image>"
)


def _says(*terms: str, rank: Rank = Rank.CLEAR, unless: tuple[str, ...] | str = ()) -> Signature:
    """Words about the start of a task: never those of an HTTP answer or a target's health."""
    return says(
        *terms,
        rank=rank,
        kinds="stopped_task service_event cfn_event api_error log_line",
        unless=unless,
    )


CAUSES: Final = (
    Cause(
        slug="image-not-found",
        title="Image tag, digest or repository does not exist",
        category="pending",
        severity="error",
        meaning="The registry was reached and knows no such tag, digest or repository.",
        proof=(_CHECK_IMAGE,),
        repair=(
            Step("Roll out a tag that exists", "ash-ops rollout <tag>"),
            Step(
                "Or correct the image in the task definition and deploy that revision",
                "aws ecs update-service --cluster <cluster> --service <service> --task-definition <family>",
            ),
        ),
        signatures=(
            _says(
                _PULLING,
                "manifest unknown|manifest_unknown|manifest does not exist|manifest not found",
                rank=Rank.PRECISE,
            ),
            _says(
                _PULLING,
                "name unknown|name_unknown|repository name not known|repositorynotfound|repository does not exist in the registry|repository with name|repository not found|repo not found|imagenotfound",
                rank=Rank.PRECISE,
                unless=("may require|requires", "pull access denied"),
            ),
            _says(
                _PULLING,
                "~(?:^|[^0-9a-z])404(?:[^0-9a-z]|$)",
                rank=Rank.CLEAR,
                unless="not authorized",
            ),
            _says(
                "cannotpull|failed to resolve ref|pull image|failed to pull|unable to pull|pulling image|manifest for",
                "~not found(?:$|[^a-z]|: | -)",
                rank=Rank.CLEAR,
                unless=(
                    "not found in the resolver",
                    "json key",
                    "log group",
                    "credentials not found",
                    "no such host",
                    "exec: |executable file",
                ),
            ),
            _says(
                _PULLING,
                "does not exist|no such image|cannot find the image|tag does not exist|unknown tag|tag not found|no such manifest|image not known",
                rank=Rank.LIKELY,
                unless=(
                    "may require|requires 'docker login'|pull access denied",
                    "log group|loggroup",
                    "platform|descriptor matching",
                ),
            ),
            _says(
                "unable to find image|no such image",
                "registry|repository|tag|latest|:v|image",
                rank=Rank.LIKELY,
                unless=("pull access denied",),
            ),
            _says("invalid reference format", rank=Rank.CLEAR),
            _says(
                "invalid image reference|could not parse reference|cannot parse image|failed to parse image|repository name must be lowercase|invalid checksum digest",
                rank=Rank.CLEAR,
            ),
            _says("imagenotfoundexception|repositorynotfoundexception", rank=Rank.PRECISE),
            _says(
                "the image with imageid|requested image not found|image identifier",
                "not found|does not exist|not exist",
                rank=Rank.CLEAR,
            ),
        ),
        confused_with=(
            (
                "image-pull-denied",
                "A private image answers 401 or 403, or 'denied', not 404. ECR may answer 403 for a repository which does not exist.",
            ),
            ("image-pull-network", "There no answer came back at all: a timeout, no status."),
        ),
        docs_url=PULL_ERRORS,
    ),
    Cause(
        slug="image-pull-denied",
        title="Registry refused the pull (private image or bad credentials)",
        category="pending",
        severity="error",
        meaning="The registry was reached and answered that this pull is not authorised. It is not a routing problem.",
        proof=(
            Step(
                "Ask for the image without credentials",
                "docker logout ghcr.io; docker manifest inspect <image>",
            ),
            Step(
                "See which credentials the task uses",
                "aws ecs describe-task-definition --task-definition <family> --query 'taskDefinition.containerDefinitions[].repositoryCredentials'",
            ),
        ),
        repair=(
            Step(
                "Make the package public, or give the container repositoryCredentials with a secret the execution role may read"
            ),
            Step(
                "For ECR, let the execution role pull",
                "aws iam attach-role-policy --role-name <role> --policy-arn arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy",
            ),
        ),
        signatures=(
            _says("pull access denied", rank=Rank.PRECISE),
            _says(
                _PULLING,
                "failed to authorize|failed to fetch anonymous token|failed to fetch oauth token|no basic auth credentials|authorization failed|authentication required|unauthorized|denied: |access denied|access forbidden|insufficient_scope|insufficient scope|requested access to the resource is denied|permission_denied|incorrect username or password|authorization token has expired|may require 'docker login'|access to the resource is denied",
                rank=Rank.CLEAR,
                unless=(
                    "i/o timeout|deadline exceeded|request canceled|no such host|connection refused|forcibly closed|read tcp|dial tcp|connection reset|connection was closed",
                    "secretsmanager:|ssm:getparameter|kms:decrypt",
                    "logs:createlog",
                    "toomanyrequests|too many requests",
                ),
            ),
            _says(
                _PULLING,
                "~(?:^|[^0-9a-z])40[13](?:[^0-9a-z]|$)",
                rank=Rank.CLEAR,
                unless=("toomanyrequests", "secretsmanager|ssm:"),
            ),
            _says(
                "ecr:getauthorizationtoken|ecr:batchgetimage|ecr:getdownloadurlforlayer|ecr:batchchecklayeravailability|ecr-public:",
                "not authorized|accessdenied|access denied|denied",
                rank=Rank.PRECISE,
            ),
            says(
                "registry auth|ecr|repositorycredentials|private registry",
                "accessdenied|not authorized to perform: ecr|invalid credentials|authentication failed|unauthorized: ",
                rank=Rank.LIKELY,
                kinds="stopped_task service_event",
                unless=(
                    "secretsmanager:|ssm:|kms:|logs:|iam:passrole|unable to assume|ecs:",
                    "i/o timeout|connection issue|deadline exceeded",
                ),
            ),
            _says("no basic auth credentials", rank=Rank.PRECISE),
            _says(
                "registry credentials|registry authentication|docker login",
                "failed|denied|invalid|expired|required",
                rank=Rank.LIKELY,
                unless=("toomanyrequests|too many requests|rate limit",),
            ),
            _says(
                "403 forbidden|401 unauthorized",
                "ghcr.io|dkr.ecr|registry-1.docker|quay.io|production-cloudflare|pkg-containers",
                rank=Rank.CLEAR,
            ),
        ),
        confused_with=(
            (
                "image-pull-network",
                "An HTTP status or 'denied' proves that the network path works.",
            ),
            (
                "image-not-found",
                "Registries hide private repositories: a mistyped name may be denied too.",
            ),
        ),
        docs_url=PULL_ERRORS,
    ),
    Cause(
        slug="image-pull-network",
        title="Task has no network route to the image registry",
        category="pending",
        severity="error",
        meaning="The connection to the registry never completes: no answer, no HTTP status.",
        proof=(
            Step(
                "Read the route table of the task's subnet: a default route to an internet gateway (with a public IP) or to a NAT gateway",
                "aws ec2 describe-route-tables --filters Name=association.subnet-id,Values=<subnet>",
            ),
            Step(
                "See whether the task gets a public IP",
                "aws ecs describe-services --cluster <cluster> --services <service> --query 'services[].networkConfiguration'",
            ),
        ),
        repair=(
            Step(
                "In a public subnet, assign a public IP and route 0.0.0.0/0 to the internet gateway; in a private one, to a working NAT gateway"
            ),
            Step(
                "Let the task's security group out on 443",
                "aws ec2 authorize-security-group-egress --group-id <security-group> --protocol tcp --port 443 --cidr 0.0.0.0/0",
            ),
            Step("VPC endpoints do not help for ghcr.io: they serve AWS registries only"),
        ),
        signatures=(
            _says(
                _PULLING,
                "i/o timeout|request canceled|context canceled|client.timeout|awaiting headers|deadline exceeded|connection timed out|tls handshake timeout|network is unreachable|no route to host|connection issue|connection refused|connection reset|dial tcp|unexpected eof|: eof|operation timed out|timed out|timeout exceeded|could not connect|cannot connect|connection error|forcibly closed|read tcp|api error (500): get",
                rank=Rank.PRECISE,
                unless=(
                    "no such host|server misbehaving",
                    "registry auth|getauthorizationtoken",
                    "secrets manager|secretsmanager|from ssm|from asm",
                    "~(?:^|[^0-9a-z.:])(?:401|403|404|429)(?:[^0-9a-z]|$)",
                    "toomanyrequests",
                    "resourceinitializationerror",
                    "no space left",
                    "is not running|cannot connect to the docker daemon",
                ),
            ),
            _says(
                "cannotpullcontainererror|cannotpullecrcontainererror",
                "task network configuration|network configuration",
                rank=Rank.CLEAR,
            ),
            _says(
                "prod-region-starport-layer-bucket|starport|s3.amazonaws|.s3.",
                "i/o timeout|unexpected status|timeout|403|deadline",
                "cannotpull|httpreadseeker|failed to copy|pull",
                rank=Rank.CLEAR,
            ),
            _says(
                "failed to copy: httpreadseeker|httpreaderseeker",
                "failed open|unexpected status",
                rank=Rank.LIKELY,
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
            _says(
                _PULLING,
                "no such host|server misbehaving|nxdomain|name resolution|name or service not known|could not resolve|~dial tcp: lookup [^ ]{1,200}",
                rank=Rank.DECISIVE,
                unless=("resourceinitializationerror", "secretsmanager.|ssm.|api.ecr.|logs."),
            ),
        ),
        confused_with=(
            ("image-pull-network", "There the name resolved and the connection did not complete."),
            ("dns-disabled", "There every name fails, because the VPC has no DNS support."),
        ),
        docs_url=PULL_ERRORS,
    ),
    Cause(
        slug="image-arch-mismatch",
        title="Image CPU architecture does not match the task's runtimePlatform",
        category="pending",
        severity="error",
        meaning="The image has no variant for the task's processor, or its program was built for another one.",
        proof=(
            Step("List the platforms of the image", "docker manifest inspect <image>"),
            Step(
                "Compare with the task definition (X86_64 when absent)",
                "aws ecs describe-task-definition --task-definition <family> --query taskDefinition.runtimePlatform",
            ),
        ),
        repair=(
            Step(
                "Set runtimePlatform.cpuArchitecture to what the image has (X86_64 or ARM64) and deploy"
            ),
            Step(
                "Or build for both",
                "docker buildx build --platform linux/amd64,linux/arm64 --push -t <image> .",
            ),
        ),
        signatures=(
            _says("exec format error", rank=Rank.DECISIVE),
            _says("cannot execute binary file", rank=Rank.PRECISE),
            _says(
                "no matching manifest|no match for platform|does not contain descriptor matching|no descriptor matching|not contain a matching platform|image's platform|image platform|requested image's platform|image operating system|no image found in manifest list for architecture|does not match the expected platform|does not match the detected host platform|does not match the specified platform|incompatible cpu architecture|architecture mismatch|platform mismatch",
                rank=Rank.DECISIVE,
            ),
            _says(
                "no child with platform|no manifest for platform|manifest for platform|for platform linux/|platform 'linux/|platform linux/",
                "not found|no |could not|cannot|does not",
                rank=Rank.PRECISE,
            ),
            _says("descriptor matching platform", rank=Rank.DECISIVE),
            _says(
                "wrong elf class|rosetta error|qemu-x86_64|qemu-aarch64|ld-linux-x86-64.so.2",
                "could not open|cannot open|failed|error|no such file|wrong",
                rank=Rank.LIKELY,
            ),
        ),
        confused_with=(
            (
                "entrypoint-missing",
                "'no such file or directory' is a missing program, 'exec format error' one for another processor (or a script without its #! line).",
            ),
        ),
        docs_url="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-arm64.html",
    ),
    Cause(
        slug="registry-rate-limit",
        title="Registry rate limit reached (toomanyrequests)",
        category="pending",
        severity="error",
        meaning="The registry's quota of pulls for this address or account is used up for now.",
        proof=(Step("The same pull works later, or with credentials", "docker pull <image>"),),
        repair=(
            Step(
                "Pull with credentials (repositoryCredentials), mirror the image to ECR, or use a pull-through cache"
            ),
            Step("Or wait until the window has passed; ECS tries again by itself"),
        ),
        signatures=(
            _says("toomanyrequests", rank=Rank.DECISIVE),
            _says(
                "pull rate limit|unauthenticated pull|docker.com/increase-rate-limit|pull limit",
                rank=Rank.DECISIVE,
            ),
            _says(
                _PULLING,
                "too many requests|rate limit|rate exceeded|~(?:^|[^0-9a-z])429(?:[^0-9a-z]|$)|data limit exceeded",
                rank=Rank.PRECISE,
                unless=("throttlingexception|getauthorizationtoken",),
            ),
        ),
        confused_with=(
            ("aws-throttled", "That is an AWS API that refuses calls, not an image registry."),
        ),
        docs_url="https://docs.docker.com/docker-hub/usage/",
    ),
    Cause(
        slug="image-unpack-failed",
        title="Image was pulled but could not be unpacked",
        category="pending",
        severity="error",
        meaning="A layer has a media type the runtime does not know, is damaged, or does not fit on the task's disk.",
        proof=(
            Step(
                "Read the media types of the manifest", "docker manifest inspect --verbose <image>"
            ),
            Step(
                "Compare the image's size with ephemeralStorage (20 GiB by default)",
                "aws ecs describe-task-definition --task-definition <family> --query taskDefinition.ephemeralStorage",
            ),
        ),
        repair=(
            Step(
                "Rebuild without attestations",
                "docker buildx build --provenance=false --sbom=false --push -t <image> .",
            ),
            Step("Or give the task more disk: ephemeralStorage.sizeInGiB 21-200"),
        ),
        signatures=(
            _says(
                _PULLING + "|snapshotter|extract|layer",
                "no space left on device",
                rank=Rank.DECISIVE,
                unless="enospc",
            ),
            _says(
                "failed to register layer|error processing tar file|failed to extract layer|failed to unpack|error unpacking|unpack image|failed to apply layer|applylayer|filesystem layer verification failed|failed to extract|apply layer",
                rank=Rank.PRECISE,
            ),
            _says(
                "media type",
                "unsupported|not supported|unknown|unexpected|mismatch|no unpack",
                rank=Rank.PRECISE,
            ),
            _says(
                "mediatype|media type|in-toto|attestation|zstd|stargz|manifest schema|schemav1|schema 1|schema version 1|image config",
                "unsupported|unpack|not supported|no longer supported|unknown|unimplemented|unexpected|mismatch|invalid",
                rank=Rank.CLEAR,
            ),
            _says(
                _PULLING,
                "unexpected commit digest|checksum mismatch|size validation failed|digest mismatch|invalid tar header|gzip: invalid|failed size validation|failed precondition|archive/tar",
                rank=Rank.PRECISE,
            ),
            _says(
                "layers from manifest do not match image configuration|archive/tar: invalid tar header|mismatched image rootfs",
                rank=Rank.PRECISE,
            ),
        ),
        confused_with=(("disk-full", "There the server is running and fills its disk."),),
        docs_url=PULL_ERRORS,
    ),
    Cause(
        slug="image-pull-failed",
        title="Image could not be pulled (no reason given)",
        category="pending",
        severity="error",
        meaning="ECS says only that the pull failed; the reason is elsewhere, in another container's reason or a newer event.",
        proof=(
            Step(
                "Read the reasons of the stopped task's containers",
                "aws ecs describe-tasks --cluster <cluster> --tasks <task> --query 'tasks[].containers[].reason'",
            ),
            _CHECK_IMAGE,
        ),
        repair=(
            Step(
                "Let the doctor follow the pull step by step: tag, credentials, route, DNS",
                "ash-ops doctor pending",
            ),
        ),
        signatures=(
            _says(
                "cannotpullcontainererror|cannotpullecrcontainererror|cannotpullimage|cannotpull",
                rank=Rank.SYMPTOM,
            ),
            _says(
                "failed to pull image|unable to pull image|error pulling image|failed to resolve ref|failed to resolve reference|could not pull image",
                rank=Rank.SYMPTOM,
            ),
        ),
        docs_url=PULL_ERRORS,
        symptom=True,
    ),
)
