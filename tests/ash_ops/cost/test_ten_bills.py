"""Ten configurations in five regions, each worked out on paper: quantity times list price, added up.

The prices are those of AWS's list of 2025-10 to 2026-10 as `list.json` cites them; where `facts` of the
us-east-1 offers were transcribed with their SKUs they are the same.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from ash_ops.cost.choices import change
from ash_ops.cost.estimate import monthly_estimate
from tests.support.guides_plan import guides_plan

TODAY = date(2026, 11, 27)
# 0.5 GB of logs written and kept, 37 metrics, one secret, 3.65 GB out, 7.3 GB across zones, ash-ops itself.
REST_US = "0.5*0.5 + 0.5*0.03 + 37*0.3 + 0.4 + 3.65*0.09 + 7.3*0.01 + 900*0.00001 + 2*0.01"
REST_IRELAND = "0.5*0.57 + 0.5*0.03 + 37*0.3 + 0.4 + 3.65*0.09 + 7.3*0.01 + 900*0.00001 + 2*0.01"
REST_FRANKFURT = (
    "0.5*0.63 + 0.5*0.0324 + 37*0.3 + 0.4 + 3.65*0.09 + 7.3*0.01 + 900*0.00001 + 2*0.01"
)
REST_SINGAPORE = "0.5*0.7 + 0.5*0.03 + 37*0.3 + 0.4 + 3.65*0.12 + 7.3*0.01 + 900*0.00001 + 2*0.01"
TEN = [
    (
        "us-east-1",
        {},
        f"365*0.04048 + 730*0.004445 + 730*0.0225 + 7.3*0.006 + 2190*0.005 + {REST_US}",
    ),
    (
        "us-east-1",
        {"cpu": "2048", "memory": "4096", "architecture": "arm64"},
        f"1460*0.03238 + 2920*0.00356 + 730*0.0225 + 7.3*0.006 + 2190*0.005 + {REST_US}",
    ),
    (
        "us-east-1",
        {"launch-type": "ec2"},
        f"730*0.096 + 50*0.08 + 730*0.0225 + 7.3*0.006 + 2190*0.005 + {REST_US}",
    ),
    (
        "us-east-1",
        {"mode": "multi-machine"},
        (
            "365*0.04048 + 730*0.004445 + 1460*0.192 + 100*0.08 + 730*0.0225 + 7.3*0.006 + 2920*0.005"
            " + 730*0.045 + 3.65*0.045 + 5*0.3 + 5*0.03 + 5*0.06 + 5*0.05 + 730*0.016 + 20*0.115 + 0.5"
            f" + 25*0.3 + {REST_US}"
        ),
    ),
    (
        "eu-west-1",
        {},
        f"365*0.04048 + 730*0.004445 + 730*0.0252 + 7.3*0.006 + 2190*0.005 + {REST_IRELAND}",
    ),
    (
        "eu-west-1",
        {"private": "yes", "container-insights": "disabled"},
        (
            "365*0.04048 + 730*0.004445 + 730*0.0252 + 7.3*0.006 + 2190*0.005 + 730*0.048 + 3.65*0.048"
            f" + {REST_IRELAND} - 37*0.3"
        ),
    ),
    (
        "eu-central-1",
        {},
        f"365*0.04656 + 730*0.00511 + 730*0.027 + 7.3*0.006 + 2190*0.005 + {REST_FRANKFURT}",
    ),
    (
        "eu-central-1",
        {"launch-type": "ec2", "efs": "10"},
        (
            "730*0.115 + 50*0.0952 + 730*0.027 + 7.3*0.006 + 2190*0.005 + 10*0.36 + 10*0.04 + 10*0.07"
            f" + 10*0.06 + {REST_FRANKFURT}"
        ),
    ),
    (
        "ap-southeast-1",
        {},
        f"365*0.05056 + 730*0.00553 + 730*0.0252 + 7.3*0.006 + 2190*0.005 + {REST_SINGAPORE}",
    ),
    (
        "us-west-2",
        {"launch-type": "ec2", "architecture": "arm64"},
        f"730*0.077 + 50*0.08 + 730*0.0225 + 7.3*0.006 + 2190*0.005 + {REST_US}",
    ),
]


def worked_out(text: str) -> Decimal:
    """The sum of products, exactly."""
    total = Decimal(0)
    for part in text.replace("- ", "+ -").split("+"):
        product = Decimal(1)
        for factor in part.split("*"):
            product *= Decimal(factor.strip())
        total += product
    return total


@pytest.mark.parametrize(("region", "chosen", "paper"), TEN, ids=lambda x: str(x)[:40])
def test_the_bill_is_what_paper_says(region: str, chosen: dict[str, str], paper: str) -> None:
    plan = change(guides_plan(), {"region": region, **chosen})
    estimate = monthly_estimate(plan, today=TODAY)
    assert not estimate.at_least
    assert estimate.monthly == worked_out(paper)
