"""What looks alarming and is normal."""

from typing import Final

from ash_ops.causes.base import Cause, Rank, Step, says
from ash_ops.causes.catalogue.restart.words import only_exited

_ALARM: Final = (
    "unable|could not|cannot|fail|error|unhealthy|not healthy|exceeded|denied|throttl|timed out"
)
"""Words which no normal message has."""

_TO_BE_SEEN: Final = "~\\b(?:verify|check|confirm|ensure|make sure|see|watch|wait(?:s|ing)?) (?:that|until|till|whether|if|for) |\\bshould (?:\\w{2,12} )?(?:reach|enter)|\\b(?:once|when|until|after) (?:it|the|your|they)\\b"
"""Who waits for it, or tells others to, does not say that it came."""

_GROUP: Final = "the group|consumer|partitions|rebalanceinprogressexc|kafka"
"""What Kafka shares out anew, among those who read."""
_NOTHING: Final = (Step("Nothing"),)
EVENTS: Final = (
    "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages-list.html"
)

CAUSES: Final = (
    Cause(
        slug="healthy-steady",
        title="Service is steady",
        category="healthy",
        severity="info",
        meaning="As many tasks run as were asked for, and the deployment is complete; or the task that is shown runs and passes its health check.",
        repair=_NOTHING,
        signatures=(
            says(
                "steady state|steady_state",
                rank=Rank.NORMAL,
                kinds="service_event stopped_task log_line",
                unless=(_ALARM, _TO_BE_SEEN),
            ),
        ),
        docs_url=EVENTS,
    ),
    Cause(
        slug="healthy-deploy-progress",
        title="Normal activity of a deployment or the scheduler",
        category="healthy",
        severity="info",
        meaning="Tasks are started, registered, drained and stopped as asked.",
        repair=_NOTHING,
        signatures=(
            says(
                "has started|has stopped|has begun draining|begun draining|registered|deregistered|deployment completed|stopped|started|updated computeddesiredcount|set desired count|desired count|deployment in progress|deployment ecs-svc",
                "task|target|connection|deployment|service|desired",
                rank=Rank.NORMAL,
                kinds="service_event",
                unless=(_ALARM, "exceeds|invalidparameter|limit"),
            ),
            says(
                "deployment completed|draining connections|pending tasks|service_deployment_completed|service_deployment_in_progress|service_desired_count_updated",
                rank=Rank.NORMAL,
                kinds="service_event log_line",
                unless=_ALARM,
            ),
        ),
        docs_url=EVENTS,
    ),
    Cause(
        slug="healthy-scale-in",
        title="Task stopped by a scale-in, a new deployment or a user",
        category="healthy",
        severity="info",
        meaning="Someone or something asked for it; exit 143 (SIGTERM) or 0 belongs to it.",
        repair=_NOTHING,
        signatures=(
            says(
                "scaling activity initiated|stopped by user|user initiated|task stopped by|stopped by deployment|stopped by service|scale in|scaled in|stopped at user request|userinitiated|service scheduler initiated|service deleted|service was deleted|request to stop",
                rank=Rank.SYMPTOM,
                kinds="stopped_task log_line service_event",
                unless=("spot",),
            ),
            says("exit", only_exited("130|143"), rank=Rank.GENERIC),
        ),
        docs_url="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html",
    ),
    Cause(
        slug="healthy-rebalance",
        title="Tasks are spread over the zones again",
        category="healthy",
        severity="info",
        meaning="ECS moves tasks so that the zones carry alike.",
        repair=_NOTHING,
        signatures=(
            says(
                "az rebalanc|az balanced|availability zone rebalanc|az rebalance|rebalancing|rebalance|availabilityzonerebalanc",
                rank=Rank.CLEAR,
                kinds="service_event stopped_task log_line",
                unless=("unable to|failed", "recommendation", _GROUP),
            ),
            says(
                "rebalanc",
                rank=Rank.GENERIC,
                kinds="service_event stopped_task",
                unless=("recommendation", _GROUP),
            ),
        ),
        docs_url="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-rebalancing.html",
    ),
    Cause(
        slug="healthy-target",
        title="Target is healthy or in a normal transition",
        category="healthy",
        severity="info",
        meaning="'initial' and 'draining' are normal if they end within minutes.",
        repair=_NOTHING,
        signatures=(
            says(
                "elb.registrationinprogress|elb.initialhealthchecking|target.deregistrationinprogress",
                rank=Rank.CLEAR,
            ),
            says(
                "target registration is in progress|initial health checks in progress|process of being registered|process of being deregistered|minimum number of health checks|deregistration delay",
                rank=Rank.CLEAR,
                kinds="target_health log_line service_event http",
            ),
        ),
        docs_url="https://docs.aws.amazon.com/elasticloadbalancing/latest/network/target-group-health-checks.html",
    ),
    Cause(
        slug="healthy-log",
        title="Normal line of the server's log",
        category="healthy",
        severity="info",
        meaning="The server says what it does; nothing is wrong.",
        repair=_NOTHING,
    ),
    Cause(
        slug="healthy-cfn",
        title="Normal progress of CloudFormation, or of a tool that deploys",
        category="healthy",
        severity="info",
        meaning="A resource is being made, changed or deleted, or all are ready.",
        repair=_NOTHING,
        signatures=(
            says(
                "resource creation initiated|eventual consistency check|user initiated|requested update requires the creation|transformation succeeded",
                rank=Rank.NORMAL,
                kinds="cfn_event log_line",
            ),
        ),
    ),
    Cause(
        slug="healthy-http",
        title="Normal HTTP answer",
        category="healthy",
        severity="info",
        meaning="The server did what was asked.",
        repair=_NOTHING,
    ),
    Cause(
        slug="healthy-exit0",
        title="One-off task ended well (exit 0)",
        category="healthy",
        severity="info",
        meaning="Normal for run-task. A service's task should not end by itself.",
        repair=_NOTHING,
        confused_with=(
            (
                "app-crash",
                "If the task belongs to a service, the server ended although nobody asked.",
            ),
        ),
        signatures=(says("exit", only_exited("0"), rank=Rank.GENERIC),),
    ),
)
