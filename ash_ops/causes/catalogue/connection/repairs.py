"""Repairs of connections that are not Ash's own, chosen by the port and the tool that the message names."""

from typing import Final

from ash_ops.causes.base import Step

_OTHER_PORT: Final = r"(?::(?!4100\b|443\b)\d{2,5}\b(?!:)|\bport (?!4100\b|443\b)\d{2,5}\b)"
_NOT_ASHS: Final = rf"~^(?!.*(?:\b4100\b|\bash[-_.])).*{_OTHER_PORT}"

PLAIN: Final = (
    Step(
        "What answered there spoke no TLS, and the text does not say who that is: a server of yours: call it with http://, or let it have a certificate; on the way out it is a proxy that is asked with https:// and speaks plain HTTP (HTTPS_PROXY=http://HOST:PORT), or a page of the network that asks to sign in",
        when=r"~^(?!.*(?:\b4100\b|\bash[-_.]|\.elb\.|https?://|\bport \d|:\d{2,5}\b)).*\bcurl: \(35\).*\bwrong version number\b",
        decides=True,
    ),
    Step(
        "That port speaks plain HTTP: call it with http://, or let the server (or a proxy in front of it) have a certificate",
        when=_NOT_ASHS.removesuffix(_OTHER_PORT)
        + rf"(?:{_OTHER_PORT}|\berr_ssl_wrong_version_number\b|\bhttps://(?!\S{{0,200}}\.elb\.)[\w.-]{{3,200}})",
    ),
)

_AN_API: Final = r"~\b(?:failed to connect to|connect(?:ion)? to|https://|dial tcp:? )(?![\w.-]{0,120}\.elb\.)[\w.-]{3,120}\.amazonaws\.com\b"

ASK_THE_API: Final = (
    Step(
        "See whether that place has a way out at all: ask it for another address of AWS",
        "curl -sSI https://checkip.amazonaws.com",
        when=_AN_API,
        decides=True,
    ),
)

API_REFUSES: Final = (
    Step(
        "It is an API of AWS that the program calls, and AWS refuses no connection there: see that the region has that service and the name is right, and then what stands between (a proxy in HTTPS_PROXY, a firewall, an entry in /etc/hosts, a VPC endpoint whose security group does not let the caller in on 443)",
        when=_AN_API,
        decides=True,
    ),
)
"""An API of AWS that was not reached."""

NOBODY_LISTENS: Final = (
    Step(
        "Asked in the container itself, the server does not listen: it has not started yet, or it ended. Read its log",
        "ash-ops logs -n 50",
        when=r"~\b(?:127\.0\.0\.1|localhost|\[?::1\]?):4100\b",
        decides=True,
    ),
    Step(
        "The server listens on its own loopback only: let it listen on 0.0.0.0 (Ash with ASH_HOST=0.0.0.0)",
        when=r"~\b(?:listens?|listening|bound|binds?) (?:only )?(?:on|to) (?:127\.0\.0\.1|localhost)\b",
    ),
    Step(
        "See whether a listener has that port, and forwards to a target group with a healthy target",
        "aws elbv2 describe-load-balancers --query 'LoadBalancers[].[DNSName,LoadBalancerArn,State.Code]'",
        when=r"~^(?!.*(?:\b4100\b|\bash[-_.])).*\.elb\.",
    ),
    Step(
        "Make the listener for the port that is called, or call the port of one that is there",
        "aws elbv2 create-listener --load-balancer-arn <load-balancer> --protocol HTTP --port 80 --default-actions Type=forward,TargetGroupArn=<target-group>",
        when=r"~^(?!.*(?:\b4100\b|\bash[-_.])).*\.elb\..{0,200}(?:\bport 80\b|:80\b)",
    ),
    Step(
        "Nothing listens at that address and port: start the program, let it listen on 0.0.0.0, or correct the port; in a container, localhost is the container itself",
        when=rf"~^(?!.*(?:\b4100\b|\bash[-_.]|\.elb\.)).*{_OTHER_PORT}",
    ),
)

NO_SUCH_TARGET: Final = (
    Step(
        "What was named as a target is not there, or is of another VPC than the group: name the id of an instance that runs (of a group of the type ip an address of its VPC), and take what is gone out of the call or the tool's list",
        "aws elbv2 describe-target-groups --query 'TargetGroups[].[TargetGroupName,TargetType,VpcId]'",
        when=r"~\binvalidtarget(?:exception)?\b",
        decides=True,
    ),
)

OTHERS_TARGET: Final = r"\(port (?!4100\))\d{1,5}\)|\bport (?!4100\b)\d{1,5} (?:is )?unhealthy (?:in|due)\b|\btarget: \S{3,60} port: (?!4100\b)\d{1,5}\b"
"""A target of a port that is not Ash's, as the service's event names it."""

STOPPED_TARGET: Final = (
    Step(
        "The target is an instance that is stopped or gone: start it, or take it out of the group and register one that runs (an Auto Scaling group or the ECS service does so by itself)",
        "aws ec2 describe-instances --query 'Reservations[].Instances[].[InstanceId,State.Name]'",
        when=r"~\bin the stopped state\b|\bin the terminated state\b|\btarget\.invalidstate\b",
        decides=True,
    ),
)

DYNAMIC_PORT: Final = r"\(instance i-[0-9a-fx]{3,17}\) \(port (?:[1-9]\d{3}|\d{5})\)"
"""A port of an instance that may be one of those which Docker chooses."""

OTHERS_GROUP: Final = r"~^(?!.*(?:\bash\b|\bash[-_./]|/ash|\b4100\b|\bcodes?:? ?\[)).*(?:\btask failed elb health checks\b|\(instance [\w-]{1,40}\) is unhealthy in (?:\(?elb|\(?target-group)\b)"
"""A target group that is not Ash's, without a port."""

OTHERS_LOG: Final = (
    Step(
        "Read the log of that server at the time of the check",
        "aws logs tail <log-group> --since 15m",
        when=f"~{OTHERS_TARGET}|{OTHERS_GROUP[1:]}",
    ),
)

OTHERS_ANSWER: Final = (
    Step(
        "It answered 5xx itself, or a proxy in it did while the program still started: repair what the log names; a slow start needs healthCheckGracePeriodSeconds",
        when=f"~{OTHERS_TARGET}",
    ),
)

RECORDS: Final = (
    Step(
        "The record is there already: import it into the stack or the state, let the tool overwrite it if it is yours, or delete it once nobody needs it",
        "aws route53 list-resource-record-sets --hosted-zone-id <hosted-zone>",
        when=r"~\bcreat(?:e|ing) (?:resource record set|route ?53 record)\b|\binvalidchangebatch\b|\baws_route53_record\b",
    ),
)

_CALLED_OUT: Final = r"~^(?!.*(?:\b4100\b|\bash[-_.]|\.elb\.)).*(?:\betimedout \d{1,3}(?:\.\d{1,3}){3}:443\b|\b(?:s3|sts|iam|route53|cloudfront|organizations)\.amazonaws\.com\b|\b(?:get|post|put|head) \\?\"https://[^\" ]{3,300}\": (?:context deadline exceeded|net/http: request canceled|dial tcp \S{3,60} i/o timeout))"

ASK_AROUND: Final = (
    Step(
        "Ask that address from the same place, and another one on 443: if none answers, the way out is shut; if others do, it is that host",
        "curl -sSI https://checkip.amazonaws.com",
        when=_CALLED_OUT,
        decides=True,
    ),
)

NO_ANSWER: Final = (
    Step(
        "It is the server on that port: see that it runs and listens there, admit the caller on that port in its security group, and in a browser call it by the load balancer's own address and listener",
        when=r"~\bhttps?://(?!\S{0,120}\bash[-_.])[a-z0-9.-]{3,120}:(?!(?:4100|443|80)\b)\d{2,5}\S{0,200} net::err_connection_timed_out\b",
        decides=True,
    ),
    Step(
        "It is a call that went out to that address: see from the same place whether it answers (curl -v https://HOST), and mend its way out: egress on 443 in the security group, a NAT gateway or a public address, the proxy (HTTPS_PROXY) on a desk",
        when=_CALLED_OUT,
        decides=True,
    ),
    Step(
        "The connection stood and the answer did not come in time: see in the server's log what it waited for; let it stream or answer sooner, or let the client wait longer (Node's fetch five minutes: headersTimeout and bodyTimeout; httpx five seconds: timeout)",
        when="httpclient.timeout|headers timeout|body timeout|und_err_headers_timeout|und_err_body_timeout|readtimeout",
    ),
    Step(
        "CloudFront did not reach its origin: admit it in the load balancer's security group (the prefix list com.amazonaws.global.cloudfront.origin-facing), and give the origin the protocol and the port of a listener",
        when="cloudfront",
    ),
    Step(
        "The program did not reach the host that it names: ask the same address from where it runs (curl -v); let it out (a NAT gateway, the security group's egress, a proxy), or correct the address",
        when=r"~\battempted address(?:es)?: (?!\S{0,200}(?:\.elb\.|\bash[-_]|:4100\b))\S{3,}",
    ),
    Step(
        "API Gateway waits 29 seconds for what is behind it: answer sooner, let the integration's timeout be raised (a quota), or call the load balancer itself for what streams",
        when="endpoint request timed out",
    ),
    Step(
        "See whether the balancer faces the internet (Scheme), and which security groups it has",
        "aws elbv2 describe-load-balancers --query 'LoadBalancers[].[DNSName,Scheme,SecurityGroups]'",
        when=r"~^(?!.*(?:\b4100\b|\bash[-_.])).*\.elb\.",
    ),
    Step(
        "Admit the caller on that port there; where it is admitted, look at the network ACL and at the caller's own way out",
        "aws ec2 authorize-security-group-ingress --group-id <balancer-security-group> --protocol tcp --port <port> --cidr <your-address>/32",
        when=r"~^(?!.*(?:\b4100\b|\bash[-_.])).*\.elb\.",
    ),
)

ASK_FOR_THE_NAME: Final = (
    Step(
        "Ask for the name where the program runs that needs it",
        "dig +short <domain>",
        when=r"~^(?!.*(?:\.elb\.|\bash[-_.]|\b4100\b|\b(?:enotfound|eai_again) (?:undefined|null)\b|\bgetaddrinfo\(host=''\))).",
    ),
)
"""Look-ups of a name that is no load balancer's."""

UNKNOWN_NAMES: Final = (
    Step(
        "It is a name within a cluster of Kubernetes, and known there alone: see that the service exists in that namespace (kubectl get services --all-namespaces), and that the cluster's DNS answers; Route 53 and a task of ECS know nothing of it",
        when=r"~\.svc\.cluster\.local\b",
        decides=True,
    ),
    Step(
        "The host's name is empty, or that of nothing: the variable from which the program takes it is not set (of Fluent Bit host in its output). Give it in environment or secrets of the task definition",
        "aws ecs describe-task-definition --task-definition <family> --query 'taskDefinition.containerDefinitions[].[name,environment[].name,secrets[].name]'",
        when=r"~\b(?:enotfound|eai_again) (?:undefined|null)\b|\bgetaddrinfo\(host=''\)|\blookup : no such host\b",
        decides=True,
    ),
    Step(
        "It is the container's own name (its id) that no entry of its /etc/hosts has: give it one (hostname and extra_hosts of Compose, hostname and extraHosts of the task definition with 127.0.0.1), or take away what asks for it (Java's JMX agent: -Djava.rmi.server.hostname=127.0.0.1)",
        when=r"~\blocal host name unknown\b|\bunknownhostexception: [0-9a-f]{12}\b|\bunable to resolve host [0-9a-f]{12}\b",
        decides=True,
    ),
    Step(
        "Docker on Linux makes that name only where it is told to: --add-host host.docker.internal:host-gateway, in Compose extra_hosts; nginx with a resolver does not read /etc/hosts, so name the address there. In ECS there is no such name",
        when="host.docker.internal",
    ),
    Step(
        "The program asks for that name: correct it in its settings, and see that its container has a resolver and a way out; EAI_AGAIN and a temporary failure mean that no resolver answered, and not that there is no such name",
        when=r"~^(?!.*(?:\b4100\b|\.elb\.|\bash[-_]|\bfailed to resolve '[a-z][a-z0-9_-]{1,40}')).*(?:(?:\b(?:enotfound|eai_again) |\blookup |\bno address associated with hostname: ?|\bgetaddrinfo\(host=')(?!localhost)[a-z0-9_*-]{1,63}\.[a-z0-9.*-]{2,200}|\berrno -[235]\]|\[temporary failure in name resolution\]|\[name or service not known\])",
    ),
    Step(
        "No resolver that was asked knows that name: see that its zone holds the record, and that a private zone belongs to the VPC from which you ask",
        "aws route53 list-hosted-zones-by-name --query 'HostedZones[].[Name,Config.PrivateZone]'",
        when=r"~\b(?:could not resolve host|server cannot find|curl: \(6\)[^|]{0,40}host)[: ]{1,2}(?!\S{0,200}(?:\.elb\.|\bash[-_]))[a-z0-9_-]{1,63}\.[a-z0-9.-]{2,200}",
    ),
)

CHECK_REFUSED: Final = (
    Step(
        "The server answered the check, and refused it: let it accept the checker's Host header, which is the task's address (in Django, ALLOWED_HOSTS), or check a path that answers 200",
        "aws elbv2 describe-target-groups --query 'TargetGroups[].[TargetGroupName,HealthCheckPath,Matcher.HttpCode]'",
        when=r"~\bget /\S{0,200} http/1\.[01]\"? 4(?!01|04|29)\d\d\b|\bstatus(?:_?code)?['\"]?[=:] ?['\"]?4(?!01|04|29)\d\d\b.{0,200}\belb-healthchecker\b|\belb-healthchecker\b.{0,200}\bstatus(?:_?code)?['\"]?[=:] ?['\"]?4(?!01|04|29)\d\d\b",
        decides=True,
    ),
)

CLOSED: Final = (
    Step(
        "It is the program's own request (Bun's fetch, as in Claude Code) that broke off, whoever it asked: try again; if it comes often, look at what stands between (a proxy in HTTPS_PROXY, a VPN, a gateway in ANTHROPIC_BASE_URL, an idle limit of a NAT), and ask for shorter answers",
        when=r"~\bverbose: true\W{1,4}in the second argument to fetch\b",
        decides=True,
    ),
    Step("Try again; repair the crash; switch TCP keep-alive on in clients that wait long"),
    Step(
        "If it is cut after the same silence each time, a balancer or proxy in between ended the idle stream: raise its idle timeout, or let the server send something sooner (a comment line, a ping)",
        "aws elbv2 describe-load-balancers --query 'LoadBalancers[].[LoadBalancerName,Type,LoadBalancerArn]'",
        when="err_http2_protocol_error|incomplete chunked|chunked_encoding|transfer closed with|curl: (18)|not closed cleanly|close 1006|(code: 1006|code 1006|sse stream|event stream|websocket|no close frame",
    ),
    Step(
        "Docker took the connection and nothing in the container did: let the program listen on 0.0.0.0 (not on localhost) and on the port that is published",
        when=r"~^(?=.*curl: \(52\)).*(?:localhost|127\.0\.0\.1|\b0\.0\.0\.0)",
    ),
    Step(
        "The target closed a connection that the balancer meant to use again: let the server keep idle ones longer than the balancer does (60 s unless changed; in Node keepAliveTimeout 65000, and headersTimeout above it). If it happens only while tasks end, let them finish what they began before they stop",
        "aws elbv2 describe-load-balancer-attributes --load-balancer-arn <load-balancer>",
        when=r"~\bapp/[\w-]{1,60}/[0-9a-z]{8,20} .{0,200} 502 - |\b(?:load balancer|alb|elb)\b.{0,200}\b(?:still usable|keep-?alive|idle)\b|\bkeep-?alive ?timeout\b.{0,200}\b(?:load balancer|alb|elb)\b",
    ),
)
"""Connections that one end closed; a balancer's access log tells that it was the target."""

_OF_A_REGISTRY: Final = r"/v2/|/v1/(?:repositories|_ping|images|search)\b|\bregistry|pulling image|\bcannotpull|\bdocker (?:pull|login)|error response from daemon|\bdownload failed, retrying"

OUTDATED: Final = (
    Step(
        "TLS is spoken, and what the server offers is older than the client's OpenSSL takes: give the server a certificate of 2048 bits or more signed with SHA-256, and TLS 1.2; until then lower the client's own level (ciphers DEFAULT@SECLEVEL=1, minVersion TLSv1)",
        when=r"~\bkey too (?:weak|small)\b|\bca md too weak\b|\bunsupported protocol\b|\blegacy sigalg\b|\bno protocols available\b|\bunsafe legacy renegotiation\b",
        decides=True,
    ),
)
"""Certificates and versions of TLS that a newer OpenSSL refuses, of whatever server."""

CA_OF_NODE_POSTGRES: Final = (
    Step(
        "node-postgres lets sslmode and sslrootcert of the connection string replace its ssl object, ca and all: take them out of the string, and give ssl: { ca } alone",
        when=r"~^(?=.*\bself[- ]signed certificate in certificate chain\b).*\bnode-postgres\b",
        decides=True,
        anywhere=True,
    ),
)
"""A list of authorities that the client drops."""

TRUSTED: Final = (
    *OUTDATED,
    Step(
        "It is nginx that checks the certificate of the server behind it: name the authority of that in proxy_ssl_trusted_certificate (and its name in proxy_ssl_name, with proxy_ssl_server_name on), give that server a certificate of a known one, or leave proxy_ssl_verify off where the network between is your own",
        when="upstream ssl certificate verify error",
        decides=True,
    ),
    Step(
        "The client is told to check the database's certificate (sslmode=verify-full or verify-ca) and finds no list of authorities: name one (sslrootcert=FILE; of RDS global-bundle.pem; sslrootcert=system for public ones), or put it where libpq looks, ~/.postgresql/root.crt of a user that has a home",
        when=r"~\broot certificate file\b",
        decides=True,
    ),
    Step(
        "Use the name the certificate was made for, renew it in ACM, or add the issuer to the client's trust store"
    ),
    Step(
        "Another certificate than the registry's is shown to the host that pulls: let the proxy or firewall between pass the registry's own, or the registry show its whole chain; an instance of yours may also have the authority's certificate in /etc/docker/certs.d/HOST. A task of Fargate trusts public authorities only",
        when=rf"~^(?=.*(?:{_OF_A_REGISTRY})).*(?:certificate is valid for|unknown authority|unable to get local issuer)",
    ),
    Step(
        "AWS's own certificate is of a public authority, so either a proxy in between opens TLS, or the client has no list of authorities: give it the proxy's (AWS_CA_BUNDLE, SSL_CERT_FILE), or install ca-certificates",
        when=r"~\bhttps://[a-z0-9.-]{3,120}\.amazonaws\.com\S{0,80}:? x509: certificate signed by unknown authority",
        decides=True,
    ),
    Step(
        "The client knows no authorities: install ca-certificates in its image (apk add ca-certificates, apt-get install ca-certificates; for scratch copy /etc/ssl/certs), and in front of a proxy that opens TLS add its authority",
        when=rf"~^(?!.*(?:{_OF_A_REGISTRY})).*(?:unknown authority|system roots|unable to get local issuer)",
    ),
    Step(
        "The chain is not whole. Of a public certificate the server leaves the intermediate ones out: give it them (imported into ACM with --certificate-chain; in nginx fullchain.pem). One of an authority of your own the client must know (NODE_EXTRA_CA_CERTS, SSL_CERT_FILE)",
        when=r"~\bunable to verify the first certificate\b|\bunable_to_verify_leaf_signature\b|\bverify return code: 21\b",
        decides=True,
    ),
    Step(
        "The certificate is out of its time: renew it where it comes from (ACM does so by itself while its DNS record stands); if it should be good still, correct the clock of the client",
        "date -u",
        when=r"~\b(?:has expired|not yet valid|cert_has_expired)\b",
        decides=True,
    ),
    *CA_OF_NODE_POSTGRES,
    Step(
        "It is the database's certificate, of an authority that the program does not know: give it the bundle of RDS (ssl ca, sslrootcert, NODE_EXTRA_CA_CERTS), or for a database of your own its authority",
        when=r"~^(?!.*\bash_)(?=.*\bself[- ]signed\b).*(?:\bpg\b|/pg/|\bpostgres|\bmysql|\bmigrat|\bsequelize|\bknex|\bprisma|\btypeorm|\brds\b|\bdatabase\b)",
        decides=True,
    ),
    Step(
        "Nobody public signed it: give the client that authority (curl --cacert, NODE_EXTRA_CA_CERTS, REQUESTS_CA_BUNDLE, SSL_CERT_FILE; where it is a database of RDS, its bundle), or let a public one sign it (ACM on the load balancer)",
        when=r"~\bself[- ]signed\b",
    ),
)
