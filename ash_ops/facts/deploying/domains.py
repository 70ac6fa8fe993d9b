"""Hosted zones of Route 53 and the records in them."""

from __future__ import annotations

from msgspec import field

from ash_ops.facts.model import Pascal


class ZoneConfig(Pascal):
    """Whether a zone answers inside VPCs only."""

    private_zone: bool = False


class HostedZone(Pascal):
    """A hosted zone.

    Attributes:
        path: its id as Route 53 answers it, ``/hostedzone/Z...``.
        full_name: its name with the dot at the end.
        name_servers: those that its domain has to name; empty where they were not asked for.
    """

    path: str = field(default="", name="Id")
    full_name: str = field(default="", name="Name")
    config: ZoneConfig | None = None
    name_servers: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """Its id, as parameters and commands take it."""
        return self.path.rsplit("/", 1)[-1]

    @property
    def name(self) -> str:
        """Its name."""
        return self.full_name.rstrip(".").lower()

    @property
    def is_private(self) -> bool:
        """Whether it answers inside VPCs only."""
        return self.config is not None and self.config.private_zone

    def holds(self, domain: str) -> bool:
        """Whether a name is in the zone, or is its own."""
        return domain == self.name or domain.endswith(f".{self.name}")


class RecordSet(Pascal):
    """The records of one name and type."""

    full_name: str = field(default="", name="Name")
    type: str = ""

    @property
    def name(self) -> str:
        """Its name, as one writes it."""
        return self.full_name.rstrip(".").lower()
