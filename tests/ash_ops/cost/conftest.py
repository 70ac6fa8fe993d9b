"""The fake AWS as what bills and prices, and settings that lead there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from ash_ops.aws.client.session import Aws
from ash_ops.settings import Options, Settings, load
from tests.ash_ops.fakes.aws import AwsError, FakeAws

Reply = tuple[int, Any]
Answer = Callable[[dict[str, Any]], Reply]

_IDENTITY = {
    "Arn": "arn:aws:iam::111122223333:user/a",
    "UserId": "AIDA",
    "Account": "111122223333",
}


class BillingAws(FakeAws):
    """Answers by operation, with a status; refuses what it was not told to answer.

    Attributes:
        asked: the operations and their requests, in order.
    """

    def __init__(self) -> None:
        super().__init__({})
        self.answers: dict[str, Answer] = {}
        self.asked: list[tuple[str, dict[str, Any]]] = []

    def answer(self, service: str, operation: str, request: dict[str, Any]) -> Any:
        if service == "sts":
            return _IDENTITY
        self.asked.append((operation, request))
        if operation not in self.answers:
            raise AwsError("AccessDeniedException", f"no {operation}")
        status, body = self.answers[operation](request)
        if status == 200:
            return body
        raise AwsError(body["__type"], body.get("message", ""), status)

    def settings(self, **variables: str) -> Settings:
        environ = {
            "AWS_ACCESS_KEY_ID": "AKIAEXAMPLEEXAMPLE00",
            "AWS_SECRET_ACCESS_KEY": "not-a-real-secret-not-a-real-secret-0000",
            "ASH_OPS_ENV_FILE": "/dev/null",
            **variables,
        }
        return load(Options(region="us-east-1", endpoint_url=self.url), environ)

    def session(self, **variables: str) -> Aws:
        return Aws(self.settings(**variables), attempts=1)

    def count(self, operation: str) -> int:
        return sum(name == operation for name, _ in self.asked)


@pytest.fixture
def fake_aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[BillingAws]:
    # Neither this machine's AWS configuration nor its proxy has a say.
    for name in ("AWS_PROFILE", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAEXAMPLEEXAMPLE00")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "not-a-real-secret-not-a-real-secret-0000")
    with BillingAws() as fake:
        yield fake
