"""Why the server cannot be reached: targets, the network, clients, the server's own refusals."""

from ash_ops.causes.base import Cause
from ash_ops.causes.connection import checks, clients, network, server, targets

CAUSES: tuple[Cause, ...] = (
    *checks.CAUSES,
    *targets.CAUSES,
    *network.CAUSES,
    *clients.CAUSES,
    *server.CAUSES,
)
