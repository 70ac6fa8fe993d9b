"""Steps fit the text that was pasted: its value, its bucket, its stack, and whose deployment it is."""

from __future__ import annotations

import pytest

from ash_ops.causes.explain import explain


def advised(text: str) -> str:
    """All steps of the first answer, each with its command."""
    first = explain(text)[0]
    return "\n".join(f"{step.why} {step.command}" for step in (*first.proof(), *first.repair()))


VAGUE = "Correct what the message names"

# Each row: the message, what is advised, and what is not.
FITTING = [
    ("InvalidScheme: The requested scheme is not valid.", "internet-facing or internal", VAGUE),
    ("An error occurred (IncompatibleProtocols) when calling the CreateRule operation: The specified protocol is not compatible with the load balancer.", "network ones TCP", VAGUE),
    ("ParameterPatternMismatchException: The parameter name isn't valid.", "levels parted by /", VAGUE),
    ("An error occurred (PolicyNotAttachable) when calling the AttachRolePolicy operation: The request failed because AWS service role policies can only be attached to the service-linked role for that service.", "AmazonECSTaskExecutionRolePolicy", VAGUE),
    ("An error occurred (ClientException) when calling the RegisterTaskDefinition operation: Invalid arn syntax.", "valueFrom", VAGUE),
    ("Error: Invalid task definition format: containerDefinitions section is not present or is not an array", "--query taskDefinition", VAGUE),
    ("An error occurred (ValidationError) when calling the CreateStack operation: CreateStack cannot be used with templates containing Transforms.", "goes by a change set", VAGUE),
    ("ValidateTemplate failed: Template error: resource ScaleUp has missing or circular dependencies: Group.", "DependsOn", VAGUE),
    ("An error occurred (ValidationError) when calling the ValidateTemplate operation: Template format error: unsupported structure.", "file://", VAGUE),
    ("Error: creating RDS DB Instance (web): InvalidParameterCombination: The maximum allocated storage must be increased by at least 10 percent.", "max_allocated_storage", VAGUE),
    ("* aws_alb_listener.web: Error creating LB Listener: ValidationError: Listener protocol 'TCP' must be one of 'HTTPS, HTTP'", "load_balancer_type network", VAGUE),
    ('Resource handler returned message: "RDS does not support creating a DB instance with the following combination: DBInstanceClass=db.t2.micro, Engine=mysql, EngineVersion=8.0.35, LicenseModel=general-public-license. (Service: Rds, Status Code: 400, Request ID: 0a1b)" (HandlerErrorCode: InvalidRequest)', "--engine mysql", "--engine postgres"),
    ("Error: Failed to create changeset for the stack: web, ex: Waiter ChangeSetCreateComplete failed: Status: FAILED. Reason: The following hook(s)/validation failed: [AWS::EarlyValidation::ResourceExistenceCheck].", "describe-events", VAGUE),
    # Names that the text holds.
    ("Error: Failure configuring LB attributes: InvalidConfigurationRequest: Access Denied for bucket: web-lb-logs. Please check S3bucket permission status code: 400", "--bucket web-lb-logs", "simulate-principal-policy"),
    ('CREATE_FAILED | Resource handler returned message: "Your access has been denied by S3, please make sure your request credentials have permission to GetObject for web-code/app.zip. S3 Error Code: AccessDenied. (Service: Lambda, Status Code: 403)" (HandlerErrorCode: AccessDenied)', "s3://web-code", "<action>"),
    ("Error: The stack named WebStack is in a failed state. You may need to delete it from the AWS console : DELETE_FAILED (The following resource(s) failed to delete: [Bucket].)", "--stack-name WebStack", "ash-ops deploy"),
    ("The stack named XXXXX is in a failed state: UPDATE_ROLLBACK_COMPLETE", "--stack-name <stack>", "XXXXX"),
    ("Error: InvalidChangeBatch: [Tried to create resource record set [name='geo.example.com.', type='A'] but it already exists]", "Name=='geo.example.com.'", "<domain>"),
    ("$ ./deploy.sh --profile sso-dev\nUnable to locate credentials. You can also run 'aws sso login' to refresh your SSO credentials.", "--profile sso-dev", ""),
    ("Error: error deleting ACM Certificate (arn:aws:acm:us-east-1:123456789012:certificate/aa11bfaf-4c2c-460f-a8ce-2464816ae6f4): ResourceInUseException: Certificate arn:aws:acm:us-east-1:123456789012:certificate/aa11bfaf-4c2c-460f-a8ce-2464816ae6f4 in account 123456789012 is in use.", "--query Certificate.InUseBy", ""),
    ("CREATE_FAILED API: elasticloadbalancingv2:CreateLoadBalancer User: arn:aws:sts::123456789012:assumed-role/cfn/AWSCloudFormation is not authorized to perform: iam:CreateServiceLinkedRole on resource: arn:aws:iam::123456789012:role/aws-service-role/elasticloadbalancing.amazonaws.com/AWSServiceRoleForElasticLoadBalancing", 'role/aws-service-role/elasticloadbalancing.amazonaws.com/*"', "<policy>"),
    # Who does it, and with what.
    ("\u2718 execute svc deploy: upload deploy resources for service api: upload custom resources for \"api\": upload custom.zip to bucket web-pipelinebuilt-1a: AccessDenied: Access Denied status code: 403, request id: 0A1B", "--bucket web-pipelinebuilt-1a", "task role"),
    ("An error occurred (TargetNotConnected) when calling the StartSession operation: mi-01064afae0734b12b is not connected.", "describe-instance-information", "ssmmessages:CreateControlChannel"),
    ("An error occurred (DaemonNotFoundException) when calling the DescribeDaemon operation: The specified daemon wasn't found.", "list-daemons", "ash-ops"),
    ("One or more target groups not found", "describe-target-groups", "ash-ops deploy"),
    ('172.31.0.9 - - [07/Feb/2018:21:31:01 +0000] "GET / HTTP/1.1" 404 233 "-" "ELB-HealthChecker/2.0" "-"', "correct the path of the target", "--health-check-path /health"),
    ('172.31.0.9 - - [07/Feb/2018:21:31:01 +0000] "GET /healthz HTTP/1.1" 404 233 "-" "ELB-HealthChecker/2.0" "-"', "correct the path of the target", ""),
    # A deployment of somebody else is not deployed by this tool; Ash's own is.
    ("Status: ROLLBACK_COMPLETE\nStatus reason: The following resource(s) failed to create: [MyInstance, MyGroup].", "Then create it again", "ash-ops deploy"),
    ("Status: ROLLBACK_COMPLETE\nStatus reason: The following resource(s) failed to create: [AshService, AshCluster].", "ash-ops deploy", ""),
    ("Stack:arn:aws:cloudformation:us-east-1:123456789012:stack/ash-cloud/0a1b is in ROLLBACK_COMPLETE state and can not be updated.", "ash-ops deploy", ""),
    ("Stack:arn:aws:cloudformation:us-east-1:123456789012:stack/shop-prod/0a1b is in ROLLBACK_COMPLETE state and can not be updated.", "--stack-name shop-prod", "ash-ops deploy"),
    # The reason of a single resource, in place of "what the reason names".
    ("CREATE_FAILED | AWS::ElasticBeanstalk::Environment | Env | Environment failed to launch as it entered Terminated state", "elasticbeanstalk describe-events", "ash-ops deploy"),
    ('CREATE_FAILED AWS::Lambda::Function Fn Resource handler returned message: "Unzipped size must be smaller than 255174947 bytes (Service: Lambda, Status Code: 400)"', "250 MB", "ash-ops deploy"),
    ("CREATE_FAILED Custom::Seed Seed CloudFormation did not receive a response from your Custom Resource. Please check your logs for requestId [1ed80]. If you are using the Python cfn-response module, you may need to update your Lambda", "answered nothing", "said so"),
    ("CREATE_FAILED Custom::Seed Seed Received response status [FAILED] from custom resource. Message returned: Error: it broke", "said so", "answered nothing"),
    ('CREATE_FAILED | AWS::IAM::Role | R Resource handler returned message: "Invalid Condition type : ForAllValuesStringEquals (Service: Iam, Status Code: 400)"', "ForAllValues:StringEquals", "ash-ops deploy"),
    ('Error: Failed to create/update the stack: sam-app, Waiter StackCreateComplete failed: Waiter encountered a terminal failure state: For expression "Stacks[].StackStatus" we matched expected path: "ROLLBACK_COMPLETE" at least once', "--stack-name sam-app", "what the reason names"),
    ("An error occurred (NotFoundException) when calling the DescribeKey operation: Alias arn:aws:kms:us-east-1:111122223333:alias/api is not found.", "kms list-aliases", "ecs list-clusters"),
    ("An error occurred (SSLPolicyNotFound) when calling the CreateListener operation: SSL policy 'ELBSecurityPolicy-X' not found", "describe-ssl-policies", "ecs list-clusters"),
    ("An error occurred (VolumeInUse) when calling the DeleteVolume operation: Volume vol-0a1b is currently attached to i-0a1b", "describe-volumes", "listener"),
    ("InvalidNetworkInterface.InUse: Interface: [eni-0a1b] in use.", "describe-network-interfaces", "listener"),
    ("resource sg-0a1b2c3d4e5f60718 has a dependent object (Service: AmazonEC2; Status Code: 400; Error Code: DependencyViolation; Request ID: 1)", "ip-permission.group-id,Values=sg-0a1b2c3d4e5f60718", ""),
    ("MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code. (Aws::STS::Errors::AccessDenied)", "get-session-token", "fresh code"),
    ("error calling sts:GetCallerIdentity: AccessDenied: MultiFactorAuthentication failed with invalid MFA one time pass code. status code: 403", "fresh code", "get-session-token"),
    ("Post https://ecs.eu-west-1.amazonaws.com/: dial tcp: lookup ecs.eu-west-1.amazonaws.com on [::1]:53: read udp [::1]:55158->[::1]:53: read: connection refused", "resolv.conf", "describe-vpc-endpoints"),
    ("dial tcp: lookup ecs.eu-west-1.amazonaws.com: no such host", "describe-vpc-endpoints", "resolv.conf"),
    ("Cannot exceed quota for InstanceProfilesPerAccount: 1000", "--service-code iam", "<service-code>"),
    ("CREATE_FAILED AWS::S3::Bucket MyBucket Access Denied", "CloudTrail does", "<action>"),
    ("Unable to assume role arn:aws:iam::123456789012:role/cdk-hnb659fds-cfn-exec-role", "role that the CDK makes", "update-assume-role-policy"),
    ("\u2718 get service configuration: couldn't find service web in the application shop", "copilot svc ls", "ash-ops --region"),
    ("User: arn:aws:iam::111122223333:user/admin is not authorized to perform: cloudformation:CreateChangeSet on resource: arn:aws:cloudformation:us-east-1:aws:transform/LanguageExtensions because no resource-based policy allows the cloudformation:CreateChangeSet action", "aws:transform/LanguageExtensions", "policy of the thing itself"),
    ("A load balancer cannot be attached to multiple subnets in the same Availability Zone", "Subnet", "ash-ops deploy"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "told", "untold"), FITTING, ids=[r[0][:50] for r in FITTING])
def test_what_is_advised_fits_the_text(text: str, told: str, untold: str) -> None:
    steps = advised(text)
    assert told in steps
    assert not untold or untold not in steps


def test_terraform_takes_over_what_has_the_name() -> None:
    text = (
        "Error: Creating CloudWatch Log Group failed: ResourceAlreadyExistsException: The specified log group already exists: "
        "The CloudWatch Log Group '/aws/codebuild/web' already exists.\n"
        '  on web.tf line 51, in resource "aws_cloudwatch_log_group" "web":'
    )
    assert "terraform import <address> /aws/codebuild/web" in advised(text)


def test_no_step_is_told_with_the_same_command_twice() -> None:
    text = "\"Error occurred during operation 'ECS Deployment Circuit Breaker was triggered'.\""
    commands = [step.command for step in explain(text)[0].repair() if step.command]
    assert len(commands) == len(set(commands))
