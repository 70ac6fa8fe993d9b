"""Health checks of a load balancer that fail."""

from typing import Final

from msgspec.structs import replace

from ash_ops.causes.base import Cause, Rank, Step, says
from ash_ops.causes.catalogue.connection.from_elsewhere import (
    NO_ANSWER_BEHIND,
    READ_THE_LISTENERS_GROUP,
    READ_THE_TARGETS_LOG,
)
from ash_ops.causes.catalogue.connection.others_checks import (
    BEHIND_THE_CHECK,
    KAMALS,
    LOOK_UP_GROUP,
    MEND_CLASSIC,
    OF_THE_BALANCER_ITSELF,
    READ_CLASSIC,
    READ_THE_TASKS_LOG,
    SENT_ELSEWHERE,
    SENT_ON,
    let_it_answer,
)
from ash_ops.causes.catalogue.connection.repairs import (
    CHECK_REFUSED,
    DYNAMIC_PORT,
    OTHERS_ANSWER,
    OTHERS_GROUP,
    OTHERS_LOG,
    OTHERS_TARGET,
)
from ash_ops.causes.catalogue.connection.words import CHECK_TARGETS, TARGET_HEALTH, access_log

_TEXT: Final = "stopped_task service_event target_health log_line cfn_event api_error"

_OTHER_PORT: Final = Step(
    "The event names the port: let the load balancer in on it if the server listens there",
    "aws ec2 authorize-security-group-ingress --group-id <task-security-group> --protocol tcp --port <port> --source-group <balancer-security-group>",
    # A server that answered with a status was let in.
    when=rf"~^(?!.*(?:\bcodes?:? ?\[\d{{3}}|{DYNAMIC_PORT})).*(?:{OTHERS_TARGET})",
)
_SEE_PORT: Final = Step(
    "The event names port <port>: see first whether the task's security group lets the balancer in on it",
    "aws ec2 describe-security-groups --group-ids <task-security-group> --query 'SecurityGroups[].IpPermissions[]'",
    when=_OTHER_PORT.when,
)
_DYNAMIC: Final = Step(
    "On instances that host port may be a dynamic one, another for each task: let the load balancer in on their whole range, not on that port alone",
    "aws ec2 authorize-security-group-ingress --group-id <security-group> --protocol tcp --port 32768-65535 --source-group <balancer-security-group>",
    when=rf"~^(?!.*\bcodes?:? ?\[\d{{3}}).*(?:{DYNAMIC_PORT})",
)
_REFUSED: Final = r"\bcodes?:? ?\[?(?:30\d|4(?!01|04|29)\d\d)\b"
"""A status with which a server refuses a check, or sends it elsewhere."""
_OTHERS_CHECK: Final = (
    *LOOK_UP_GROUP,
    replace(CHECK_TARGETS, when=f"~{OTHERS_TARGET}|{OTHERS_GROUP[1:]}"),
    *OTHERS_LOG,
)
"""Look-ups for a server that is not Ash."""
CAUSES: Final = (
    Cause(
        slug="elb-healthcheck-failed",
        title="Load balancer health check failing (refused, malformed or not 2xx)",
        category="connection",
        severity="error",
        meaning="The load balancer reached the task's address and got a refusal, an unreadable answer or a wrong status.",
        proof=(
            CHECK_TARGETS,
            Step(
                "Read what the server answered to the checker",
                "ash-ops logs --filter ELB-HealthChecker --since 10m",
            ),
            *_OTHERS_CHECK,
            *READ_CLASSIC,
        ),
        repair=(
            *MEND_CLASSIC,
            *KAMALS,
            Step(
                "Let container port, target group and path agree: port 4100, path /health, and ASH_HOST=0.0.0.0"
            ),
            Step(
                "The server answered, and refused: let it accept the checker's request (its Host header is the task's address), or redirect no checks",
                "ash-ops logs --filter ELB-HealthChecker --since 10m",
                when=rf"~^(?!.*(?:{OTHERS_TARGET})).*{_REFUSED}",
            ),
            Step(
                "The server answered, and refused: let it accept the checker's request (its Host header is the task's address; in Django, ALLOWED_HOSTS), check a path that answers 200, or let the matcher have that status",
                "aws elbv2 describe-target-groups --query 'TargetGroups[].[TargetGroupName,HealthCheckPath,Matcher.HttpCode]'",
                when=rf"~^(?=.*(?:{OTHERS_TARGET})).*{_REFUSED}",
            ),
            Step(
                "The checker got an answer of the kind 5xx: see what the program, or the one behind it, did then",
                "ash-ops logs --since 15m --filter error",
                when="~\\bhttp/[12][.\\d]{0,2}['\"] 5\\d\\d .*elb-healthchecker",
            ),
            Step(
                "Let the task's security group in from the load balancer on 4100",
                "aws ec2 authorize-security-group-ingress --group-id <task-security-group> --protocol tcp --port 4100 --source-group <balancer-security-group>",
            ),
            *let_it_answer(rf"(?!.*\bcodes?:? ?\[\d{{3}}).*(?:{OTHERS_TARGET})|{OTHERS_GROUP[1:]}"),
            _OTHER_PORT,
            _DYNAMIC,
            *CHECK_REFUSED,
            *SENT_ON,
        ),
        signatures=(
            says(
                "alb|nlb|elb|load balancer",
                "health check|healthcheck",
                "killed by alb|killed by elb|killed by the alb|killed by the load balancer|失败|失敗|실패|fehlgeschlagen|schlägt fehl|échoue|échoué|falla|fallando",
                rank=Rank.LIKELY,
            ),
            says(
                "alb marked|elb marked|nlb marked|load balancer marked",
                "~\\bmarked (?:the |my |our |it |new )?(?:(?:service|task|target|container|instance)s? )?(?:as )?unhealthy\\b",
                rank=Rank.LIKELY,
                kinds=_TEXT,
            ),
            # Kamal's own proxy, which asks before it lets a container in.
            says("failed to boot web on", rank=Rank.CLEAR, kinds="log_line"),
            # The console of load balancers, of a name that leads to no target.
            says("contains a healthy target", "none of these|no target", rank=Rank.CLEAR),
            says(
                "failed elb health check|elb health check|load balancer health check|elb healthcheck",
                rank=Rank.LIKELY,
                kinds=_TEXT,
            ),
            says(
                "unhealthy|is not healthy|正常な状態ではありません|異常状態です",
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
                "health check|unhealthy|healthcheck|target.responsecodemismatch|elb-healthchecker",
                '~codes?:? ?\\[?(?:30\\d|4(?!01|04|29)\\d\\d)\\b|\\[(?:30\\d|4(?!01|04|29)\\d\\d)\\]|(?:statuscode|status)"?:? ?(?:30[1278]|40[02356789])\\b',
                rank=Rank.PRECISE,
                # A setting of the check that is refused is no check that failed.
                unless=(
                    "container health check",
                    "validationerror|cannot be empty|is not valid|is not supported|must be |is only valid|invalid request provided|invalidparameter",
                ),
            ),
            says(
                "unhealthythreshold|unhealthy threshold|failed at least the unhealthy",
                "~\\b(?:failed|reached|exceeded|breached)\\b",
                rank=Rank.CLEAR,
                kinds=_TEXT,
            ),
            says(
                "due to an unhealthy status|unhealthy status|replaced",
                "unhealthy",
                rank=Rank.LIKELY,
                kinds="service_event stopped_task",
                unless="unhealthythreshold|unhealthy_threshold",
            ),
            says("target.failedhealthchecks|target.responsecodemismatch", rank=Rank.LIKELY),
            says(
                "health check",
                "failed|failing|unhealthy",
                rank=Rank.GENERIC,
                kinds="service_event stopped_task target_health http",
                unless=("container health check", "container healthcheck"),
            ),
            # The checker does not follow where it is sent.
            says(
                "elb-healthchecker",
                "~\\bhttp/\\d(?:\\.\\d)?['\"]? 30[12378]\\b|\\b(?:get|head) /[^ ]{0,200} 30[12378]\\b|\\bstatus(?:_?code)?['\"]?[=:] ?['\"]?30[12378]\\b",
                rank=Rank.LIKELY,
                kinds="log_line",
            ),
            says(
                "elb-healthchecker",
                "~\\b[45]\\d\\d\\b",
                rank=Rank.LIKELY,
                kinds="log_line",
                # The size of an answer that is right may look like a status.
                unless='~"? [123]\\d\\d (?:\\d{1,9}|-) "|\\bstatus(?:_?code)?"?[=:] ?[123]\\d\\d\\b|\\b(?:get|head) /[^ ]{0,200} (?:http/\\d(?:\\.\\d)?"? )?[123]\\d\\d\\b',
            ),
            says("elb-healthchecker", SENT_ELSEWHERE, rank=Rank.LIKELY, kinds="log_line"),
        ),
        confused_with=(
            ("target-timeout", "There nothing came back at all."),
            ("healthcheck-wrong-path", "There the answer was 404 or 401."),
            ("app-unhealthy-5xx", "There the server itself failed: 5xx."),
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
            CHECK_TARGETS,
            *_OTHERS_CHECK,
            *READ_THE_TARGETS_LOG,
            *READ_THE_LISTENERS_GROUP,
        ),
        repair=(
            *KAMALS,
            *NO_ANSWER_BEHIND,
            Step(
                "Let the task's security group in from the load balancer on 4100",
                "aws ec2 authorize-security-group-ingress --group-id <task-security-group> --protocol tcp --port 4100 --source-group <balancer-security-group>",
            ),
            _SEE_PORT,
            _OTHER_PORT,
            _DYNAMIC,
            Step(
                "If it is let in, the server answers too late: raise the task's CPU or the check's timeout, and look at what it waits for",
                when=f"~{OTHERS_TARGET}",
            ),
            Step(
                "The request got no answer: if the server's log has it, it took longer than the balancer waits; raise that, or stream. If not, the target's security group or zone is closed",
                "aws elbv2 modify-load-balancer-attributes --load-balancer-arn <load-balancer> --attributes Key=idle_timeout.timeout_seconds,Value=300",
                when="504 -",
            ),
            Step("If the server is busy, raise the task's CPU or the health check's timeout"),
            Step(
                "The load balancer waited for an answer in vain: see what the server did then, or raise the idle timeout",
                "ash-ops logs --since 15m --filter error",
                when="504 gateway|504 server error",
            ),
        ),
        signatures=(
            says("app/", access_log("504 -"), rank=Rank.CLEAR),
            says(
                "504 gateway time-out|504 server error: gateway|504 gateway timeout",
                "awselb|.elb.amazonaws.com|<html",
                rank=Rank.CLEAR,
                kinds="http",
                unless="nginx|cloudflare|cloudfront|could not be satisfied",
            ),
            says(
                "request timed out|target.timeout|health check timed out|health checks timed out|timed out|timeout",
                "unhealthy|target|health check|healthcheck",
                rank=Rank.CLEAR,
                kinds="service_event target_health stopped_task",
                unless=(
                    "network interface|eni|kamal",  # whose options are --target and --deploy-timeout
                    "container health check",
                    "start tasks|provision",
                    "etimedout",
                    "->|unhealthythreshold|unhealthy_threshold|unhealthy threshold",
                    "resourceinit|cannotpull",
                ),
            ),
            says(
                "connection to the target timed out|health check timeout",
                rank=Rank.CLEAR,
                unless="must be smaller|must be greater|validationerror",
            ),
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
        proof=(
            Step("Read the log of that minute", "ash-ops logs --since 15m --filter error"),
            *OTHERS_LOG,
            *READ_THE_TASKS_LOG,
        ),
        repair=(
            *OF_THE_BALANCER_ITSELF,
            Step("Repair the dependency which the log names (database, disk)"),
            *OTHERS_ANSWER,
            *BEHIND_THE_CHECK,
        ),
        signatures=(
            says(
                "awselb|.elb.amazonaws.com|load balancer hits|load balancer calls|load balancer probes|alb hits|alb calls|alb probes",
                "502 bad gateway|502: bad gateway|502 server error: bad gateway",
                rank=Rank.CLEAR,
            ),
            says("app/", access_log(r"(5\d\d) \1"), rank=Rank.LIKELY),
            says(
                "health check|healthcheck|health checks|unhealthy",
                "~\\b(?:due to|gets?|got|returns?|receives?|answers?(?: with)?|responds? with|failing with|fails? with|failed with)(?: an?| http)? 5\\d\\d\\b",
                rank=Rank.PRECISE,
            ),
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
        proof=(CHECK_TARGETS, Step("Look at AWS Health for the region")),
        repair=(Step("Wait and look again; open a support case if it stays"),),
        signatures=(
            says("elb.internalerror|healthunavailable", rank=Rank.DECISIVE),
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
)
