"""Targets a load balancer does not use."""

from typing import Final

from ash_ops.causes.base import Cause, Rank, Step, says
from ash_ops.causes.catalogue.connection.from_elsewhere import LISTENER_FOR_IT
from ash_ops.causes.catalogue.connection.plainly_said import NGINX_ITSELF
from ash_ops.causes.catalogue.connection.repairs import NO_SUCH_TARGET, STOPPED_TARGET
from ash_ops.causes.catalogue.connection.words import CHECK_TARGETS, TARGET_HEALTH, access_log

CAUSES: Final = (
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
                "Give service and load balancer the same zones: name all its subnets, those it has too",
                "aws elbv2 set-subnets --load-balancer-arn <load-balancer> --subnets <all-subnets>",
            ),
        ),
        signatures=(
            says("availability zone that is not enabled for the load balancer", rank=Rank.PRECISE),
            says("availability zone|az ", "not enabled", rank=Rank.CLEAR),
        ),
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
            *LISTENER_FOR_IT,
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
            CHECK_TARGETS,
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
            *NGINX_ITSELF,
        ),
        signatures=(
            says(
                "back-end server is at capacity|no registered targets|no targets registered|no targets are registered|there are no targets|does not have any registered targets|no healthy targets|target group is empty|has no targets|without registered targets",
                rank=Rank.CLEAR,
            ),
            says("no healthy upstream", "503", rank=Rank.CLEAR),
            says("app/", access_log("503 -"), rank=Rank.CLEAR),
            says(
                "targethealthdescriptions",
                '~"?targethealthdescriptions"?: ?\\[ ?\\]',
                rank=Rank.CLEAR,
            ),
            says(
                "503 service temporarily unavailable|503 service unavailable|503 server error: service",
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
            CHECK_TARGETS,
            Step(
                "Compare with the address of the running task",
                "aws ecs describe-tasks --cluster <cluster> --tasks <task> --query 'tasks[].attachments[].details'",
            ),
        ),
        repair=(
            *NO_SUCH_TARGET,
            *STOPPED_TARGET,
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
                unless="not in the target group vpc|target type|is not within the vpc|userdata|user data",
            ),
            # The balancer's API of an instance or address that is gone, or of another network.
            says("invalidtarget", "~\\binvalidtarget(?:exception)?\\b", rank=Rank.DECISIVE),
            says(
                "unable to register|failed to register|could not register|failed to deregister",
                "target",
                rank=Rank.LIKELY,
                unless=(
                    "not found",
                    "throttl|rate exceeded",
                    "accessdenied|not authorized",
                    "quota|toomany",
                    "not in the target group vpc",
                ),
            ),
        ),
        confused_with=(("target-group-missing", "There the group itself is gone."),),
        docs_url=TARGET_HEALTH,
    ),
    Cause(
        slug="target-initial-wait",
        title="The load balancer is still making its first checks",
        category="connection",
        severity="info",
        meaning="A new target of a Network Load Balancer stays 'initial' for one to three minutes before it gets requests. This is normal.",
        proof=(CHECK_TARGETS,),
        repair=(Step("Wait two minutes, then look again", "ash-ops status"),),
        confused_with=(
            ("no-registered-targets", "There is a target; it is not ready yet."),
            ("target-timeout", "If it never leaves 'initial', packets are dropped."),
        ),
        docs_url="https://github.com/aws/containers-roadmap/issues/469",
    ),
)
