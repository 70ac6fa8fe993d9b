"""A deployment that was just made: what was wanted of it, and what is there."""

from ash_ops.facts.model import Model
from ash_ops.facts.snapshot import Snapshot


class NewDeployment(Model, kw_only=True):
    """What the checks of the playbook ``proof`` look at.

    Attributes:
        snapshot: what was read so far of service, targets and server; everything else is a gap of kind ``skipped``.
        revision: the ARN of the task definition that must serve; ``None`` accepts any.
        version: the one that ``/health`` must tell; ``None`` where the image's tag promises none.
        is_let_in: whether this machine is let in; if not, an unanswered call proves nothing.
        has_key: whether the key is known.
        wants_session: whether a session is to prove that agents run.
    """

    snapshot: Snapshot
    revision: str | None
    version: str | None
    is_let_in: bool
    has_key: bool
    wants_session: bool
