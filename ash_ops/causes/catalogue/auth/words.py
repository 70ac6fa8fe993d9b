"""Words that several causes of this package are recognised by, and sources they share."""

from typing import Final

from ash_ops.causes.base import Step

# Clients write its answers as those of AWS are written: "exception: ", "API Error ".
ANY: Final = "http log_line stopped_task api_error"

RESTART_TASKS: Final = Step(
    "Start tasks that read the new value",
    "aws ecs update-service --cluster <cluster> --service <service> --force-new-deployment",
)
