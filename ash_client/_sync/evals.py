# Generated from ash_client/_async by `make generate`; edit there.
"""Evaluations: questions an agent is tested with, runs of them, results."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ash_client._lazy import models
from ash_client._options import NOT_GIVEN, operation
from ash_client._sync.base import Base
from ash_client._wire.arguments import given, id_part, name_part, query, sent

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Unpack

    from ash_client._options import Absent, Id, RequestOptions


class Evals(Base):
    """Everything under ``eval-cases``, ``eval-runs`` and ``eval-results`` of an agent."""

    @operation("evals", "create_case")
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
        **request: Unpack[RequestOptions],
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
            models.EvalCase, "POST", _agent(agent_name, "eval-cases"), "case", body=body, **request
        )

    @operation("evals", "list_cases")
    def list_eval_cases(
        self,
        agent_name: str,
        *,
        category: str | None = None,
        is_active: bool | None = None,
        **request: Unpack[RequestOptions],
    ) -> list[models.EvalCase]:
        """List an agent's questions."""
        params = query(category=category, isActive=is_active)
        path = _agent(agent_name, "eval-cases")
        return self._ask_for(list[models.EvalCase], "GET", path, "cases", params=params, **request)

    @operation("evals", "get_case")
    def get_eval_case(
        self, agent_name: str, case_id: Id, **request: Unpack[RequestOptions]
    ) -> models.EvalCase:
        """Get a question."""
        return self._ask_for(models.EvalCase, "GET", _case(agent_name, case_id), "case", **request)

    @operation("evals", "update_case")
    def update_eval_case(
        self,
        agent_name: str,
        case_id: Id,
        *,
        question: str | None = None,
        expected_topics: Sequence[str] | Absent | None = NOT_GIVEN,
        expected_not_topics: Sequence[str] | Absent | None = NOT_GIVEN,
        reference_answer: str | Absent | None = NOT_GIVEN,
        category: str | Absent | None = NOT_GIVEN,
        tags: Sequence[str] | Absent | None = NOT_GIVEN,
        chat_history: Sequence[Mapping[str, str]] | Absent | None = NOT_GIVEN,
        is_active: bool | None = None,
        **request: Unpack[RequestOptions],
    ) -> models.EvalCase:
        """Change a question; what is not given stays as it is, and None clears what may be empty."""
        body = given(question=question, isActive=is_active) | sent(
            expectedTopics=expected_topics,
            expectedNotTopics=expected_not_topics,
            referenceAnswer=reference_answer,
            category=category,
            tags=tags,
            chatHistory=chat_history,
        )
        return self._ask_for(
            models.EvalCase, "PATCH", _case(agent_name, case_id), "case", body=body, **request
        )

    @operation("evals", "delete_case")
    def delete_eval_case(
        self, agent_name: str, case_id: Id, **request: Unpack[RequestOptions]
    ) -> None:
        """Delete a question."""
        self._ask("DELETE", _case(agent_name, case_id), **request)

    @operation("evals", "import_cases")
    def import_eval_cases(
        self, agent_name: str, cases: Sequence[Mapping[str, Any]], **request: Unpack[RequestOptions]
    ) -> int:
        """Add many questions, each a mapping in the wire's names (``question`` ...); how many were added."""
        body = {"cases": [dict(case) for case in cases]}
        path = _agent(agent_name, "eval-cases/import")
        return self._ask_for(int, "POST", path, "imported", body=body, **request)

    @operation("evals", "export_cases")
    def export_eval_cases(
        self, agent_name: str, **request: Unpack[RequestOptions]
    ) -> list[models.EvalCase]:
        """Get all of an agent's questions."""
        return self._ask_for(
            list[models.EvalCase],
            "GET",
            _agent(agent_name, "eval-cases/export"),
            "cases",
            **request,
        )

    @operation("evals", "create_run")
    def create_eval_run(
        self,
        agent_name: str,
        *,
        version_number: int | None = None,
        categories: Sequence[str] | None = None,
        tags: Sequence[str] | None = None,
        **request: Unpack[RequestOptions],
    ) -> models.EvalRun:
        """Ask an agent its questions, or those of some categories or tags."""
        body = given(versionNumber=version_number, categories=categories, tags=tags)
        return self._ask_for(
            models.EvalRun, "POST", _agent(agent_name, "eval-runs"), "run", body=body, **request
        )

    @operation("evals", "list_runs")
    def list_eval_runs(
        self, agent_name: str, **request: Unpack[RequestOptions]
    ) -> list[models.EvalRun]:
        """List an agent's runs."""
        return self._ask_for(
            list[models.EvalRun], "GET", _agent(agent_name, "eval-runs"), "runs", **request
        )

    @operation("evals", "get_run")
    def get_eval_run(
        self, agent_name: str, run_id: Id, **request: Unpack[RequestOptions]
    ) -> models.EvalRun:
        """Get a run."""
        return self._ask_for(models.EvalRun, "GET", _run(agent_name, run_id), "run", **request)

    @operation("evals", "compare_runs")
    def compare_eval_runs(
        self, agent_name: str, run_a: str, run_b: str, **request: Unpack[RequestOptions]
    ) -> models.EvalComparison:
        """Compare two runs."""
        id_part(run_a, "eval run id")
        params = query(runA=run_a, runB=run_b)
        path = _agent(agent_name, "eval-runs/compare")
        return self._ask_for(
            models.EvalComparison, "GET", path, "comparison", params=params, **request
        )

    @operation("evals", "list_results")
    def list_eval_results(
        self, agent_name: str, run_id: Id, **request: Unpack[RequestOptions]
    ) -> list[models.EvalResult]:
        """List what a run's answers were and how they scored."""
        path = f"{_run(agent_name, run_id)}/results"
        return self._ask_for(list[models.EvalResult], "GET", path, "results", **request)

    @operation("evals", "score_run")
    def score_eval_run(
        self,
        agent_name: str,
        run_id: Id,
        *,
        result_id: Id | None = None,
        human_score: float | None = None,
        human_notes: str | None = None,
        **request: Unpack[RequestOptions],
    ) -> int:
        """Score a run, or give one of its results a human score (1 to 5); how many were scored."""
        body = given(resultId=result_id, humanScore=human_score, humanNotes=human_notes)
        path = f"{_run(agent_name, run_id)}/score"
        return self._ask_for(int, "POST", path, "scored", body=body, **request)

    @operation("evals", "update_result")
    def update_eval_result(
        self,
        agent_name: str,
        result_id: Id,
        *,
        human_score: float | None = None,
        human_notes: str | None = None,
        **request: Unpack[RequestOptions],
    ) -> models.EvalResult:
        """Give a result a human score (1 to 5) and notes."""
        body = given(humanScore=human_score, humanNotes=human_notes)
        path = _agent(agent_name, f"eval-results/{id_part(result_id, 'eval result id')}")
        return self._ask_for(models.EvalResult, "PATCH", path, "result", body=body, **request)


def _agent(agent_name: str, rest: str) -> str:
    return f"/api/agents/{name_part(agent_name)}/{rest}"


def _case(agent_name: str, case_id: Id) -> str:
    return _agent(agent_name, f"eval-cases/{id_part(case_id, 'eval case id')}")


def _run(agent_name: str, run_id: Id) -> str:
    return _agent(agent_name, f"eval-runs/{id_part(run_id, 'eval run id')}")
