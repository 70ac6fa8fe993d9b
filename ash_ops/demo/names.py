"""Who and where the emulated account is; importing this costs nothing."""

from __future__ import annotations

ACCOUNT = "123456789012"
DEFAULT_REGION = "us-east-1"
ADMIN_PATH = "/_ash/"
"""Below this path the emulator is seeded and broken, instead of being asked as AWS is."""
PACE_VARIABLE = "ASH_DEMO_PACE"
"""Seconds that the emulator takes for every resource of a stack."""

OPERATOR = "ash-operator"
"""The IAM user that the demo's access key belongs to."""

# Not credentials: the emulator checks no signature, and boto3 does not sign without any.
ACCESS_KEY = "AKIAASHOPSDEMO000000"
SECRET_KEY = "any-secret-will-do-the-emulator-checks-no-signature"  # noqa: S105 - it opens nothing
