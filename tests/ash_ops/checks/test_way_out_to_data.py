"""What the task must reach besides the internet: its file system and its database, by port and address."""

from __future__ import annotations

from typing import Any

import pytest

from ash_ops.checks.base import Finding
from ash_ops.checks.network.groups import lets_out
from ash_ops.diagnosis import diagnose
from ash_ops.facts.model import parsed
from ash_ops.facts.network import IpPermission
from tests.support import scenarios

HTTPS = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443}
NFS = {"IpProtocol": "tcp", "FromPort": 2049, "ToPort": 2049}
ANYWHERE = {"IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
SILENT = "[db] attempt 5 failed: connect ETIMEDOUT 10.0.9.8:6432"


@pytest.mark.parametrize(
    ("rule", "passes"),
    [
        ({**NFS, "IpRanges": [{"CidrIp": "10.0.2.0/24"}]}, True),  # a part of the network
        ({**NFS, "UserIdGroupPairs": [{"GroupId": "sg-efs"}]}, True),  # who is in it is not known
        ({**NFS, "PrefixListIds": [{"PrefixListId": "pl-9"}]}, True),  # nor what it lists
        ({**NFS, "IpRanges": [{"CidrIp": "192.168.0.0/16"}]}, False),
        ({**HTTPS, **ANYWHERE}, False),
        ({"IpProtocol": "udp", "FromPort": 2049, "ToPort": 2049, **ANYWHERE}, False),
        ({"IpProtocol": "-1", **ANYWHERE}, True),
    ],
)
def test_a_group_keeps_in_only_what_no_rule_of_it_may_let_out(
    rule: dict[str, Any], passes: bool
) -> None:
    rules = [parsed(IpPermission, rule)]
    assert lets_out(rules, 2049, ["10.0.0.0/16"], {}) is passes


def found(*rules: dict[str, Any], entries: Any = None, line: str = "") -> dict[str, Finding]:
    """What is said of a task whose group has these outbound rules, by the id of the finding."""
    facts = scenarios.healthy()
    facts["security_groups"]["value"][0]["IpPermissionsEgress"] = list(rules)
    if entries:
        facts["network_acls"]["value"][0]["Entries"][:0] = entries
    if line:
        last = facts["log_lines"]["value"][-1]
        facts["log_lines"]["value"].append({**last, "message": line})
    checked = diagnose(scenarios.snapshot(facts), ["pending"])
    return {f.id: f for f in checked.findings}


def test_a_file_system_out_of_reach_is_a_warning_while_the_task_that_mounted_it_runs() -> None:
    shut = found({**HTTPS, **ANYWHERE})["egress-blocked:own"]
    assert shut.severity == "warning"
    assert "TCP 2049 out to file system fs-1" in shut.summary


def test_a_database_that_a_running_task_calls_in_vain_is_told_with_its_own_port() -> None:
    shut = found({**HTTPS, **ANYWHERE}, {**NFS, **ANYWHERE}, line=SILENT)["egress-blocked:own"]
    assert shut.severity == "error"
    assert "TCP 6432 out to the database at 10.0.9.8" in shut.summary
    assert "10.0.9.8/32" in (shut.fix[0].command or "")


def test_one_command_opens_the_way_to_both() -> None:
    shut = found({**HTTPS, **ANYWHERE}, line=SILENT)["egress-blocked:own"]
    assert "2049" in (shut.fix[0].command or "")
    assert "6432" in (shut.fix[0].command or "")


@pytest.mark.parametrize(
    ("address", "told"),
    [("10.0.9.8", True), ("10.0.1.77", False)],  # the second stands in the task's own subnet
)
def test_what_stays_inside_a_subnet_passes_no_acl(address: str, told: bool) -> None:
    deny = {"RuleNumber": 50, "RuleAction": "deny", "Egress": True, "Protocol": "6"}
    deny |= {"CidrBlock": "0.0.0.0/0", "PortRange": {"From": 6432, "To": 6432}}
    line = SILENT.replace("10.0.9.8", address)
    dropped = found({"IpProtocol": "-1", **ANYWHERE}, entries=[deny], line=line)
    assert ("nacl-blocks:acl-1-egress-6432" in dropped) is told


@pytest.mark.parametrize(
    "line",
    [
        '{"level":30,"msg":"psql: connect ETIMEDOUT 203.0.113.99:5432"}',
        '{"level":50,"msg":"[sandbox s1] psql: connect ETIMEDOUT 203.0.113.99:5432"}',
        "[sandbox s1] psql: connect ETIMEDOUT 203.0.113.99:5432",
    ],
)
def test_a_tool_of_an_agent_that_finds_no_database_is_no_trouble_of_the_server(line: str) -> None:
    assert "egress-blocked:own" not in found({**HTTPS, **ANYWHERE}, {**NFS, **ANYWHERE}, line=line)
