"""Hosted zones of Route 53, the records in them, and what the public DNS says of them."""

from collections.abc import Iterator

from msgspec import field

from ash_ops.facts.model import Model, Pascal


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

    def names_up_from(self, domain: str) -> Iterator[str]:
        """The names from a domain up to the zone; the zone's own only where it is the domain."""
        yield domain
        name = domain.partition(".")[2]
        while name != self.name and self.holds(name):
            yield name
            name = name.partition(".")[2]


class RecordSet(Pascal):
    """The records of one name and type."""

    full_name: str = field(default="", name="Name")
    type: str = ""

    @property
    def name(self) -> str:
        """Its name, as one writes it."""
        return self.full_name.rstrip(".").lower()


class DnsAnswer(Model, kw_only=True):
    """What the public DNS said of a name.

    Attributes:
        rows: the data of its records, as a zone file has them.
    """

    name: str
    rows: tuple[str, ...]


class PublicDns(Model, kw_only=True):
    """What the world is told of a domain.

    Attributes:
        name_servers: those that the DNS names for its zone; empty where none was found, or it has no zone here.
        knows_parent: whether somebody answers for the name above a zone that no server was found for.
        issuers: the nearest CAA records; ``None`` where there are none, or no certificate is to be issued.
    """

    name_servers: tuple[str, ...] = ()
    knows_parent: bool = False
    issuers: DnsAnswer | None = None
