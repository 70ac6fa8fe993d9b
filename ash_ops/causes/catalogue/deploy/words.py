"""Words that several causes of this package are recognised by, and sources they share."""

from typing import Final

from ash_ops.causes.base import Step

CFN: Final = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/troubleshooting.html"

MADE: Final = "cfn_event api_error log_line"

OF_AWS: Final = (
    "aws|amazon|arn:|alreadyexist|alreadyowned|duplicate|exception|(service: |error code|errorcode|when calling|create_failed|update_failed|stack|resource|"
    "role|policy|log group|loggroup|log-group|bucket|repository|cluster|task definition|target group|targetgroup|target-group|load balancer|loadbalancer|listener|"
    "security group|securitygroup|subnet|route table|vpc|endpoint|secret|parameter|certificate|namespace|hosted zone|record set|alarm|file system|filesystem|"
    "capacity provider|auto scaling|autoscaling|launch template|instance profile|elastic ip|cidr|permission|rule|ecs|service"
)
"""Words of which one names a thing of AWS, or AWS as the one who speaks."""

_MAY_NOT_MAKE: Final = r"~\bnot authorized to create or assume a service[- ]linked role\b|servicelinkedrolecreationnotpermitted|\bpermissions? to create (?:the|a) service-linked role\b"

LINKED_ROLES: Final = (
    Step(
        "Each service of AWS has such a role of its own, and whoever uses it first in an account makes it. Make this one and try again",
        "aws iam create-service-linked-role --aws-service-name <linked-service>",
    ),
    Step(
        "Who called may not make that service's own role: let that user or role do iam:CreateServiceLinkedRole for the service, and try again",
        "aws sts get-caller-identity",
        when=_MAY_NOT_MAKE,
        decides=True,
    ),
    Step(
        "Or let somebody who may do so make it once",
        "aws iam create-service-linked-role --aws-service-name <linked-service>",
        when=_MAY_NOT_MAKE,
        decides=True,
    ),
)
"""The role that a service has for itself, made by whoever uses it first."""

ITS_ROLE: Final = Step("Ask for it", "aws iam get-role --role-name <linked-role>")

FIRST: Final = Step(
    "Find the first failed event by time",
    "aws cloudformation describe-stack-events --stack-name <stack> --query \"reverse(StackEvents[?contains(ResourceStatus,'FAILED')]).[Timestamp,LogicalResourceId,ResourceStatusReason]\"",
)

_RESOURCE: Final = (
    r"(?:service|tasks?|task ?definition|taskset|cluster|capacityproviders?|stack|changeset|role|rolepolicy|policy|instanceprofile|loadbalancer|targetgroup|targets|listener|rule|"
    r"dbinstance|dbcluster|dbsubnetgroup|dbparametergroup|filesystem|mounttarget|accesspoint|secret|secretvalue|parameter|loggroup|retentionpolicy|metricalarm|hostedzone|"
    r"resourcerecordsets|certificate|autoscalinggroup|launchtemplate|launchconfiguration|scalabletarget|scalingpolicy|securitygroup(?:ingress|egress)?|subnet|vpc|vpcendpoint|"
    r"route|routetable|natgateway|internetgateway|address|instances|deployment|deploymentgroup|repository|privatednsnamespace)"
)
_MAKING: Final = r"(?:creat|updat|delet|put|regist|modif|execut|allocat|attach|associat|authoriz|chang|add|run|request|set|continu|assum)"
_API: Final = (
    r"(?:ecs|ecr|ec2|rds|iam|efs|kms|wafv2|cloudfront|codedeploy|elb(?:v2)?|elasticloadbalancing(?:v2)?|elastic load balancing(?: v2)?|identitymanagement|elasticfilesystem|secrets ?manager|ssm|simplesystemsmanagement|"
    r"cloudwatch(?: ?logs)?|logs|route ?53|acm|certificate ?manager|auto ?scaling|application ?auto ?scaling|cloudformation|servicediscovery)"
)
OUR_CALL: Final = "~" + "|".join(
    (
        rf"when calling the {_MAKING}[a-z]{{0,4}}{_RESOURCE} operation",
        rf"\(service: (?:amazon|aws)?{_API}[,;]",
        rf"\boperation error {_API}: {_MAKING}",
        rf"\b(?:creating|updating|modifying|deleting|putting|registering|adding|attaching) (?:(?:aws|amazon|an?|the) ){{0,2}}(?:{_API}|{_RESOURCE}|autoscaling|db|lb|load balancer|target group|security group)\b",
        r"\baws_(?:ecs|ec2|rds|iam|efs|lb|alb|db|secretsmanager|ssm|cloudwatch|route53|acm|autoscaling|appautoscaling|launch|security_group|subnet|vpc|nat|eip|route)_?",
        rf"\baws::{_API}::",
        r"^\W{0,3}(?:error: )?clientexception: |\binvalidparametercombination: ",
        r"\b(?:create|update)service error\b|\bcreate ?taskdefinition: |\bresource handler returned\b",
        r"\b(?:in|to) (?:the|a|an) task definition\b|\btask definitions? (?:do|does|to have)\b|\bset on the container\b",
    )
)
"""Where a text names a call that makes or changes a resource of a deployment, by whichever tool it prints."""

NOT_VALID: Final = (
    "invalidparameter|invalidinput|invalidvpcnetworkstate|clientexception|validationerror|validationexception|malformedpolicy|invalidchangebatch|invalidrequest|invalid request provided|missingparameter|"
    "unsupportedcertificate|invalidconfigurationrequest|invalidloadbalancer|notsupported|unsupportedfeature|.malformed|targetgroupassociationlimit|invalidsubnet.range|invalidsubnet.conflict|invalidvpc.range|requiredexception|invalidrevision|invalidecsservice"
)
"""Codes with which AWS says that what was asked for is not valid."""

SERVICE: Final = "aws ecs describe-services --cluster <cluster> --services <service>"

TASKS_OF_A_SERVICE: Final = (
    Step("Read what the service says", SERVICE + " --query 'services[].events[:5].message'"),
    Step(
        "Find the tasks that ended within the hour; describe-tasks tells why",
        "aws ecs list-tasks --cluster <cluster> --service-name <service> --desired-status STOPPED",
    ),
)
"""Look-ups that need no more than AWS, whoever made the service."""

READING: Final = "when calling the describe|when calling the list|when calling the get"
"""Calls of one who looks: a deployment makes and changes."""

OTHER_RESOURCE: Final = (
    "~\\b(?:custom ?resource|elasticloadbalanc(?:er|ing)v?2?|target ?group|load ?balancer|listener|nat ?gateway|vpc ?endpoint|db ?(?:instance|cluster)|file ?system|mount ?target|"
    "certificate|bucket|hosted ?zone|auto ?scaling ?group|cache ?cluster|distribution)(?: [\\w/-]{1,80})? (?:did not|has not|failed to) stabilize"
)
"""Resources that are no service of ECS, by their names in words, and did not come to rest."""
