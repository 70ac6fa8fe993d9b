"""What EC2 answers about a type of instance."""

from ash_ops.facts.model import Pascal


class ProcessorInfo(Pascal):
    """The processors: ``x86_64``, ``arm64`` and older ones."""

    supported_architectures: tuple[str, ...] = ()


class VCpuInfo(Pascal):
    """How many virtual processors it has."""

    default_v_cpus: int | None = None


class MemoryInfo(Pascal):
    """Its memory, of which the system keeps a part."""

    size_in_mi_b: int | None = None


class NetworkInfo(Pascal):
    """How many network interfaces it can have, its own included."""

    maximum_network_interfaces: int | None = None


class InstanceType(Pascal):
    """A type of instance, as DescribeInstanceTypes tells it."""

    instance_type: str = ""
    processor_info: ProcessorInfo | None = None
    v_cpu_info: VCpuInfo | None = None
    memory_info: MemoryInfo | None = None
    network_info: NetworkInfo | None = None

    @property
    def architectures(self) -> tuple[str, ...]:
        """Those it runs; none if EC2 did not say."""
        return self.processor_info.supported_architectures if self.processor_info else ()

    @property
    def vcpus(self) -> int | None:
        """Its virtual processors."""
        return self.v_cpu_info.default_v_cpus if self.v_cpu_info else None

    @property
    def memory_mb(self) -> int | None:
        """Its whole memory in MiB."""
        return self.memory_info.size_in_mi_b if self.memory_info else None

    @property
    def interfaces(self) -> int | None:
        """The network interfaces it can have."""
        return self.network_info.maximum_network_interfaces if self.network_info else None
