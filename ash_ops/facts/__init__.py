"""The facts of one deployment, field for field as the AWS APIs name them.

Field names become the APIs' own (``lastStatus``, ``VpcId``) when a snapshot is written, so that
evidence quotes what the `aws` command would show. Every field may be absent: an emulator, an old
API or a redacted file may leave it out, and a check then says that it cannot tell.
"""
