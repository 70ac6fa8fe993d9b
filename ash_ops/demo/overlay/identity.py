"""IAM: the person at the keyboard, a user whose permissions can be simulated.

Stock ministack takes every caller for the account's root user, which AWS does not simulate.
"""

from __future__ import annotations

from ministack.services import iam

from ash_ops.demo.names import ACCESS_KEY, OPERATOR, SECRET_KEY
from ash_ops.demo.overlay import state

_ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"


def create_operator() -> None:
    """Make the user that the demo's access key belongs to, with every permission."""
    with state.scope():
        iam._create_user({"UserName": [OPERATOR]})
        iam._attach_user_policy({"UserName": [OPERATOR], "PolicyArn": [_ADMINISTRATOR]})
        iam._access_keys[ACCESS_KEY] = {
            "UserName": OPERATOR,
            "AccessKeyId": ACCESS_KEY,
            "SecretAccessKey": SECRET_KEY,
            "Status": "Active",
            "CreateDate": iam._now(),
        }


def inline_policies(role: str) -> dict[str, str]:
    """The inline policies of a role: name -> document."""
    found: dict[str, str] = iam._roles[role].setdefault("InlinePolicies", {})
    return found


def operator_policies() -> dict[str, str]:
    """The inline policies of the operator: name -> document."""
    found: dict[str, str] = iam._user_inline_policies.setdefault(OPERATOR, {})
    return found
