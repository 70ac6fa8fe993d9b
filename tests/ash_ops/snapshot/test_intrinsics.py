"""A template's functions are worked out as CloudFormation does, or said to be unknown."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import pytest

from ash_ops.snapshot.intrinsics import Resolver, UnknownValue, parse_template

PSEUDO = {
    "AWS::AccountId": "123456789012",
    "AWS::Partition": "aws",
    "AWS::Region": "eu-west-1",
    "AWS::StackName": "ash-cloud",
}
TEMPLATE = """
Parameters:
  Name: {Type: String}
  Count: {Type: Number}
  Subnets: {Type: List<AWS::EC2::Subnet::Id>}
  Hidden: {Type: String, NoEcho: true}
  Image: {Type: AWS::SSM::Parameter::Value<String>}
Mappings:
  Sizes: {small: {cpu: 256}}
Conditions:
  Two: !Equals [!Ref Count, 2]
  NotTwo: !Not [!Condition Two]
  Both: !And [!Condition Two, !Equals [!Ref 'AWS::Region', eu-west-1]]
  Either: !Or [!Condition NotTwo, !Condition Two]
  Odd: !Fn [x]
Resources:
  Group: {Type: AWS::EC2::SecurityGroup}
  Role: {Type: AWS::IAM::Role}
"""


def resolver(**parameters: str) -> Resolver:
    given = {"Name": "ash", "Count": "2", "Subnets": "subnet-a, subnet-b", "Hidden": "****"}
    return Resolver(
        template=parse_template(TEMPLATE),
        parameters={**given, **parameters},
        physical={"Group": "sg-1", "Role": "the-role"},
        pseudo=PSEUDO,
    )


def value_of(text: str) -> Any:
    return resolver().value(parse_template(f"V: {text}")["V"])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", "plain"),
        ("!Ref Name", "ash"),
        ("{Ref: Name}", "ash"),
        ("!Ref Subnets", ["subnet-a", "subnet-b"]),
        ("!Ref Group", "sg-1"),
        ("!Ref AWS::Region", "eu-west-1"),
        ("!GetAtt Group.GroupId", "sg-1"),
        ("{Fn::GetAtt: [Group, GroupId]}", "sg-1"),
        ("!Sub '${Name}-tg in ${AWS::Region}'", "ash-tg in eu-west-1"),
        ("!Sub '${!Name} ${Group.GroupId}'", "${Name} sg-1"),
        ("!Sub ['${A}-${Name}', {A: !Ref Count}]", "2-ash"),
        ("!If [Two, 'yes', 'no']", "yes"),
        ("!If [NotTwo, 'yes', 'no']", "no"),
        ("!If [Both, [a], [b]]", ["a"]),
        ("!If [Either, 1, 2]", "1"),
        ("!Select [1, !Ref Subnets]", "subnet-b"),
        ("!Join ['-', [a, !Ref Name]]", "a-ash"),
        ("!Split [',', 'a,b']", ["a", "b"]),
        ("!FindInMap [Sizes, small, cpu]", "256"),
        ("[a, !If [NotTwo, b, !Ref 'AWS::NoValue'], c]", ["a", "c"]),
        ("{A: !Ref 'AWS::NoValue', B: {C: !Ref Name}}", {"B": {"C": "ash"}}),
    ],
)
def test_a_function_is_worked_out(text: str, expected: Any) -> None:
    assert value_of(text) == expected


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("!Ref Hidden", "the value of Hidden is not told"),
        ("!Ref Image", "the value of Image is not told"),
        ("!GetAtt Role.Arn", "the attribute Arn of Role"),
        ("!Sub '${Role.Arn}'", "the attribute Arn of Role"),
        ("!ImportValue other", "the function Fn::ImportValue"),
        ("!GetAZs ''", "the function Fn::GetAZs"),
        ("'{{resolve:ssm:/name}}'", "a dynamic reference"),
        ("!If [Odd, a, b]", "the function Fn::Fn in a condition"),
        ("!If [Absent, a, b]", "the condition Absent: 'Absent'"),
    ],
)
def test_what_only_cloudformation_knows_is_unknown_and_named(text: str, told: str) -> None:
    with pytest.raises(UnknownValue) as unknown:
        value_of(text)
    assert str(unknown.value) == told


def test_one_unknown_value_hides_its_own_property_alone() -> None:
    body = """
Resources:
  Thing:
    Type: X
    Properties: {A: !Ref Name, B: [x, !GetAtt Role.Arn], C: !Ref AWS::NoValue}
  Role: {Type: AWS::IAM::Role}
Parameters: {Name: {Type: String}}
"""
    made = Resolver(
        template=parse_template(body), parameters={"Name": "n"}, physical={}, pseudo=PSEUDO
    )
    thing = dict(made.resources())["Thing"]
    assert thing.properties == {"A": "n"}
    assert thing.unknown == ("B",)


def test_a_resource_whose_condition_is_false_is_not_there() -> None:
    body = """
Parameters: {Count: {Type: Number}}
Conditions: {Two: !Equals [!Ref Count, 2]}
Resources: {A: {Type: X, Condition: Two}, B: {Type: X}}
"""
    made = Resolver(
        template=parse_template(body), parameters={"Count": "1"}, physical={}, pseudo=PSEUDO
    )
    assert [name for name, _ in made.resources()] == ["B"]


def test_what_is_no_template_is_told() -> None:
    for text in ("[1, 2]", "a: [", "just words"):
        with pytest.raises(UnknownValue):
            parse_template(text)


@pytest.mark.parametrize("mode", ["standalone", "multi-machine"])
def test_the_bundled_templates_are_worked_out_as_far_as_they_are_compared(mode: str) -> None:
    from ash_ops.facts.wanted import COMPARED

    body = parse_template(files("ash_ops.templates").joinpath(f"{mode}.yaml").read_text("utf-8"))
    given = {n: str(p.get("Default", "x")) for n, p in body["Parameters"].items()}
    physical = {name: f"id-of-{name}" for name in body["Resources"]}
    made = Resolver(template=body, parameters=given, physical=physical, pseudo=PSEUDO)
    for name, found in made.resources():
        if found.type in COMPARED:
            assert set(found.unknown) <= {"CapacityProviderStrategy", "ServiceRegistries"}, name
