"""The templates: what the guide gets wrong is right here, and the names are those that are read."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import cfnlint.decode.cfn_yaml
import pytest
import yaml
from cfnlint.api import lint_file

from ash_ops.deploy.plan import template_files
from ash_ops.deploy.plan.template_files import MODES, bundled, load_template, small, write_templates
from ash_ops.errors import OpsError, UsageProblem
from ash_ops.names import Deployment
from ash_ops.sizes import fargate

FOLDER = Path(fargate.__file__).parents[1] / "templates"
SECRET_NAMES = ("KEY", "SECRET", "PASSWORD", "DATABASE_URL")


def template(mode: str) -> dict[str, Any]:
    loaded: dict[str, Any] = cfnlint.decode.cfn_yaml.loads(bundled(mode))
    return loaded


def resources(mode: str, type_: str) -> list[dict[str, Any]]:
    found = template(mode)["Resources"].values()
    return [resource["Properties"] for resource in found if resource["Type"] == type_]


def containers(mode: str) -> list[dict[str, Any]]:
    return [
        container
        for definition in resources(mode, "AWS::ECS::TaskDefinition")
        for container in definition["ContainerDefinitions"]
    ]


def lists_of(value: Any) -> list[dict[str, Any]]:
    """The entries of a list, of both branches where it or an entry depends on a condition."""
    if isinstance(value, dict) and "Fn::If" in value:
        return [entry for branch in value["Fn::If"][1:] for entry in lists_of(branch)]
    if isinstance(value, list):
        return [entry for part in value for entry in lists_of(part)]
    return [value] if isinstance(value, dict) and "Ref" not in value else []


@pytest.mark.parametrize("mode", MODES)
def test_cfn_lint_finds_nothing(mode: str) -> None:
    assert [str(match) for match in lint_file(FOLDER / f"{mode}.yaml")] == []


@pytest.mark.parametrize("mode", MODES)
def test_no_secret_is_in_the_plain_environment(mode: str) -> None:
    conditional = [c["Fn::If"][1] for c in containers(mode) if "Fn::If" in c]
    assert not [c for c in conditional if {"Environment", "Secrets"} & c.keys()]
    for container in (c for c in containers(mode) if "Fn::If" not in c):
        plain = [entry["Name"] for entry in lists_of(container["Environment"])]
        assert not [
            n for n in plain if n.startswith(("ASH_", "ANTHROPIC")) and n.endswith(SECRET_NAMES)
        ]
        injected = lists_of(container["Secrets"])
        assert "ASH_INTERNAL_SECRET" in {entry["Name"] for entry in injected}
        for entry in injected:
            assert entry["ValueFrom"] == {"Fn::Sub": f"${{SecretArn}}:{entry['Name']}::"}


def test_a_fleet_that_is_given_a_database_makes_none() -> None:
    """Its address is a secret; nothing of the template says where it is."""
    whole = template("multi-machine")
    own = {
        name
        for name, resource in whole["Resources"].items()
        if resource.get("Condition") == "OwnDatabase"
    }
    assert own == {"Database", "DatabaseSecurityGroup", "DatabaseSubnets"}
    assert whole["Outputs"]["DatabaseHost"]["Condition"] == "OwnDatabase"
    server = containers("multi-machine")[0]
    (chosen,) = [entry["Fn::If"] for entry in server["Secrets"] if "Fn::If" in entry]
    assert chosen[0] == "OwnDatabase"
    assert [entry["Name"] for entry in chosen[1:]] == ["ASH_DATABASE_PASSWORD", "ASH_DATABASE_URL"]


@pytest.mark.parametrize("mode", MODES)
def test_the_container_health_check_uses_what_the_image_holds(mode: str) -> None:
    server = containers(mode)[0]
    command = server["HealthCheck"]["Command"]
    assert command[:2] == ["CMD", "node"]
    assert "curl" not in " ".join(command)


@pytest.mark.parametrize("mode", MODES)
def test_the_names_are_those_that_every_command_reads(mode: str) -> None:
    names = Deployment("ash-cloud")

    def named(value: Any) -> str:
        text = value["Fn::Sub"] if "Fn::Sub" in value else f"${{{value['Ref']}}}"
        return str(text).replace("${Name}", names.prefix)

    assert named(resources(mode, "AWS::ECS::Cluster")[0]["ClusterName"]) == names.cluster
    assert named(resources(mode, "AWS::ECS::Service")[0]["ServiceName"]) == names.service
    groups = [named(g["LogGroupName"]) for g in resources(mode, "AWS::Logs::LogGroup")]
    assert groups == [names.log_group, names.event_log_group]
    balancer = resources(mode, "AWS::ElasticLoadBalancingV2::LoadBalancer")[0]
    assert named(balancer["Name"]) == names.load_balancer
    target = resources(mode, "AWS::ElasticLoadBalancingV2::TargetGroup")[0]
    assert named(target["Name"]) == names.target_group


@pytest.mark.parametrize("mode", MODES)
def test_the_load_balancer_is_made_for_silent_streams_and_real_addresses(mode: str) -> None:
    balancer = resources(mode, "AWS::ElasticLoadBalancingV2::LoadBalancer")[0]
    assert balancer["SecurityGroups"]  # one created without can never be given one
    attributes = resources(mode, "AWS::ElasticLoadBalancingV2::TargetGroup")[0][
        "TargetGroupAttributes"
    ]
    told = {item["Key"]: item["Value"] for item in attributes}
    assert told["preserve_client_ip.enabled"] == "true"
    assert told["deregistration_delay.timeout_seconds"] == "60"
    listener = resources(mode, "AWS::ElasticLoadBalancingV2::Listener")[0]
    idle = lists_of(listener["ListenerAttributes"])
    assert {"Key": "tcp.idle_timeout.seconds", "Value": "6000"} in idle


@pytest.mark.parametrize("mode", MODES)
def test_who_may_connect_has_no_default(mode: str) -> None:
    assert "Default" not in template(mode)["Parameters"]["AllowedCidr"]


@pytest.mark.parametrize("mode", MODES)
def test_why_tasks_die_is_archived(mode: str) -> None:
    kinds = {
        kind
        for rule in resources(mode, "AWS::Events::Rule")
        for kind in rule["EventPattern"]["detail-type"]
    }
    assert kinds == {
        "ECS Task State Change",
        "ECS Container Instance State Change",
        "ECS Deployment State Change",
        "ECS Hook State Change",
        "ECS Service Action",
    }


@pytest.mark.parametrize("mode", MODES)
def test_the_rules_allow_just_the_sizes_of_fargate(mode: str) -> None:
    allowed: dict[int, tuple[int, ...]] = {}
    for name, rule in template(mode)["Rules"].items():
        if not name.startswith("Cpu"):
            continue
        sizes = rule["Assertions"][0]["Assert"]["Fn::Contains"][0]
        allowed[int(name.removeprefix("Cpu"))] = tuple(int(size) for size in sizes)
    assert allowed == {cpu: fargate.legal_memory(cpu) for cpu in fargate.LEGAL_CPU}


@pytest.mark.parametrize("mode", MODES)
def test_it_fits_into_a_request(mode: str) -> None:
    assert len(load_template(mode, None).encode()) <= 51_200


def test_a_large_template_loses_its_comments_and_a_larger_one_is_refused() -> None:
    comments = "# a comment\n" * 5000
    assert small(comments + "Resources: {}\n") == "Resources: {}\n"
    with pytest.raises(UsageProblem, match="too large"):
        small("a: b\n" * 20_000)


@pytest.mark.parametrize("mode", MODES)
def test_written_closer_it_is_the_same_document(mode: str, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = bundled(mode)
    without_comments = len(template_files._without_comments(whole).encode())
    monkeypatch.setattr(template_files, "_MOST_BYTES", without_comments - 1)
    sent = small(whole)
    assert len(sent) < len(whole)
    assert meaning(yaml.compose(sent)) == meaning(yaml.compose(whole))


def meaning(node: yaml.Node) -> Any:
    """A document without its looks: every tag and text."""
    if isinstance(node, yaml.ScalarNode):
        return node.tag, node.value
    if isinstance(node, yaml.SequenceNode):
        return node.tag, [meaning(each) for each in node.value]
    return node.tag, [(meaning(name), meaning(value)) for name, value in node.value]


def test_templates_are_written_out_and_never_over_changes(tmp_path: Path) -> None:
    written = write_templates(tmp_path, force=False)
    assert [path.name for path in written] == [f"{mode}.yaml" for mode in MODES]
    written[0].write_text("mine: true\n")
    with pytest.raises(OpsError, match="is there already"):
        write_templates(tmp_path, force=False)
    assert written[1].read_text() == bundled("multi-machine")
    assert load_template("standalone", tmp_path) == "mine: true\n"
    with pytest.raises(UsageProblem, match="cannot be read"):
        load_template("standalone", tmp_path / "nowhere")


def test_written_again_unchanged_they_are_no_obstacle(tmp_path: Path) -> None:
    write_templates(tmp_path, force=False)
    assert write_templates(tmp_path, force=False)


@pytest.mark.parametrize("target", ["elsewhere.yaml", "not-there-yet.yaml"])
@pytest.mark.parametrize("force", [True, False])
def test_a_link_is_never_written_through(tmp_path: Path, target: str, force: bool) -> None:
    """Neither one that leads to a file nor one that leads to nothing; and then nothing is written."""
    other = tmp_path / "other"
    other.mkdir()
    (other / "elsewhere.yaml").write_text("theirs")
    into = tmp_path / "templates"
    into.mkdir()
    (into / "multi-machine.yaml").symlink_to(other / target)

    with pytest.raises(OpsError, match="is a link"):
        write_templates(into, force=force)

    assert [path.name for path in other.iterdir()] == ["elsewhere.yaml"]
    assert (other / "elsewhere.yaml").read_text() == "theirs"
    assert not (into / "standalone.yaml").exists()


def test_the_disk_of_an_ec2_deployment_outlives_instance_and_stack() -> None:
    disk = template("standalone")["Resources"]["DataVolume"]
    assert disk["DeletionPolicy"] == "RetainExceptOnCreate"
    assert disk["UpdateReplacePolicy"] == "Retain"
    assert disk["Properties"]["AvailabilityZone"] == {"Ref": "DataZone"}
    group = template("standalone")["Resources"]["Instances"]["Properties"]
    assert group["VPCZoneIdentifier"] == {
        "Fn::If": ["OnDisk", [{"Ref": "DataSubnetId"}], {"Ref": "TaskSubnetIds"}]
    }
    assert (group["MinSize"], group["MaxSize"]) == ("1", "1"), "a disk has one user at a time"


def user_data() -> str:
    data = template("standalone")["Resources"]["LaunchTemplate"]["Properties"]["LaunchTemplateData"]
    return str(data["UserData"]["Fn::If"][1]["Fn::Base64"]["Fn::Sub"][0])


def test_an_instance_joins_the_cluster_only_with_its_disk_mounted() -> None:
    """The agent starts when the script has ended, and knows its cluster from its last lines."""
    script = user_data()
    assert script.index("until find_disk") < script.index("until mountpoint")
    assert script.index("until mountpoint") < script.index("ECS_CLUSTER=")
    assert "mkfs.xfs -f" not in script, "without -f a disk that holds anything is never formatted"


def test_the_script_of_the_instance_is_one_that_bash_reads(tmp_path: Path) -> None:
    text = user_data().replace("${Disk}", "vol-0123").replace("${AWS::Region}", "us-east-1")
    script = tmp_path / "user-data.sh"
    script.write_text(text.replace("${Cluster}", "web"))
    done = subprocess.run(["bash", "-n", str(script)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "${" not in script.read_text(), "CloudFormation fills every ${...} in"


@pytest.mark.parametrize("mode", MODES)
def test_every_role_can_be_bounded(mode: str) -> None:
    roles = resources(mode, "AWS::IAM::Role")
    assert len(roles) == {"standalone": 5, "multi-machine": 3}[mode]
    for role in roles:
        assert role["PermissionsBoundary"]["Fn::If"][0] == "Bounded"
