"""A key of KMS that cannot be used is brought back, whatever it encrypts; a denial is another matter."""

from __future__ import annotations

import pytest

from ash_ops.checks.pending._keys import usable_again
from tests.support import scenarios

KEY = "arn:aws:kms:us-east-1:111122223333:key/1111-2222"


@pytest.mark.parametrize(
    ("text", "orders"),
    [
        (
            f"KMSInvalidStateException: {KEY} is pending deletion.",
            ["cancel-key-deletion", "enable-key"],
        ),
        (f"DisabledException: {KEY} is disabled.", ["enable-key"]),
        (f"create stream: The specified KMS key {KEY} is disabled.", ["enable-key"]),
        (f"403 Forbidden - KMSInvalidStateException: {KEY}", ["describe-key"]),
        (f"Client.InvalidKmsKey.InvalidState: {KEY} is in an incorrect state", ["describe-key"]),
    ],
)
def test_the_state_that_a_message_names_decides_the_orders(text: str, orders: list[str]) -> None:
    steps = usable_again(scenarios.snapshot(), text) or []
    told = [step.command.split()[2] for step in steps if " kms " in f" {step.command} "]
    assert told == orders
    assert all(KEY in (step.command or "") for step in steps if "kms" in (step.command or ""))


def test_without_the_keys_name_the_order_is_told_in_words() -> None:
    steps = usable_again(
        scenarios.snapshot(), "KMSInvalidStateException: the key is disabled: is disabled"
    )
    assert steps is not None
    assert steps[0].command is None
    assert "aws kms enable-key" in steps[0].why


@pytest.mark.parametrize(
    "text",
    [
        f"not authorized to perform: kms:Decrypt on resource: {KEY}",
        "the secret was marked for deletion",
        "the service is disabled",
    ],
)
def test_a_denial_and_a_secret_that_goes_are_no_matter_of_the_keys_state(text: str) -> None:
    assert usable_again(scenarios.snapshot(), text) is None
