"""Ports and sockets that another listener has."""

from typing import Final

from ash_ops.causes.base import Cause, Rank, Step, says
from ash_ops.causes.catalogue.restart.built_elsewhere import LOOK_AT_THE_RANGE, WIDEN_THE_RANGE
from ash_ops.causes.catalogue.restart.other_programs import LEFT_SOCKET, READ_SOCKET
from ash_ops.causes.catalogue.restart.plainly_said import READ_THE_PORTS
from ash_ops.causes.catalogue.restart.repairs import PUBLISHED, READ_LISTENERS, TAKEN_BY_ANOTHER

CAUSES: Final = (
    Cause(
        slug="port-in-use",
        title="Port already in use inside the task",
        category="restart",
        severity="error",
        meaning="Two listeners want the same port; containers of one awsvpc task share its address.",
        proof=(
            Step(
                "Look for two containers with the same port",
                "aws ecs describe-task-definition --task-definition <family> --query 'taskDefinition.containerDefinitions[].[name,portMappings]'",
            ),
            *READ_THE_PORTS,
            *LOOK_AT_THE_RANGE,
            *READ_LISTENERS,
            *READ_SOCKET,
        ),
        repair=(
            *WIDEN_THE_RANGE,
            *LEFT_SOCKET,
            Step(
                "Remove the second process or sidecar port, or change ASH_PORT together with the target group"
            ),
            *PUBLISHED,
            *TAKEN_BY_ANOTHER,
        ),
        signatures=(
            says(
                "eaddrinuse|address already in use|address in use|port is already allocated|port already in use|port is already in use|connection in use: (|os error 98|only one usage of each socket address|no free port within range",
                rank=Rank.DECISIVE,
                # Docker's own words, of a port that no Ash is published on.
                unless=(
                    "~(?:^error response from daemon: driver failed .{1,200}bind for |ports are not available: listen tcp )[0-9.:\\[\\]]{2,40}:(?!(?:4100|80|443)\\b)\\d{2,5}",
                    # Nor one that a database has.
                    "~\\bcannot start service .{1,300}bind for [0-9.:\\[\\]]{2,40}:(?:5432|3306|1433|6379|27017|9200|5672|9092)\\b",
                ),
            ),
            # The ECS agent, of ports of the instance that are to lie side by side.
            says("contiguous host ports unavailable", rank=Rank.DECISIVE),
            says(
                "configured to listen on port",
                "failed to start",
                rank=Rank.CLEAR,
                kinds="log_line stopped_task",
            ),
            says(
                "port ",
                "in use",
                "~\\bport \\d{2,5} (?:(?:is|was) (?:already )?|already |'?)in use\\b",
                rank=Rank.DECISIVE,
            ),
        ),
        confused_with=(("bad-listen-config", "There the address or port itself is wrong."),),
        docs_url="https://nodejs.org/api/errors.html#common-system-errors",
    ),
)
