"""What Terraform, Pulumi and CloudFormation refuse before they call AWS, and which step is told for it."""

from __future__ import annotations

import pytest

from ash_ops.causes.explain import explain
from tests.ash_ops.causes.remembered import answers
from tests.ash_ops.causes.test_repairs_fit import advised

_ON = '\n\n  on main.tf line 14, in resource "aws_ecs_service" "ash":\n\n'
REFUSED = {
    "no such argument": f'Error: Unsupported argument{_ON}An argument named "launchtype" is not expected here.',
    "argument or variable that the message names": f'Error: Missing required argument{_ON}The argument "vpc_id" is required, but no definition was found.',
    "Nothing of that name is declared": f'Error: Reference to undeclared resource{_ON}A managed resource "aws_ecs_cluster" "main" has not been declared in the root module.',
    "How many there are": f'Error: Invalid for_each argument{_ON}The "for_each" map includes keys derived from resource attributes that cannot be determined until apply',
    "no such element": f"Error: Invalid index{_ON}The given key does not identify an element in this collection value: the collection has no elements.",
    "Break the circle": "Error: Cycle: aws_security_group.ash, aws_security_group.nlb",
    "Prepare the directory": 'Error: Backend initialization required, please run "terraform init"\n\non aws.tf',
    "two arguments": 'error: aws:lb/targetGroup:TargetGroup resource \'tg\' has a problem: Attribute "port" must be specified when "target_type" is "ip".',
    "no SecureString": "An error occurred (ValidationError) when calling the CreateChangeSet operation: Parameters [/ash/key] referenced by template have types not supported by CloudFormation.",
    "no name has": "An error occurred (InvalidParameterException) when calling the DescribeServices operation: Cluster must match ^[a-zA-Z0-9\\-_]{1,255}$, but was ash\r",
    "made with other settings": "Error: creating ECS Cluster (ash): InvalidParameterException: Arguments on this idempotent request are inconsistent with arguments used in previous request(s).",
    "RDS still works": 'UPDATE_FAILED | AWS::RDS::DBInstance | Db Resource handler returned message: "You can\'t currently modify the storage of this DB instance because the previous storage change is being optimized. (Service: Rds, Status Code: 400, Request ID: 1)" (HandlerErrorCode: InvalidRequest)',
}


@pytest.mark.parametrize("step", REFUSED)
def test_the_refusal_of_a_tool_gets_its_own_step(step: str) -> None:
    assert answers(REFUSED[step])[0][0] == "cfn-template-invalid"
    assert step in advised(REFUSED[step])


@pytest.mark.parametrize(
    "text",
    [
        "AssertionError: expected 'a' to be one of [ 'b', 'c' ]",
        "src/main.cpp:14:5: error: 'launch' has not been declared in this scope",
        'Error: Unsupported argument\n\n  on main.tf line 3, in resource "azurerm_container_app" "web":\n\nAn argument named "replica" is not expected here.',
    ],
)
def test_the_same_words_of_others_are_no_refusal_of_ours(text: str) -> None:
    assert answers(text)[0][0] == "unknown"


def test_an_action_on_the_line_below_its_colon_is_whole() -> None:
    text = "An error occurred (AccessDenied) when calling the GetRole operation: User: \n arn:aws:iam::111122223333:user/ci is not authorized to perform: \n iam:GetRole on resource: role ash"
    assert explain(text)[0].names["action"] == "iam:GetRole"
    cut = "User: arn:aws:iam::111122223333:user/ci is not authorized to perform: ia\nm:GetRole on resource: role ash"
    assert explain(cut)[0].names.get("action") in (None, "iam:GetRole")


@pytest.mark.parametrize(
    ("text", "step", "not_told"),
    [
        (
            'CREATE_FAILED | Resource handler returned message: "Your access has been denied by S3, please make sure your request credentials have permission to GetObject for code/a.zip. S3 Error Code: AccessDenied. (Service: Lambda, Status Code: 403, Request ID: 1)" (HandlerErrorCode: AccessDenied)',
            "s3:GetObject there",
            "ash-ops iam-policy deploy",
        ),
        (
            "Resource handler returned message: \"Resource of type 'AWS::Logs::LogGroup' with identifier 'ash' was not found.\" (HandlerErrorCode: NotFound)",
            "describe-stack-resources",
            "describe-subnets",
        ),
        (
            "pulumi up\nerror configuring Terraform AWS Provider: error calling sts:GetCallerIdentity: operation error STS: GetCallerIdentity, https response error StatusCode: 403, RequestID: 1, api error ExpiredToken: The security token included in the request is expired",
            "aws sso login",
            "An agent that asks Bedrock",
        ),
        (
            "Error creating DB Instance: DBSubnetGroupNotFoundFault: DB subnet group 'ash-db' does not exist.",
            "describe-db-subnet-groups",
            "describe-subnets",
        ),
        (
            "Serverless: validateTemplate({ TemplateURL: 'https://s3.amazonaws.com/ash/ash.json' })\n\n  Error: The CloudFormation template is invalid: Template format error: Unresolved resource dependencies [Db] in the Resources block of the template",
            "refers to something that it does not hold",
            "https address of a file in S3",
        ),
        (
            "An error occurred (ValidationException) when calling the InvokeModel operation: Your account is not authorized to invoke this API operation.",
            "model catalog",
            "ash-ops iam-policy doctor",
        ),
        (
            'It hangs for an hour, then gives this error: "Custom Resource failed to stabilize in expected time."',
            "waited an hour for the function",
            "describe-services",
        ),
    ],
)
def test_what_a_stack_names_decides_where_to_look(text: str, step: str, not_told: str) -> None:
    told = advised(text)
    assert step in told
    assert not_told not in told
