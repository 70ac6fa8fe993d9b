"""EC2 instance types by processor: the name says it.

``m6i.large``: series, generation, processor, size. ``g`` is AWS Graviton (ARM), ``i`` Intel, ``a`` AMD, none in
old generations Intel (EC2 user guide, "Amazon EC2 instance type naming conventions", read 2026-11-22).
"""

from __future__ import annotations

import re

_NAME = re.compile(
    r"(?P<series>[a-z]+)(?P<generation>\d+)(?P<processor>g?)[a-z0-9-]*\.(?P<size>.+)"
)
_OLDEST_ON_ARM = 6  # of general purpose, compute and memory types; T has t4g alone


def for_processor(instance_type: str, architecture: str) -> str:
    """The type of the same series and size with a processor of that architecture.

    A type that has it already, or whose name does not tell, is given back as it is.

    Args:
        instance_type: for instance ``m6i.large``, which on ARM becomes ``m6g.large``.
        architecture: ``X86_64`` or ``ARM64``, in any case.
    """
    name = _NAME.fullmatch(instance_type)
    on_arm = architecture.upper() == "ARM64"
    if name is None or bool(name["processor"]) is on_arm:
        return instance_type
    series, size, generation = name["series"], name["size"], int(name["generation"])
    if series == "t":
        return f"{'t4g' if on_arm else 't3'}.{size}"
    if on_arm:
        return f"{series}{max(generation, _OLDEST_ON_ARM)}g.{size}"
    return f"{series}{generation}i.{size}"
