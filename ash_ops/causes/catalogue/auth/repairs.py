"""Repairs of calls to the model's API, chosen by what came back."""

from typing import Final

from ash_ops.causes.base import Step

ANSWERED_ALL_THE_SAME: Final = (
    Step(
        "It was reached and answered 5xx, so the way out is open: wait and try again, and look at status.claude.com; where ANTHROPIC_BASE_URL names a gateway, it may be that one which answered",
        when=r"~\b(?:status code|status|http|error|code:?) 5\d\d\b",
        decides=True,
    ),
    Step(
        "It was asked, and did not answer within the client's time: let the answer stream, ask for less at once, or let the client wait longer (timeout). If nothing ever comes back, look at the way out on 443",
        when=r"~\btimeout passed ?=|\btime taken ?=",
        decides=True,
    ),
    Step(
        "ANTHROPIC_BASE_URL names a gateway on the machine itself, and nothing listens there: start it, give its address as the program sees it (in a container, localhost is the container), or take the setting away",
        "aws ecs describe-task-definition --task-definition <family> --query 'taskDefinition.containerDefinitions[].[name,environment[].name]'",
        when=r"~\banthropic_base_url\b|\beconnrefused (?:127\.|localhost|::1)",
        decides=True,
    ),
)
"""Calls that came through, or went to another address than the API's."""
