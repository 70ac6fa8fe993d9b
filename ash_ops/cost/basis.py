"""Which plan an estimate is of, and why: the deployment as it is, or a plan."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from ash_ops.aws.client.session import credentials_may_exist
from ash_ops.cost.choices import planned
from ash_ops.cost.plan import Plan
from ash_ops.cost.prices.table import PriceTable
from ash_ops.errors import CredentialsProblem, ReadFailed, UsageProblem
from ash_ops.settings import Settings

if TYPE_CHECKING:
    from ash_ops.aws.client.session import Aws


# The partitions that bill in another currency, by a price list of their own.
_OWN_LISTS = {
    "cn-": "AWS China bills in CNY by a price list of its own",
    "eusc-": "the AWS European Sovereign Cloud bills in EUR by a price list of its own",
}


@dataclass(frozen=True, slots=True)
class Basis:
    """The plan to price.

    Attributes:
        note: what the user should know about how it was chosen; empty if nothing.
        aws: the session it was read with; ``None`` for a plan.
        since: when the deployment was created; ``None`` for a plan.
    """

    plan: Plan
    note: str = ""
    aws: Aws | None = None
    since: datetime | None = None


def find(
    settings: Settings, open_aws: Callable[[], Aws], chosen: Mapping[str, str], *, only_plan: bool
) -> Basis:
    """The deployment as it is, if there is one and nothing was chosen otherwise; else the plan.

    Args:
        settings: region, name and variables.
        open_aws: makes the AWS session; not called for a plan.
        chosen: the size options given.
        only_plan: whether the user asked for the plan.

    Raises:
        UsageProblem: an option or a variable has a value that cannot be right.
        ReadFailed: the deployment may be there, and could not be read.
    """
    if only_plan or chosen:
        return Basis(planned(settings, chosen))
    if not credentials_may_exist(settings):
        return Basis(
            planned(settings, {}), "No AWS credentials: this is the plan, not a deployment."
        )
    return _deployed(settings, open_aws)


def _deployed(settings: Settings, open_aws: Callable[[], Aws]) -> Basis:
    from ash_ops.cost.deployed import read
    from ash_ops.cost.usage import plan_of

    try:
        aws = open_aws()
    except CredentialsProblem as problem:
        note = f"{problem.what} ({problem.why}): this is the plan, not a deployment."
        return Basis(planned(settings, {}), note)
    try:
        reading = read(aws, settings.deployment)
    except ReadFailed as failure:
        failure.next_step += " `ash-ops cost --planned` prices the plan without AWS."
        raise
    if reading is None:
        note = f"There is no deployment {settings.deployment.prefix} in {aws.region}: this is the plan."
        return Basis(planned(settings, {}), note)
    since = min(service.created for service in reading.services)
    return Basis(plan_of(reading), aws=aws, since=since)


def check_region(region: str, table: PriceTable) -> None:
    """Refuse a region that no price could be for.

    Raises:
        UsageProblem: AWS had no region of that name when the table was made.
    """
    if region in table.regions:
        return
    own_list = next((name for start, name in _OWN_LISTS.items() if region.startswith(start)), None)
    if own_list:
        raise UsageProblem(
            f"{region} cannot be priced",
            f"{own_list}, and ash-ops knows the price list in US dollars alone",
            "Ask the price pages of that partition, or compare with a region of the AWS partition.",
        )
    from difflib import get_close_matches

    close = get_close_matches(region, sorted(table.regions), n=2)
    raise UsageProblem(
        f"The AWS region {region!r} is not known",
        f"did you mean {' or '.join(close)}?" if close else "there is no region of that name",
        "Correct --region or AWS_REGION. A region newer than this version needs --prices live.",
    )
