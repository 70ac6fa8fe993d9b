"""The wait for a certificate: which record ACM has not seen, and when to stop watching for it.

CloudFormation waits for it by itself for 36 hours (``timeoutInMinutes`` of the registry's handler).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from ash_ops.aws import acm
from ash_ops.aws.client.session import Aws
from ash_ops.errors import OpsError, ReadFailed
from ash_ops.facts.load_balancing import Certificate, DnsRecord
from ash_ops.facts.stacks import StackEvent

PATIENCE = 20 * 60.0
"""Seconds of watching. ACM sees a record within minutes, at most 30 (its user guide, "DNS validation")."""
_LOOK_EVERY = 15.0
_TYPE = "AWS::CertificateManager::Certificate"


@dataclass(slots=True)
class PendingCertificate:
    """A certificate of the stack that is not issued yet.

    Attributes:
        arn: of the certificate; empty while there is none to wait for.
        since: when it was first seen, by the watch's clock.
        looked: when ACM was last asked.
        told: the records that were told already.
    """

    arn: str = ""
    since: float = 0.0
    looked: float | None = None
    told: frozenset[DnsRecord] = frozenset()

    def note(self, event: StackEvent, now: float) -> None:
        """Look at an event of the stack: it tells that a certificate is waited for, and that it is there."""
        if event.type != _TYPE or not (event.physical_id or "").startswith("arn:"):
            return
        waits = event.status in ("CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS")
        if waits and event.physical_id != self.arn:
            self.arn, self.since, self.looked = event.physical_id or "", now, None
        elif not waits and event.physical_id == self.arn:
            self.arn = ""

    def to_tell(self, aws: Aws, now: float, again: str) -> tuple[str, ...]:
        """What is new to be told, in lines.

        Raises:
            OpsError: it has been watched for long enough; which record is missing is its reason.
            ReadFailed: ACM did not answer.
        """
        if not self.arn or (self.looked is not None and now - self.looked < _LOOK_EVERY):
            return ()
        self.looked = now
        try:
            found = acm.certificate(aws, self.arn)
        except ReadFailed as error:
            if error.kind != "denied":
                raise
            self.looked = math.inf  # what may not be read now may not be read later
            return (f"Which record ACM waits for could not be told: allow {error.action}",)
        missing = found.missing
        if missing and now - self.since >= PATIENCE:
            raise _not_seen(found, missing, again)
        fresh = [record for record in missing if record not in self.told]
        self.told |= frozenset(fresh)
        return tuple(_told(found, record) for record in fresh)


def _told(found: Certificate, record: DnsRecord) -> str:
    return (
        f"ACM validates {found.domain_name} by the record {record.line} (CloudFormation makes it where the "
        "name is in a hosted zone of this account; else make it now, where the name is)"
    )


def _not_seen(found: Certificate, missing: tuple[DnsRecord, ...], again: str) -> OpsError:
    lines = "; ".join(record.line for record in missing)
    return OpsError(
        f"The certificate of {found.domain_name} is still not validated",
        f"ACM has not seen {lines} in {PATIENCE / 60:.0f} minutes",
        "Make that record, or let the name's zone be the one that the DNS asks. CloudFormation waits up to 36 "
        f"hours by itself; `{again}` picks the wait up again.",
    )
