"""What Route 53 says of hosted zones and the records in them."""

from __future__ import annotations

from ash_ops.aws import operations as op
from ash_ops.aws.calls import call, fact, facts, if_there
from ash_ops.aws.client.session import Aws
from ash_ops.facts.deploying.domains import HostedZone, RecordSet

_A_PAGE = "20"  # more records than one name has types


def hosted_zones(aws: Aws) -> tuple[HostedZone, ...]:
    """Every hosted zone of the account, private ones too.

    Raises:
        ReadFailed: they could not be read.
    """
    return facts(aws, op.LIST_HOSTED_ZONES, HostedZone)


def hosted_zone(aws: Aws, zone_id: str) -> HostedZone | None:
    """A hosted zone with its name servers, or ``None`` if there is none.

    Raises:
        ReadFailed: the question could not be answered.
    """
    answer = if_there(lambda: call(aws, op.GET_HOSTED_ZONE, Id=zone_id))
    if answer is None:
        return None
    servers = (answer.get("DelegationSet") or {}).get("NameServers") or ()
    row = {**answer["HostedZone"], "NameServers": list(servers)}
    return fact(op.GET_HOSTED_ZONE, HostedZone, row)


def records_of(aws: Aws, zone_id: str, name: str) -> tuple[RecordSet, ...]:
    """The records of one name in a zone.

    Raises:
        ReadFailed: they could not be read.
    """
    # Route 53 lists a zone from a name on, by its labels from right to left: one page holds the name's.
    answer = call(
        aws, op.LIST_RECORD_SETS, HostedZoneId=zone_id, StartRecordName=name, MaxItems=_A_PAGE
    )
    rows = answer.get("ResourceRecordSets") or ()
    found = (fact(op.LIST_RECORD_SETS, RecordSet, row) for row in rows)
    return tuple(record for record in found if record.name == name)
