"""What stands beside a secret's name in a table, a call or a sentence is a secret only if it can be no word."""

from __future__ import annotations

import pytest

from ash_ops.redact import redact
from ash_ops.secret import MASK
from tests.ash_ops.redact.kinds import run

STAYS = [
    "| DB_PASSWORD | required |",
    "| DB_PASSWORD | The password of the database |",
    "| ANTHROPIC_API_KEY | string | required |",
    "| token | oauth2 |",
    "| jwt | RS256 |",
    "| password | prod/db-password-1/url |",
    "echo $DB_PASSWORD | base64",
    "cat token | sha256sum",
    "trivy       pass     CVE-2026-1 denied by policy: 0",
    "| CREATE_FAILED | AWS::KMS::Key | EncryptionKeyF698B715 |",
    "JwtSecretPolicy14F466A4 | CREATE_FAILED | - | Internal Failure\nGroupF6280DC0 | CREATE_FAILED | - | cancelled",
    "ENV_NAMES = ('AWS_SECRET_ACCESS_KEY', 'AWS_EC2_METADATA_SERVICE_ENDPOINT')",
    "fields: password, email2, role",
    "max_tokens\t4096",
    "the token is v2alpha1-signed",
    "ANTHROPIC_API_KEY is not set",
    "DB_PASSWORD    SecureString    2026-11-28",
    "user,role\nash,admin1",
    "set ANTHROPIC_API_KEY in step 2",
]


@pytest.mark.parametrize("text", STAYS)
def test_words_and_names_beside_a_secrets_name_stay(text: str) -> None:
    assert redact(text) == text


def test_every_row_of_a_column_is_hidden_and_what_follows_the_table_is_not() -> None:
    values = [run(12, f"cell{n}") + "7x" for n in range(300)]
    rows = [f"u{n},{value},2026" for n, value in enumerate(values)]
    shown = redact("\n".join(["user,password,since", *rows, "", "done, all14rows, read"]))
    assert shown.count(MASK) == len(values)
    assert not any(value in shown for value in values)
    assert shown.endswith("done, all14rows, read")


def test_the_cells_around_a_hidden_one_stay() -> None:
    shown = redact(f"| user | password | role |\n|---|---|---|\n| ash | {run(9, 'c')}4x | admin2 |")
    assert shown == f"| user | password | role |\n|---|---|---|\n| ash | {MASK} | admin2 |"


@pytest.mark.parametrize("rows", ["user,password\r\nash,{}\r\nbob,x", "user;password\nash;{}", "| a | password |\r\n|---|---|\r\n| b | {} |\r\n"])  # fmt: skip
def test_columns_of_windows_and_of_other_signs_are_hidden(rows: str) -> None:
    secret = run(9, "w") + "4x"
    shown = redact(rows.format(secret))
    assert MASK in shown
    assert secret not in shown
