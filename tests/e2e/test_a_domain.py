"""A name of one's own: certificate, record and TLS listener in one deployment, gone with it again."""

from __future__ import annotations

import io
import socket
import sys

import pytest

from tests.e2e.conftest import Clients, Stack
from tests.e2e.test_what_runs import run

NAME = "ash.example.test"


def record(kind: str, value: str) -> dict[str, object]:
    return {"Name": NAME, "Type": kind, "TTL": 60, "ResourceRecords": [{"Value": value}]}


def change(client: Clients, zone: str, action: str, what: dict[str, object]) -> None:
    batch = {"Changes": [{"Action": action, "ResourceRecordSet": what}]}
    client("route53").change_resource_record_sets(HostedZoneId=zone, ChangeBatch=batch)


def of_the_name(client: Clients, zone: str) -> dict[str, dict[str, object]]:
    every = client("route53").list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]
    return {each["Type"]: each for each in every if each["Name"] == f"{NAME}."}


def test_a_domain_is_served_with_tls_alone_and_leaves_the_zone_as_it_was(
    client: Clients, monkeypatch: pytest.MonkeyPatch, held_to_models: dict[str, str]
) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-ant-api03-emulated-0123456789")
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    monkeypatch.setenv("ASH_ECS_LISTENER_PORT", str(port))
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    made = client("route53").create_hosted_zone(Name="example.test", CallerReference="by hand")
    zone = made["HostedZone"]["Id"].rsplit("/", 1)[-1]

    foreign = record("CNAME", "elsewhere.example.org")
    change(client, zone, "CREATE", foreign)
    code, said = run("deploy", "--yes", "--domain", NAME)
    assert (code, "type CNAME" in said) == (1, True), said
    assert not client("ecs").list_clusters()["clusterArns"]
    assert not client("secretsmanager").list_secrets()["SecretList"]
    assert of_the_name(client, zone).keys() == {"CNAME"}
    change(client, zone, "DELETE", foreign)
    change(client, zone, "CREATE", record("TXT", '"a neighbour"'))

    code, said = run("deploy", "--yes", "--no-wait", "--domain", NAME)
    assert code == 0, said
    assert f"https://{NAME}:{port} is then the only address" in said
    stack = Stack(client)
    assert stack.final_status() == "CREATE_COMPLETE"
    (balancer,) = client("elbv2").describe_load_balancers()["LoadBalancers"]
    arn = balancer["LoadBalancerArn"]
    (listener,) = client("elbv2").describe_listeners(LoadBalancerArn=arn)["Listeners"]
    (certificate,) = client("acm").list_certificates()["CertificateSummaryList"]
    assert (listener["Protocol"], listener["Port"]) == ("TLS", port)
    assert listener["Certificates"] == [{"CertificateArn": certificate["CertificateArn"]}]
    assert certificate["DomainName"] == NAME
    alias = of_the_name(client, zone)["A"]["AliasTarget"]
    assert isinstance(alias, dict)
    assert alias["DNSName"].rstrip(".") == balancer["DNSName"]
    code, said = run("connect")
    assert (code, f"ASH_SERVER_URL=https://{NAME}:{port}" in said) == (0, True), said

    assert run("teardown", "--yes")[0] == 0
    assert of_the_name(client, zone).keys() == {"TXT"}
    assert not client("acm").list_certificates()["CertificateSummaryList"]
    assert held_to_models["route53:ListResourceRecordSets"] == "rest-xml"
