"""Whether AWS credentials may exist at all, asked without the quarter second boto3 takes to load."""

from __future__ import annotations

from pathlib import Path

from ash_ops.aws.session import _on_ec2
from ash_ops.settings import Settings

# Any one of these lets boto3 find credentials (boto3 guide, "Credentials").
_VARIABLES = (
    "AWS_ACCESS_KEY_ID",
    "AWS_PROFILE",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_EC2_METADATA_SERVICE_ENDPOINT",
)
_FILES = {
    "AWS_SHARED_CREDENTIALS_FILE": "~/.aws/credentials",
    "AWS_CONFIG_FILE": "~/.aws/config",
    "BOTO_CONFIG": "~/.boto",
}


def may_exist(settings: Settings) -> bool:
    """False if boto3 has nowhere to find credentials; True if it is worth loading it to look."""
    named = settings.profile or any(settings.get(name) for name in _VARIABLES)
    files = (Path(settings.get(name) or usual) for name, usual in _FILES.items())
    return bool(named) or any(_is_file(path) for path in files) or _on_ec2()


def _is_file(path: Path) -> bool:
    try:
        return path.expanduser().is_file()
    except (OSError, RuntimeError):
        return False
