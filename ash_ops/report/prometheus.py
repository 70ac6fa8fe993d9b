"""The report as one page of metrics, in Prometheus' text format.

https://prometheus.io/docs/instrumenting/exposition_formats/. A status is a row for each that there
is, of which one is 1, so that an alert can ask for one; what is not known is left out, never 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from ash_ops.diagnosis import Report
from ash_ops.facts.snapshot import Snapshot

_STATUSES: Final = ("healthy", "problem", "inconclusive")
_Row = tuple[Mapping[str, str], float]


def render(report: Report, snapshot: Snapshot | None = None) -> str:
    """The metrics; each with the deployment's name and region.

    Args:
        report: the diagnosis.
        snapshot: the facts it was made from; they tell when that was.
    """
    of = {"deployment": report.deployment.name, "region": report.deployment.region}
    return "".join(f"{line}\n" for line in _lines(report, snapshot, of))


def _lines(report: Report, snapshot: Snapshot | None, of: Mapping[str, str]) -> Iterator[str]:
    status = [({**of, "status": s}, float(s == report.status)) for s in _STATUSES]
    yield from _metric("status", "The verdict: 1 for the one that holds.", status)
    yield from _metric(
        "finding", "A finding that lasts; its cause has a page.", _findings(report, of)
    )
    results = {"passed": len(report.passed), "unknown": len(report.unknown)}
    checks = [({**of, "result": name}, float(n)) for name, n in results.items()]
    yield from _metric("checks", "Checks that passed, and that could not tell.", checks)
    for name, about, known in (
        ("server_answers", "Whether the server answers.", report.answers),
        ("agents_run", "Whether it runs agents.", report.agents),
    ):
        yield from _metric(name, about, [] if known is None else [(of, float(known))])
    seconds = [(of, report.elapsed_ms / 1000)]
    yield from _metric("duration_seconds", "How long the look took.", seconds)
    at = [] if snapshot is None else [(of, snapshot.taken_at.timestamp())]
    yield from _metric("looked_at_timestamp_seconds", "When the facts were read.", at)


def _findings(report: Report, of: Mapping[str, str]) -> Iterator[_Row]:
    """One row each; of several of one cause and subject the first."""
    seen = set()
    for item in report.findings:
        role = "consequence" if item.explained_by else "root"
        labels = {
            **of, "cause": item.cause, "severity": item.severity, "subject": item.subject, "role": role,
        }  # fmt: skip
        key = tuple(labels.values())
        if item.until is None and key not in seen:
            seen.add(key)
            yield labels, 1.0


def _metric(name: str, about: str, rows: Iterable[_Row]) -> Iterator[str]:
    found = list(rows)
    if found:
        yield f"# HELP ash_ops_doctor_{name} {about}"
        yield f"# TYPE ash_ops_doctor_{name} gauge"
    for labels, value in found:
        told = ",".join(f'{label}="{_escaped(text)}"' for label, text in labels.items())
        yield f"ash_ops_doctor_{name}{{{told}}} {value:.15g}"


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
