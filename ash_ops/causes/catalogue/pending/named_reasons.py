"""Repairs of roles and mounts whose message names its own reason."""

from typing import Final

from ash_ops.causes.base import Step

NAMED_ROLE: Final = (
    Step(
        "The task definition names a role that is none: look its name up, give the whole ARN (of this account, with the path) or the name alone, and see that no variable in it is empty",
        "aws iam list-roles --query 'Roles[].Arn'",
        when=r"~\brole is not valid\b",
    ),
)
"""What stands in the place of a role, and is no role."""

NFS_ITSELF: Final = (
    Step(
        "EFS speaks NFS 4.0 and 4.1 alone: mount with the helper (mount -t efs), or with nfsvers=4.1, on a kernel that has it; the group and its port were not asked",
        when=r"~\bmount\.nfs4?: protocol not supported\b|\brequested nfs version\b",
    ),
    Step(
        "The mount target answered and ended the connection, so its group is open: one just made needs some minutes, so start the task again; if it stays, see the state of the target, and take a newer amazon-efs-utils on an instance of yours",
        "aws efs describe-mount-targets --file-system-id <file-system>",
        when=r"~\bconnection reset by peer\b",
    ),
)
"""Mounts that failed for another reason than a closed port."""
