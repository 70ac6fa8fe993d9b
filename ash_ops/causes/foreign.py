"""Whose message it is: other services say the same words about things that are not Ash's.

A refusal, a timeout, a pull that failed: the words alone do not say of what. A mark of another service
beside them says that the repairs of the catalogue would change the wrong thing.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Final

from msgspec import Struct

from ash_ops.causes.base import Cause
from ash_ops.causes.denials import CALLED
from ash_ops.causes.matching import find
from ash_ops.causes.peers import CALLING, OF_A_MODEL, OF_AN_SDK
from ash_ops.causes.speech.products import OF_AN_IMAGE, PRODUCTS
from ash_ops.patterns import regex


class Service(Struct, frozen=True):
    """A service that is no part of an Ash deployment, and how its messages are known.

    Attributes:
        name: as its makers write it.
        marks: what only its messages hold (a regular expression over folded text, compiled when it is needed).
        keeps: categories and slugs of causes that its messages may still be about.
        platform: whether it runs programs: then all lines beside its own are about it, too.
        unless: marks that outweigh its own.
        apart: whether it never runs in the container of Ash, so that its end ends no task of ours.
        vague: whether its marks are of many programs: they say that a message is another's, not that it cannot be ours.
    """

    name: str
    marks: str
    keeps: frozenset[str] = frozenset()
    platform: bool = False
    unless: str = r"(?!)"
    apart: bool = False
    vague: bool = False

    def is_ours(self, folded: str) -> bool:
        """Whether a text (folded) has a mark that outweighs those of the service."""
        return _compiled(self.unless).search(folded[:_MAY_BE]) is not None


_ECS: Final = (
    r"\bcannot(?:pull|start|create|stop|inspect)[a-z]{0,40}error\b|resourceinitializationerror|\b(?:task|resource)dependencyerror\b|dependency graph: |stoppedreason|"
    r"\(service [^ )]{1,200}\)|\bservice [^ ]{1,200} (?:was unable to place|has )|\(port \d{1,5}\) is unhealthy in|:container-instance/|\bdependson condition\b|\bvolume for task\b|\becs service linked role\b|\byour spot task\b|\blevel=\w{4,8} time=[\d-]{10}t[\d:]{8}z msg=|ecs deployment|\bfargate\b|\bon ecs\b|\becs wait\b|\bservices_?stable\b|\becs[.-]svc|\bcopilot-task/[\w-]|\bcopilot/[\w-]{1,60}/[0-9a-f]{6,12} |"
    r"aws::|\b(?:create|update)_failed\b|rollback_(?:complete|failed)\b|\bstack:arn:aws|\byour custom resource\b|\bfrom custom resource\b|handlererrorcode|resource handler returned|:task/|:task-definition/|[.]elb[.]|:4100\b|\bport[ =:]{1,2}4100\b|"
    r"\[(?:db|pool|server|entrypoint|bridge|sandbox:[^\] ]{1,60})\]"
)
"""Marks of ECS, CloudFormation, the load balancer and the Ash server: with them it is ours."""
_CALLS: Final = (
    r"|\bcalling the (?:[a-z]{4,30}(?:securitygroup|targetgroup|loadbalancer|listener|subnet|vpc|truststore|stack(?:set|instances)|mounttarget|accesspoint|filesystem|hostedzone|healthcheck|repository|pullthroughcacherule|dbparametergroup|scalabletarget|deploymentconfig|dnsnamespace|repositories)[a-z]{0,30}|putparameter|putattributes|registerinstance|importcertificate|createrule|registertargets|describetargethealth|(?:request|describe)certificate|createdb(?:instance|cluster)|runtask|executecommand|(?:create|update|describe|delete|execute)(?:services?|stacks?|changeset|loadbalancers?|targetgroups?|listeners?|deploymentgroup|loggroups?|vpc)|describetasks|registertaskdefinition|putimage|getdownloadurlforlayer) operation\b|\bcom\.amazonaws\.services\.ec[rs]\.|\bawssdk\.services\.(?:ec[rs]|cloudformation)\.|\bamazon\.ec[rs]\.model\.|\baws ec[rs] exception |\baws_sdk_ec[rs]\b|"
    r"\(service: (?:amazon)?(?:ec[rs2]|elasticloadbalancing(?:v2)?|identitymanagement)[;,]|\bcertificatevalidated\b|\bresourceexistsexception\b|\bclustercontains[a-z]{5,40}exception\b|\btemplate error: log ?group |\ban error occurred: [a-z][a-z0-9]{2,127} - |\baws_[a-z0-9_]{3,60}\.[\w-]{1,60}(?:\[[^\]]{1,60}\])?: error |\baws_(?:ecs|lb|alb|iam|security_group|subnet|vpc|efs|db|cloudwatch|secretsmanager|route53|acm|ecr|appautoscaling)[a-z_]{0,40}\.[a-z]|(?<!\w)aws:(?:ecs|lb|alb|iam|efs|rds|ec2|cloudwatch|secretsmanager|route53|acm|ecr):[a-z]{3,40} \(|\burn:pulumi:[^ ]{3,300}\baws:ecs/|\bcannot (?:delete|update) export |\bexport [^ ]{1,250} cannot be (?:deleted|updated)|/aws-sdk/lib/services/ec[2s]\.js|\bpulumi\.com\b|\bunable to validate aws credentials\b|\.cache\.amazonaws\.com\b|"
    r"\buser: arn:aws[^ ]{10,300} is not authorized to perform: (?:elasticloadbalancing|ec2|acm|wafv2|waf-regional|shield):|\bdial tcp: lookup (?:elasticloadbalancing|ec2|ec[rs]|sts)\.[a-z0-9-]{5,20}\.amazonaws\.com\b"
)
"""What the SDKs (by the names of their classes), Terraform, CDK, CloudFormation and EC2 say in any program."""
_POSTGRES: Final = r"|\bjdbc:postgresql:|\borg\.postgresql\b"
"""The database of Ash, in the words of Java, which puts the names of its frameworks in front."""
_MODEL: Final = r"|anthropic|claude|\b(?:opus|sonnet|haiku) \d|\bbwrap\b|x-api-key|\brequest_too_large\b|better-sqlite3|/data/ash"
_FILES: Final = frozenset({"disk-full", "sqlite-locked", "sqlite-corrupt"})
"""What a program says of its own files, wherever it runs."""
_PROGRAM: Final = _FILES | {
    "agents",
    "auth",
    "healthy",
    "node-heap-oom",
    "port-in-use",
}
_ASKED: Final = frozenset({"conn-timeout", "dns-nxdomain", "tls-certificate-invalid"})
"""What a client says of a server that it asked and did not reach, or did not trust."""
_DATABASE: Final = frozenset({"db-unreachable", "db-auth-failed", "db-url-invalid"})
_SERVER: Final = frozenset({"port-in-use", "bad-listen-config", "data-dir-unwritable"})
"""What a server beside Ash in its task says of its own start."""
_OF_THE_CALLER: Final = frozenset(
    {
        "aws-clock-skew",
        "aws-credentials-expired",
        "aws-credentials-invalid",
        "aws-credentials-missing",
        "aws-profile-missing",
        "aws-region-missing",
        "aws-sso-expired",
    }
)
"""What is wrong with the one who calls AWS, whichever service is called."""
_OF_ANY_LANGUAGE: Final = _SERVER | {"disk-full", "entrypoint-missing"}
"""What a program of a container says of its start and its files, whatever it is written in."""
_WRITES: Final = frozenset({"data-dir-unwritable", "disk-full", "entrypoint-missing"})
"""The same without its network, which other programs have as well."""
_OF_ONE_SERVICE: Final = frozenset({"agents", "auth", "aws-access", "snapshot-sync-failed"})
"""What names by itself whom it is about: the model, Ash or a call of AWS, whatever program prints it."""
_IMAGES: Final = frozenset(
    {
        "image-arch-mismatch",
        "image-not-found",
        "image-pull-denied",
        "image-unpack-failed",
        "registry-rate-limit",
    }
)
"""What every tool that pulls an image says of it."""
_PULLED: Final = frozenset({"image-pull-dns", "image-pull-network"})
_STARTED: Final = frozenset({"entrypoint-missing", "log-driver-config"})
_EMULATOR: Final = r"\blocalstack\b|\bl\.s\.c\.\w|\basgi_gw_\d|\bmoto\.\w{2,30}\.exc"
PROXY: Final = "a proxy"
"""It tells between which two a connection failed."""
_DESKTOP: Final = r"chrom(?:e|ium)|firefox|brave|electron|code|gnome-shell|xorg|plasmashell|steam|qemu[\w-]{0,20}|plex media[\w ]{0,12}"
"""What the kernel kills on somebody's desk or on a host of virtual machines, never in a container of a server."""


def _service(
    name: str,
    marks: str,
    keeps: frozenset[str] = frozenset(),
    *,
    platform: bool = False,
    model: bool = True,
    apart: bool = False,
    vague: bool = False,
) -> Service:
    ours = _ECS + _CALLS + _POSTGRES + (_MODEL if model else "")
    return Service(name, marks, keeps, platform, ours, apart, vague)


SERVICES: Final = (
    _service(
        "AWS Lambda",
        r"\btask timed out after \d|\bruntime\.[a-z]{3,40}error\b|\blambda:[a-z]{3,40}|\breport requestid|billed duration|init_start runtime|/aws/lambda/|/var/task/|"
        r"lambda-entrypoint|[\"']errortype[\"']: |lambda_(?:function|handler)|\blambda\.[a-z]{3,40}exception\b|\bawslambda|\b(?:the|my|your|our|a) lambdas?\b|runtime exited (?:with|without)|lambda function",
        _PROGRAM | _DATABASE | {"aws-access", "cfn-access-denied", "aws-access-denied"},
        platform=True,
        model=False,
    ),
    _service(
        "Kubernetes",
        r"\bkubelet\b|\bkubectl\b(?! logs\b)|(?<![\w-])kube-|imagepullbackoff|errimagepull|crashloopbackoff|createcontainer(?:config)?error\b|"
        r"(?<!exit code 137 \()\boomkilled\b(?!['\"]? ?:)|\bpods?\b[^.]{1,60}\boomkilled\b|\bmountvolume\.|\bfailedmount\b|\bkubernetes\b|\bminikube\b|\bbehind istio\b|\bpod resources\b|\bistio-proxy\b|\bback-off (?:pulling|restarting)|\bin pod \"?[a-z]|"
        r"\b(?:liveness|readiness|startup) probe failed|\berror from server \(|\blast ?state: (?:terminated|\{)|\blast ?state[\"\']: |\blast ?state terminated\b|\bcontainerstatuses\b|\bapiversion: ['\"]?[\w./-]{1,80}/?v\d|\bkustomiz|\bcontroller-runtime\b|\breconciler error\b|\bload-balancer-controller\b|\bcoredns\b|\bexternal-dns\b|\bexternal-?secrets\b|\bcert-manager\b|\betcdserver\b|\bhelm (?:upgrade|install)\b|\b(?:upgrade|installation) failed: |\boc (?:describe|get|adm|rsh|logs)\b|\bopenshift\b|\bfluxcd?\b|\bflux-system\b|\b(?:docker|containerd|cri-o)://[0-9a-f]{12}(?!\.)|\bcomponent=containerd\b|"
        r"\bpods?/[a-z]|\bpod [\"'][a-z]|\bpodunhealthy\b|^(?!.*\bcurl\b).{0,4000}:6443\b|(?<!pulling image: )(?<!pulling image  )rpc error: code = [a-z]{2,20} desc = (?!failed to pull|failed commit on ref|failed to authorize|failed to fetch oauth|failed to fetch anonymous|failed to push|error pulling|error response from daemon|accessdenied)|\bfailedscheduling\b|\(x\d{1,5} over \d{1,4}[smhd]|\beks-fargate-pods\b|fargatepodexecutionrole|\battachvolume\.|\bpersistentvolume|\bpods? [a-z]\w{0,40}-[\w-]|\b0/\d+ nodes are available|\bfailed calling webhook\b|//[\w.-]{1,200}\.svc(?:\.cluster\.local)?[:/]",
        _PROGRAM | _DATABASE | {"image-unpack-failed", "container-start-failed"},
        platform=True,
        model=False,
    ),
    _service(
        PROXY,
        r"\bnginx: \[|\bproxy_(?:connect_timeout|read_timeout|send_timeout|next_upstream|pass)\b|\d#\d{1,9}: \*\d+ |, upstream: \"|\[emerg\] \d+#|\bhost not found in upstream\b|\bno live upstreams\b|"
        r"\bhaproxy\b|\benvoy\b|\btraefik\b|\bcaddy: |\bah\d{5}: |\bvarnish|\bsquid\b|(?<!api error \(503 )(?<!api error: 503 )\bupstream connect error\b",
        _SERVER | CALLING,
        model=False,
        vague=True,
    ),
    _service(
        "Google Cloud",
        r"\bgcloud\b|\bgke\b|\bgoogle_[a-z]{3,30}_[a-z]{3,30}\b|\bgoogleapi: |\bgoogle\.golang\.org/|googleapis\.com|google\.(?:api_core|cloud|auth)|\bcloud run (?:error|service|revision)\b|\bquota exceeded for total allowable |user-provided container failed to start|gcr\.io/|pkg\.dev/",
        _PROGRAM | _DATABASE,
        platform=True,
    ),
    _service(
        "Microsoft Azure",
        r"(?<!\d-)\bazure(?!cr\.io/)|\biot hub\b|\bcontainerapp|microsoft\.(?:resources|compute|web|app)\b|\.windows\.net\b|/subscriptions/[0-9a-f]",
        _PROGRAM | _DATABASE,
        platform=True,
    ),
    _service(
        "another hoster",
        r"\bheroku\b|\bherokuapp|\bdynos?\b|\bunhealthy allocations\b|\bapp platform\b|\bdeploycontainer[a-z]|\bfly-proxy\b|\bfailed to get vm\b|\bhealth checks? critical\b|\bcloud foundry\b|\bcf push\b|\[(?:app/proc|cell|rtr|stg|api)/[a-z/]{0,16}\d{1,3}\] (?:out|err) |\bfly\.(?:io|dev)\b|\bvercel\b|\bnetlify\b|\brailway\.app\b|\bopenstack\b|\bdigitalocean\b|\boraclecloud\b|\bservice limits were exceeded\b",
        _PROGRAM | _DATABASE,
        platform=True,
    ),
    _service(
        "an app of another hoster",
        # Its log's head names the app and the region or the process.
        r"\b(?:app|health|proxy|runner|machine)\[[0-9a-f]{8,20}\] [a-z]{3} \[|\bfly (?:secrets|deploy|logs|ssh|apps|machines?|postgres|pg)\b|\b(?:app|heroku)\[(?:web|worker|router|api|postgres)[\w.-]{0,20}\]",
        _PROGRAM | {"image-arch-mismatch"},
        platform=True,
    ),
    _service(
        "another service of AWS",
        # The action that was denied names it: none of these has a part in a deployment of Ash.
        rf"\bdynamodb\b|\b(?:aws )?glue (?:job|crawler)|\bemr\b|\bsagemaker\b|\bapp ?runner\b|\bbeanstalk\b|(?<![@/]aws-)\bamplify\b(?! push)|\blightsail\b|(?<!/)(?<!existing )\bworkspaces?: |\bappsync\b|\bmwaa\b|\bquicksight\b|\belasticache\b|\bdocumentdb\b|\bneptune\b|\bgreengrass\b|\bstates\.(?:task|runtime)\w{{0,20}}\b|\bprovisionedthroughputexceeded|\bkinesis\b|\bathena\b|\bredshift\b|\bperform: ?(?!(?:{'|'.join(CALLED)}):)[a-z][a-z0-9-]{{1,40}}:[a-z]",
        frozenset({"cfn-passrole-denied", "aws-scp-deny"}),
        model=False,
    ),
    Service("an emulator of AWS", _EMULATOR),
    _service(
        "a model of Amazon Bedrock",
        r"\bbedrock(?! credential (?:must|requires))",
        (OF_A_MODEL - {"anthropic-rate-limit"}) | {"aws-access", "cfn-passrole-denied"},
    ),
    _service(
        # It starts the images of a deployment on the desk of their author: what they lack they lack there, too.
        "Docker Compose",
        r"\bcannot start service \w",
        _IMAGES | _PULLED | {"container-start-failed", "port-in-use"} | _STARTED,
        platform=True,
        model=False,
    ),
    _service(
        "a container tool of a desktop",
        r"\(\w[\w-]{1,30}:\d{2,8}\): (?:[\w-]{1,20}-)?(?:error|warning|critical|message) \*\*|\bpodman\b|\bswarm (?:mode|service|manager|node)s?\b|\bdocker swarm\b|^swarm: |\bdocker (?:service|stack) (?:ps|ls|logs|update|create|deploy)\b|\btask: non-zero exit\b|\brootless(?:kit|ctl)?\b|\bflatpak\b|\bdistrobox\b|\btoolbx\b|\bsnap run\b|\bsingularity\b|\bapptainer\b|\bchrome-sandbox\b|\bnix-(?:build|shell)\b",
        _IMAGES | _FILES,
        platform=True,
        model=False,
    ),
    _service(
        # It passes what the agent asks on to a model, and is paid for it.
        "a gateway to models",
        r"\bopenrouter\b|\binsufficient_credits\b|\bbudgetexceedederror\b|\bno deployments available for selected model\b|\bllm provider not provided\b|\blitellm_verificationtable\b",
        OF_A_MODEL,
    ),
    _service(
        "another vendor's model",
        r"\bopenai\b|\bopenai-compatible\b|\bincorrect api key provided\b|\bazureopenai\b|insufficient_quota|(?<!failed to solve: )\bresource_?exhausted\b|\bcheck quota\b|\bexceeded your current quota\b|\bcloud code assist\b|ai\.google\.dev|\bgemini-|generativelanguage|\bmistral(?:ai)?\b|"
        r"\bcohere\b|\bgroq\b|\bdeepseek\b|\bhugging ?face\b|\bollama\b|\bgpt-\d|"
        r"\bgroq\.|\blitellm\b|\bperplexity\b|\bvertexai\b|\bgoogle[._]genai\b|_google_genai\b|\btogether\.ai\b|\bxai\b|\bqwen|\bmoonshot\b|\"object\": ?\"error\"|\bgemini\b|\bfireworks\.ai\b|\breplicate\.com\b|\bstability\.ai\b|\bai21\b|\bcerebras\b|\bvoyageai\b|\belevenlabs\b|\bdeepgram\b|\binvalid_argument\. api key|/v1/(?:chat/)?completions\b|\bvertex (?:ai|api)\b",
        # A gateway to models is asked for by name; a key and its credit are what they are of any vendor.
        frozenset({"dns-nxdomain", "anthropic-auth", "anthropic-billing", "anthropic-key-missing"}),
    ),
    _service(
        "a package manager",
        # By their own words: where packages come from, each user decides.
        r"^\d{1,5} (?:error|verbose|silly|http) (?:code|errno|syscall|network|stack|cwd|argv|node|npm|fetch|getaddrinfo|connect|hostname|type|audit|request) ?|npm (?:err!|error) (?:[45]\d\d |network|git|errno e|syscall connect|code e(?:timedout|connre|notfound|ai_again))|"
        r"attempt registry request|will retry, error on last attempt|\bnode-(?:pre-)?gyp\b|\bprebuild-install\b|\bpip\._vendor\b|^warning: retrying \(retry\(|"
        r"\be: failed to fetch|^err:\d{1,3} https?:|transfer artifact|could not (?:get|head) 'https?:|gem::remotefetcher|\berr_pnpm_|"
        r"failed to query available provider packages|\bnu1301\b|unable to load the service index|spurious network error|\bpoetry\b|\ban unexpected error occurred: \"https|\byarn (?:install|add)\b|with url: /[\w.-]+/[\w.-]+/ \(caused by|\bfailed to download from '|\bsimple index\b|\bcould not install packages\b|\bnow-builders\b|^go: [\w./@-]{3,200}: ",
        _FILES | {"entrypoint-missing"},
    ),
    _service(
        "Git",
        r"\bfatal: (?:unable to (?:access|connect)|could not read from remote|repository )|\bgit clone\b|\blfs (?:bandwidth|budget)|"
        r"\b(?:github|gitlab)\.com(?::\d+|\[|/[\w.-]+/[\w.-]+\.git)|host: (?:github|gitlab|bitbucket)\.|bitbucket\.org|"
        r"\bauthentication failed for 'https?:|(?<!exists at )\bremote: |\bgit@|\(publickey\)",
        # A hook of the host answers "remote: " before whatever its programs say.
        _FILES | {"port-in-use"},
    ),
    _service(
        "a step of a build",
        # What a command prints while an image is built is about that command.
        r"^#\d{1,3} \d{1,5}\.\d{1,3} |^ ?(?:=> |> )?(?:error )?\[[^\]]{0,40}\d/\d{1,3}\] run\b",
        frozenset({"aws-access", "image-pull-denied", "registry-rate-limit", "disk-full"})
        | _DATABASE,
        platform=True,
    ),
    _service(
        "a build of an image",
        r"^#\d{1,3} (?:\[[^\]]{1,60}\] (?:run|copy|add|from|workdir)\b|error: (?:process |failed to |executor )|\d{1,5}\.\d{1,3} )|^ ?(?:=> |> )?(?:error )?\[[^\]]{0,40}\d/\d{1,3}\] (?:run|copy|add|from|workdir)\b|^ ?step \d{1,3}/\d{1,3} ?: (?:run|copy|add|from|workdir|cmd)\b|\bfailed to solve\b|\bdocker (?:buildx )?build\b|\bbuildkit\b|\bkaniko\b|\bbuildah\b|load build definition|\bdockerfile:\d{1,4}\b|"
        r"returned a non-zero code: \d|\bdid not complete successfully: exit code|\bpacker: ",
        # What its registry answers, and what its own disk lacks, is told in the words of the builder.
        (_IMAGES - {"image-not-found"}) | _PULLED | _DATABASE | {"aws-access", "disk-full"},
        platform=True,
    ),
    _service(
        "a build's runner",
        r"\brunner has received a shutdown|\bgitlab-runner\b|\berror: job failed\b|^ ?job failed(?:: exit code \d|:? \(system failure\))|\bphase context status code\b|\bjenkins\b|\bgithub oidc\b|\bgithub actions\b|\bcircleci\b|"
        r"\brunner.work.|\bprocess completed with exit code|\bexited with code exit status|\bgitlab: |\bgitlab runner\b|\bgitlab ci\b|\[terragrunt\]|"
        r"\baws-actions/|\bhudson\.|\[pipeline\]|/jenkins/|\bworkspace/[^ ]{1,80}@tmp\b|##\[(?:error|warning|debug)\]|\bbuildkite\b|^[\d:. tz-]{0,30}\+ docker (?:pull|push|build|login)\b|\bcodebuild\b|\bwaiting for a runner\b|\bjob is stuck because\b|\bargo ?cd\b(?!-)|\bnomad\b|\bkubectl\b",
        _IMAGES | {"auth", "aws-access", "deploy", "efs-mount-failed"},
        platform=True,
    ),
    _service(
        "AWS Batch",
        r"\bjob ?queue\b|\bjob ?definition\b|\baws batch\b|\bjobname\b",
        frozenset({"aws-access"}),
        platform=True,
    ),
    _service(
        "a compiler",
        r"\berror ts\d{4}: |\bmodule not found: error: cannot resolve\b|\berror\[e\d{4}\]|\bld: (?:final link|cannot find|symbol|library)|\bcollect2: error|\bcc1(?:plus)?\b|"
        r"\bexecution failed for task ':|\baapt2?: error|\berror (?:cs|netsdk|msb|lnk)\d{4}\b|\bcmake error at\b|\bcould not find artifact [\w.-]{2,80}:|\bin (?:the|root) project ['\"]|\bno rule to make target\b|\baka com\.\w",
        platform=True,
        apart=True,
    ),
    _service(
        "a notebook or an app of a phone",
        r"<ipython-input-|\bcell in ?\[\d|\bipykernel_|\bmetro bundler\b|\bandroidx?\.[a-z]\w{1,40}\.|\.apk\b|\bxcodebuild\b",
        platform=True,
        apart=True,
    ),
    _service(
        "a program of another language",
        r"\bjavax?\.(?:lang|io|net|util|sql|nio)\.|\bat java\.base/|\bat (?:org|com|io|kotlinx?|scala|sun)\.[\w.$]{3,120}\(|\bio\.(?:netty|ktor|grpc)\.|"
        r"\bmicrosoft\.(?:data|entityframework|aspnet)|\bsystem\.(?:data|net|io|threading)\.|\bsqlitepcl\b|\bphp (?:fatal|warning|notice)|\bpdoexception\b|"
        r"\bcuda\b|\btorch\.|\btensorflow\b|\bcannot allocate vector\b|\bthread '[\w-]{1,30}' panicked|\bcondaerror\b|\bgradle\b|\bdart/runtime\b|"
        r"\bcalledprocesserror\b|\bdb::exception\b|\bpanic: runtime error",
        _OF_ANY_LANGUAGE
        | _DATABASE
        | _OF_ONE_SERVICE
        | _ASKED
        | {"container-oom", "sandbox-userns-unavailable", "sqlite-corrupt"},
        platform=True,
        model=False,
        apart=True,
    ),
    _service(
        "another company",
        r"\bsalesforce\b|\bcloudflare\b|\bokta\b|\bconfluence\b|\bjira\b|\bshopify\b|\badyen\b|\bpaypal\b|\bdatadog: |\buptimerobot\b|\bnewrelic: |\bpagerduty: |\byour github account\b|"
        r"\bspotify\b|\bcodesandbox\b|\bgitpod\b|\bcodespaces\b|\bzendesk\b|\bhubspot\b|\bnotion\.so\b|\bdropbox\b|\btwitter\b|\bfacebook\b",
    ),
    _service(
        "another program",
        rf"\bkill(?:ed)? process \d{{1,8}},? \((?:{_DESKTOP})\)|\b(?:{_DESKTOP}) invoked oom-killer|\btask_memcg=/user\.slice|\boom-kill:[^|]{{0,300}},task=(?:{_DESKTOP}),|"
        r"\bhystrix\b|\bcircuit[ -]?breaker '[^']{1,60}' is|\byarn for exceeding\b|(?<![/\w])airflow\b|\bzabbix\b|\bsuperset\b|\bgrafana\b|\bprometheus\b|\bhome[ -]?assistant\b|\btechnitium\b|\b(?:com|org|net|dev)\.(?!amazonaws\b|amazon\b|postgresql\b|mysql\b|mariadb\b|zaxxer\b|hibernate\b)[a-z]\w{1,40}\.[\w.$]{2,100}(?:exception|error)\b|"
        r"\((?!ash\b)[a-z][\w.-]{1,40}(?: [a-z][\w.-]{1,40}){0,3} (?:server|app|recorder|plugin|add-?on|client|daemon|integration)\b[^()]{0,80}\)\.? ?$|\bjellyfin\b|\bsonarr\b|\bradarr\b|\bnextcloud\b|\bwp-includes/|\bcups\b|\bslurm\w{0,10}\b|"
        r"\bsrun: |\bunreachable! =>|\bpostfix/|\brsync\b|\bphp-fpm\b|\bhusky\b|\bpre-(?:commit|push) hook\b|\bwebhook failed\b|\bno qualifying bean\b|\bthermal throttling\b|\bserver \w{1,40}/\w{1,40} is down, reason|\bcould not extend file\b|"
        r"\binit\.scope\b|\bpid 1\.\.\.|api\.github\.com|\bpostgres_exporter\b|\bsqlstore::|\bremoving from server list\b|\bplex media\b|\bmcp server\b[^.]{0,80}\bin (?:cursor|windsurf|zed|vs ?code)\b|"
        r"\bactioncontroller::|\bstates\.timeout\b|\bmcp session (?:not found|id)\b",
        _WRITES | {"aws-access", "db-url-invalid", "no-instance-capacity", "instance-quota"},
        vague=True,
    ),
    _service(
        "another database or queue",
        r"\be11000\b|\bredis\b|\bioredis\b|\bmysql|\berror (?:1045|2002|2003) \(|[:'` ]3306\b|\baccess denied for user '|\bpymysql\b|\bmariadb\b|\bmongo|\brabbitmq\b|\bamqp|\bkafka\b|\belasticsearch|/_bulk\b|\bopensearch\b|"
        r"\bmemcached?\b|\bcassandra\b|\bmssql\b|\bsqlserver\b|\bora-\d{4}|\ber_access_denied|\bclickhouse\b|\bneo4j\b|\betcd\b|\bzookeeper\b",
        _FILES | _DATABASE | _WRITES,
        vague=True,
    ),
    _service(
        "a desktop program or a browser",
        r"\belectron\b|\bnsurlerrordomain\b|\bvite\b|\bwebpack\b|localhost:(?:5173|3000|8080)\b|wss?://(?:localhost|127\.)|chrome-extension:|:info:console\(|(?<!/home/)\bvscode\b|"
        r"\bselenium\b|\bcypress(?:error)?: |\bcy\.visit\(|\bjest\b|\bvitest\b|\bmocha\b|\bprisma migrate dev\b|\bpgadmin\b|\bdbeaver\b|\bpostman\b|\bng build\b|\bchromium\b|\bfirefox\b|\bairplay\b|\bwindows (?:1[01]|update|server \d{4})\b|\b(?:to|from) (?:the )?(?:steam|epic games|battle\.net|xbox live|playstation network|game server)\b|\braspberry pi\b|"
        r"\b0x8007[0-9a-f]{4}\b|\bunityengine\b|<size=\d{2,3}%>|\bcheck your (?:network|internet) connection and try\b|\bdesktop (?:app|client)\b|\bremote desktop\b|\bstreaming service\b|\bsteam game\b|\bsap (?:system message|gui)\b|\bsafari cannot open the page\b|\bcannot reach this page\b|"
        r"\bplaywright\b|\bwaiting for locator\(|\bpuppeteer\b|\bwebdriver|\bdevtools\b|docker ?desktop(?! has no https proxy)|\bthe docker daemon\b|"
        r"net::err_[a-z_]{1,40} (?:at )?https?://(?![^ /]{0,200}(?:\.elb\.|nlb|\bash))",
        _FILES | {"agents", "data-dir-unwritable", "tls-to-plain-http"},
        vague=True,
    ),
    _service(
        "another network service",
        r"\bcertbot\b|\blet's encrypt\b|\bssl labs\b|\brpc failed; curl\b|\bdhcpd?\b|\blibvirt|\bcloud-init\b|\bfailed to connect to (?:[\w-]{1,40}\.)?(?:github|gitlab|bitbucket|google|cloudflare|docker)\.\w{2,3}\b|"
        r"\bssh: |\bsudo: |\bscp: |\bnc: |\b(?:kex|ssh)_exchange_identification\b|\bmqtt|\bsshd?\[|\bport 22\b|\bsmtp|\bimap|\bldap|\bsftp\b|\bopenvpn\b|\bwireguard\b|"
        r"\bmount\.nfs4?: [^|]{0,200}?\b(?!127\.)\d{1,3}(?:\.\d{1,3}){3}:/|\bmount\.nfs4?: [^|]{0,200}?(?<![\w.-])(?!fs-)[a-z][\w-]{0,40}:/(?!/)|\bdiscord\b|\bslack\.com|\btelegram\b|\btwilio\b|\bstripe\b|\bsendgrid\b|"
        r"/dev/(?:nvme|sd[a-z])|\bbluetooth\b",
        _FILES,
    ),
    *(_service(p.name, p.marks, p.keeps | OF_AN_IMAGE, platform=p.platform) for p in PRODUCTS),
)
"""The services that are told apart, those that run programs first."""

_MAY_BE: Final = 4_000
"""Characters of a text that are searched for marks."""
_compiled: Final = cache(regex)


_FRAME: Final = regex(
    r"\((?!/var/task/)(?![^() ]{0,200}node_modules/)/[^() ]{1,300}:\d{1,6}:\d{1,6}\)|\[[\w.-]{1,60}\](?= exit code: \d)|^\[[a-z0-9]{1,30}(?:[-_.][a-z0-9]{1,30}){1,4}\](?= )|"
    r"(?<=['\"])/[\w./@+-]{3,250}(?=['\"])|(?<=\bopen )/[^ :]{3,250}(?=: )|\(required by [^)]{3,300}\)"
)
"""Where in its own files a program failed, which file it could not open, which container of a task ended or wrote: what these are called names no speaker."""


_PLAINLY: Final = regex(
    f"{_ECS}{_CALLS}{_MODEL}|"
    r"\berror (?:creating|deleting|updating) (?:ec2|ecs|elb|elbv2|iam|efs|cloudwatch)\b|\bcontainer killed due to memory\b|\becs (?:was unable|deployment)\b|\belb health checks\b|\bessential container\b|\btarget[ -]group\b|\blog group\b|"
    r"\ban error occurred \(\w{3,60}\) when calling\b|\b(?:open|mkdir|write|unlink|scandir) '/data\b|\bash[ -](?:server|ops|nlb)"
)


def is_plainly_ours(folded: str) -> bool:
    """Whether a text (folded) has words that only ECS, CloudFormation, the model, Ash or its callers use."""
    return _PLAINLY.search(folded[:_MAY_BE]) is not None


_OF_AN_ARN: Final = regex(
    r"(\b(?:get|post|put|head|patch|delete) \\?[\"']https?://|\bdaemon: (?:get|head) https?://|\bproject ['\"]project:|\barn:aws[a-z-]{0,10}:[a-z0-9-]{2,30}:[a-z0-9-]{0,20}:\d{0,12}:(?!log-group:/aws/)|(?:\.dkr\.ecr\.[a-z0-9-]{5,30}\.amazonaws\.com|\bdocker\.io|\bghcr\.io|\bquay\.io|\bpublic\.ecr\.aws)/|"
    r"\b(?:pull access denied for|repository with name|no such image:|start container|manifest for|manifest tagged by|(?:pull|pulling|resolve|unpack) (?:the )?(?:image|reference|repository)|failed to pull|error pulling(?: image)?|pulling from|docker pull|find image) ['\"]?)[^ '\",)\]]{1,300}|(\baws_[a-z0-9_]{2,60}\.[a-z])[\w-]{0,80}"
)
"""The name of a resource or of an image, which its owner chose (an address of Terraform, too), or the address that Go's client was to ask: it names no speaker."""
_ROW: Final = regex(
    r"(?:^|(?<= ))[✔✘⠿!] [\w.-]{1,80}(?= (?:error|warning|interrupted|pull))|"
    r"(?<=\bcontainer )[\w.-]{1,80}(?= (?:recreat|creat|start|wait|running|healthy|is unhealthy|exited|stopp))|"
    r"(?<=\bstack \[)[\w-]{1,128}(?=\] )|(?<=\bstack )[\w-]{1,128}(?= (?:does not exist|is in |failed|cannot |already))|(?<=❌ )[\w-]{1,128}(?= failed: )|(?<=\bresource \"aws_)\w{2,60}\" \"[\w-]{1,80}(?=\")|(?<=\. )\"[\w-]{1,80}\"(?=$| on \S{1,80}\.tf line)|(?<=\bnon running container: )/[\w./-]{1,200}(?: as /[\w./-]{1,200})?|(?<=\blog group already exists: )[\w./-]{1,512}"
)
"""What Docker Compose calls a service or a container where it tells their states, what a stack or a resource of Terraform is called by its owner, and a log group that is in the way."""


@lru_cache(maxsize=4096)
def speaker(folded: str) -> Service | None:
    """The other service whose message a text (folded) is; None when it may be Ash's."""
    text = _OF_AN_ARN.sub(r"\1\2", _ROW.sub(" ", _FRAME.sub(" ", folded[:_MAY_BE])))
    for service in SERVICES:
        if _compiled(service.marks).search(text):
            return None if service.is_ours(text) else service
    return None


def may_say(service: Service, cause: Cause, kind: str, folded: str = "") -> bool:
    """Whether a message of another service can be about a cause: also what ended Ash's own task, and in AWS's words what a caller lacks."""
    if cause.severity == "info":
        return True
    if cause.slug in _OF_THE_CALLER and find(OF_AN_SDK, folded[:_MAY_BE]):
        return True
    if kind == "log_line" and cause.slug == "app-crash" and not service.apart:
        return True
    return cause.slug in service.keeps or cause.category in service.keeps
