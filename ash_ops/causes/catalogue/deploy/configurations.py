"""What Terraform, Pulumi and the provider behind them find in a configuration before they call AWS."""

from typing import Final

from ash_ops.causes.base import Rank, Signature, Step, says

_OF_ANY_CONFIGURATION: Final = (
    "is not expected here|are not expected here|reference to undeclared|required, but no definition was found|"
    "inappropriate value for attribute|cannot be determined until apply|argument value is unsuitable|does not identify an element in this collection|"
    "this object does not have an attribute named|is not set, and has no default value|unsupported block type|"
    "backend initialization required, please run|inconsistent dependency lock file|provider configuration not present|"
    "invalid attribute combination|missing attribute configuration|unsupported terraform core version"
)
"""Terraform's own sentences, which nothing else prints."""

REFUSED_BY_THE_TOOL: Final[tuple[Signature, ...]] = (
    says(_OF_ANY_CONFIGURATION, rank=Rank.PRECISE),
    # The heading alone, where what stands below it was cut.
    says(
        "error: invalid index|error: unsupported a|error: missing required argument|error: incorrect attribute value|error: invalid for_each|error: invalid count|error: duplicate resource",
        r"~\berror: (?:invalid (?:index|(?:for_each|count) argument)|unsupported (?:argument|attribute)|missing required argument|incorrect attribute value type|duplicate resource \"aws_\w{3,60}\" configuration)$",
        rank=Rank.CLEAR,
    ),
    # The same of names, of single values and of pairs of them, in words that others use, too.
    says(
        'has not been declared in|specified when|expected |conflicts with|required field is not set|must be specified|has a problem: |error: cycle: |cannot be longer than|allowed in "',
        r'~\bhas not been declared in (?:the root )?module\b|\battribute "?[\w.\[\]]{1,80}"? (?:must|cannot) be specified when "|\bexpected [a-z_][\w.]{1,80} to be (?:one of \[|in the range \()[^|]{1,300}[\])], got |'
        r'"[a-z_][\w.]{1,80}": (?:conflicts with|required field is not set|(?:only )?one of [\'\w.,]{2,200} (?:must|can) be specified)|\baws:[\w/]{2,60}:\w{2,60} resource \'[^\']{1,120}\' has a problem: (?!grpc\b)|\berror: cycle: (?:module\.|aws_|data\.)|'
        r'^\W{0,4}error: (?:invalid value for )?"[a-z_][\w.]{1,60}" cannot be longer than \d|\bcharacters (?:and \w{4,12} )?allowed in "[a-z_]',
        rank=Rank.PRECISE,
    ),
)
"""The tool, or its provider, looked at what was written, and called nobody."""

AS_THE_TOOL_SAYS: Final = (
    Step(
        "That resource or module has no such argument or block, or not in the version that is used: correct its name and its place, or take the version for which it was written (terraform providers lists what is used)",
        when="is not expected here|are not expected here|unsupported block type|does not have an attribute named",
        decides=True,
    ),
    Step(
        "Give the argument or variable that the message names (a variable with -var NAME=VALUE, a .tfvars file or TF_VAR_name)",
        when="required, but no definition was found|is not set, and has no default value|required field is not set",
        decides=True,
    ),
    Step(
        "Nothing of that name is declared in that module: correct the reference, or declare it; what a module makes is read by its outputs",
        when="reference to undeclared|has not been declared in",
        decides=True,
    ),
    Step(
        "How many there are must be known before anything is made: let count and for_each depend on names that you write, not on ids, or apply what they depend on first (-target)",
        when="cannot be determined until apply|argument value is unsuitable",
        decides=True,
    ),
    Step(
        "The list or map has no such element, mostly because the resource it is taken from has count 0 or other keys: correct the index, or ask for it with one() or try()",
        when="does not identify an element in this collection",
        decides=True,
    ),
    Step(
        "Break the circle: of two security groups that name each other, give the rules as resources of their own; take out a depends_on that the references imply already",
        when="error: cycle: ",
        decides=True,
    ),
    Step(
        "Prepare the directory again (terraform init -upgrade), then plan",
        when="backend initialization required|inconsistent dependency lock file|unsupported terraform core",
        decides=True,
    ),
    Step(
        "The two arguments that the message names do not go together, or one needs the other: set or take out what it says",
        when=r'~\battribute "?[\w.\[\]]{1,80}"? (?:must|cannot) be specified when "|": conflicts with|\binvalid attribute combination\b|\bmissing attribute configuration\b|\bone of [\'\w.,]{2,200} (?:must|can) be specified\b',
        decides=True,
    ),
)
"""What to write otherwise, as the tool's message asks for it."""

OF_TYPES_NOT_READ: Final = (
    Step(
        "CloudFormation reads no SecureString where a template names a parameter so: let its type be String, or leave the secret to the task definition (secrets, valueFrom). Of the CDK's own parameter (/cdk-bootstrap/...), bootstrap again",
        "aws ssm get-parameters --names <parameter> --query 'Parameters[].[Name,Type]'",
        when="have types not supported by cloudformation|ssm secure reference is not supported",
        decides=True,
    ),
)
"""Parameters of Systems Manager whose kind a template may not use there."""

ODD_VALUES: Final[tuple[Signature, ...]] = (
    says(
        "unsupported resource type: | must match ^",
        "~\\(invalidparameter\\w{0,20}\\) when calling the \\w{3,60} operation: (?:unsupported resource type: [a-z]|[a-z ]{3,40} must match \\^)",
        rank=Rank.PRECISE,
    ),
)
"""A name that ECS could not read, in calls that only look, too."""

OF_ODD_VALUES: Final = (
    Step(
        "The name has a character that no name has: the quotes of a shell's variable, a blank, or the end of a line of a file from Windows. Print it with printf '%q', and hand it over without that",
        when=r"~\boperation: (?:unsupported resource type: [a-z]|[a-z ]{3,40} must match \^)",
        decides=True,
    ),
    Step(
        "A cluster, a service or a file system of that name (or token) is there already, made with other settings: import it into the state of the tool, or give the new one another name",
        "aws ecs describe-clusters --clusters <cluster>",
        when="idempotent request are inconsistent",
        decides=True,
    ),
)
"""Names that are written wrongly, and names that were used before."""
