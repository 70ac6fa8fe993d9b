"""Tasks that ended because AWS took away what they ran on."""

from typing import Final

from ash_ops.causes.base import Cause, Rank, Step, says
from ash_ops.causes.catalogue.restart.further_reasons import HOST_OF_A_JOB

CAUSES: Final = (
    Cause(
        slug="infrastructure-health",
        title="ECS took the instance away: nothing to repair in Ash",
        category="restart",
        severity="warning",
        meaning="ECS stops the tasks of an instance that is impaired, or that it replaces because of its "
        "age (Managed Instances: after at most 14 days). The service starts others elsewhere; live "
        "sessions of that task are lost. The exit code that comes with it (137, 143) is ECS's own doing.",
        proof=(
            Step(
                "Read stopCode: InfrastructureHealth",
                "aws ecs describe-tasks --cluster <cluster> --tasks <task> --query 'tasks[].[stopCode,stoppedReason]'",
            ),
        ),
        repair=(
            Step(
                "Fargate's own machine failed to pull, not the registry: let ECS start the task anew; where it comes back on every task, open a support case",
                when="containerd.sock",
                decides=True,
            ),
            *HOST_OF_A_JOB,
            Step(
                "Somebody took the instance out of the cluster by force (a person, or what scales in): see who it was",
                "aws cloudtrail lookup-events --lookup-attributes AttributeKey=EventName,AttributeValue=DeregisterContainerInstance --query 'Events[].[EventTime,Username]'",
                when=r"~\bderegistration forced by user\b",
                decides=True,
            ),
            Step(
                "A service starts the task again where an instance has room; drain an instance (update-container-instances-state --status DRAINING) before it is taken out",
                when=r"~\bderegistration forced by user\b",
                decides=True,
            ),
            Step(
                "See whether its successor runs; in Ash itself there is nothing to mend",
                "ash-ops status",
            ),
        ),
        signatures=(
            says("infrastructure health check", rank=Rank.PRECISE),
            # Fargate pulls through the containerd of a machine of its own, and that one is silent.
            says("cannotpull", "dial", "containerd.sock", rank=Rank.DECISIVE),
            says("task infrastructure is unhealthy|infrastructure is unhealthy", rank=Rank.PRECISE),
            says(
                "container-instance deregistration|container instance deregistration",
                "forced",
                rank=Rank.DECISIVE,
            ),
            says(
                "infrastructurehealth",
                rank=Rank.DECISIVE,
                kinds="stopped_task service_event log_line",
            ),
            says(
                "task stopped during instance draining|underlying instance was impaired|underlying instance is impaired",
                rank=Rank.DECISIVE,
                kinds="stopped_task service_event log_line",
            ),
            # What ECS says of a machine that somebody, or its group, ended: there is no agent to restart.
            says(
                "host ec2 ",
                "~host ec2 (?:\\(instance [\\w-]+\\) )?(?:terminated|stopped|shutting)",
                rank=Rank.DECISIVE,
                kinds="stopped_task service_event log_line",
            ),
        ),
        confused_with=(
            ("sigkill-137", "There nobody says who killed it."),
            ("spot-interruption", "There Spot capacity was taken back."),
            ("fargate-maintenance", "There Fargate retires a task, and tells it days before."),
        ),
        docs_url="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html",
    ),
)
