"""What a deployment costs, as people and machines read it."""

from __future__ import annotations

from ash_ops.cost.answer import Answer


def as_text(answer: Answer, *, fancy: bool = True) -> str:
    """The table: of the estimate, of two side by side, or of the bill beside the estimate."""
    from ash_ops.report.cost.text import actual_text, comparison_text, estimate_text

    plan = answer.estimate.plan
    kind = "as deployed" if plan.deployed else "as planned"
    title = f"{answer.name} in {plan.region}, {plan.mode}, {kind}"
    if answer.actual is not None:
        return actual_text(answer.actual, title)
    if answer.comparison is not None:
        return comparison_text(answer.comparison, title)
    return estimate_text(answer.estimate, title, fancy=fancy)


def as_json(answer: Answer) -> str:
    """The JSON contract ``ash-ops.cost/1``."""
    from ash_ops.report.cost.json import document, dumps

    actual = None if answer.actual is None else answer.actual.document()
    return dumps(document(answer.estimate, answer.comparison, actual))
