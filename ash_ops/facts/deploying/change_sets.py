"""What a change set of CloudFormation would do."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct, field


class Change(Struct, frozen=True, kw_only=True):
    """One line of a change set.

    Attributes:
        action: ``Add``, ``Modify``, ``Remove``, ``Import`` or ``Dynamic``.
        replacement: ``True``, ``False``, ``Conditional`` or ``None``.
        causes: which property or parameter brings it about.
        policy: what becomes of what is there: ``Delete``, ``Retain``, ``Snapshot``,
            ``ReplaceAndDelete``, ``ReplaceAndRetain``, ``ReplaceAndSnapshot`` or ``None``.
        scope: which parts are changed: ``Properties``, ``Tags``, ``Metadata`` ...
    """

    action: str
    logical_id: str
    physical_id: str | None
    type: str
    replacement: str | None
    policy: str | None = None
    scope: tuple[str, ...] = ()
    causes: tuple[str, ...] = ()


class ChangeSet(Struct, frozen=True, kw_only=True):
    """A change set and how far its making is."""

    name: str
    status: str
    reason: str | None
    execution: str | None
    changes: tuple[Change, ...] = ()
    stack_id: str = ""
    description: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)
    made_at: datetime | None = None
