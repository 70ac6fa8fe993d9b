"""A service that runs less than it should, and troubles inside a task that hide from its status."""

from typing import Final

from ash_ops.causes.base import Cause, Step

_SEE_SERVICE: Final = Step(
    "Compare running with desired, and read the newest events",
    "aws ecs describe-services --cluster <cluster> --services <service> --query 'services[].[desiredCount,runningCount,pendingCount,events[:5].message]'",
)
_SEE_TASKS: Final = Step(
    "Read the health of each container",
    "aws ecs describe-tasks --cluster <cluster> --tasks <task> --query 'tasks[].containers[].[name,healthStatus,lastStatus,reason]'",
)

CAUSES: Final = (
    Cause(
        slug="fewer-tasks-than-desired",
        title="Fewer tasks run than are wanted",
        category="restart",
        severity="warning",
        meaning="The service has wanted more tasks for longer than a start takes, and ECS does not bring them up.",
        proof=(_SEE_SERVICE,),
        repair=(Step("Remove what keeps the others from starting", "ash-ops doctor pending"),),
        symptom=True,
    ),
    Cause(
        slug="sidecar-unhealthy",
        title="A container beside the server is unhealthy",
        category="restart",
        severity="error",
        meaning="ECS calls a task UNHEALTHY when an essential container with a health check is; then it replaces "
        "the whole task, the server with it.",
        proof=(_SEE_TASKS,),
        repair=(Step("Mend that container or its health check, or make it not essential"),),
        confused_with=(("container-healthcheck-failed", "There it is the server's own check."),),
    ),
    Cause(
        slug="restarts-in-place",
        title="The server's container is restarted inside its task, again and again",
        category="restart",
        severity="error",
        meaning="With a restart policy ECS starts the container anew without stopping the task, so no task dies "
        "and no deployment fails; each restart ends every session all the same.",
        proof=(Step("Read how it ended each time", "ash-ops logs --since 1h"),),
        repair=(Step("Mend what ends the server; the log before each start says what"),),
        confused_with=(("crash-loop", "There whole tasks are replaced."),),
        docs_url="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/container-restart-policy.html",
    ),
    Cause(
        slug="container-limit-below-sandbox",
        title="The server's container may use less memory than one sandbox",
        category="agents",
        severity="warning",
        meaning="The container has a hard memory limit of its own. It is killed there, however much the task has.",
        proof=(
            Step(
                "Compare the container's memory with ASH_SANDBOX_MEMORY_MB",
                "aws ecs describe-task-definition --task-definition <family> --query 'taskDefinition.containerDefinitions[].[name,memory]'",
            ),
        ),
        repair=(Step("Take the limit out of the container definition, or raise it"),),
        confused_with=(("memory-below-sandbox", "There the whole task has too little."),),
    ),
)
