"""EC2 instance types by processor: the name says it.

``m6i.large``: series, generation, processor, size. ``g`` is AWS Graviton (ARM), ``i`` Intel, ``a`` AMD, none in
old generations Intel (EC2 user guide, "Amazon EC2 instance type naming conventions", read 2026-11-22).
"""

from __future__ import annotations

from ash_ops.patterns import regex

_NAME = regex(r"(?P<series>[a-z]+)(?P<generation>\d+)(?P<processor>g?)[a-z0-9-]*\.(?P<size>.+)")
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


# Service Quotas counts the vCPUs that run on demand by family; the codes are those of the service "ec2", as EC2's
# user guide links them ("On-Demand Instances", the table "On-Demand Instance quotas", read 2026-11-27).
_STANDARD = "L-1216C47A"  # A, C, D, H, I, M, R, T, Z
_FAMILIES = {
    "dl": "L-6E869C2A",
    "f": "L-74FC7D96",
    "g": "L-DB2E81BA",  # G and VT
    "gr": "L-DB2E81BA",  # Gr6 is of the family G6 ("Amazon EC2 G6 Instances")
    "hpc": "L-F7808C92",
    "inf": "L-1945791B",
    "p": "L-417A185B",
    "trn": "L-2C3B7624",
    "u": "L-43DA4232",  # High Memory
    "vt": "L-DB2E81BA",
    "x": "L-7295265B",
}
_SERIES = regex(r"[a-z]+")


def quota_code(instance_type: str) -> str | None:
    """The quota that counts a type's vCPUs; ``None`` of a family that is not known here."""
    found = _SERIES.match(instance_type)
    if found is None:
        return None
    series = found[0]
    if series in _FAMILIES:
        return _FAMILIES[series]
    return _STANDARD if series[0] in "acdhimrtz" and series != "mac" else None
