"""Every benchmark, one after the other: ``python -m tests.bench.all [NAME ...]``.

What is not installed to compare with is said first; its rows are left out.
"""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from tests.bench.logs_tools import tools

ROOT = Path(__file__).parents[2]
# name -> what it measures
BENCHMARKS = {
    "start_up": "Start-up of the command line and the SDK",
    "streaming": "One streamed event",
    "streaming_concurrent": "Many slow streams at once",
    "doctor": "The doctor",
    "logs_dump": "Printing stored logs",
    "logs_follow": "Following logs",
    "logs_simulated": "Following logs, in simulated time",
    "logs_memory": "Memory of following logs",
    "explain": "Explaining long texts",
    "capacity": "Fleets in simulated time",
}
PEERS = {
    "aiohttp": "aiohttp",
    "httpx_sse": "httpx-sse",
    "ash_sdk": "ash-ai-sdk",
    "anthropic": "anthropic",
}


def missing() -> list[str]:
    """The peers that are not there, by the name they are installed under."""
    libraries = [name for module, name in PEERS.items() if find_spec(module) is None]
    commands = [name for name in ("aws", "awslogs") if name not in tools("")]
    return libraries + commands


def main(names: list[str]) -> int:
    """Run the benchmarks of these names, or all; 1 if one failed."""
    unknown = set(names) - set(BENCHMARKS)
    if unknown:
        sys.exit(f"There is no benchmark {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}.")
    if absent := missing():
        print(f"Not installed, so not compared with: {', '.join(absent)}.")
    failed = [name for name in names or BENCHMARKS if not succeeds(name)]
    if failed:
        print(f"\nDid not end well: {', '.join(failed)}.")
    return 1 if failed else 0


def succeeds(name: str) -> bool:
    """Run one; its table goes to standard output."""
    print(f"\n## {BENCHMARKS[name]} (tests/bench/{name}.py)\n", flush=True)
    command = [sys.executable, "-m", f"tests.bench.{name}"]
    return subprocess.run(command, cwd=ROOT, check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
