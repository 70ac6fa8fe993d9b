"""Another default for every parameter of the templates, written where defaults are declared: in the part."""

from __future__ import annotations

import re

# What stands for a text that is no list: legal by the parameter's pattern, and found nowhere else.
TEXTS = {
    "Name": "elsewhere",
    "Image": "registry.example.com/team/ash:9.8.7",
    "Cpu": "2048",
    "Memory": "5120",  # Fargate offers it with those CPU units
    "InstanceType": "c7i.2xlarge",
    "AdditionalCidr": "198.51.100.0/24",
    "AlarmBudget": "77",
    "AlarmEmail": "somebody@example.org",
    "AlarmTopicArn": "arn:aws:sns:eu-north-1:123456789012:pager",
    "CertificateArn": "arn:aws:acm:eu-north-1:123456789012:certificate/0a1b",
    "Hostname": "ash.example.org",
    "DomainName": "ash.example.net",
    "HostedZoneId": "Z0123456789ABCDEFGHIJ",
    "SecretVersion": "another",
    "SnapshotsBucket": "kept-workspaces",
    "SnapshotsRegion": "eu-north-1",
    "FileSystemId": "fs-0123456789abcdef0",
    "DataVolumeId": "vol-0123456789abcdef0",
    "DataZone": "eu-north-1b",
    "DataSubnetId": "subnet-0123456789abcdef0",
    "PermissionsBoundaryArn": "arn:aws:iam::123456789012:policy/Bound",
    "DatabaseClass": "db.r7g.large",
    "DatabaseSnapshotId": "kept-copy-of-rows",
}
_BLOCK = re.compile(r"^  (\w+):\n((?:    .*\n|#.*\n)+)", re.M)
_DEFAULT = re.compile(r"^    Default: (.*)$", re.M)
_ALLOWED = re.compile(r"^    AllowedValues: \[(.*)\]$", re.M)


def changed(part: str, leave: frozenset[str] = frozenset()) -> tuple[str, dict[str, str]]:
    """The part with other defaults, and the new default by parameter.

    Args:
        part: the text of ``parameters.yaml``.
        leave: the parameters that keep theirs.
    """
    new: dict[str, str] = {}

    def block(found: re.Match[str]) -> str:
        name, body = found[1], found[2]
        old = _DEFAULT.search(body)
        if old is None or name in leave:
            return found[0]
        new[name] = TEXTS.get(name) or _another(body, old[1].strip("'"))
        written = new[name] if "    Type: Number\n" in body else f"'{new[name]}'"
        return f"  {name}:\n" + _DEFAULT.sub(f"    Default: {written}", body)

    return _BLOCK.sub(block, part), new


def _another(body: str, old: str) -> str:
    """The next value of a list, or the next number but a few."""
    listed = _ALLOWED.search(body)
    if listed is None:
        return str(int(old) + 7)
    values = [value.strip(" '") for value in listed[1].split(",")]
    return values[(values.index(old) + 1) % len(values)]
