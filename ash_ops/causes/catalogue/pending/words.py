"""Words that several causes of this package are recognised by, and sources they share."""

from typing import Final

from ash_ops.causes.base import Rank, Signature, Step, says

PULL_ERRORS: Final = (
    "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_cannot_pull_image.html"
)

PULLING: Final = (
    "cannotpull|pull image|pulling image|image pull|pull access|pull command|docker pull|"
    "failed to pull|unable to pull|cannot pull|failed to resolve re|resolve reference|resolve source metadata|manifest |manifests|for manifest|manifest-|manifest:|manifest/|manifest_|manifest.|manifest'|manifest\"|"
    "/v2/|ref pull|registry-1|ghcr.io|docker.io|dkr.ecr|quay.io|public.ecr|copy image|failed to copy:|"
    "httpreadseeker|pulling from|error pulling|inspect image|for pull after|after pull|pull from|fetch anonymous token|fetch oauth token"
)
"""Words that say an image was being pulled."""

CHECK_IMAGE: Final = Step(
    "Ask the registry for exactly this image", "docker manifest inspect <image>"
)


def task_says(*terms: str, rank: int = Rank.CLEAR, unless: tuple[str, ...] | str = ()) -> Signature:
    """Words about the start of a task: never those of an HTTP answer or a target's health."""
    return says(
        *terms,
        rank=rank,
        kinds="stopped_task service_event cfn_event api_error log_line",
        unless=unless,
    )


NO_ANSWER: Final = (
    "i/o timeout|deadline exceeded|connection issue|statuscode: 0|request canceled|context canceled|"
    "requestcanceled|requesterror: send request failed|requesterror: .|client.timeout|network configuration|"
    "connection timed out|signal: killed|no such host|connection refused|dial tcp|no route to host|"
    "exceeded maximum number of attempts|tls handshake timeout|network is unreachable|connection reset|"
    "timed out|timeout|could not connect|cannot connect"
)
"""Words that say no HTTP answer came back."""

DENIED: Final = "accessdenied|access denied|not authorized|unauthorized|is not allowed|explicit deny|accessdeniedexception|forbidden"

NO_SUCH_REGION: Final = (
    "~\\blogs\\.(?![a-z]{2,3}(?:-[a-z]{2,12}){1,3}-\\d\\.)[a-z0-9_-]{0,40}\\.?amazonaws\\.com"
)
"""The address of CloudWatch Logs in a region that cannot be one: ``logs.undefined.amazonaws.com``."""

LOGGING: Final = "logging driver|log driver|logger|log stream|log group|cloudwatch|awslogs|logs:|loggroup|logstream|firelens"

OWN_COLLECTOR: Final = (
    "~\\b(?:splunk|gelf|fluentd|fluent\\.sock|syslog|journald)\\b|:(?:514|6514|12201|24224|8088)\\b"
)
"""What a log driver names that does not write to CloudWatch: itself, or the port of its collector."""

MISSING: Final = "does not exist|not found|notfound|no such"

EVENTS: Final = (
    "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages-list.html"
)

INIT_ERRORS: Final = (
    "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/resource-initialization-error.html"
)

FETCHED: Final = "secretsmanager|secrets manager|from asm|ssm|parameter store|getsecretvalue|getparameter|secret arn|the secret|kms|unable to retrieve secret|pull secrets|retrieve secret|secret "
"""Words of which one names a secret or a parameter."""
