"""Parameters are read from the templates: the bundled ones and a user's own; wrong values are refused by them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cfnlint.decode.cfn_yaml
import pytest

from ash_ops.cost.plan import DATABASE_GB, ROOT_DISK_GB
from ash_ops.deploy.plan.options import DeployOptions
from ash_ops.deploy.plan.request import check_values, read_request
from ash_ops.deploy.plan.template_files import bundled, write_templates
from ash_ops.errors import UsageProblem
from ash_ops.sizes.instance_types import for_processor
from ash_ops.template_parameters import (
    LISTS,
    MODES,
    MULTI_MACHINE,
    SOURCES,
    STANDALONE,
    SWITCHES,
    Parameter,
    bundled_parameters,
    parameters_in,
)
from tests.support.deploying import settings_of


@pytest.mark.parametrize("mode", MODES)
def test_the_data_says_what_the_template_says(mode: str) -> None:
    assert parameters_in(bundled(mode)) == bundled_parameters(mode)


def test_every_option_and_every_switch_is_of_a_parameter_and_a_field() -> None:
    known = {name for mode in MODES for name in bundled_parameters(mode)}
    given = {**SOURCES, **LISTS}
    assert given.keys() | SWITCHES.keys() <= known
    fields = {option for option, _ in given.values()} | {next(iter(w)) for w in SWITCHES.values()}
    assert fields | {"mode"} == set(DeployOptions.__dataclass_fields__)
    for name, ways in SWITCHES.items():
        for parameters in (bundled_parameters(mode) for mode in MODES):
            assert name not in parameters or set(ways.values()) == set(parameters[name].allowed)


def test_every_parameter_says_what_it_is() -> None:
    silent = [n for mode in MODES for n, p in bundled_parameters(mode).items() if not p.description]
    assert silent == []


@pytest.mark.parametrize("mode", MODES)
def test_every_default_is_a_value_that_may_be_given(mode: str) -> None:
    wrong = {
        name: parameter.why_not(parameter.default)
        for name, parameter in bundled_parameters(mode).items()
        if parameter.default is not None
    }
    assert {name: why for name, why in wrong.items() if why} == {}


@pytest.mark.parametrize(
    ("options", "variables", "told"),
    [
        ({"max_sandboxes": 1001}, {}, ("1001", "1 to 1000", "--max-sandboxes")),
        ({}, {"ASH_SANDBOX_MEMORY_MB": "63"}, ("64 to 122880", "ASH_SANDBOX_MEMORY_MB")),
        ({"log_retention": 31}, {}, ("1, 3, 5, 7, 14, 30, 60", "--log-retention")),
        ({"container_insights": "some"}, {}, ("enabled, enhanced, disabled",)),
        ({}, {"ASH_CONTAINER_INSIGHTS": "some"}, ("ASH_CONTAINER_INSIGHTS",)),
        ({"listener_port": 70000}, {}, ("1 to 65535", "--listener-port")),
        ({"runner_count": 101, "mode": MULTI_MACHINE}, {}, ("1 to 100", "--runner-count")),
        ({"runner_count": 101}, {}, ("1 to 100", "--runner-count")),  # the mode may be deployed
        ({"file_system": "fs-x", "efs": True}, {}, ("a file system such as fs-", "--file-system")),
        ({"boundary": "Mine"}, {}, ("a managed policy, arn:", "--boundary")),
        ({"memory": 100, "launch_type": "ec2"}, {}, ("512 to 122880", "--memory")),
    ],
)
def test_a_value_is_refused_with_the_constraint_of_its_parameter(
    options: dict[str, Any], variables: dict[str, str], told: tuple[str, ...]
) -> None:
    with pytest.raises(UsageProblem) as refused:
        check_values(settings_of(**variables), DeployOptions(**options))
    said = f"{refused.value.what} {refused.value.why} {refused.value.next_step}"
    assert [part for part in told if part not in said.replace("from ", "")] == []


def test_the_case_of_a_listed_value_does_not_matter() -> None:
    settings = settings_of(ASH_CONTAINER_INSIGHTS="Enhanced", ASH_ECS_LAUNCH_TYPE="ec2")
    given = read_request(settings, DeployOptions()).given
    assert (given["ContainerInsights"], given["LaunchType"]) == ("enhanced", "EC2")


def test_a_template_of_the_users_own_has_its_own_defaults_and_limits(tmp_path: Path) -> None:
    own = tmp_path / "own"
    write_templates(own, force=False)
    path = own / "standalone.yaml"
    text = path.read_text("utf-8")
    ours = bundled_parameters(STANDALONE)
    for name, bounds, default in (
        ("MaxSandboxes", "1..9999", "1"),
        ("SandboxMemory", "64..999", "300"),
    ):
        least, most = bounds.split("..")
        old = f"    Default: {ours[name].default}\n    MinValue: {ours[name].least}\n    MaxValue: {ours[name].most}\n"
        assert text.count(old) == 1
        text = text.replace(
            old, f"    Default: {default}\n    MinValue: {least}\n    MaxValue: {most}\n"
        )
    path.write_text(text, "utf-8")
    request = read_request(settings_of(), DeployOptions(), None, own)
    assert [request.effective(name) for name in ("MaxSandboxes", "SandboxMemory", "Memory")] == [
        "1",
        "300",
        ours["Memory"].default,
    ]
    check_values(settings_of(), DeployOptions(max_sandboxes=5000), own)
    with pytest.raises(UsageProblem, match="cannot be used"):
        check_values(settings_of(), DeployOptions(max_sandboxes=5000))


def test_a_template_without_a_parameter_is_taken_to_do_as_ours(tmp_path: Path) -> None:
    (tmp_path / "standalone.yaml").write_text("Parameters: {Name: {Type: String}}\nResources: {}\n")
    request = read_request(settings_of(), DeployOptions(), None, tmp_path)
    assert (
        request.effective("AssignPublicIp")
        == bundled_parameters(STANDALONE)["AssignPublicIp"].default
    )


@pytest.mark.parametrize(
    "text",
    ["- a list", "Parameters: [a]", "Parameters: {Cpu: 512}", "a: [", "just words", ""],
)
def test_what_is_no_template_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "standalone.yaml").write_text(text)
    with pytest.raises(UsageProblem) as refused:
        read_request(settings_of(), DeployOptions(), None, tmp_path)
    assert "template" in refused.value.what


def test_a_template_in_json_is_read_too() -> None:
    found = parameters_in(
        '{"Parameters": {"Cpu": {"Type": "Number", "Default": 7, "MinValue": 1}}}'
    )
    assert found["Cpu"] == Parameter(name="Cpu", type="Number", default="7", least=1)


def test_the_disks_that_are_no_parameters_are_priced_as_they_are_built() -> None:
    for mode in MODES:
        resources = cfnlint.decode.cfn_yaml.loads(bundled(mode))["Resources"]
        data = resources["LaunchTemplate"]["Properties"]["LaunchTemplateData"]
        assert data["BlockDeviceMappings"][0]["Ebs"]["VolumeSize"] == ROOT_DISK_GB[mode]
    assert int(resources["Database"]["Properties"]["AllocatedStorage"]) == DATABASE_GB


@pytest.mark.parametrize(
    ("name", "architecture", "sibling"),
    [
        ("m6i.large", "ARM64", "m6g.large"),
        ("m6i.large", "X86_64", "m6i.large"),
        ("c7a.2xlarge", "arm64", "c7g.2xlarge"),
        ("m5.large", "ARM64", "m6g.large"),  # the fifth generation has none
        ("t3.medium", "ARM64", "t4g.medium"),
        ("t4g.medium", "X86_64", "t3.medium"),
        ("m7g.xlarge", "x86_64", "m7i.xlarge"),
        ("c6gn.large", "ARM64", "c6gn.large"),
        ("m7i-flex.large", "ARM64", "m7g.large"),
        ("something", "ARM64", "something"),
    ],
)
def test_a_type_has_a_sibling_of_the_same_size(name: str, architecture: str, sibling: str) -> None:
    assert for_processor(name, architecture) == sibling


def test_runners_follow_the_processor_as_a_server_does() -> None:
    """The template's own default is of one processor; the image of the other starts on none of it."""
    options = DeployOptions(
        mode=MULTI_MACHINE, architecture="arm64", runner_subnets=("subnet-1", "subnet-2")
    )
    request = read_request(settings_of(), options)
    default = bundled_parameters(MULTI_MACHINE)["InstanceType"].default or ""
    assert request.effective("InstanceType") == for_processor(default, "ARM64") != default
