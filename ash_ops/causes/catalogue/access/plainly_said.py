"""Steps for refused calls whose message says its whole reason itself."""

from typing import Final

from ash_ops.causes.base import Step

_LINES: Final = r"~\bputlogevents\b|\brate exceeded for logstreamname\b"

TOO_MANY_LINES: Final = (
    Step(
        "Bedrock gives each model so many requests and tokens a minute in each region: ask less at once, take a profile of several regions (us., eu., global. in front of the model's name), lower max_tokens (it is counted in advance), or ask for more",
        "aws service-quotas list-service-quotas --service-code bedrock --query 'Quotas[].[QuotaName,QuotaCode,Value]'",
        when=r"~\bbedrock\b|\bcalling the (?:converse|invokemodel)\w{0,24} operation\b",
        decides=True,
        anywhere=True,
    ),
    Step(
        "The log router sends again by itself, and loses lines only where its buffer is full. If it goes on: give each task a stream of its own (log_stream_prefix, not log_stream_name), send fewer and larger batches (a longer Flush), log less, or ask for more",
        when=_LINES,
        decides=True,
    ),
)

READ_QUOTAS_OF_LOGS: Final = (
    Step(
        "Read how many calls CloudWatch Logs takes in this account and region",
        "aws service-quotas list-service-quotas --service-code logs --query 'Quotas[].[QuotaName,Value]'",
        when=_LINES,
        decides=True,
    ),
)

_NO_ROLE: Final = r"~/(?:iam/)?security-credentials/?\S{0,3} ?\S{0,3} ?resulted in a .{0,3}404\b|/security-credentials/.{0,40}\b404\b"

NO_ROLE_THERE: Final = (
    Step(
        "The metadata service answered, and knows no role: give the instance an instance profile whose role may do what the program does; a task of ECS takes its task role, so leave its instance out of it",
        "aws ec2 associate-iam-instance-profile --instance-id <instance> --iam-instance-profile Name=<role>",
        when=_NO_ROLE,
        decides=True,
    ),
)

READ_ROLE_OF_INSTANCE: Final = (
    Step(
        "See which instances have a profile at all",
        "aws ec2 describe-iam-instance-profile-associations --query 'IamInstanceProfileAssociations[].[InstanceId,IamInstanceProfile.Arn,State]'",
        when=_NO_ROLE,
        decides=True,
    ),
)

_NO_GROUP: Final = r"~\blog group (?:does not exist|was not found)\b"

MAKE_THE_GROUP: Final = (
    Step(
        "The log group that the call names is not there, in that account and region: make it, or correct its name, before what reads or writes there",
        "aws logs describe-log-groups --query 'logGroups[].logGroupName'",
        when=_NO_GROUP,
        decides=True,
    ),
)

_NO_RECORD: Final = r"~\btried to delete resource record set\b"

RECORD_GONE: Final = (
    Step(
        "No record has just that name, type and values: a deletion must name all of them (TTL and each value, too) as the zone has them. If it is gone, take it out of the call, the stack or the state",
        when=_NO_RECORD,
        decides=True,
    ),
)

READ_THE_RECORDS: Final = (
    Step(
        "Read the records of the zone",
        "aws route53 list-resource-record-sets --hosted-zone-id <hosted-zone>",
        when=_NO_RECORD,
        decides=True,
    ),
)

_NOT_TOLD: Final = r"~^(?!.*\bperform: ?[a-z])"

ASK_OF_THE_BUCKET: Final = (
    Step(
        "Ask IAM as the role or user that called, for its key",
        "aws iam simulate-principal-policy --policy-source-arn <principal> --action-names kms:Decrypt --resource-arns <key>",
        when="ciphertext refers to a ",
        decides=True,
    ),
    Step(
        "Ask IAM as the role or user that called, for listing the bucket",
        "aws iam simulate-principal-policy --policy-source-arn <principal> --action-names s3:ListBucket --resource-arns arn:aws:s3:::<bucket>",
        when=rf"{_NOT_TOLD}.*\bcalling the listobjects(?:v2)? operation\b",
        decides=True,
    ),
    Step(
        "Ask IAM as the role or user that called, for the bucket's objects",
        "aws iam simulate-principal-policy --policy-source-arn <principal> --action-names s3:GetObject s3:PutObject --resource-arns arn:aws:s3:::<bucket>/*",
        when=rf"{_NOT_TOLD}.*\bcalling the (?:get|put|head|copy)object operation\b",
        decides=True,
    ),
)
