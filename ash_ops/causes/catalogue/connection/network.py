"""What drops packets on the way: security groups, network ACLs, routes, DNS of the VPC."""

from typing import Final

from ash_ops.causes.base import Cause, Rank, Step, says
from ash_ops.causes.catalogue.access.words import NO_REGION
from ash_ops.causes.catalogue.connection.resolvers import ASK_THAT_RESOLVER, NOT_THE_VPCS

NLB_GROUPS: Final = "https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-security-groups.html"

CAUSES: Final = (
    Cause(
        slug="task-security-group-blocks",
        title="The task's security group does not let the load balancer in",
        category="connection",
        severity="error",
        meaning="No inbound rule of the task's security group admits the load balancer on the server's port, so checks and requests are dropped.",
        proof=(
            Step(
                "Read the inbound rules",
                "aws ec2 describe-security-groups --group-ids <task-security-group> --query 'SecurityGroups[].IpPermissions'",
            ),
        ),
        repair=(
            Step(
                "Admit the load balancer",
                "aws ec2 authorize-security-group-ingress --group-id <task-security-group> --protocol tcp --port 4100 --source-group <balancer-security-group>",
            ),
        ),
        signatures=(
            # As people tell it of a load balancer in front.
            says(
                "security group",
                "nlb|alb|load balancer",
                "~\\bsecurity group\\b[^.|]{0,100}\\b(?:did not|didn't|does not|doesn't|not) allow(?:ing)? (?:the |our |my )?(?:[an]lb|load balancer)s?\\b",
                rank=Rank.CLEAR,
            ),
        ),
        confused_with=(
            (
                "caller-address-blocked",
                "There the load balancer does not admit you; its health checks pass.",
            ),
        ),
        docs_url=NLB_GROUPS,
    ),
    Cause(
        slug="caller-address-blocked",
        title="Your address is not admitted by the load balancer's security group",
        category="connection",
        severity="error",
        meaning="The inbound rules of the load balancer (or of the task, when client addresses are preserved) do not hold your public address.",
        proof=(
            Step(
                "Read the inbound rules",
                "aws ec2 describe-security-groups --group-ids <balancer-security-group> --query 'SecurityGroups[].IpPermissions'",
            ),
        ),
        repair=(
            Step(
                "Admit your address",
                "aws ec2 authorize-security-group-ingress --group-id <balancer-security-group> --protocol tcp --port 4100 --cidr <your-address>/32",
            ),
        ),
        signatures=(
            says(
                "security group",
                "nlb|alb|load balancer",
                "~\\brules? for port \\d{1,5} (?:is|are) missing in the security group (?:attached to|of) (?:the |our |my )?(?:[an]lb|load balancer)\\b",
                rank=Rank.CLEAR,
            ),
        ),
        confused_with=(("conn-timeout", "What a client sees of it."),),
        docs_url=NLB_GROUPS,
    ),
    Cause(
        slug="nacl-blocks",
        title="A network ACL drops the traffic",
        category="connection",
        severity="error",
        meaning="A rule of the subnet's network ACL denies the request, or the answer on its ephemeral port 1024-65535.",
        proof=(
            Step(
                "Read the rules in order of their numbers, both directions",
                "aws ec2 describe-network-acls --filters Name=association.subnet-id,Values=<subnet>",
            ),
        ),
        repair=(
            Step(
                "Allow 4100 in and 1024-65535 out (and 443 out for pulls)",
                "aws ec2 create-network-acl-entry --network-acl-id <network-acl> --rule-number 90 --protocol tcp --port-range From=4100,To=4100 --cidr-block 0.0.0.0/0 --rule-action allow --ingress",
            ),
        ),
        confused_with=(
            (
                "task-security-group-blocks",
                "Security groups remember connections; network ACLs need a rule for the answer too.",
            ),
        ),
        docs_url="https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html",
    ),
    Cause(
        slug="route-missing",
        title="The subnet has no route to the internet",
        category="connection",
        severity="error",
        meaning="The route table has no default route to an internet gateway (with a public address on the task) or to a NAT gateway.",
        proof=(
            Step(
                "Read the routes",
                "aws ec2 describe-route-tables --filters Name=association.subnet-id,Values=<subnet>",
            ),
        ),
        repair=(
            Step(
                "Add one",
                "aws ec2 create-route --route-table-id <route-table> --destination-cidr-block 0.0.0.0/0 --gateway-id <internet-gateway>",
            ),
        ),
        signatures=(
            says(
                "no route to the internet|no default route|no internet gateway attached|has no internet gateway",
                rank=Rank.CLEAR,
            ),
        ),
        confused_with=(
            ("route-blackhole", "There the route exists and leads to something deleted."),
            ("public-ip-missing", "There the route is right and the task has no public address."),
        ),
        docs_url="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-task-networking.html",
    ),
    Cause(
        slug="public-ip-missing",
        title="The task has no public address in a public subnet",
        category="connection",
        severity="error",
        meaning="The subnet's way out is an internet gateway, which serves only interfaces with a public address; assignPublicIp is DISABLED.",
        proof=(
            Step(
                "Read the setting",
                "aws ecs describe-services --cluster <cluster> --services <service> --query 'services[].networkConfiguration.awsvpcConfiguration.assignPublicIp'",
            ),
        ),
        repair=(
            Step(
                "Assign one",
                "aws ecs update-service --cluster <cluster> --service <service> --network-configuration 'awsvpcConfiguration={subnets=[<subnets>],securityGroups=[<task-security-groups>],assignPublicIp=ENABLED}'",
            ),
        ),
        confused_with=(("route-missing", "There the subnet has no way out at all."),),
        docs_url="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-task-networking.html",
    ),
    Cause(
        slug="egress-blocked",
        title="The task's security group does not let it out",
        category="connection",
        severity="error",
        meaning="No outbound rule admits 443, so images, secrets, logs and the model's API are out of reach.",
        proof=(
            Step(
                "Read the outbound rules",
                "aws ec2 describe-security-groups --group-ids <task-security-group> --query 'SecurityGroups[].IpPermissionsEgress'",
            ),
        ),
        repair=(
            Step(
                "Let it out",
                "aws ec2 authorize-security-group-egress --group-id <task-security-group> --protocol tcp --port 443 --cidr 0.0.0.0/0",
            ),
        ),
        confused_with=(("route-missing", "There the subnet has no way out."),),
        docs_url="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-task-networking.html",
    ),
    Cause(
        slug="endpoint-security-group-blocks",
        title="A VPC endpoint's security group does not admit the task",
        category="connection",
        severity="error",
        meaning="With private DNS on, the AWS API resolves to the endpoint, and its security group drops the task's 443.",
        proof=(
            Step(
                "Read the endpoint's groups",
                "aws ec2 describe-vpc-endpoints --filters Name=vpc-id,Values=<vpc> --query 'VpcEndpoints[].[ServiceName,PrivateDnsEnabled,Groups]'",
            ),
        ),
        repair=(
            Step(
                "Admit the task",
                "aws ec2 authorize-security-group-ingress --group-id <endpoint-security-group> --protocol tcp --port 443 --source-group <task-security-group>",
            ),
        ),
        confused_with=(("init-network", "What the task says of it."),),
        docs_url="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/vpc-endpoints.html",
    ),
    Cause(
        slug="route-blackhole",
        title="A route leads to something that is gone, or that failed",
        category="connection",
        severity="error",
        meaning="The route's state is blackhole: its NAT gateway, interface or peering was deleted.",
        proof=(
            Step(
                "Look for State blackhole",
                "aws ec2 describe-route-tables --filters Name=association.subnet-id,Values=<subnet> --query \"RouteTables[].Routes[?State=='blackhole']\"",
            ),
        ),
        repair=(
            Step(
                "Point the route at a working gateway",
                "aws ec2 replace-route --route-table-id <route-table> --destination-cidr-block 0.0.0.0/0 --nat-gateway-id <nat-gateway>",
            ),
        ),
        signatures=(says("blackhole", "route|state", rank=Rank.CLEAR),),
        confused_with=(("route-missing", "There the table has no default route."),),
        docs_url="https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html",
    ),
    Cause(
        slug="dns-disabled",
        title="DNS is switched off in the VPC",
        category="connection",
        severity="error",
        meaning="enableDnsSupport is false (or enableDnsHostnames, for private DNS of endpoints): tasks resolve no names.",
        proof=(
            Step(
                "Read it",
                "aws ec2 describe-vpc-attribute --vpc-id <vpc> --attribute enableDnsSupport",
            ),
            *ASK_THAT_RESOLVER,
        ),
        repair=(
            Step(
                "Switch it on", "aws ec2 modify-vpc-attribute --vpc-id <vpc> --enable-dns-support"
            ),
            *NOT_THE_VPCS,
        ),
        signatures=(
            says(
                "dns",
                "vpc",
                "~\\bvpc-[\\w-]{1,40} has no dns support\\b|\\bdns (?:resolution|support|hostnames?) (?:is|are) (?:disabled|off|turned off|switched off|not enabled) (?:in|for|on) (?:our|the|my|this) vpc\\b",
                rank=Rank.CLEAR,
            ),
            says(
                "enablednssupport|enablednshostnames|enable dns support",
                "false|disabled|must be|not enabled|required|requires both",
                rank=Rank.CLEAR,
            ),
            says(
                "resourceinitializationerror|send request failed",
                "no such host",
                rank=Rank.CLEAR,
                kinds="stopped_task service_event",
                # Terraform's, and where Docker's own resolver answers: on somebody's machine.
                unless=(
                    "efs|nfs|ghcr.io|docker.io|terraform",
                    # A resolver that is no VPC's: a public one, a router's, the machine's own.
                    rf"~ on \[?(?:8\.8\.|1\.1\.1\.|1\.0\.0\.1|9\.9\.9\.9|208\.67\.|127\.|192\.168\.|::1\b)|{NO_REGION}",
                ),
            ),
        ),
        confused_with=(
            ("image-pull-dns", "There only the registry's name is wrong."),
            ("init-network", "There names resolve and connections do not complete."),
        ),
        docs_url="https://docs.aws.amazon.com/vpc/latest/userguide/vpc-dns.html",
    ),
    Cause(
        slug="balancer-without-security-group",
        title="The Network Load Balancer has no security group",
        category="connection",
        severity="warning",
        meaning="It was made without one and can never get one: everything that reaches its listeners passes.",
        proof=(
            Step(
                "Read it",
                "aws elbv2 describe-load-balancers --query 'LoadBalancers[].[LoadBalancerName,SecurityGroups]'",
            ),
        ),
        repair=(
            Step(
                "Make a new load balancer with a security group from the start (its DNS name changes)",
                "ash-ops deploy --plan",
            ),
        ),
        signatures=(
            says(
                "setsecuritygroups|set security groups|security groups",
                "network load balancer|load balancer",
                "not supported|without|cannot be|invalidconfigurationrequest",
                rank=Rank.LIKELY,
                kinds="api_error cfn_event",
                unless="security groups are invalid|security groups are not valid",
            ),
        ),
        docs_url=NLB_GROUPS,
    ),
    Cause(
        slug="balancer-internal",
        title="The load balancer is internal: it is not reachable from the internet",
        category="connection",
        severity="error",
        meaning="Its scheme is internal, so its name resolves to private addresses.",
        proof=(
            Step(
                "Read the scheme",
                "aws elbv2 describe-load-balancers --query 'LoadBalancers[].[LoadBalancerName,Scheme]'",
            ),
        ),
        repair=(
            Step(
                "Reach it from inside the VPC (VPN, bastion), or make an internet-facing one: the scheme cannot be changed"
            ),
        ),
        signatures=(
            says(
                "internal-",
                "~\\binternal-[a-z0-9-]{3,100}\\.elb\\.",
                "timed out|timeout|etimedout|no route|unreachable|curl: (28)|curl: (7)|could not connect",
                rank=Rank.PRECISE,
                kinds="http log_line",
            ),
        ),
        confused_with=(
            (
                "caller-address-blocked",
                "There the balancer is public and does not admit your address.",
            ),
        ),
        docs_url="https://docs.aws.amazon.com/elasticloadbalancing/latest/network/create-network-load-balancer.html",
    ),
    Cause(
        slug="listener-missing",
        title="No listener on the port you call",
        category="connection",
        severity="error",
        meaning="The load balancer has no listener on that port, so it refuses the connection.",
        proof=(
            Step(
                "List the listeners",
                "aws elbv2 describe-listeners --load-balancer-arn <load-balancer> --query 'Listeners[].[Protocol,Port]'",
            ),
        ),
        repair=(
            Step(
                "Use the port of an existing listener, or make one",
                "aws elbv2 create-listener --load-balancer-arn <load-balancer> --protocol TCP --port 4100 --default-actions Type=forward,TargetGroupArn=<target-group>",
            ),
        ),
        confused_with=(("conn-refused", "What a client sees of it."),),
        docs_url="https://docs.aws.amazon.com/elasticloadbalancing/latest/network/create-listener.html",
    ),
)
