"""Deployments of an ECS service: checks, breakers, rollbacks, deadlocks."""

from typing import Final

from ash_ops.causes.base import Cause, Rank, Step, says
from ash_ops.causes.catalogue.deploy.repairs import OTHERS_PATH
from ash_ops.causes.catalogue.deploy.words import SERVICE, TASKS_OF_A_SERVICE
from ash_ops.causes.catalogue.refused_values import NAME_A_GROUP

BREAKER: Final = (
    "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html"
)
EVENTS: Final = (
    "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages-list.html"
)

_IN_AN_APP: Final = "~\\btarget group (?:was |is |does )?not (?:found|exist) (?:in|on) (?:this|that|the|your) (?!account|region|vpc|aws)[a-z]"
"""A group of a program's own, within something of it."""

CAUSES: Final = (
    Cause(
        slug="healthcheck-wrong-path",
        title="Health check asks for a path that does not exist or needs a key (404, 401)",
        category="deploy",
        severity="error",
        meaning="The server answers, but the target group's path or matcher is wrong. Ash answers 401 on / when a key is set and 404 on /healthz.",
        proof=(
            Step(
                "Read path and matcher",
                "aws elbv2 describe-target-groups --target-group-arns <target-group> --query 'TargetGroups[].[HealthCheckPath,Matcher]'",
            ),
        ),
        repair=(
            Step(
                "Check /health",
                "aws elbv2 modify-target-group --target-group-arn <target-group> --health-check-path /health",
            ),
            *OTHERS_PATH,
        ),
        signatures=(
            says(
                "health check|healthcheck|health checks|unhealthy",
                "~\\b(?:due to|gets?|got|returns?|receives?|answers?(?: with)?|responds? with|failing with|fails? with|failed with)(?: an?| http)? (?:404|401)\\b",
                rank=Rank.PRECISE,
            ),
            says(
                "health check|unhealthy|healthcheck|target.responsecodemismatch|elb-healthchecker",
                '~codes?:? ?\\[?40[14]\\b|\\[40[14]\\]|(?:statuscode|status)"?:? ?40[14]\\b',
                rank=Rank.PRECISE,
                unless=("container health check",),
            ),
            says(
                "elb-healthchecker",
                "~\\b40[14]\\b",
                rank=Rank.PRECISE,
                kinds="log_line stopped_task",
            ),
            says(
                "health check|healthcheck",
                "path",
                "not found|wrong|does not exist|404|401|invalid",
                rank=Rank.LIKELY,
                kinds="service_event stopped_task target_health log_line",
            ),
        ),
        confused_with=(
            ("app-unhealthy-5xx", "5xx is the server's own trouble."),
            ("elb-healthcheck-failed", "There no usable answer came back."),
        ),
        docs_url="https://docs.aws.amazon.com/elasticloadbalancing/latest/network/target-group-health-checks.html",
    ),
    Cause(
        slug="target-group-missing",
        title="The target group (or target) was deleted under the service",
        category="deploy",
        severity="error",
        meaning="The service refers to a target group that is not there any more.",
        proof=(
            Step(
                "Ask for it", "aws elbv2 describe-target-groups --target-group-arns <target-group>"
            ),
        ),
        repair=(
            *NAME_A_GROUP,
            Step(
                "Make the service anew with an existing target group, or deploy the stack again",
                "ash-ops deploy",
            ),
        ),
        signatures=(
            says(
                "target group",
                "~\\bdeleted (?:the|our|my) target group\\b|\\btarget group (?:is gone|was removed|got deleted)\\b",
                rank=Rank.CLEAR,
            ),
            says(
                "targetgroupnotfound|target group not found|targetgroup not found|target group does not exist|targetgroup does not exist|one or more target groups not found|target is not found",
                rank=Rank.PRECISE,
                unless=(
                    "scalabletarget|scalable target|targetnotfoundexception|invalidtarget",
                    _IN_AN_APP,
                ),
            ),
            says(
                "target group|target-group|targetgroup",
                "not found|does not exist|no longer exists|was deleted|has been deleted|cannot be found|could not be found|is not found|unable to find",
                rank=Rank.CLEAR,
                unless=(
                    "does not have an associated load balancer",
                    "is currently in use",
                    # The address that was asked is another service's.
                    "nosuchversion|requested version",
                    # The group is there, and what was to be in it is not.
                    "invalidtarget",
                    _IN_AN_APP,
                ),
            ),
            says(
                "loadbalancernotfound|load balancer not found|load balancers not found|loadbalancer does not exist",
                rank=Rank.LIKELY,
                kinds="service_event stopped_task",
            ),
        ),
        confused_with=(
            ("target-not-registered", "There the group exists and the task is not in it."),
            ("cfn-tg-no-lb", "There it exists and has no load balancer yet."),
        ),
        docs_url=EVENTS,
    ),
    Cause(
        slug="circuit-breaker",
        title="ECS deployment circuit breaker gave up (the cause is in the stopped tasks)",
        category="deploy",
        severity="error",
        meaning="Too many new tasks failed to start or to become healthy. A symptom: read the stopped tasks of that revision.",
        proof=(
            Step(
                "Read the deployments and failedTasks",
                SERVICE + " --query 'services[].deployments'",
            ),
            Step("Read the tasks that died", "ash-ops logs --previous"),
            *TASKS_OF_A_SERVICE[1:],
        ),
        repair=(
            Step("Find the cause in the stopped tasks, repair it, deploy again", "ash-ops doctor"),
        ),
        signatures=(
            says(
                "circuit breaker|circuitbreaker",
                rank=Rank.SYMPTOM,
                unless=(
                    "rolling back|rolled back|rollback",
                    # Somebody's own: of trade, of calls, of models.
                    "trading|payment|market|drawdown|cycle|blocking new|upstream|evidence window|half-open",
                    "no updates",
                    "not supported|only supported|supports only|feature|cannot be used|cannot use|must be|not available|invalidparameter",
                    "~\\bcircuit breaker:? (?:is |was )?(?:enabled|configured|closed|supported|available|optional)\\b",
                    # A program's own, of what it calls.
                    "~\\bcircuit ?breaker (?:['\"][^'\"]{1,60}['\"] )?(?:is |was |are )?(?:now |still |currently )?(?:half[- ])?open\\b|\\bcircuit ?breaker\\.?(?:error|exception)\\b",
                    # What it is good for.
                    "~\\bwithout (?:(?:the|a|an|ecs|ecs's|deployment) ){1,4}circuit breaker\\b",
                ),
            ),
            says("circuit breaker", "rolling back|rolled back|rollback", rank=Rank.NORMAL),
            # The name of ECS's event, where its reason is not beside it.
            says("service_deployment_failed", rank=Rank.NORMAL),
            # A row of the table of deployments that Copilot draws.
            says("primary", "~\\bprimary \\d{1,6} \\[failed\\] \\d", rank=Rank.SYMPTOM),
            says(
                'deployment failed: tasks failed|deployment failed: alarm|tasks failed to start|tasks failed elb|deployment alarm|service deployment failed|rolloutstate": "failed|deployment was failed',
                rank=Rank.SYMPTOM,
                # How many did is counted by a tool that waits; ECS has not given up.
                unless=("rolling back|rolled back|rollback", "~\\b\\d{1,4} tasks? failed to start"),
            ),
        ),
        confused_with=(
            ("deployment-rolled-back", "There ECS has gone back to the old revision."),
            ("crash-loop", "There ECS still tries."),
        ),
        docs_url=BREAKER,
        symptom=True,
    ),
    Cause(
        slug="circuit-breaker-disabled",
        title="The deployment circuit breaker is off",
        category="deploy",
        severity="warning",
        meaning="A deployment that cannot succeed goes on for hours, and CloudFormation waits with it.",
        proof=(
            Step(
                "Read the setting",
                SERVICE + " --query 'services[].deploymentConfiguration.deploymentCircuitBreaker'",
            ),
        ),
        repair=(
            Step(
                "Switch it on",
                "aws ecs update-service --cluster <cluster> --service <service> --deployment-configuration 'deploymentCircuitBreaker={enable=true,rollback=true}'",
            ),
        ),
        docs_url=BREAKER,
    ),
    Cause(
        slug="deployment-rolled-back",
        title="Deployment was rolled back to the revision before",
        category="deploy",
        severity="warning",
        meaning="The service may be healthy again, but the new version is not live.",
        proof=(
            Step(
                "Compare the revision of the PRIMARY deployment with the one you asked for",
                SERVICE + " --query 'services[].deployments'",
            ),
        ),
        repair=(
            Step("Find out why the new revision failed", "ash-ops doctor deploy"),
            Step("Then deploy again", "ash-ops rollout <tag>"),
            Step(
                "Let the rule of the production listener forward to both target groups (or one to it and the other to the test listener's rule), then deploy again",
                "aws elbv2 describe-rules --listener-arn <listener> --query 'Rules[].[RuleArn,Actions]'",
                when="alternatetargetgroup must be|targetgroup and alternatetargetgroup",
                decides=True,
            ),
        ),
        signatures=(
            says(
                "rolled",
                "~\\brolled (?:our|the|my|this) (?:deployment|service|release) back\\b",
                rank=Rank.LIKELY,
            ),
            says(
                "rolling back to|rolled back to|rollback to|rolled back",
                "deployment|revision|ecs-svc|task definition|service",
                rank=Rank.LIKELY,
                kinds="service_event stopped_task",
                unless=("stack",),
            ),
            says(
                "rolling back|rolled back",
                "circuit breaker|deployment|alarm",
                rank=Rank.LIKELY,
                kinds="service_event",
            ),
            says(
                "rollback_successful|rollback_in_progress|rollback_failed|rollback successful|rollback_requested|stop_requested",
                rank=Rank.LIKELY,
                kinds="service_event",
                unless=("cloudformation", "~(?<![\\w-])stack(?![\\w-])"),
            ),
        ),
        confused_with=(
            ("circuit-breaker", "There nothing says that the old revision was restored."),
        ),
        docs_url=BREAKER,
    ),
    Cause(
        slug="deployment-config-deadlock",
        title="minimumHealthyPercent and maximumPercent forbid any replacement",
        category="deploy",
        severity="error",
        meaning="The scheduler may neither stop the old task nor start a new one.",
        proof=(Step("Read both", SERVICE + " --query 'services[].deploymentConfiguration'"),),
        repair=(
            Step(
                "Stop first, then start",
                "aws ecs update-service --cluster <cluster> --service <service> --deployment-configuration 'minimumHealthyPercent=0,maximumPercent=100,deploymentCircuitBreaker={enable=true,rollback=true}'",
            ),
        ),
        signatures=(
            says(
                "minimumhealthypercent|maximumpercent|minimum healthy percent|maximum percent|deployment configuration",
                "unable|cannot|could not|must|invalid|not|prevent|greater",
                rank=Rank.PRECISE,
                unless=("must be present", "code_deploy deployment controller"),
            ),
        ),
        confused_with=(("scale-in-protected", "There protected tasks are in the way."),),
        docs_url=EVENTS,
    ),
    Cause(
        slug="scale-in-protected",
        title="Task protection holds back a scale-in or a deployment",
        category="deploy",
        severity="warning",
        meaning="Some tasks have scale-in protection and are not stopped before it ends.",
        proof=(Step("Read the protection", "aws ecs get-task-protection --cluster <cluster>"),),
        repair=(
            Step(
                "Take it away, or wait until it expires",
                "aws ecs update-task-protection --cluster <cluster> --tasks <task> --no-protection-enabled",
            ),
        ),
        signatures=(
            says(
                "tasks are under protection|task is under protection|tasks are protected",
                rank=Rank.PRECISE,
            ),
            says(
                "~\\bprotected\\b",
                "task|scale|deployment",
                rank=Rank.CLEAR,
                kinds="service_event stopped_task",
            ),
            says(
                "protected tasks|protected task|task protection|scale-in protection|scale in protection|protectionenabled|task-protection|remain protected|tasks under protection|task under protection|deployment_blocked|taskprotection",
                rank=Rank.PRECISE,
                unless=("termination protection", "deletion protection"),
            ),
        ),
        confused_with=(("deployment-config-deadlock", "There the percentages are in the way."),),
        docs_url="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-scale-in-protection.html",
    ),
)
