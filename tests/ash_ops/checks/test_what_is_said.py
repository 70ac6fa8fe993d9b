"""What a finding says, in every scenario."""

from __future__ import annotations

from ash_ops.diagnosis import diagnose
from ash_ops.facts.model import parsed
from ash_ops.facts.snapshot import Snapshot
from tests.support import one_check, prose, scenarios
from tests.support.each import each


@each("name", scenarios.names())
def test_a_finding_speaks_in_sentences_of_what_was_read_and_ends_in_a_repair(name: str) -> None:
    """A finding nobody can understand, check, or do anything about, helps nobody at night."""
    facts = one_check.facts(name)
    report, text = diagnose(parsed(Snapshot, facts)), prose.read(facts)
    for item in report.findings:
        prose.holds(item, text)
    for whose, sentence in prose.told(report):
        prose.is_plain(whose, sentence, text)
