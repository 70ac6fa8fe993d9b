"""Words that several causes of this package are recognised by, and sources they share."""

from typing import Final

from ash_ops.causes.base import Step

# Clients write its answers as those of AWS are written: "exception: ", "API Error ".
ANY: Final = "http log_line stopped_task api_error"

BEDROCK: Final = "bedrock|on-demand throughput|calling the converse|calling the invokemodel|provided model identifier|model version has reached the end|marked by provider as legacy|resolve the foundation model"
"""The model is asked for through AWS."""

RESTART_TASKS: Final = Step(
    "Start tasks that read the new value",
    "aws ecs update-service --cluster <cluster> --service <service> --force-new-deployment",
)

SUBSCRIPTION_TOKEN: Final = Step(
    "A subscription's token has run out, was revoked or was cut when copied: make a new one with claude setup-token, put the whole of it into CLAUDE_CODE_OAUTH_TOKEN where the server's task gets it, and start tasks with it; or give an ANTHROPIC_API_KEY instead",
    when="oauth token has expired|oauth token revoked|invalid bearer token|claude_code_oauth_token",
)
