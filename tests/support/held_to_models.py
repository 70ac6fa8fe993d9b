"""Every request that ash-ops makes through botocore in this process, held to AWS's own model of it.

botocore checks types and required members before it sends; what it leaves to the service (enumerations,
patterns, lengths, counts) is checked here, at the call's parameters: so whatever the protocol is that they
are sent with (JSON, query, EC2's, REST, CBOR).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from botocore.client import BaseClient
from botocore.model import OperationModel

from tests.support.aws_parameters import problems_of_request


@contextmanager
def held() -> Iterator[dict[str, str]]:
    """What AWS's models say against the requests that are made meanwhile: operation -> protocol, and problems.

    Yields:
        the operations that were seen, each with its protocol.

    Raises:
        AssertionError: at the end, if a request is one that AWS would refuse.
    """
    problems: list[str] = []
    seen: dict[str, str] = {}
    emit = BaseClient._emit_api_params

    def looked_at(self: BaseClient, **given: Any) -> Any:
        parameters = emit(self, **given)
        if self.meta.config.user_agent_extra != "ash-ops":
            return parameters  # a test's own, which may plant what AWS alone can make
        operation: OperationModel = given["operation_model"]
        service = operation.service_model
        seen[f"{service.service_name}:{operation.name}"] = service.metadata["protocol"]
        problems.extend(problems_of_request(operation, parameters))
        return parameters

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseClient, "_emit_api_params", looked_at)
        yield seen
    assert not problems, "\n".join(problems)
