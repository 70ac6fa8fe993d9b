"""The calls that CloudFormation makes for the alarms of a deployment, by type of resource."""

from __future__ import annotations

ALARMS: dict[str, tuple[str, ...]] = {
    "AWS::Budgets::Budget": (
        "billing:GetBillingViewData",
        "budgets:ListTagsForResource",
        "budgets:ModifyBudget",
        "budgets:TagResource",
        "budgets:UntagResource",
        "budgets:ViewBudget",
    ),
    "AWS::CloudWatch::Alarm": (
        "cloudwatch:DeleteAlarms",
        "cloudwatch:DescribeAlarms",
        "cloudwatch:ListTagsForResource",
        "cloudwatch:PutMetricAlarm",
        "cloudwatch:TagResource",
        "cloudwatch:UntagResource",
    ),
    "AWS::SNS::Topic": (
        "sns:CreateTopic",
        "sns:DeleteTopic",
        "sns:GetDataProtectionPolicy",
        "sns:GetTopicAttributes",
        "sns:ListSubscriptionsByTopic",
        "sns:ListTagsForResource",
        "sns:SetTopicAttributes",
        "sns:Subscribe",
        "sns:TagResource",
        "sns:Unsubscribe",
        "sns:UntagResource",
    ),
    "AWS::SNS::TopicPolicy": ("sns:GetTopicAttributes", "sns:SetTopicAttributes"),
}
"""After the handlers of each type in the CloudFormation registry; not simulated on AWS."""
