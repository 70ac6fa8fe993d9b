"""URL and key, however the deployment was made; what cannot be known is said to be so."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.stub import Stubber

from ash_ops.aws.client.session import Aws
from ash_ops.deploy.connection import client_connection, find_connection, find_key
from ash_ops.errors import OpsError, ReadFailed, UsageProblem
from ash_ops.names import Deployment
from tests.support.deploying import service, settings_of, stack

Script = Callable[[str], Stubber]
NAMES = Deployment()
SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:ash-cloud/server-AbCdEf"


def container(stub: Script, **more: Any) -> None:
    stub("ecs").add_response("describe_services", service())
    definition = {"containerDefinitions": [{"name": "sidecar"}, {"name": "ash", **more}]}
    stub("ecs").add_response("describe_task_definition", {"taskDefinition": definition})


@pytest.mark.parametrize(
    ("reference", "stored"),
    [
        (f"{SECRET}:ASH_API_KEY::", json.dumps({"ASH_API_KEY": "the-key"})),
        (SECRET, "the-key"),  # a secret that is the key and nothing else
        (f"{SECRET}:::", "the-key"),
    ],
)
def test_from_the_secret_that_the_task_names(
    aws: Aws, stub: Script, reference: str, stored: str
) -> None:
    container(stub, secrets=[{"name": "ASH_API_KEY", "valueFrom": reference}])
    stub("secretsmanager").add_response(
        "get_secret_value", {"SecretString": stored}, {"SecretId": SECRET}
    )
    assert find_key(aws, NAMES).reveal() == "the-key"


@pytest.mark.parametrize(
    ("rest", "asked"),
    [
        (":AWSCURRENT:", {"VersionStage": "AWSCURRENT"}),
        (":AWSPREVIOUS:", {"VersionStage": "AWSPREVIOUS"}),
        (f"::{'v' * 32}", {"VersionId": "v" * 32}),
    ],
)
def test_the_version_that_the_task_names_is_the_one_asked_for(
    aws: Aws, stub: Script, rest: str, asked: dict[str, str]
) -> None:
    reference = f"{SECRET}:ASH_API_KEY{rest}"
    container(stub, secrets=[{"name": "ASH_API_KEY", "valueFrom": reference}])
    stub("secretsmanager").add_response(
        "get_secret_value",
        {"SecretString": json.dumps({"ASH_API_KEY": "the-key"})},
        {"SecretId": SECRET, **asked},
    )
    assert find_key(aws, NAMES).reveal() == "the-key"


@pytest.mark.parametrize(
    ("reference", "name"),
    [
        ("arn:aws:ssm:us-east-1:123456789012:parameter/ash/key", "/ash/key"),
        ("/ash/key", "/ash/key"),
        ("arn:aws:ssm:us-east-1:123456789012:parameter/ash-key", "ash-key"),
        ("ash-key", "ash-key"),
    ],
)
def test_from_parameter_store(aws: Aws, stub: Script, reference: str, name: str) -> None:
    container(stub, secrets=[{"name": "ASH_API_KEY", "valueFrom": reference}])
    stub("ssm").add_response(
        "get_parameters",
        {"Parameters": [{"Value": "the-key"}]},
        {"Names": [name], "WithDecryption": True},
    )
    assert find_key(aws, NAMES).reveal() == "the-key"


@pytest.mark.parametrize(
    ("service_name", "reference", "method", "answer"),
    [
        (
            "ssm",
            "arn:aws:ssm:eu-west-1:123456789012:parameter/k",
            "get_parameters",
            {"Parameters": [{"Value": "the-key"}]},
        ),
        (
            "secretsmanager",
            SECRET.replace("us-east-1", "eu-west-1"),
            "get_secret_value",
            {"SecretString": "the-key"},
        ),
    ],
)
def test_a_reference_to_another_region_is_asked_for_there(
    aws: Aws, stub: Script, service_name: str, reference: str, method: str, answer: dict[str, Any]
) -> None:
    container(stub, secrets=[{"name": "ASH_API_KEY", "valueFrom": reference}])
    with Stubber(aws.client(service_name, region="eu-west-1")) as there:
        there.add_response(method, answer)
        assert find_key(aws, NAMES).reveal() == "the-key"
        there.assert_no_pending_responses()


@pytest.mark.parametrize(
    ("reference", "answer"),
    [
        (f"{SECRET}:OTHER::", {"SecretString": "{}"}),
        (f"{SECRET}:ASH_API_KEY::", {"SecretString": "no json"}),
    ],
)
def test_a_reference_to_nothing_says_what_is_missing(
    aws: Aws, stub: Script, reference: str, answer: dict[str, Any]
) -> None:
    container(stub, secrets=[{"name": "ASH_API_KEY", "valueFrom": reference}])
    stub("secretsmanager").add_response("get_secret_value", answer)
    with pytest.raises(OpsError, match="cannot be known") as caught:
        find_key(aws, NAMES)
    assert reference.split(":")[7] in caught.value.why


def test_from_the_environment_where_the_public_terraform_puts_it(aws: Aws, stub: Script) -> None:
    container(stub, environment=[{"name": "ASH_API_KEY", "value": "the-key"}])
    assert find_key(aws, NAMES).reveal() == "the-key"


def test_a_key_that_the_server_made_itself_cannot_be_known(aws: Aws, stub: Script) -> None:
    container(stub, environment=[])
    stub("secretsmanager").add_client_error("describe_secret", "ResourceNotFoundException")
    with pytest.raises(OpsError, match="cannot be known") as caught:
        find_key(aws, NAMES)
    assert "initial-api-key" in caught.value.why


def test_a_secret_that_may_not_be_read_names_the_action(aws: Aws, stub: Script) -> None:
    container(stub, secrets=[{"name": "ASH_API_KEY", "valueFrom": f"{SECRET}:ASH_API_KEY::"}])
    stub("secretsmanager").add_client_error("get_secret_value", "AccessDeniedException")
    with pytest.raises(ReadFailed) as caught:
        find_key(aws, NAMES)
    assert caught.value.action == "secretsmanager:GetSecretValue"


@pytest.mark.parametrize("answer", [{"services": []}, "ClusterNotFoundException"])
def test_without_a_deployment_it_says_so(aws: Aws, stub: Script, answer: Any) -> None:
    if isinstance(answer, str):
        stub("ecs").add_client_error("describe_services", answer)
    else:
        stub("ecs").add_response("describe_services", answer)
    with pytest.raises(OpsError, match="There is no deployment 'ash-cloud' in us-east-1"):
        find_key(aws, NAMES)


NAMED = [{"OutputKey": "Url", "OutputValue": "https://ash.example.com:443"}]


@pytest.mark.parametrize(
    ("protocol", "outputs", "address"),
    [
        ("TCP", None, "http://x.elb.amazonaws.com:4100"),
        ("TLS", [], "https://x.elb.amazonaws.com:4100"),
        ("TLS", NAMED, "https://ash.example.com:4100"),
    ],
)
def test_the_url_is_that_of_the_listener_which_forwards_here_under_the_certificates_name(
    aws: Aws, stub: Script, protocol: str, outputs: list[dict[str, str]] | None, address: str
) -> None:
    """Without TLS no certificate is looked at, and the stack is not asked."""
    if outputs is not None:
        made = stack("CREATE_COMPLETE", Outputs=outputs)
        stub("cloudformation").add_response("describe_stacks", made)
    group = service()["services"][0]["loadBalancers"][0]["targetGroupArn"]
    container(stub, environment=[{"name": "ASH_API_KEY", "value": "k"}])
    balancing = stub("elbv2")
    balancing.add_response(
        "describe_target_groups", {"TargetGroups": [{"LoadBalancerArns": ["lb"]}]}
    )
    balancing.add_response(
        "describe_load_balancers",
        {"LoadBalancers": [{"LoadBalancerArn": "lb", "DNSName": "x.elb.amazonaws.com"}]},
    )
    other = {
        "Port": 80,
        "Protocol": "TCP",
        "DefaultActions": [{"Type": "forward", "TargetGroupArn": "o"}],
    }
    ours = {
        "Port": 4100,
        "Protocol": protocol,
        "DefaultActions": [{"Type": "forward", "TargetGroupArn": group}],
    }
    balancing.add_response("describe_listeners", {"Listeners": [other, ours]})

    url, key = client_connection(settings_of(), lambda: aws)
    assert (url, key and key.reveal()) == (address, "k")


def test_a_client_takes_the_address_and_the_key_that_stand_in_its_environment(aws: Aws) -> None:
    here = settings_of(ASH_SERVER_URL="https://ash.example.com:4100", ASH_API_KEY="mine")
    url, key = client_connection(here, lambda: aws)
    assert (url, key and key.reveal()) == ("https://ash.example.com:4100", "mine")


@pytest.mark.parametrize("url", ["ash.example.com:4100", "ftp://ash.example.com", "https://", "x"])
def test_an_address_that_is_none_is_refused_before_aws_is_asked(aws: Aws, url: str) -> None:
    with pytest.raises(UsageProblem) as refused:
        client_connection(settings_of(ASH_SERVER_URL=url), lambda: aws)
    assert refused.value.what == "ASH_SERVER_URL cannot be used"
    assert refused.value.why.endswith("starts with http:// or https:// and names a host")


def test_a_service_without_a_balancer_has_no_address(aws: Aws, stub: Script) -> None:
    bare = service()
    bare["services"][0]["loadBalancers"] = []
    stub("ecs").add_response("describe_services", bare)
    with pytest.raises(OpsError, match="The deployment has no address") as refused:
        find_connection(aws, NAMES)
    assert refused.value.why == "no load balancer forwards to its service"


@pytest.mark.parametrize(
    ("reference", "lacks"),
    [(f"{SECRET}:OTHER::", "no key OTHER"), (f"{SECRET}:ASH_API_KEY::", "no key ASH_API_KEY")],
)
def test_what_a_reference_lacks_is_said_by_the_name_of_the_secret(
    aws: Aws, stub: Script, reference: str, lacks: str
) -> None:
    container(stub, secrets=[{"name": "ASH_API_KEY", "valueFrom": reference}])
    stub("secretsmanager").add_response("get_secret_value", {"SecretString": "{}"})
    with pytest.raises(OpsError) as caught:
        find_key(aws, NAMES)
    name = SECRET.rpartition(":")[2]
    assert caught.value.why == f"the secret {name} is not there, or has {lacks}"
