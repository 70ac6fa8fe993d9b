"""What a load balancer says of the task it sends requests to."""

from typing import Final

from ash_ops.causes.base import Cause, Rank, Step, says

TARGET_HEALTH: Final = "https://docs.aws.amazon.com/elasticloadbalancing/latest/network/target-group-health-checks.html"

_CHECK_TARGETS: Final = Step(
    "Ask for the health of the targets",
    "aws elbv2 describe-target-health --target-group-arn <target-group>",
)
_TEXT: Final = "stopped_task service_event target_health log_line cfn_event api_error"

CAUSES: Final = (
    Cause(
        slug="elb-healthcheck-failed",
        title="Load balancer health check failing (refused, malformed or not 2xx)",
        category="connection",
        severity="error",
        meaning="The load balancer reached the task's address and got a refusal, an unreadable answer or a wrong status.",
        proof=(
            _CHECK_TARGETS,
            Step(
                "Read what the server answered to the checker",
                "ash-ops logs --filter ELB-HealthChecker --since 10m",
            ),
        ),
        repair=(
            Step(
                "Let container port, target group and path agree: port 4100, path /health, and ASH_HOST=0.0.0.0"
            ),
            Step(
                "Let the task's security group in from the load balancer on 4100",
                "aws ec2 authorize-security-group-ingress --group-id <task-security-group> --protocol tcp --port 4100 --source-group <balancer-security-group>",
            ),
        ),
        signatures=(
            says(
                "failed elb health check|elb health check|load balancer health check|elb healthcheck",
                rank=Rank.LIKELY,
                kinds=_TEXT,
            ),
            says(
                "unhealthy|is not healthy",
                "target-group|target group|targetgroup|(elb|elb ",
                rank=Rank.LIKELY,
                kinds=_TEXT,
                unless=("container health check",),
            ),
            says(
                "health checks failed",
                rank=Rank.LIKELY,
                kinds=_TEXT,
                unless=("container health check",),
            ),
            says(
                "error while establishing a connection to the target|target response was malformed|connection to the target",
                rank=Rank.LIKELY,
                kinds=_TEXT,
            ),
            says(
                "unhealthythreshold|unhealthy threshold|failed at least the unhealthy",
                rank=Rank.CLEAR,
                kinds=_TEXT,
            ),
            says(
                "due to an unhealthy status|unhealthy status|replaced",
                "unhealthy",
                rank=Rank.LIKELY,
                kinds="service_event stopped_task",
            ),
            says("target.failedhealthchecks|target.responsecodemismatch", rank=Rank.LIKELY),
            says(
                "health check",
                "failed|failing|unhealthy",
                rank=Rank.GENERIC,
                kinds="service_event stopped_task target_health http",
                unless=("container health check", "container healthcheck"),
            ),
            says("elb-healthchecker", "~\\b[45]\\d\\d\\b", rank=Rank.LIKELY, kinds="log_line"),
        ),
        confused_with=(
            ("target-timeout", "There nothing came back at all."),
            ("healthcheck-wrong-path", "There the answer was 404 or 401."),
            (
                "container-healthcheck-failed",
                "That is the task definition's own check, run inside the container.",
            ),
        ),
        docs_url=TARGET_HEALTH,
    ),
    Cause(
        slug="target-timeout",
        title="Load balancer health check times out",
        category="connection",
        severity="error",
        meaning="The checker's packets, or the answer, never arrive: a security group or network ACL drops them, or the server is too busy to answer.",
        proof=(
            Step(
                "See whether the checker reaches the server: no line means dropped packets, slow lines mean a busy server",
                "ash-ops logs --filter ELB-HealthChecker --since 10m",
            ),
            _CHECK_TARGETS,
        ),
        repair=(
            Step(
                "Let the task's security group in from the load balancer on 4100",
                "aws ec2 authorize-security-group-ingress --group-id <task-security-group> --protocol tcp --port 4100 --source-group <balancer-security-group>",
            ),
            Step("If the server is busy, raise the task's CPU or the health check's timeout"),
        ),
        signatures=(
            says(
                "request timed out|target.timeout|health check timed out|health checks timed out|timed out|timeout",
                "unhealthy|target|health",
                rank=Rank.CLEAR,
                kinds="service_event target_health stopped_task",
                unless=(
                    "network interface|eni",
                    "container health check",
                    "start tasks|provision",
                    "etimedout",
                    "resourceinit|cannotpull",
                ),
            ),
            says("connection to the target timed out|health check timeout", rank=Rank.CLEAR),
        ),
        confused_with=(
            ("elb-healthcheck-failed", "There an answer or a refusal came back."),
            ("task-security-group-blocks", "The usual reason, once the rules were read."),
        ),
        docs_url=TARGET_HEALTH,
    ),
    Cause(
        slug="app-unhealthy-5xx",
        title="Health endpoint answers 5xx",
        category="connection",
        severity="warning",
        meaning="The server is up and says that it is failing, mostly for a dependency. One event followed by a steady state healed by itself.",
        proof=(Step("Read the log of that minute", "ash-ops logs --since 15m --filter error"),),
        repair=(Step("Repair the dependency which the log names (database, disk)"),),
        signatures=(
            says(
                "health check|unhealthy|health_check|healthcheck|target.responsecodemismatch",
                "~\\[5\\d\\d\\]|codes?:? ?\\[?5\\d\\d|status(?: code)?:? ?5\\d\\d",
                rank=Rank.PRECISE,
                unless="container health check",
            ),
        ),
        confused_with=(("healthcheck-wrong-path", "There the status is 404 or 401."),),
        docs_url=TARGET_HEALTH,
    ),
    Cause(
        slug="target-az-not-enabled",
        title="Target is in a zone the load balancer is not enabled in",
        category="connection",
        severity="error",
        meaning="The task runs in a zone in which the load balancer has no node, so it gets no requests.",
        proof=(
            Step(
                "Compare the zones",
                "aws elbv2 describe-load-balancers --query 'LoadBalancers[].[LoadBalancerName,AvailabilityZones[].ZoneName]'",
            ),
        ),
        repair=(
            Step(
                "Give service and load balancer the same subnets",
                "aws elbv2 set-subnets --load-balancer-arn <load-balancer> --subnets <subnet>",
            ),
        ),
        signatures=(says("availability zone|az ", "not enabled", rank=Rank.CLEAR),),
        confused_with=(
            ("target-group-not-attached", "There no listener uses the target group at all."),
        ),
        docs_url=TARGET_HEALTH,
    ),
    Cause(
        slug="target-group-not-attached",
        title="Target group is not used by any listener",
        category="connection",
        severity="error",
        meaning="No listener forwards to this target group, so its targets stay unused.",
        proof=(
            Step(
                "Read which load balancers use it (an empty list is the fault)",
                "aws elbv2 describe-target-groups --target-group-arns <target-group> --query 'TargetGroups[].LoadBalancerArns'",
            ),
        ),
        repair=(
            Step(
                "Make a listener that forwards to it",
                "aws elbv2 create-listener --load-balancer-arn <load-balancer> --protocol TCP --port 4100 --default-actions Type=forward,TargetGroupArn=<target-group>",
            ),
        ),
        signatures=(
            says(
                "target group|targetgroup|target.notinuse",
                "not used by any|not configured to receive traffic|not configured to route traffic|not receive traffic|is not associated with|not in use|not attached|no listener|not used by",
                rank=Rank.PRECISE,
                kinds="service_event target_health stopped_task log_line http",
            ),
            says(
                "target.notinuse|not used by any load balancer|not configured to receive traffic",
                rank=Rank.CLEAR,
            ),
        ),
        confused_with=(
            ("target-az-not-enabled", "There the group is attached and the zone is not enabled."),
            ("cfn-tg-no-lb", "There ECS refuses to create the service."),
        ),
        docs_url=TARGET_HEALTH,
    ),
    Cause(
        slug="no-registered-targets",
        title="Target group has no targets",
        category="connection",
        severity="error",
        meaning="No running task is registered, so the load balancer has nowhere to send a request.",
        proof=(
            _CHECK_TARGETS,
            Step(
                "See whether any task runs",
                "aws ecs describe-services --cluster <cluster> --services <service> --query 'services[].[runningCount,desiredCount,loadBalancers]'",
            ),
        ),
        repair=(
            Step(
                "With no running task, find out why it does not start",
                "ash-ops doctor pending restarts",
            ),
            Step("With a running task, correct the loadBalancers block of the service"),
        ),
        signatures=(
            says(
                "no registered targets|no targets registered|no targets are registered|there are no targets|does not have any registered targets|no healthy targets|target group is empty|has no targets|without registered targets",
                rank=Rank.CLEAR,
            ),
            says('~"?targethealthdescriptions"?: ?\\[ ?\\]', rank=Rank.CLEAR),
            says(
                "503 service temporarily unavailable|503 service unavailable",
                "awselb|elb|<html",
                rank=Rank.CLEAR,
                kinds="http",
            ),
        ),
        confused_with=(("conn-refused", "What a client sees while there are no targets."),),
        docs_url=TARGET_HEALTH,
    ),
    Cause(
        slug="target-not-registered",
        title="Target is not, or no longer, registered, stopped or unusable",
        category="connection",
        severity="warning",
        meaning="The task's address is not in the group (any more), or cannot be used as a target. In a deployment it passes by itself.",
        proof=(
            _CHECK_TARGETS,
            Step(
                "Compare with the address of the running task",
                "aws ecs describe-tasks --cluster <cluster> --tasks <task> --query 'tasks[].attachments[].details'",
            ),
        ),
        repair=(
            Step(
                "If it does not pass, start new tasks",
                "aws ecs update-service --cluster <cluster> --service <service> --force-new-deployment",
            ),
        ),
        signatures=(
            says(
                "target",
                "not registered|notregistered|invalidstate|invalid state|ipunusable|ip unusable|stopped state|terminated state|is in the stopped|reserved for use by|not a valid target|invalidtarget",
                rank=Rank.CLEAR,
                kinds="target_health service_event stopped_task api_error log_line",
            ),
            says(
                "unable to register|failed to register|could not register|failed to deregister",
                "target",
                rank=Rank.LIKELY,
                unless=(
                    "not found",
                    "throttl|rate exceeded",
                    "accessdenied|not authorized",
                    "quota|toomany",
                ),
            ),
        ),
        confused_with=(("target-group-missing", "There the group itself is gone."),),
        docs_url=TARGET_HEALTH,
    ),
    Cause(
        slug="target-healthcheck-disabled",
        title="Target health unknown: health checks are disabled",
        category="connection",
        severity="info",
        meaning="The load balancer does not check this group, so its state cannot be judged from here.",
        proof=(
            Step(
                "Read the setting",
                "aws elbv2 describe-target-groups --target-group-arns <target-group> --query 'TargetGroups[].HealthCheckEnabled'",
            ),
        ),
        repair=(
            Step(
                "Switch health checks on",
                "aws elbv2 modify-target-group --target-group-arn <target-group> --health-check-enabled",
            ),
        ),
        signatures=(
            says(
                "health check", "disabled|not enabled", rank=Rank.CLEAR, unless=("circuit breaker",)
            ),
            says("healthcheckdisabled", rank=Rank.DECISIVE),
        ),
        docs_url=TARGET_HEALTH,
    ),
    Cause(
        slug="elb-internal-error",
        title="The load balancer's own internal error",
        category="connection",
        severity="warning",
        meaning="The health check failed inside AWS; the target need not be at fault.",
        proof=(_CHECK_TARGETS, Step("Look at AWS Health for the region")),
        repair=(Step("Wait and look again; open a support case if it stays"),),
        signatures=(
            says("elb.internalerror", rank=Rank.DECISIVE),
            says("health check", "internal error", rank=Rank.PRECISE),
            says(
                "load balancer|elb",
                "internal error",
                rank=Rank.LIKELY,
                kinds="target_health service_event",
            ),
        ),
        docs_url=TARGET_HEALTH,
    ),
    Cause(
        slug="target-initial-wait",
        title="The load balancer is still making its first checks",
        category="connection",
        severity="info",
        meaning="A new target of a Network Load Balancer stays 'initial' for one to three minutes before it gets requests. This is normal.",
        proof=(_CHECK_TARGETS,),
        repair=(Step("Wait two minutes, then look again", "ash-ops status"),),
        confused_with=(
            ("no-registered-targets", "There is a target; it is not ready yet."),
            ("target-timeout", "If it never leaves 'initial', packets are dropped."),
        ),
        docs_url="https://github.com/aws/containers-roadmap/issues/469",
    ),
)
