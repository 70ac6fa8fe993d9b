"""Words that several causes of this package are recognised by, and sources they share."""

from typing import Final

from ash_ops.causes.base import Step

ANY: Final = "http log_line stopped_task"

RESTART_TASKS: Final = Step(
    "Start tasks that read the new value",
    "aws ecs update-service --cluster <cluster> --service <service> --force-new-deployment",
)
