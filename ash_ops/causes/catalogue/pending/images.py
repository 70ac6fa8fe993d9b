"""Images that do not fit: another processor, a rate limit, layers that do not unpack."""

from typing import Final

from ash_ops.causes.base import Cause, Rank, Step, status
from ash_ops.causes.catalogue.pending.asked_amiss import (
    BY_ANSIBLE,
    DISK_OF_THE_MACHINE,
    REASON_IS_CUT,
)
from ash_ops.causes.catalogue.pending.named_reasons import (
    NESTED_RUNTIME,
    OTHER_PLATFORM,
    READ_PLATFORM,
)
from ash_ops.causes.catalogue.pending.noted import PULL_FAILED
from ash_ops.causes.catalogue.pending.other_places import NOT_A_NAME
from ash_ops.causes.catalogue.pending.places_named import LIMIT_OF_A_BUILD, OTHER_PROCESSOR
from ash_ops.causes.catalogue.pending.words import CHECK_IMAGE, PULL_ERRORS, PULLING, task_says
from ash_ops.causes.catalogue.restart.built_elsewhere import BUILT_ON_A_DESK

_FULL: Final = "no space left|disk quota exceeded|thin pool|not enough space on the disk|: write /"
"""What a disk says that has no room for a layer."""

_BY_HAND: Final = r"~^(?!.*(?:\bcannotpull|\bpublic\.ecr\.aws\b))(?=.*(?:\berror response from daemon\b|\bfata\[\d{4}\]|\bimage \S{3,200} error\b|#\d{1,3} error: |\bstep \d{1,3}/\d{1,3} : from\b|\bcopying system image\b|\bdocker (?:pull|run|build|compose)\b|\bfailed to solve\b|\[container\])).*"

_PULLED_BY_HAND: Final = (
    Step(
        "Sign in on the machine that pulls (in CodeBuild or a workflow before the pull), pull fewer images at once, or take the image from public.ecr.aws/docker/library or a copy in ECR",
        "docker login",
        when=rf"{_BY_HAND}(?:\btoomanyrequests\b|\btoo many requests\b|\brate limit\b)",
    ),
    Step(
        "The registry in between (a mirror, a proxy of Docker Hub) asked without an account or too often: give its remote repository the credentials of one, and let it keep what it fetched",
        when=r"~\bremote response: 429\b|\bartifactory\b|\bnexus\b|\bharbor\b|\bdependency_proxy\b|\bregistry mirror\b",
        decides=True,
    ),
    Step(
        "Sign in to the public gallery: who is signed in may pull more; and pull fewer images at once",
        "aws ecr-public get-login-password --region us-east-1 | docker login --username AWS --password-stdin public.ecr.aws",
        when=r"~^(?=.*\bpublic\.ecr\.aws\b)(?:.*\btoomanyrequests\b|.*\brate (?:limit|exceeded)\b)",
    ),
)
"""Limits of a registry for pulls that no task makes, and those of ECR's public gallery."""

CAUSES: Final = (
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
            *READ_PLATFORM,
        ),
        repair=(
            *BUILT_ON_A_DESK,
            *OTHER_PLATFORM,
            *OTHER_PROCESSOR,
            *BY_ANSIBLE,
            Step(
                "Set runtimePlatform.cpuArchitecture to what the image has (X86_64 or ARM64) and deploy"
            ),
            Step(
                "Image and host are of two systems, Linux and Windows: set runtimePlatform.operatingSystemFamily to the image's, on a host of that system and release",
                when="~operating system|windows(?! version)",
            ),
            Step(
                "The image is of another release of Windows than the host: build it on the host's release, or take a host (operatingSystemFamily, AMI) of the image's",
                when="based image is incompatible",
            ),
            Step(
                "The processor is of the right kind and lacks instructions that the program was compiled for: take a newer host or another type of instance, or a build of the program (or base image) for the older baseline",
                when="x86-64-v|microarchitecture",
            ),
            Step(
                "Or build for both",
                "docker buildx build --platform linux/amd64,linux/arm64 --push -t <image> .",
            ),
        ),
        signatures=(
            task_says(
                "image",
                "~\\b(?:built|created|compiled|made)\\b(?:[^.|]|\\.(?=\\S)){0,30}\\b(?:arm64|aarch64|amd64|x86_64)\\b",
                "error|fail|start|crash|exit",
                rank=Rank.LIKELY,
            ),
            task_says("invalid elf header", rank=Rank.CLEAR),
            task_says("no image found in", "architecture|platform", rank=Rank.DECISIVE),
            task_says("exec format error", rank=Rank.DECISIVE),
            task_says("cannot execute binary file", rank=Rank.PRECISE),
            task_says(
                "based image is incompatible with a|no matching manifest|no match for platform|does not contain descriptor matching|no descriptor matching|not contain a matching platform|image's platform|image platform|requested image's platform|image operating system|no image found in manifest list for architecture|does not match the expected platform|does not match the detected host platform|does not match the specified platform|incompatible cpu architecture|architecture mismatch|platform mismatch",
                rank=Rank.DECISIVE,
            ),
            # The right processor, and too old a one for what the program was compiled for.
            task_says(
                "unsupported cpu: |cpu does not support x86-64-v",
                "microarchitecture|glibc",
                rank=Rank.PRECISE,
            ),
            # ecspresso, which asks the registry before it deploys.
            task_says("for arch=", "is not found in registry", rank=Rank.DECISIVE),
            task_says(
                "no child with platform|no manifest for platform|manifest for platform|for platform linux/|platform 'linux/|platform linux/",
                "not found|no |could not|cannot|does not",
                rank=Rank.PRECISE,
            ),
            task_says(
                "descriptor matching platform|find a descriptor for platform", rank=Rank.DECISIVE
            ),
            # Windows and Linux: the runtime names the system, not the processor.
            task_says(
                "operating system",
                "container operating system does not match|cannot be used on this platform|cannot be used on this operating system",
                rank=Rank.DECISIVE,
            ),
            task_says(
                "wrong elf class|rosetta error|qemu: uncaught target signal|qemu-x86_64|qemu-aarch64|ld-linux-x86-64.so.2",
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
            *_PULLED_BY_HAND,
            *LIMIT_OF_A_BUILD,
        ),
        signatures=(
            task_says(
                "toomanyrequests",
                "~toomanyrequests(?!exception|\\) when calling|['\"]{1,2} ?(?:\\|(?!.{0,200}\\b(?:registry|docker|pull))|$))",
                rank=Rank.DECISIVE,
                unless="throughput mode only once",
            ),
            task_says(
                "pull rate limit|unauthenticated pull|docker.com/increase-rate-limit|pull limit",
                rank=Rank.DECISIVE,
            ),
            task_says(
                PULLING,
                "too many requests|rate limit|rate exceeded|data limit exceeded",
                rank=Rank.PRECISE,
                unless=(
                    "throttlingexception|toomanyrequestsexception|getauthorizationtoken",
                    # A resource whose name has such a word in it.
                    "the following resource(s)|response status [failed]",
                ),
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
            Step("See how full the disk is of the host that pulls", "docker system df", when=_FULL),
            Step(
                "Read the media types of the manifest", "docker manifest inspect --verbose <image>"
            ),
            Step(
                "Compare the image's size with ephemeralStorage (20 GiB by default)",
                "aws ecs describe-task-definition --task-definition <family> --query taskDefinition.ephemeralStorage",
            ),
        ),
        repair=(
            *DISK_OF_THE_MACHINE,
            Step(
                "The image does not fit on the disk: give a Fargate task more (ephemeralStorage.sizeInGiB 21-200), an instance a larger volume",
                "aws ecs describe-task-definition --task-definition <family> --query taskDefinition.ephemeralStorage",
                when=_FULL,
            ),
            Step(
                "On an instance of yours, see first what fills it: images that no container uses go with docker image prune",
                "docker system df",
                when=_FULL,
            ),
            Step(
                "The runtime that pulls does not know how the layer is packed (zstd, which older Docker and containerd take for a damaged archive): update it where it pulls, or push the image with gzip (docker buildx build --output type=image,compression=gzip,force-compression=true,push=true)",
                when="tar header",
                decides=True,
            ),
            Step(
                "Layers of two packings stand in one image (gzip from a cache or a base, zstd from the build), which older runtimes count wrongly: build it anew with one for all (docker buildx build --output type=image,compression=gzip,force-compression=true,push=true)",
                when="layers and diffids|mismatched image rootfs and manifest layers",
                decides=True,
            ),
            Step(
                "The layer arrived damaged or cut: let it be pulled again; if it stays, push the image anew",
                when="verification failed|commit digest|size validation|deflate|unpigz|gzip: |checksum|digest mismatch|tar header|unexpected eof",
            ),
            Step(
                "The registry lacks a part of the image that its manifest names: push the image anew; where a registry of yours copies another one, let it reach all hosts of that one, then pull again",
                when="unknown blob|blob unknown",
                decides=True,
            ),
            Step(
                "The instance's own storage failed: replace the instance",
                when="devicemapper|devmapper|input/output error",
            ),
            Step(
                "A file of the image belongs to a user whose number the host cannot map: build it with a lower uid and gid (chown in the Dockerfile)",
                when="cannot be mapped to a host id|lchown",
            ),
            *NESTED_RUNTIME,
            Step(
                "Rebuild without attestations",
                "docker buildx build --provenance=false --sbom=false --push -t <image> .",
            ),
            Step("Or give the task more disk: ephemeralStorage.sizeInGiB 21-200"),
        ),
        signatures=(
            task_says("layers and diffids", rank=Rank.PRECISE),
            task_says(
                PULLING + "|snapshotter|extract|layer|getimageblob|untar",
                "no space left on device|disk quota exceeded",
                rank=Rank.DECISIVE,
                unless="enospc",
            ),
            task_says(
                "failed to register layer|error processing tar file|failed to extract layer|failed to unpack|error unpacking|unpack image|failed to apply layer|applylayer|filesystem layer verification failed|failed to extract|apply layer",
                rank=Rank.PRECISE,
                # containerd names both steps of a pull; the reason behind them says which one failed.
                unless=(
                    "failed to resolve|failed to authorize|failed to do request|failed to copy|not found|denied|unauthorized|forbidden|too many requests|toomanyrequests|i/o timeout",
                    "~\\bpull and unpack image\\b(?!.{0,600}(?:layer|extract|apply|unpack|space|snapshot|media ?type|digest))",
                ),
            ),
            task_says(
                "media type",
                "unsupported|not supported|unknown|unexpected|mismatch|no unpack",
                rank=Rank.PRECISE,
            ),
            task_says(
                "mediatype|media type|in-toto|attestation|zstd|stargz|manifest schema|schemav1|schema 1|schema version 1|image config",
                "unsupported|unpack|not supported|no longer supported|unknown|unimplemented|unexpected|mismatch|invalid",
                rank=Rank.CLEAR,
                # The registry failed while it was asked, or it lacks what was asked for.
                unless="unexpected http status|unexpected status|x509|code = unknown desc = error pulling image configuration",
            ),
            task_says(
                PULLING,
                "unexpected commit digest|checksum mismatch|size validation failed|digest mismatch|invalid tar header|gzip: invalid|failed size validation|failed precondition|archive/tar",
                rank=Rank.PRECISE,
            ),
            task_says(
                "layers from manifest do not match image configuration|archive/tar: invalid tar header|mismatched image rootfs|manifest.v1+prettyjws not supported|error response from daemon: missing signature key",
                rank=Rank.PRECISE,
            ),
        ),
        confused_with=(("disk-full", "There the server is running and fills its disk."),),
        docs_url=PULL_ERRORS,
    ),
    Cause(
        slug="image-pull-failed",
        title="Image could not be pulled: the reason is not known",
        category="pending",
        severity="error",
        meaning="The text says that the pull failed, and not why, or in words that this catalogue does not know; the reason may be in another container's reason or a newer event.",
        proof=(
            Step(
                "Read the reasons of the stopped task's containers",
                "aws ecs describe-tasks --cluster <cluster> --tasks <task> --query 'tasks[].containers[].reason'",
            ),
            CHECK_IMAGE,
        ),
        repair=(
            *REASON_IS_CUT,
            *NOT_A_NAME,
            Step(
                "The host does not trust the registry's certificate: let a public authority sign it; an instance of yours may also have the authority's certificate in /etc/docker/certs.d",
                when="~(?:x509|failed to verify certificate)(?!.{0,120}has expired)",
            ),
            Step(
                "The registry's certificate has run out, or the host's clock is wrong: renew the certificate",
                when="certificate has expired",
            ),
            Step(
                "The registry speaks plain HTTP, and images are pulled over HTTPS: give it a certificate; an instance of yours may also name it in insecure-registries of /etc/docker/daemon.json",
                when="http response to https client",
            ),
            Step(
                "The registry itself failed: try again later (ECS does so by itself), look at the registry's status page, or pull from a copy of yours elsewhere (of Docker Hub's images from public.ecr.aws/docker/library or ECR)",
                when="~(?:registry|/v2/|http).{0,300}\\b5\\d\\d\\b",
            ),
            Step(
                "Follow the pull step by step: tag, credentials, route, DNS",
                "ash-ops doctor pending",
            ),
        ),
        signatures=(
            *PULL_FAILED,
            task_says(
                "cannotpullcontainererror|cannotpullecrcontainererror|cannotpullimage|cannotpull",
                rank=Rank.SYMPTOM,
            ),
            # The registry was reached, and no TLS came about: its certificate, or a protocol.
            task_says(
                "/v2/|/v1/repositories|service/token",
                "error response from daemon|cannotpull|failed to pull|failed to resolve|failed to do request|pinging container registry",
                "x509|tls: handshake failure|remote error: tls|first record does not look like|http response to https client",
                rank=Rank.GENERIC,
                unless="proxyconnect",
            ),
            # The registry itself failed.
            task_says(
                "unexpected http status|unexpected status|invalid status code from registry|failed with status code",
                "error response from daemon|httpreadseeker|pinging docker registry|initializing source|reading manifest|reading blob|pulling from host|pulling image config",
                status("405|50[0234]"),
                rank=Rank.GENERIC,
            ),
            task_says(
                "httpreadseeker|httpreaderseeker",
                "unexpected status",
                rank=Rank.GENERIC,
            ),
            task_says(
                "failed to pull image|failed to pull docker image|unable to pull image|error pulling image|failed to resolve ref|failed to resolve reference|could not pull image",
                rank=Rank.SYMPTOM,
            ),
        ),
        confused_with=(
            ("image-not-found", "If the registry says not found."),
            ("image-pull-denied", "If it answers 401, 403 or 'denied'."),
            ("image-pull-network", "If no answer comes back at all."),
            ("registry-rate-limit", "If it says toomanyrequests."),
        ),
        docs_url=PULL_ERRORS,
        symptom=True,
    ),
)
