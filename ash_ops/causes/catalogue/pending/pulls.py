"""Images that cannot be pulled: unknown, refused, out of reach."""

from typing import Final

from ash_ops.causes.base import Cause, Rank, Step, says, status
from ash_ops.causes.catalogue.pending.asked_amiss import (
    GONE_FROM_THERE,
    REFERENCE_OF_A_BUILD,
    TAG_IT_FIRST,
)
from ash_ops.causes.catalogue.pending.noted import IMAGE_MISSING, PULL_REFUSED
from ash_ops.causes.catalogue.pending.other_places import PUSHED_WITHOUT_REGISTRY, THE_AGENTS_OWN
from ash_ops.causes.catalogue.pending.places_named import (
    BY_WHOLE_NAME,
    MAKE_THE_REPOSITORY,
    NO_NAME_GIVEN,
    PULL_WITH_ITS_ROLE,
    READ_ITS_NAME,
    RIGHT_CREDENTIALS,
)
from ash_ops.causes.catalogue.pending.plainly_said import (
    CHECK_IN_ECR,
    CHECK_THE_CREDENTIALS,
    CHECK_WITHOUT_LOGIN,
)
from ash_ops.causes.catalogue.pending.repairs import NOT_THERE, REFUSED
from ash_ops.causes.catalogue.pending.words import CHECK_IMAGE, PULL_ERRORS, PULLING, task_says

CAUSES: Final = (
    Cause(
        slug="image-not-found",
        title="Image tag, digest or repository does not exist",
        category="pending",
        severity="error",
        meaning="The registry was reached and knows no such tag, digest or repository.",
        proof=(CHECK_IMAGE, *READ_ITS_NAME, *THE_AGENTS_OWN),
        repair=(
            Step("Roll out a tag that exists", "ash-ops rollout <tag>"),
            Step(
                "Correct the image in the task definition to one that the registry holds, and deploy that revision",
                "aws ecs update-service --cluster <cluster> --service <service> --task-definition <family>",
            ),
            *NO_NAME_GIVEN,
            *MAKE_THE_REPOSITORY,
            *TAG_IT_FIRST,
            *GONE_FROM_THERE,
            *REFERENCE_OF_A_BUILD,
            *NOT_THERE,
        ),
        signatures=(
            *IMAGE_MISSING,
            says(
                "name_unknown|name unknown",
                "repository name not known to registry|does not exist in the registry with id",
                rank=Rank.PRECISE,
            ),
            task_says(
                "failed to find a repo digest matching|layerinaccessibleexception|referencedimagesnotfoundexception",
                rank=Rank.PRECISE,
            ),
            task_says(
                "image|tag|manifest",
                "~\\b(?:image|tag|manifest)\\b(?:[^.;|]|\\.(?=\\S)){0,60}\\b(?:cannot be found|could not be found|was not found|is not found|does not exist|is unknown|is missing) (?:in|on|at) (?:the |our |its )?(?:registry|repository|ecr|ghcr|docker hub|[a-z0-9.-]{2,60}\\.(?:io|com|aws)\\b)",
                rank=Rank.CLEAR,
            ),
            task_says(
                "check whether the image exists|image cannot be found in the repository|is not found in registry",
                rank=Rank.PRECISE,
            ),
            task_says(
                "layersnotfoundexception|layer with digest",
                "not exist|not found|notfound",
                rank=Rank.PRECISE,
            ),
            task_says(
                PULLING,
                "manifest unknown|manifest_unknown|manifest_blob_unknown|manifest does not exist|manifest not found",
                rank=Rank.PRECISE,
            ),
            task_says(
                PULLING,
                "not found or deleted|name unknown|name_unknown|repository name not known|repositorynotfound|repository does not exist in the registry|repository with name|repository not found|repo not found|imagenotfound",
                rank=Rank.PRECISE,
                unless=("may require|requires", "pull access denied"),
            ),
            task_says(
                PULLING,
                status("404"),
                rank=Rank.CLEAR,
                unless="not authorized",
            ),
            task_says(
                "cannotpull|failed to resolve ref|resolve source metadata|pull image|failed to pull|unable to pull|pulling image|pulling container|manifest for|failed to copy|httpreadseeker",
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
            task_says(
                PULLING,
                "does not exist|no such image|cannot find the image|tag does not exist|unknown tag|tag not found|no such manifest|image not known",
                rank=Rank.LIKELY,
                unless=(
                    "may require|requires 'docker login'|pull access denied",
                    "log group|loggroup",
                    # That of a tool: what is to be deployed, not what is pulled.
                    "validate manifest|manifest.yml",
                    "platform|descriptor matching",
                ),
            ),
            task_says(
                "unable to find image|no such image",
                "registry|repository|tag|latest|:v|image",
                rank=Rank.LIKELY,
                unless="pull access denied|' locally",  # Docker says the second before it pulls
            ),
            task_says(
                "invalid reference format|failed to normalize image reference|failed to normalize",
                "reference|image",
                rank=Rank.PRECISE,
            ),
            task_says(
                "invalid image reference|could not parse reference|cannot parse image|failed to parse image|repository name must be lowercase|invalid checksum digest",
                rank=Rank.CLEAR,
            ),
            task_says("imagenotfoundexception|repositorynotfoundexception", rank=Rank.PRECISE),
            # A reference as a pull names it, and nothing but its absence.
            task_says(
                ": not found",
                "~(?<![\\w/.-])[a-z0-9-]{1,60}(?:\\.[a-z0-9-]{1,60}){1,6}/[\\w./-]{1,200}(?::[\\w.-]{1,128}|@sha256:[0-9a-f]{4,64}): not found",
                rank=Rank.CLEAR,
            ),
            task_says("repository with name", "does not exist in the registry", rank=Rank.PRECISE),
            task_says(
                "manifest unknown",
                "~\\berror(?: response from daemon)?: manifest unknown\\b|\\bmanifest for [^ ]{3,300} not found: manifest unknown",
                rank=Rank.PRECISE,
            ),
            task_says("notfound: ", "content with digest sha256:", rank=Rank.PRECISE),
            task_says(
                "manifest for",
                # A reason that is cut within the name: of a manifest nothing is said but that it is not there.
                "~\\bmanifest for [^ ]{3,300} (?:is unknown|is missing|does not exist|could not be found|cannot be found)|\\berror response from daemon: manifest for ['\"]?[\\w./:@-]{1,300}(?:\\.\\.\\.)?[)'\"]{0,3}$",
                rank=Rank.CLEAR,
            ),
            task_says(
                "~\\bthe image with imageid (?!ami-)|\\brequested image not found\\b|\\bimage identifier\\b|\\berror: image [\\w.-]{1,60}/[\\w./-]{1,200}:[\\w.-]{1,128} not found\\b",
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
            *THE_AGENTS_OWN,
            CHECK_WITHOUT_LOGIN,
            *CHECK_IN_ECR,
            CHECK_THE_CREDENTIALS,
        ),
        repair=(
            Step(
                "Make the package public, or give the container repositoryCredentials with a secret the execution role may read"
            ),
            Step(
                "The pull-through cache is refused by the registry behind it: read its rule, and let the rule's secret (ecr-pullthroughcache/...) hold that registry's user and access token",
                "aws ecr describe-pull-through-cache-rules",
                when="the upstream registry|unabletogetupstream|unabletolistupstream|unabletoaccesssecret|unabletodecryptsecret|pull through|pull-through",
                decides=True,
            ),
            Step(
                "For ECR, let the execution role pull",
                "aws iam attach-role-policy --role-name <role> --policy-arn arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy",
            ),
            Step(
                "Log in to the registry anew on the host (docker logout, docker login): a kept login runs out. A task of ECS takes repositoryCredentials with a secret the execution role may read",
                when="~^(?!.*(?:\\bcannotpull|\\.dkr\\.ecr\\.|not signed|due to configured|upstream registry)).*\\berror response from daemon\\b",
            ),
            *PUSHED_WITHOUT_REGISTRY,
            *BY_WHOLE_NAME,
            *PULL_WITH_ITS_ROLE,
            *RIGHT_CREDENTIALS,
            *REFUSED,
        ),
        signatures=(
            *PULL_REFUSED,
            task_says(
                "from registry: |from the registry: ",
                "denied|unauthorized|forbidden",
                rank=Rank.CLEAR,
            ),
            says(
                # The body of a registry's answer, as the distribution specification has it.
                "unauthorized|denied",
                "~\\b(?:unauthorized|denied)\\W{1,30}(?:message\\W{1,9})?(?:authentication (?:is )?required|requested access to the resource is denied|access forbidden|permission_denied|unauthorized to access repository)",
                rank=Rank.DECISIVE,
            ),
            task_says(
                "/v2/",
                "~/v2/[^ ]{2,200}['\"]?: (?:denied|unauthorized|forbidden)\\b",
                rank=Rank.CLEAR,
            ),
            # ECR's pull-through cache: its own credentials for the registry behind it.
            task_says(
                "unabletogetupstreamimage|unabletogetupstreamlayer|unabletolistupstreamimage|unabletoaccesssecretexception|unabletodecryptsecretvalueexception",
                rank=Rank.DECISIVE,
            ),
            # The ECS agent has none for the registry of the image.
            task_says(
                "engine docker private registry credentials: not found|engine ecr credentials: not found",
                rank=Rank.DECISIVE,
            ),
            task_says(
                "cannotpull",
                "~\\b(?:ghcr|registry|docker hub|ecr|quay|gitlab)\\b(?:[^.;|]|\\.(?=\\S)){0,30}\\b(?:denied|refused|forbidden|unauthorized)\\b",
                rank=Rank.CLEAR,
            ),
            task_says(
                "check that the role has the permissions to pull|no basic auth credentials|please login prior to push:|pull access denied|error parsing http 403 response|not signed in notary|not signed by cosign|cannot be pulled due to configured policy",
                rank=Rank.PRECISE,
            ),
            task_says(
                PULLING,
                "failed to authorize|failed to fetch anonymous token|failed to fetch oauth token|no basic auth credentials|authorization failed|authentication required|unauthorized|denied: |access denied|access forbidden|insufficient_scope|insufficient scope|requested access to the resource is denied|permission_denied|incorrect username or password|authorization token has expired|may require 'docker login'|access to the resource is denied",
                rank=Rank.CLEAR,
                unless=(
                    "i/o timeout|deadline exceeded|request canceled|no such host|connection refused|forcibly closed|read tcp|dial tcp|connection reset|connection was closed",
                    "secretsmanager:|ssm:getparameter|kms:decrypt",
                    "logs:createlog",
                    "toomanyrequests|too many requests",
                    "proxy authentication",
                ),
            ),
            task_says(
                PULLING,
                status("40[13]"),
                rank=Rank.CLEAR,
                unless=("toomanyrequests", "secretsmanager|ssm:"),
            ),
            task_says(
                "ecr: getauthorizationtoken|ecr: batchgetimage|ecr:getauthorizationtoken|ecr:batchgetimage|ecr:getdownloadurlforlayer|ecr:batchchecklayeravailability|ecr-public:",
                "not authorized|accessdenied|access denied|denied|no identity-based policy allows|no resource-based policy allows",
                rank=Rank.PRECISE,
                # There somebody at a command line was refused, not a task.
                unless="when calling the",
            ),
            says(
                "registry auth|ecr|repositorycredentials|private registry",
                "accessdenied|not authorized to perform: ecr|invalid credentials|authentication failed|unauthorized: ",
                rank=Rank.LIKELY,
                kinds="stopped_task service_event",
                unless=(
                    "secretsmanager:|ssm:|kms:|logs:|iam:passrole|unable to assume|ecs:",
                    "from asm|from ssm|retrieve secret|fetch secret|fetching secret",
                    "i/o timeout|connection issue|deadline exceeded",
                ),
            ),
            task_says(
                "authorization token has expired",
                "reauthenticate|denied|docker|ecr",
                rank=Rank.PRECISE,
            ),
            task_says(
                "error pulling image|pulling image configuration|error pulling",
                "unauthorized|authentication required|denied",
                rank=Rank.PRECISE,
            ),
            task_says("login attempt to", "failed with status", rank=Rank.PRECISE),
            task_says(
                "registry credentials|registry authentication|docker login",
                "failed|denied|invalid|expired|required",
                rank=Rank.LIKELY,
                unless="toomanyrequests|too many requests|rate limit|http response to https|dial tcp|x509|command failed: docker login|to execute 'docker'",
            ),
            task_says(
                "403 forbidden|401 unauthorized",
                "ghcr.io|dkr.ecr|registry-1.docker|quay.io|production-cloudflare|pkg-containers|failed commit on ref",
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
)
