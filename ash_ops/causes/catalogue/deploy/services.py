"""ECS services as they are configured."""

from typing import Final

from ash_ops.causes.base import Cause, Rank, Step, says
from ash_ops.causes.catalogue.deploy.words import SERVICE
from ash_ops.template_parameters import default

_OF_CODEDEPLOY: Final = "already has an active deployment"

CAUSES: Final = (
    Cause(
        slug="deployment-in-progress",
        title="A deployment is running",
        category="deploy",
        severity="info",
        meaning="Old and new tasks run side by side; what is measured now may change in a minute.",
        proof=(
            Step(
                "Read rolloutState",
                SERVICE
                + " --query 'services[].deployments[].[status,rolloutState,desiredCount,runningCount]'",
            ),
        ),
        repair=(
            Step("Wait until it is COMPLETED", "ash-ops status"),
            Step(
                "CodeDeploy makes one deployment of a group at a time: wait for the one that the text names, or stop it",
                "aws deploy list-deployments --include-only-statuses InProgress Ready",
                when=_OF_CODEDEPLOY,
            ),
        ),
        signatures=(says(_OF_CODEDEPLOY, rank=Rank.PRECISE),),
        confused_with=(("circuit-breaker", "If rolloutState is FAILED."),),
    ),
    Cause(
        slug="service-missing",
        title="There is no such service",
        category="deploy",
        severity="error",
        meaning="The cluster has no service of that name, or only an INACTIVE one.",
        proof=(
            Step("List the services of the cluster", "aws ecs list-services --cluster <cluster>"),
        ),
        repair=(Step("Check --name and --region, or deploy", "ash-ops deploy"),),
        signatures=(
            says(
                "inactive",
                "~\\b(?:update|use|find|deploy to) (?:an )?inactive service\\b|\\binactive service in (?:the )?cluster\\b|\\b(?:ecs )?service (?:is|was) inactive\\b",
                rank=Rank.CLEAR,
            ),
            # Copilot, of a service that was never made or was rolled back.
            says("no active ecs service found|no ecs service found", rank=Rank.PRECISE),
            # The waiters of the SDKs, which say what they read last.
            says("services[].status", 'matched expected path: "inactive', rank=Rank.PRECISE),
            # The action that deploys a task definition: it takes an active service only.
            says(
                "service is draining",
                "~^(?:\\W{0,4}error\\W{1,3})?service is draining$",
                rank=Rank.CLEAR,
            ),
            # The ECS CLI of old.
            says("use 'create' command to create the service", rank=Rank.PRECISE),
        ),
        confused_with=(("aws-not-found", "What the API says of it."),),
    ),
    Cause(
        slug="service-desired-zero",
        title="The service is scaled to zero",
        category="deploy",
        severity="warning",
        meaning="desiredCount is 0: ECS runs no task because nobody asked for one.",
        proof=(Step("Read it", SERVICE + " --query 'services[].desiredCount'"),),
        repair=(
            Step(
                "Ask for one",
                "aws ecs update-service --cluster <cluster> --service <service> --desired-count 1",
            ),
        ),
        signatures=(
            says(
                "~\\bdesired ?count['\"]?(?: is|[ :=]{1,3})? ?0\\b",
                "no task|runningcount|running task|service|ecs",
                rank=Rank.LIKELY,
                unless="pending",
            ),
        ),
    ),
    Cause(
        slug="stopped-on-purpose",
        title="The deployment is stopped on purpose",
        category="deploy",
        severity="info",
        meaning=(
            "`ash-ops stop` set desiredCount to 0 and noted it in the service's tag ash:stopped. Nothing "
            "runs because somebody wanted it so; address, data, keys and logs are kept."
        ),
        proof=(
            Step(
                "Read its count and its tags",
                SERVICE + " --include TAGS --query 'services[].[desiredCount,tags]'",
            ),
        ),
        repair=(Step("Start it again", "ash-ops start"),),
    ),
    Cause(
        slug="service-task-definition-inactive",
        title="The task definition is inactive",
        category="deploy",
        severity="error",
        meaning="The revision was deregistered, so ECS starts no task of it.",
        proof=(
            Step(
                "Read its status",
                "aws ecs describe-task-definition --task-definition <family> --query taskDefinition.status",
            ),
        ),
        repair=(
            Step(
                "See which revisions are active",
                "aws ecs list-task-definitions --status ACTIVE --sort DESC",
            ),
            Step(
                "Deploy an active revision",
                "aws ecs update-service --cluster <cluster> --service <service> --task-definition <new-revision>",
            ),
        ),
        signatures=(
            says(
                "task definition|taskdefinition",
                "inactive|deregistered|is not active|does not exist|not found",
                rank=Rank.CLEAR,
                kinds="service_event api_error cfn_event stopped_task",
                unless=(
                    "cannot depend on container",
                    "runtask",
                    "log group",
                    "describetaskdefinition",
                    # What tools look for beside it: an image, a file.
                    "in registry|task definition file",
                    # What a tool did itself with the revision before.
                    "successfully deregistered",
                ),
            ),
            says(
                "taskdefinition is inactive|task definition is inactive",
                rank=Rank.CLEAR,
                kinds="service_event api_error cfn_event stopped_task",
            ),
        ),
        confused_with=(("aws-not-found", "There the family itself is unknown."),),
    ),
    Cause(
        slug="log-retention-endless",
        title="Logs are kept for ever",
        category="deploy",
        severity="warning",
        meaning="The log group has no retention: its cost only grows.",
        proof=(
            Step(
                "Read it",
                "aws logs describe-log-groups --log-group-name-prefix <log-group> --query 'logGroups[].[logGroupName,retentionInDays,storedBytes]'",
            ),
        ),
        repair=(
            Step(
                "Set one",
                "aws logs put-retention-policy --log-group-name <log-group> "
                f"--retention-in-days {default('LogRetentionDays')}",
            ),
        ),
    ),
    Cause(
        slug="image-tag-floating",
        title="The image is named by a tag that moves",
        category="deploy",
        severity="warning",
        meaning="With :latest two tasks of one revision may run different servers, and an unchanged template updates nothing.",
        proof=(
            Step(
                "Read the image",
                "aws ecs describe-task-definition --task-definition <family> --query 'taskDefinition.containerDefinitions[].image'",
            ),
        ),
        repair=(Step("Name a version", "ash-ops rollout <tag>"),),
    ),
)
