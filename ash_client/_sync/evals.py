# Generated from ash_client/_async by `make generate`; edit there.
"""Evaluations: questions an agent is tested with, runs of them, results."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ash_client._lazy import models
from ash_client._sync.base import Base
from ash_client._wire import given, id_part, name_part, query

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Evals(Base):
    """Everything under ``eval-cases``, ``eval-runs`` and ``eval-results`` of an agent."""

    def create_eval_case(
        self,
        agent_name: str,
        question: str,
        *,
        expected_topics: Sequence[str] | None = None,
        expected_not_topics: Sequence[str] | None = None,
        reference_answer: str | None = None,
        category: str | None = None,
        tags: Sequence[str] | None = None,
        chat_history: Sequence[Mapping[str, str]] | None = None,
        is_active: bool | None = None,
    ) -> models.EvalCase:
        """Add a question; ``chat_history`` is a list of mappings with ``role`` and ``content``."""
        body = given(
            question=question,
            expectedTopics=expected_topics,
            expectedNotTopics=expected_not_topics,
            referenceAnswer=reference_answer,
            category=category,
            tags=tags,
            chatHistory=chat_history,
            isActive=is_active,
        )
        return self._ask_for(
            models.EvalCase, "POST", _agent(agent_name, "eval-cases"), "case", body=body
        )

    def list_eval_cases(
        self, agent_name: str, *, category: str | None = None, is_active: bool | None = None
    ) -> list[models.EvalCase]:
        """List an agent's questions."""
        params = query(category=category, isActive=is_active)
        path = _agent(agent_name, "eval-cases")
        return self._ask_for(list[models.EvalCase], "GET", path, "cases", params=params)

    def get_eval_case(self, agent_name: str, case_id: str) -> models.EvalCase:
        """Get a question."""
        return self._ask_for(models.EvalCase, "GET", _case(agent_name, case_id), "case")

    def update_eval_case(
        self,
        agent_name: str,
        case_id: str,
        *,
        question: str | None = None,
        expected_topics: Sequence[str] | None = None,
        expected_not_topics: Sequence[str] | None = None,
        reference_answer: str | None = None,
        category: str | None = None,
        tags: Sequence[str] | None = None,
        chat_history: Sequence[Mapping[str, str]] | None = None,
        is_active: bool | None = None,
    ) -> models.EvalCase:
        """Change a question; what is not given stays as it is."""
        body = given(
            question=question,
            expectedTopics=expected_topics,
            expectedNotTopics=expected_not_topics,
            referenceAnswer=reference_answer,
            category=category,
            tags=tags,
            chatHistory=chat_history,
            isActive=is_active,
        )
        return self._ask_for(
            models.EvalCase, "PATCH", _case(agent_name, case_id), "case", body=body
        )

    def delete_eval_case(self, agent_name: str, case_id: str) -> None:
        """Delete a question."""
        self._ask("DELETE", _case(agent_name, case_id))

    def import_eval_cases(self, agent_name: str, cases: Sequence[Mapping[str, Any]]) -> int:
        """Add many questions, each a mapping in the wire's names (``question`` ...); how many were added."""
        body = {"cases": [dict(case) for case in cases]}
        path = _agent(agent_name, "eval-cases/import")
        return self._ask_for(int, "POST", path, "imported", body=body)

    def export_eval_cases(self, agent_name: str) -> list[models.EvalCase]:
        """Get all of an agent's questions."""
        return self._ask_for(
            list[models.EvalCase], "GET", _agent(agent_name, "eval-cases/export"), "cases"
        )

    def create_eval_run(
        self,
        agent_name: str,
        *,
        version_number: int | None = None,
        categories: Sequence[str] | None = None,
        tags: Sequence[str] | None = None,
    ) -> models.EvalRun:
        """Ask an agent its questions, or those of some categories or tags."""
        body = given(versionNumber=version_number, categories=categories, tags=tags)
        return self._ask_for(
            models.EvalRun, "POST", _agent(agent_name, "eval-runs"), "run", body=body
        )

    def list_eval_runs(self, agent_name: str) -> list[models.EvalRun]:
        """List an agent's runs."""
        return self._ask_for(list[models.EvalRun], "GET", _agent(agent_name, "eval-runs"), "runs")

    def get_eval_run(self, agent_name: str, run_id: str) -> models.EvalRun:
        """Get a run."""
        return self._ask_for(models.EvalRun, "GET", _run(agent_name, run_id), "run")

    def compare_eval_runs(self, agent_name: str, run_a: str, run_b: str) -> models.EvalComparison:
        """Compare two runs."""
        id_part(run_a, "eval run id")
        params = query(runA=run_a, runB=run_b)
        path = _agent(agent_name, "eval-runs/compare")
        return self._ask_for(models.EvalComparison, "GET", path, "comparison", params=params)

    def list_eval_results(self, agent_name: str, run_id: str) -> list[models.EvalResult]:
        """List what a run's answers were and how they scored."""
        path = f"{_run(agent_name, run_id)}/results"
        return self._ask_for(list[models.EvalResult], "GET", path, "results")

    def score_eval_run(
        self,
        agent_name: str,
        run_id: str,
        *,
        result_id: str | None = None,
        human_score: float | None = None,
        human_notes: str | None = None,
    ) -> int:
        """Score a run, or give one of its results a human score (1 to 5); how many were scored."""
        body = given(resultId=result_id, humanScore=human_score, humanNotes=human_notes)
        path = f"{_run(agent_name, run_id)}/score"
        return self._ask_for(int, "POST", path, "scored", body=body)

    def update_eval_result(
        self,
        agent_name: str,
        result_id: str,
        *,
        human_score: float | None = None,
        human_notes: str | None = None,
    ) -> models.EvalResult:
        """Give a result a human score (1 to 5) and notes."""
        body = given(humanScore=human_score, humanNotes=human_notes)
        path = _agent(agent_name, f"eval-results/{id_part(result_id, 'eval result id')}")
        return self._ask_for(models.EvalResult, "PATCH", path, "result", body=body)


def _agent(agent_name: str, rest: str) -> str:
    return f"/api/agents/{name_part(agent_name)}/{rest}"


def _case(agent_name: str, case_id: str) -> str:
    return _agent(agent_name, f"eval-cases/{id_part(case_id, 'eval case id')}")


def _run(agent_name: str, run_id: str) -> str:
    return _agent(agent_name, f"eval-runs/{id_part(run_id, 'eval run id')}")
