"""What the emulated account shows of the bundled template, read with boto3 alone."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from ash_ops.demo import Emulator

NAMES = [f"group-{n}" for n in range(40)]


@pytest.fixture
def deployed(stack: Any) -> Any:
    assert stack.create() == "CREATE_COMPLETE"
    return stack


def get(url: str, key: str | None = None) -> tuple[int, Any]:
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {key}"} if key else {})
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.loads(error.read())


def test_the_stacks_url_leads_to_a_listening_server(deployed: Any) -> None:
    status, body = get(f"{deployed.outputs()['Url']}/health")
    assert (status, body["status"]) == (200, "ok")


def test_the_server_has_the_key_of_the_secret(deployed: Any) -> None:
    sessions = f"{deployed.outputs()['Url']}/api/sessions"
    assert get(sessions)[0] == 401
    assert get(sessions, "another-key")[1]["error"] == "Invalid API key"
    assert get(sessions, "the-deployed-api-key")[0] == 200


def test_the_balancers_name_and_port_agree_with_what_elb_tells(deployed: Any, client: Any) -> None:
    balancer = client("elbv2").describe_load_balancers()["LoadBalancers"][0]
    listener = client("elbv2").describe_listeners(LoadBalancerArn=balancer["LoadBalancerArn"])
    port = listener["Listeners"][0]["Port"]
    assert deployed.outputs()["Url"] == f"http://{balancer['DNSName']}:{port}"
    assert port == 4100
    assert balancer["Type"] == "network"
    assert ":loadbalancer/net/" in balancer["LoadBalancerArn"]
    zones = {zone["ZoneName"] for zone in balancer["AvailabilityZones"]}
    assert zones == {"us-east-1a", "us-east-1b"}


def test_attributes_of_listener_and_target_group_are_the_templates(
    deployed: Any, client: Any
) -> None:
    elb = client("elbv2")
    balancer = elb.describe_load_balancers()["LoadBalancers"][0]["LoadBalancerArn"]
    listener = elb.describe_listeners(LoadBalancerArn=balancer)["Listeners"][0]["ListenerArn"]
    told = elb.describe_listener_attributes(ListenerArn=listener)["Attributes"]
    assert {"Key": "tcp.idle_timeout.seconds", "Value": "6000"} in told
    group = deployed.outputs()["TargetGroupArn"]
    told = elb.describe_target_group_attributes(TargetGroupArn=group)["Attributes"]
    values = {a["Key"]: a["Value"] for a in told}
    assert values["preserve_client_ip.enabled"] == "true"
    assert values["deregistration_delay.timeout_seconds"] == "60"


def test_task_definition_and_service_arrive_whole(deployed: Any, client: Any) -> None:
    found = client("ecs").describe_task_definition(taskDefinition="ash-cloud-runtime")
    container = found["taskDefinition"]["containerDefinitions"][0]
    assert container["healthCheck"]["interval"] == 30
    assert container["portMappings"][0]["containerPort"] == 4100
    assert {s["name"] for s in container["secrets"]} >= {"ASH_API_KEY", "ANTHROPIC_API_KEY"}
    service = client("ecs").describe_services(cluster="ash-cloud", services=["ash-cloud-runtime"])[
        "services"
    ][0]
    assert service["runningCount"] == service["desiredCount"] == 1
    breaker = service["deploymentConfiguration"]["deploymentCircuitBreaker"]
    assert breaker == {
        "enable": True,
        "rollback": True,
        "resetOnHealthyTask": False,
        "thresholdConfiguration": {"type": "COUNT", "value": 3},
    }
    assert service["events"][0]["message"].endswith("has reached a steady state.")


def test_the_task_has_an_interface_a_public_address_and_its_clocks(
    deployed: Any, client: Any
) -> None:
    (task,) = deployed.tasks()
    details = {d["name"]: d["value"] for d in task["attachments"][0]["details"]}
    interface = client("ec2").describe_network_interfaces(
        NetworkInterfaceIds=[details["networkInterfaceId"]]
    )["NetworkInterfaces"][0]
    assert interface["PrivateIpAddress"] == details["privateIPv4Address"]
    assert interface["Association"]["PublicIp"].startswith("203.0.113.")
    clocks = ("createdAt", "connectivityAt", "pullStartedAt", "pullStoppedAt", "startedAt")
    assert all(clock in task for clock in clocks)
    assert task["healthStatus"] == "HEALTHY"


def test_the_default_vpc_has_a_route_to_the_internet(deployed: Any, client: Any) -> None:
    tables = client("ec2").describe_route_tables()["RouteTables"]
    routes = [r for table in tables for r in table["Routes"]]
    default = [r for r in routes if r.get("DestinationCidrBlock") == "0.0.0.0/0"]
    assert default[0]["GatewayId"].startswith("igw-")


def test_a_change_set_lists_only_what_will_be_made(deployed: Any, client: Any) -> None:
    changes = client("cloudformation").describe_change_set(
        StackName="ash-cloud", ChangeSetName="create"
    )["Changes"]
    made = client("cloudformation").describe_stack_resources(StackName="ash-cloud")
    assert {c["ResourceChange"]["LogicalResourceId"] for c in changes} == {
        r["LogicalResourceId"] for r in made["StackResources"]
    }


def test_capabilities_are_asked_for(stack: Any, client: Any) -> None:
    with pytest.raises(ClientError, match="CAPABILITY_IAM"):
        client("cloudformation").create_change_set(
            StackName="plain",
            ChangeSetName="create",
            ChangeSetType="CREATE",
            TemplateBody="Resources: {R: {Type: AWS::IAM::Role, Properties: "
            "{AssumeRolePolicyDocument: {}}}}",
        )


def test_an_update_registers_a_revision_and_starts_its_task(deployed: Any, client: Any) -> None:
    before = deployed.tasks()[0]["taskArn"]
    secret = deployed.outputs()["SecretArn"]
    status = deployed.change(
        "UPDATE", SecretArn=secret, **deployed.network(), Image="ghcr.io/ash-ai-org/ash:0.2.0"
    )
    assert status == "UPDATE_COMPLETE"
    (task,) = deployed.tasks()
    assert task["taskArn"] != before
    assert task["taskDefinitionArn"].endswith(":2")
    events = client("cloudformation").describe_stack_events(StackName="ash-cloud")["StackEvents"]
    updated = {e["LogicalResourceId"] for e in events if e["ResourceStatus"] == "UPDATE_COMPLETE"}
    assert updated == {"ash-cloud", "TaskDefinition", "Service"}
    assert get(f"{deployed.outputs()['Url']}/health")[0] == 200
    rollouts = client("ecs").list_service_deployments(
        cluster="ash-cloud", service="ash-cloud-runtime"
    )["serviceDeployments"]
    assert [r["status"] for r in rollouts] == ["SUCCESSFUL", "SUCCESSFUL"]


def test_a_failure_rolls_back_with_the_first_reason_below_a_cascade(
    stack: Any, emulator: Emulator, client: Any
) -> None:
    emulator.prepare("stack-rolled-back")
    assert stack.create() == "ROLLBACK_COMPLETE"
    events = client("cloudformation").describe_stack_events(StackName="ash-cloud")["StackEvents"]
    failed = [e for e in events if e["ResourceStatus"] == "CREATE_FAILED"]
    earliest = min(failed, key=lambda e: e["Timestamp"])
    assert earliest["LogicalResourceId"] == "LoadBalancer"
    assert "maximum number of load balancers" in earliest["ResourceStatusReason"]
    others = {e["ResourceStatusReason"] for e in failed if e is not earliest}
    assert others == {"Resource creation cancelled"}
    assert client("ecs").describe_clusters(clusters=["ash-cloud"])["failures"]


def test_deletion_leaves_nothing_behind(deployed: Any, client: Any) -> None:
    url = deployed.outputs()["Url"]
    client("cloudformation").delete_stack(StackName="ash-cloud")
    client("cloudformation").get_waiter("stack_delete_complete").wait(
        StackName="ash-cloud", WaiterConfig={"Delay": 1}
    )
    assert client("elbv2").describe_load_balancers()["LoadBalancers"] == []
    assert client("ec2").describe_network_interfaces()["NetworkInterfaces"] == []
    assert client("logs").describe_log_groups()["logGroups"] == []
    with pytest.raises(urllib.error.URLError):
        get(f"{url}/health")


def test_the_servers_log_lines_stand_in_the_log_group(deployed: Any, client: Any) -> None:
    (task,) = deployed.tasks()
    stream = f"ash/ash/{task['taskArn'].rsplit('/', 1)[-1]}"
    found = client("logs").filter_log_events(
        logGroupName="/ash-cloud/runtime", logStreamNamePrefix=stream, filterPattern="listening"
    )
    assert any("0.0.0.0:4100" in e["message"] for e in found["events"])


def test_filter_log_events_pages_and_honours_times(
    deployed: Any, emulator: Emulator, client: Any
) -> None:
    lines = [{"ago": 1000 - i, "message": f"line {i}"} for i in range(25)]
    emulator.seed({"do": "write_logs", "lines": lines})
    pages = (
        client("logs")
        .get_paginator("filter_log_events")
        .paginate(logGroupName="/ash-cloud/runtime", filterPattern="line", limit=10)
    )
    messages = [[e["message"] for e in page["events"]] for page in pages]
    assert [len(page) for page in messages] == [10, 10, 5]
    assert [m for page in messages for m in page] == [f"line {i}" for i in range(25)]
    (task,) = deployed.tasks()
    now = task["createdAt"].timestamp() * 1000
    late = client("logs").filter_log_events(
        logGroupName="/ash-cloud/runtime", filterPattern="line", endTime=int(now - 990_000)
    )
    assert 0 < len(late["events"]) < 25


def test_permissions_are_really_simulated(deployed: Any, emulator: Emulator, client: Any) -> None:
    role = client("iam").list_roles()["Roles"]
    execution = next(r["Arn"] for r in role if "ExecutionRole" in r["RoleName"])

    def decision(principal: str, action: str, resource: str) -> str:
        answer = client("iam").simulate_principal_policy(
            PolicySourceArn=principal, ActionNames=[action], ResourceArns=[resource]
        )
        return str(answer["EvaluationResults"][0]["EvalDecision"])

    secret = deployed.outputs()["SecretArn"]
    read = "secretsmanager:GetSecretValue"
    assert decision(execution, read, secret) == "allowed"
    assert decision(execution, "s3:DeleteBucket", "*") == "implicitDeny"
    emulator.seed({"do": "deny_secret"})
    assert decision(execution, read, secret) == "implicitDeny"
    me = client("sts").get_caller_identity()["Arn"]
    assert decision(me, "ecs:DescribeServices", "*") == "allowed"
    emulator.seed({"do": "deny_operator", "actions": ["ecs:DescribeServices"]})
    assert decision(me, "ecs:DescribeServices", "*") == "explicitDeny"


def test_quotas_are_told_and_prices_are_refused_cleanly(emulator: Emulator, client: Any) -> None:
    emulator.seed({"do": "set_quota", "service": "fargate", "code": "L-3032A538", "value": 2})
    quota = client("service-quotas").get_service_quota(
        ServiceCode="fargate", QuotaCode="L-3032A538"
    )
    assert quota["Quota"]["Value"] == 2
    with pytest.raises(ClientError, match="no price list"):
        client("pricing").get_products(ServiceCode="AmazonECS")


def test_a_task_whose_secret_is_gone_fails_to_start(deployed: Any, emulator: Emulator) -> None:
    emulator.seed(
        {"do": "age", "seconds": 500},
        {"do": "delete_secret", "when": 100},
        {"do": "retire_task", "when": 90},
    )
    reasons = [t["stoppedReason"] for t in deployed.tasks("STOPPED")]
    failed = [t for t in deployed.tasks("STOPPED") if t["stopCode"] == "TaskFailedToStart"]
    assert failed, reasons
    assert "because it was marked for deletion" in failed[0]["stoppedReason"]


def test_a_big_cluster_can_be_made(deployed: Any, emulator: Emulator, client: Any) -> None:
    """For measurements: many tasks that run and many that died, each with an identity of its own."""
    died = {"do": "stop_tasks", "reason": "gone", "code": "UserInitiated", "count": 20, "every": 1}
    emulator.seed({"do": "add_tasks", "count": 299}, died)
    pages = client("ecs").get_paginator("list_tasks").paginate(cluster="ash-cloud")
    arns = [arn for page in pages for arn in page["taskArns"]]
    assert len(set(arns)) == 300
    assert len(deployed.tasks("STOPPED")) == 20
    service = client("ecs").describe_services(cluster="ash-cloud", services=["ash-cloud-runtime"])[
        "services"
    ][0]
    assert service["runningCount"] == service["desiredCount"] == 300


def test_who_empties_the_account_ends_what_changes_its_stacks() -> None:
    """It would go on, and take from whoever comes next what has the same name."""
    template = "Resources:\n" + "".join(
        f"  R{n}: {{Type: AWS::Logs::LogGroup, Properties: {{LogGroupName: {name}}}}}\n"
        for n, name in enumerate(NAMES)
    )
    with Emulator(pace=0.1) as emulator:
        made = boto3.Session("demo", "demo", region_name=emulator.region)
        logs = made.client("logs", endpoint_url=emulator.url)
        stacks = made.client("cloudformation", endpoint_url=emulator.url)
        stacks.create_stack(StackName="s", TemplateBody=template)
        while not logs.describe_log_groups()["logGroups"]:
            time.sleep(0.02)
        emulator.reset()
        logs.create_log_group(logGroupName=NAMES[0])
        time.sleep(0.3)  # in which the stack would make more of them
        (left,) = logs.describe_log_groups()["logGroups"]
    assert left["logGroupName"] == NAMES[0]
