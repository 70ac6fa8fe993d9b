"""Calls of services that ministack does not have: quotas, prices, costs.

Prices and costs have no meaning here, and an invented figure would be wrong in silence, so those
calls get a clean refusal.
"""

from __future__ import annotations

import json
from typing import Any

from ash_ops.demo import faults

Record = dict[str, Any]
Answer = tuple[int, dict[str, str], bytes]

_JSON = {"content-type": "application/x-amz-json-1.1"}

# (service, quota code) -> (name, value); names as Service Quotas lists them.
_DEFAULT_QUOTAS = {
    ("fargate", "L-3032A538"): ("Fargate On-Demand vCPU resource count", 6.0),
    ("fargate", "L-36FBB829"): ("Fargate Spot vCPU resource count", 6.0),
    ("vpc", "L-F678F1CE"): ("VPCs per Region", 5.0),
    ("vpc", "L-0EA8095F"): ("Inbound or outbound rules per security group", 60.0),
    ("ec2", "L-1216C47A"): ("Running On-Demand Standard instances", 32.0),
    ("ec2", "L-0263D0A3"): ("EC2-VPC Elastic IPs", 5.0),
    ("elasticloadbalancing", "L-69A177A2"): ("Network Load Balancers per Region", 50.0),
}
_quotas: dict[tuple[str, str], float] = {}

_NO_FIGURES = {
    "pricing": ("AccessDeniedException", "The embedded emulator has no price list."),
    "ce": ("DataUnavailableException", "The embedded emulator has no billing data."),
    "budgets": ("AccessDeniedException", "The embedded emulator has no budgets."),
}


def set_quota(service: str, code: str, value: float) -> None:
    """Set one quota's applied value."""
    _quotas[service, code] = value


def quota(service: str, code: str) -> float:
    """One quota's applied value."""
    return _quotas.get((service, code), _DEFAULT_QUOTAS[service, code][1])


def reset() -> None:
    """Go back to the default quotas."""
    _quotas.clear()


def answer(call: str, headers: dict[str, str], body: bytes) -> Answer | None:
    """The answer to a call of these services; ``None`` for every other call."""
    service, _, operation = call.partition(":")
    if service in _NO_FIGURES:
        code, message = _NO_FIGURES[service]
        return faults.refusal(400, code, message, call, headers)
    if service != "servicequotas":
        return None
    request = json.loads(body or b"{}")
    if operation in ("ListServiceQuotas", "ListAWSDefaultServiceQuotas"):
        quotas = [_quota(s, c) for s, c in _DEFAULT_QUOTAS if s == request.get("ServiceCode")]
        return 200, _JSON, json.dumps({"Quotas": quotas}).encode()
    key = (request.get("ServiceCode", ""), request.get("QuotaCode", ""))
    if operation == "RequestServiceQuotaIncrease" and key in _DEFAULT_QUOTAS:
        return 200, _JSON, json.dumps({"RequestedQuota": _raise(*key, request)}).encode()
    if operation in ("GetServiceQuota", "GetAWSDefaultServiceQuota") and key in _DEFAULT_QUOTAS:
        return 200, _JSON, json.dumps({"Quota": _quota(*key)}).encode()
    text = "The request failed because the specified service quota does not exist."
    return faults.refusal(400, "NoSuchResourceException", text, call, headers)


def _raise(service: str, code: str, request: Record) -> Record:
    """Grant an increase at once: here nobody looks at the request first."""
    wanted = float(request["DesiredValue"])
    set_quota(service, code, wanted)
    told = {k: v for k, v in _quota(service, code).items() if k not in ("Value", "Adjustable")}
    return {
        **told,
        "Id": "d187537d15254312a9609aa51bbf7624",
        "DesiredValue": wanted,
        "Status": "APPROVED",
    }


def _quota(service: str, code: str) -> Record:
    name, _ = _DEFAULT_QUOTAS[service, code]
    return {
        "ServiceCode": service,
        "ServiceName": service,
        "QuotaCode": code,
        "QuotaName": name,
        "Value": quota(service, code),
        "Unit": "None",
        "Adjustable": True,
        "GlobalQuota": False,
    }
