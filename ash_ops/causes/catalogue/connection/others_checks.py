"""Health checks of servers and balancers that are not Ash's, and of Classic Load Balancers."""

from typing import Final

from ash_ops.causes.base import Step

_CLASSIC: Final = r"~^(?!.*\btarget-?group\b).*\bis unhealthy in \(?elb [\w-]{1,64}\b"

READ_CLASSIC: Final = (
    Step(
        "It is a Classic Load Balancer: ask it for the state of its instances, and why",
        "aws elb describe-instance-health --load-balancer-name <load-balancer-name>",
        when=_CLASSIC,
        decides=True,
    ),
)

MEND_CLASSIC: Final = (
    Step(
        "Let the instance's port of the listener and of the check (Target, as HTTP:80/path) be the host port of the task, a fixed one; let the path answer 200 in time, and the instance's security group admit the balancer there. A slow start needs healthCheckGracePeriodSeconds. (A target group would have a HealthCheckPath of its own.)",
        "aws elb describe-load-balancers --load-balancer-names <load-balancer-name> --query 'LoadBalancerDescriptions[].[HealthCheck,ListenerDescriptions[].Listener]'",
        when=_CLASSIC,
        decides=True,
    ),
)
"""Classic Load Balancers have no target groups."""

OF_THE_BALANCER_ITSELF: Final = (
    Step(
        "The balancer itself wrote that page (awselb): its target refused or closed the connection, or answered what is no HTTP. Read in the balancer's access log whether target_status_code is there at all, then the program's log of that second; its keep-alive must last longer than the balancer's idle timeout",
        when=r"~\b502 bad gateway\b.*\bawselb/|\bawselb/.*\b502 bad gateway\b",
        decides=True,
    ),
)
"""502 that no program answered."""

GROUP_BY_NAME: Final = (
    r"\b(?:unhealthy in|health checks in) \(?target-group (?!arn:)[\w-]{1,32}(?=[ )]|$)"
)
"""A service's event names the group itself, and not its ARN."""

_FIND_GROUP: Final = "aws elbv2 describe-target-groups --names <target-group-name> --query 'TargetGroups[].[TargetGroupArn,Port,HealthCheckPath,Matcher.HttpCode]'"

LOOK_UP_GROUP: Final = (
    Step(
        "Look up that target group: its ARN, and what its check asks for",
        _FIND_GROUP,
        when=rf"~^(?!.*(?:\bash\b|\bash[-_./]|\b4100\b)).*{GROUP_BY_NAME}",
    ),
)

SENT_ELSEWHERE: Final = r"~\b(?:get|head) /\S{0,200} (?:http/[12](?:\.\d)?['\"]? (?:\| )?)?30[12378]\b.{0,200}\belb-healthchecker/|\bstatus(?:_?code)?['\"]?[=:] ?['\"]?30[12378]\b.{0,200}\belb-healthchecker/|\belb-healthchecker/.{0,200}\bstatus(?:_?code)?['\"]?[=:] ?['\"]?30[12378]\b"
"""A line of an access log: the checker is sent to another address, and follows no redirect."""

SENT_ON: Final = (
    Step(
        "The server sends the checker elsewhere (to https, to a sign-in, to a path with a slash at its end), and it follows no redirect: check a path that answers 200 itself, or let the codes that count as healthy hold this one (200-399)",
        "aws elbv2 describe-target-groups --query 'TargetGroups[].[TargetGroupName,HealthCheckPath,Matcher.HttpCode]'",
        when=SENT_ELSEWHERE,
        decides=True,
    ),
)

KAMALS: Final = (
    Step(
        "It is Kamal's own proxy that asks, and no balancer of AWS: GET /up on port 80 of the container, until deploy_timeout. Let app_port under proxy in config/deploy.yml be the port on which the program listens (3000 without Thruster), healthcheck.path a path that answers 200, and read what the container printed (kamal app logs)",
        when=r"~\bkamal(?:-proxy)?\b|\bcontainer is unhealthy on \S{3,60}, not booting\b",
        decides=True,
    ),
)

_PROXYS: Final = r"~^(?!.*(?:\bash\b|\bash[-_./]|\b4100\b|\(port |\bport \d)).*\bcodes?:? ?\[50[24]"

READ_THE_TASKS_LOG: Final = (
    Step(
        "Read the log of the task's containers at that time",
        "aws logs tail <log-group> --since 15m",
        when=_PROXYS,
        decides=True,
    ),
)

BEHIND_THE_CHECK: Final = (
    Step(
        "502 and 504 are what a proxy in the task (nginx, Envoy) says of the program behind it: see that this runs, listens where the proxy asks, and has started when the first check comes (healthCheckGracePeriodSeconds)",
        when=_PROXYS,
        decides=True,
    ),
)

_LET_IT_ANSWER: Final = "Let it listen on 0.0.0.0, admit the balancer on that port, and answer the path of the check with a status that the matcher has; a slow start needs healthCheckGracePeriodSeconds"


def let_it_answer(when: str) -> tuple[Step, ...]:
    """What a server is to do whose group fails it without a status, with the group as the text names it.

    Args:
        when: the texts that ask for it, as an expression without its sign.
    """
    return (
        Step(_LET_IT_ANSWER, _FIND_GROUP, when=rf"~^(?=.*{GROUP_BY_NAME})(?:{when})"),
        Step(
            _LET_IT_ANSWER,
            "aws elbv2 describe-target-groups --target-group-arns <target-group> --query 'TargetGroups[].[Port,HealthCheckPath,Matcher.HttpCode]'",
            when=rf"~^(?=.*:targetgroup/)(?:{when})",
        ),
        Step(
            _LET_IT_ANSWER,
            "aws elbv2 describe-target-groups --query 'TargetGroups[].[TargetGroupName,Port,HealthCheckPath,Matcher.HttpCode]'",
            when=rf"~^(?!.*(?:{GROUP_BY_NAME}|:targetgroup/))(?:{when})",
        ),
    )
