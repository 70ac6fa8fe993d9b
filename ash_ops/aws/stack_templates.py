"""The template that a stack has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ash_ops.aws import operations
from ash_ops.aws.calls import call
from ash_ops.aws.session import Aws


def stack_template(aws: Aws, stack: str) -> str | Mapping[str, Any]:
    """The template of a stack, after its transforms: YAML as text, JSON parsed.

    Raises:
        ReadFailed: it could not be read.
    """
    raw = call(aws, operations.GET_TEMPLATE, StackName=stack, TemplateStage="Processed")
    body: str | Mapping[str, Any] = raw.get("TemplateBody") or ""
    return body
