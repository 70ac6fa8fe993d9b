"""Words that several causes of this package are recognised by, and sources they share."""

from typing import Final

from ash_ops.causes.base import Step

STOPPED_TASKS: Final = (
    "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html"
)

READ_LOG: Final = Step("Read the last lines of the task that died", "ash-ops logs --previous -n 50")

ANY: Final = "log_line stopped_task http service_event"
