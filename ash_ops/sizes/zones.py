"""The zones that Fargate leaves out, by their ids: the letters differ between accounts.

Source: ECS developer guide, "Supported Regions for Amazon ECS on AWS Fargate", read 2026-11-27; that
``use1-az3`` has none is seen in public issues, the page's row for us-east-1 names no zone today.
"""

from __future__ import annotations

_WITHOUT = frozenset({"use1-az3"})
# Of these regions the page names the zones that have it.
_ONLY: dict[str, frozenset[str]] = {
    "usw1": frozenset({"usw1-az1", "usw1-az3"}),
    "apne1": frozenset({"apne1-az1", "apne1-az2", "apne1-az4"}),
    "cac1": frozenset({"cac1-az1", "cac1-az2"}),
    "cnn1": frozenset({"cnn1-az1", "cnn1-az2"}),
}


def lacks_fargate(zone_id: str | None) -> bool:
    """Whether a zone is known to run no Fargate tasks; of one that is not told nothing is known.

    Args:
        zone_id: for instance ``use1-az3``.
    """
    if not zone_id:
        return False
    only = _ONLY.get(zone_id.partition("-")[0])
    return zone_id in _WITHOUT or (only is not None and zone_id not in only)
