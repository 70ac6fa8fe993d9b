"""Evaluations of agents: cases, runs over them, and the scores people give.

A run is carried out when it is first looked at: every case's question goes to the agent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from ash_client.testing._http.call import Call, bad_request, no_content, ok
from ash_client.testing._http.errors import ash_error
from ash_client.testing._model.script import Verbatim
from ash_client.testing._model.state import TENANT
from ash_client.testing.answers import Prompt, parts_of

if TYPE_CHECKING:
    from ash_client.testing._http.exchange import Response

Record = dict[str, Any]

_OPTIONAL: Final = (
    *("expectedTopics", "expectedNotTopics", "referenceAnswer", "category", "tags"),
    "chatHistory",
)


def create_case(call: Call) -> Response:
    """``POST /api/agents/{name}/eval-cases``."""
    return ok({"case": _insert_case(call, call.body)}, 201)


def import_cases(call: Call) -> Response:
    """``POST /api/agents/{name}/eval-cases/import``."""
    call.state.agent(call.params["name"])
    for case in call.body["cases"]:
        _insert_case(call, case)
    return ok({"imported": len(call.body["cases"])})


def list_cases(call: Call) -> Response:
    """``GET /api/agents/{name}/eval-cases``."""
    category, active = call.query.get("category"), call.query.get("isActive")
    cases = [
        case
        for case in _of_agent(call, call.state.eval_cases)
        if category in (None, case["category"]) and active in (None, str(case["isActive"]).lower())
    ]
    return ok({"cases": cases})


def export_cases(call: Call) -> Response:
    """``GET /api/agents/{name}/eval-cases/export``."""
    return ok({"cases": _of_agent(call, call.state.eval_cases)})


def get_case(call: Call) -> Response:
    """``GET /api/agents/{name}/eval-cases/{id}``."""
    return ok({"case": _case(call)})


def update_case(call: Call) -> Response:
    """``PATCH /api/agents/{name}/eval-cases/{id}``."""
    case = _case(call)
    fields = ("question", *_OPTIONAL, "isActive")
    case |= {key: call.body[key] for key in fields if key in call.body}
    case["updatedAt"] = call.state.now()
    return ok({"case": case})


def delete_case(call: Call) -> Response:
    """``DELETE /api/agents/{name}/eval-cases/{id}``."""
    del call.state.eval_cases[_case(call)["id"]]
    return no_content()


def create_run(call: Call) -> Response:
    """``POST /api/agents/{name}/eval-runs``: all active cases, or those of some categories."""
    agent, wanted = call.state.agent(call.params["name"]), call.body or {}
    number = wanted.get("versionNumber")
    if number is not None and all(v["versionNumber"] != number for v in agent.versions):
        raise ash_error(404, f"Agent version {number} not found")
    cases = [case for case in _of_agent(call, call.state.eval_cases) if _selected(case, wanted)]
    run: Record = {"id": str(uuid4()), "tenantId": TENANT, "agentName": agent.name}
    run |= {"versionNumber": number, "status": "pending", "totalCases": len(cases)}
    run |= {"completedCases": 0, "summary": None, "createdAt": call.state.now()}
    run |= {"startedAt": None, "completedAt": None}
    call.state.eval_runs[run["id"]] = run
    for case in cases:
        _insert_result(call, run, case)
    return ok({"run": dict(run)}, 201)


def list_runs(call: Call) -> Response:
    """``GET /api/agents/{name}/eval-runs``, the newest first."""
    runs = _of_agent(call, call.state.eval_runs)
    for run in runs:
        _carry_out(call, run)
    return ok({"runs": list(reversed(runs))})


def get_run(call: Call) -> Response:
    """``GET /api/agents/{name}/eval-runs/{id}``."""
    return ok({"run": _run(call, call.params["id"], "Eval run not found")})


def list_results(call: Call) -> Response:
    """``GET /api/agents/{name}/eval-runs/{id}/results``."""
    return ok({"results": _results(call, _run(call, call.params["id"], "Eval run not found"))})


def compare_runs(call: Call) -> Response:
    """``GET /api/agents/{name}/eval-runs/compare``."""
    run_a = _run(call, call.query["runA"], "Eval run A not found")
    run_b = _run(call, call.query["runB"], "Eval run B not found")
    results_a = {r["evalCaseId"]: r for r in _results(call, run_a)}
    results_b = {r["evalCaseId"]: r for r in _results(call, run_b)}
    pairs = [
        {
            "caseId": case_id,
            "question": call.state.eval_cases.get(case_id, {}).get("question", ""),
            "resultA": results_a.get(case_id),
            "resultB": results_b.get(case_id),
        }
        for case_id in {**results_a, **results_b}
    ]
    return ok({"comparison": {"runA": run_a, "runB": run_b, "results": pairs}})


def score_run(call: Call) -> Response:
    """``POST /api/agents/{name}/eval-runs/{id}/score``: one result, or all of the run."""
    run = _run(call, call.params["id"], "Eval run not found")
    scores = _scores(call)
    results, wanted = _results(call, run), call.body.get("resultId")
    if wanted is not None:
        results = [r for r in results if r["id"] == wanted]
        if not results:
            raise ash_error(404, "Eval result not found in this run")
    for result in results:
        result |= scores
    return ok({"scored": len(results), "results": results})


def score_result(call: Call) -> Response:
    """``PATCH /api/agents/{name}/eval-results/{id}``."""
    call.state.agent(call.params["name"])
    result = call.state.eval_results.get(call.params["id"])
    if result is None:
        raise ash_error(404, "Eval result not found")
    result |= _scores(call)
    return ok({"result": result})


def _insert_case(call: Call, body: Record) -> Record:
    agent, now = call.state.agent(call.params["name"]), call.state.now()
    case: Record = {"id": str(uuid4()), "tenantId": TENANT, "agentName": agent.name}
    case |= {"question": body["question"], **{key: body.get(key) for key in _OPTIONAL}}
    case |= {"isActive": body.get("isActive", True), "createdAt": now, "updatedAt": now}
    call.state.eval_cases[case["id"]] = case
    return case


def _insert_result(call: Call, run: Record, case: Record) -> None:
    result: Record = {"id": str(uuid4()), "tenantId": TENANT, "evalRunId": run["id"]}
    result |= {"evalCaseId": case["id"], "agentResponse": None, "topicScore": None}
    result |= {"safetyScore": None, "llmJudgeScore": None, "latencyMs": None}
    result |= {"status": "pending", "error": None, "humanScore": None, "humanNotes": None}
    result |= {"createdAt": run["createdAt"], "completedAt": None}
    call.state.eval_results[result["id"]] = result


def _carry_out(call: Call, run: Record) -> None:
    if run["status"] != "pending":
        return
    now, results = call.state.now(), _results(call, run)
    for result in results:
        question = call.state.eval_cases.get(result["evalCaseId"], {}).get("question", "")
        answer = call.script.next_answer(Prompt(question, question, run["id"], run["agentName"]))
        parts = [] if isinstance(answer, Verbatim) else parts_of(answer)
        texts = [part for part in parts if isinstance(part, str)]
        result |= {"agentResponse": "".join(texts), "latencyMs": 0, "status": "completed"}
        result |= {"topicScore": 1, "safetyScore": 1, "completedAt": now}
    summary = {"avgTopicScore": 1, "avgSafetyScore": 1, "avgLlmJudgeScore": None}
    summary |= {"avgLatencyMs": 0, "passRate": 1}
    run |= {"status": "completed", "completedCases": len(results), "startedAt": now}
    run |= {"completedAt": now, "summary": summary if results else None}


def _selected(case: Record, wanted: Record) -> bool:
    categories, tags = wanted.get("categories"), wanted.get("tags")
    return (
        case["isActive"]
        and (not categories or case["category"] in categories)
        and (not tags or bool(set(tags) & set(case["tags"] or ())))
    )


def _scores(call: Call) -> Record:
    scores = {k: v for k, v in (call.body or {}).items() if k in ("humanScore", "humanNotes")}
    if not scores:
        raise bad_request("Provide humanScore and/or humanNotes")
    return scores


def _of_agent(call: Call, records: dict[str, Record]) -> list[Record]:
    name = call.state.agent(call.params["name"]).name
    return [record for record in records.values() if record["agentName"] == name]


def _case(call: Call) -> Record:
    agent = call.state.agent(call.params["name"])
    case = call.state.eval_cases.get(call.params["id"])
    if case is None or case["agentName"] != agent.name:
        raise ash_error(404, "Eval case not found")
    return case


def _run(call: Call, run_id: str, missing: str) -> Record:
    agent = call.state.agent(call.params["name"])
    run = call.state.eval_runs.get(run_id)
    if run is None or run["agentName"] != agent.name:
        raise ash_error(404, missing)
    _carry_out(call, run)
    return run


def _results(call: Call, run: Record) -> list[Record]:
    return [r for r in call.state.eval_results.values() if r["evalRunId"] == run["id"]]
