"""What anyone can see or use."""

from typing import Final

from ash_ops.causes.base import Cause, Rank, Step, says

CAUSES: Final = (
    Cause(
        slug="api-key-exposed",
        title="The server gives its API key to anyone who asks",
        category="auth",
        severity="error",
        meaning="GET /dashboard/config.js answers without authentication and contains ASH_API_KEY, also with the dashboard off: whoever reaches port 4100 has the key. Every Ash does so: the doctor warns of it where anyone reaches the port, and only notes it where none but named addresses do. A stored key that is an example's, which anyone can guess, is a problem.",
        proof=(
            Step(
                "Ask for it, counting only (never print the body)",
                "curl -s http://<host>:4100/dashboard/config.js | grep -c apiKey",
            ),
        ),
        repair=(
            Step(
                "Admit only your own addresses to port 4100, then change the key", "ash-ops deploy"
            ),
        ),
        signatures=(
            says(
                "/dashboard/config.js|dashboard/config",
                "apikey|api key",
                rank=Rank.CLEAR,
                kinds="http log_line",
            ),
        ),
        confused_with=(("open-to-world", "Together with it the key is public."),),
    ),
    Cause(
        slug="server-open",
        title="The server answers without a key",
        category="auth",
        severity="error",
        meaning="No key is configured: every request is accepted.",
        proof=(
            Step(
                "Ask without a key",
                "curl -s -o /dev/null -w '%{http_code}' http://<host>:4100/api/sessions",
            ),
        ),
        repair=(Step("Set ASH_API_KEY from a secret", "ash-ops deploy"),),
        signatures=(
            says(
                "no api keys configured|auth disabled|authentication disabled|authentication is disabled",
                rank=Rank.NORMAL,
                kinds="log_line stopped_task",
            ),
        ),
    ),
    Cause(
        slug="open-to-world",
        title="Port 4100 is open to the whole internet",
        category="auth",
        severity="warning",
        meaning="A security group admits 0.0.0.0/0 (or ::/0) to a server that speaks plain HTTP.",
        proof=(
            Step(
                "Read the inbound rules",
                "aws ec2 describe-security-groups --group-ids <balancer-security-group> --query 'SecurityGroups[].IpPermissions'",
            ),
        ),
        repair=(
            Step(
                "Take the rule away",
                "aws ec2 revoke-security-group-ingress --group-id <balancer-security-group> --protocol tcp --port 4100 --cidr 0.0.0.0/0",
            ),
            Step(
                "Admit your address",
                "aws ec2 authorize-security-group-ingress --group-id <balancer-security-group> --protocol tcp --port 4100 --cidr <your-address>/32",
            ),
        ),
    ),
    Cause(
        slug="plain-http",
        title="The server is reached over plain HTTP",
        category="auth",
        severity="warning",
        meaning="Keys and conversations travel unencrypted between client and load balancer.",
        proof=(
            Step(
                "Read the listener's protocol",
                "aws elbv2 describe-listeners --load-balancer-arn <load-balancer> --query 'Listeners[].[Protocol,Port]'",
            ),
        ),
        repair=(Step("Add a TLS listener with an ACM certificate", "ash-ops deploy --plan"),),
    ),
    Cause(
        slug="secrets-in-environment",
        title="Secrets stand in plain text in the task definition",
        category="auth",
        severity="warning",
        meaning="Whoever may call ecs:DescribeTaskDefinition reads them, in every old revision too.",
        proof=(
            Step(
                "List the names",
                "aws ecs describe-task-definition --task-definition <family> --query 'taskDefinition.containerDefinitions[].environment[].name'",
            ),
        ),
        repair=(
            Step(
                "Move them to Secrets Manager, then change their values: old revisions keep the old ones",
                "ash-ops deploy",
            ),
        ),
        docs_url="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specifying-sensitive-data.html",
    ),
)
