"""What options add to the calls that a command makes itself."""

from __future__ import annotations

from ash_ops.deploy.policy_calls import LOGS, Need

WHOSE: tuple[Need, ...] = (
    Need(sid="WhoseIsIt", actions=("ec2:DescribeTags",)),
    Need(sid="WhoseLogs", actions=("logs:ListTagsForResource",), resources=LOGS),
)
"""What ``doctor --fix`` asks before a repair: only what is ours is changed."""

ADOPT: tuple[Need, ...] = (
    Need(
        sid="Adopt",
        actions=(
            *("ec2:CreateTags", "elasticfilesystem:TagResource"),
            *("logs:TagResource", "secretsmanager:TagResource"),
        ),
    ),
)  # fmt: skip
"""What ``--adopt`` may call: it makes a thing ours, so it is in no policy but ``--with adopt``."""

KEPT: tuple[Need, ...] = (
    Need(
        sid="Kept",
        actions=(
            "ec2:DescribeVolumes",
            "elasticfilesystem:DescribeFileSystems",
            "elasticfilesystem:DescribeMountTargets",
        ),
    ),
)
"""Looking at a file system or disk that is kept, to be attached again: ``--with efs``, ``ec2``."""
