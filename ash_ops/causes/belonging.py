"""Whether a text is about Ash or AWS at all: some failures every program in the world has.

A full disk, a refused connection, a locked file: their words alone do not say whose they are. They are
taken for ours where the text shows a sign of it, or where it is so bare that only its owner would ask.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from ash_ops.causes.base import Cause
from ash_ops.causes.calm import asserted
from ash_ops.causes.foreign import may_say, speaker
from ash_ops.causes.matching import folded
from ash_ops.causes.peers import ABOUT_CALLS
from ash_ops.causes.reading.entries import Entry
from ash_ops.patterns import regex

ANYBODYS: Final = frozenset(
    {
        "app-crash",
        "ash-auth-invalid",
        "ash-auth-missing",
        "ash-server-error",
        "bad-listen-config",
        "conn-refused",
        "conn-reset",
        "conn-timeout",
        "container-oom",
        "data-dir-unwritable",
        "db-unreachable",
        "disk-full",
        "dns-nxdomain",
        "exit-139",
        "node-heap-oom",
        "sigkill-137",
        "sqlite-corrupt",
        "sqlite-locked",
        "tls-certificate-invalid",
        "tls-to-plain-http",
    }
)
"""Causes whose words any program writes."""
_CALLED: Final = frozenset({"aws-access", "deploy"})
"""Categories of causes that a call of AWS tells of; calls of other services are refused in the same words."""
_AWS: Final = (
    r"\baws(?:\b|_[a-z])|amazon|\bprovisioning your stack\b|\binvalidclienttokenid\b|\bsecurity token included in the request\b|/latest/(?:meta-data|dynamic|api/token)\b|\b169\.254\.170\.2\b|\b(?:internet|nat) gateway\b|awstemplateformatversion|\bacm\b|arn:aws|\bec[2rs]\b|fargate|cloudfront|\b[anc]?e?lb\b|\b(?:fs|fsmt|sg|subnet|vpc|vpce|eni|vol|ami|igw|nat|rtb|eipalloc|lt)-[0-9a-f]{8,17}\b|cloudwatch|cloudformation|\bcdk\b|\bcapability_(?:named_)?iam\b|task[ -]?definition|\bcontainerdefinitions?\b|\bawsvpc\b|\bstackdriftstatus\b|\bdeploying\.\.\. \[\d{1,3}/\d|❌ {1,3}[\w-]{1,100} failed: |\bterminationprotection\b|\b(?:create|update|delete|describe)stacks?\b|\.aws/(?:credentials|config)|\bdispatchfailure\b|\boperation error [a-z]|\bfollowing resource\(s\) failed\b|"
    r"\bservice[- ]linked role\b|\bconfig profile \(|essential container|container instance|target[ -]group|stopped ?reason|\bcannot[a-z]{4,30}error\b|"
    r"resourceinitialization|container killed due to|\bip-\d{1,3}-\d|"
    r"an error occurred \(|\bwhen calling the\b|\b(?:create|update|delete|rollback|import)_(?:complete|failed|in_progress|rollback)|"
    r"\bresource handler\b|\bboto(?:3|core)?\b|\bclouds?trail\b|\biam:|\bsts\b|\bsso[ -](?:session|token|login|profile|oidc)|\baws sso\b|\bsubnets?\b(?! \d)|\bsecurity[ -]?groups?\b|\bvpcs?\b|"
    r"signature (?:expired|not yet current): \d{8}t|\bquota allows for \d{1,5} more\b|x-amzn-|throttling: rate exceeded|\bstatus code: \d{3}, request id|\bdeployment circuit breaker\b|nocredentialproviders|sharedcredsload|\bstack '?[\w:/-]{3,200}'? (?:does not exist|is in |is currently being |failed|cannot|already)|\bservice: |handlererrorcode|\back\.(?:recoverable|terminal)\b|\bsecret with this name is already scheduled\b|@smithy/|\bsource[ _]profile\b|\berror parsing parameter \W|\bopenidconnect\b|\bcould not assume role with oidc\b|\bclientexception: |\binvalid setting for container\b|\bspecified load balancer\b|\bnosuchbucket\b|\bin the registry with id\b|\b(?:to|from) (?:s3 )?bucket [a-z0-9][\w.-]{2,62}: |\bs3://[a-z0-9]|\bexecute (?:svc|env|job|app|task|pipeline) (?:deploy|init|run|package|show|delete): |\bcredentials could not be loaded\b|\bload credentials from any providers\b|\b(?:minimum field (?:size|value) of \d{1,5}|missing required field), \w{3,60}input\b|\bsecrets ?manager\b|\bssm\b|\b[a-z]{2}-[a-z]{4,9}-\d\b|"
    r"\baws_request_id\b|\berrormetadata \{|<errorresponse\b|\(request id: [\w=-]{8,80}\)|(?<![\w.])(?:invalidparameter|unsupportedfeature|targetnotconnected|servicenotactive|servicenotfound|clusternotfound|platformunknown|platformtaskdefinitionincompatibility)exception\b|\bexecute command agent\b"
)
_ASH: Final = (
    r"\bash\b|\bash[-_]|\b4100\b|(?<![\w/])/data\b|sandbox|\bbwrap\b|anthropic|claude|"
    r"\[(?:db|pool|server|entrypoint|bridge|sessions?|coordinator|runner)\]"
)
_NODE: Final = (
    r"\bnode:|\bnode\.js\b|/app/|\bbetter-sqlite3\b|\bsqliteerror\b|\bsqlite_[a-z]{3,20}(?:\b|_)|\b(?:events|net|fs|dns)\.js:|"
    r"\b(?:connect|getaddrinfo|listen|read|write|open|mkdir|bind|unlink|spawn) e(?!rror)[a-z_]{3,14}\b|"
    r"\be(?:nospc|rofs|acces|perm|mfile|xist|addrinuse): |\bjavascript heap\b|\blast few gcs\b|\bjs stacktrace\b|\bnode_modules\b|\btlssocket\b|"
    r"code: 'e|\bunhandled 'error' event|\bbun v\d|\bbun has crashed\b|\bkilled process \d{1,8},? \((?:node|claude|ash)\b"
)
_CALLERS: Final = r"\binsecurely, use ['\"`]?--no-check-certificate\b|\bthe certificate of ['\"][\w.-]{3,100}['\"] (?:is not trusted|has expired|has not yet)\b|\b(?:get|post|put|patch|delete|options) https?://[^ ]{1,300} net::err_|\bsse (?:stream|server|error)\b|\bcurl: \(|\bhttpx\b|\bhttpcore\b|\burllib3\b|\brequests\.exceptions\b|\baiohttp\.client_exceptions\b|\bundici\b|\bfetch failed\b|\bcurl error \d{1,2}: [^|]{0,300}\(see http|\bguzzlehttp\b|\bfaraday::|\bsystem\.net\.http\.|\breqwest::|\bjava\.net\.http\.|\baxioserror\b"
_POSTGRES: Final = r"\bpostgres(?:ql)?\b(?!: )|\bpsycopg|\bdbconnection\.|\bdropped from queue after \d|\basyncpg\b|\bnpgsql\b|\borg\.postgresql\b|\bpg::|\bpostgrex\b|\bpgx\b|\bprismaclient|\bpris\.ly/|\bcode: 'p[12]\d{3}'|\bis the server running\b|\bp1\d{3}: |\bfailed to connect to '(?:host|user)=|\btls: failed to verify certificate: x509\b"
_CONTAINER: Final = r"\bhttps?://[0-9a-f]{12}:\d{2,5}\b|\b(?:containers?|docker)\b[^|]{0,200}(?:\blisten\w*|\bbind\w*|\bbound|监听)[^|]{0,40}(?:\b127\.0\.0\.1|\b0\.0\.0\.0|\blocalhost|\bhostname)\b|\b(?:listen\w*|bind\w*|bound)\b[^|]{0,40}\b(?:127\.0\.0\.1|0\.0\.0\.0|localhost)\b[^|]{0,200}\b(?:containers?|docker)\b|\bhttps?://[^/ ]{1,200}/v2/[^ ]{1,200}/(?:manifests|blobs)/|\bexited \(\d{1,3}\) (?:\d{1,3}|an?|about an?) (?:second|minute|hour|day|week|month|year)s? ago\b|/usr/local/lib/(?:python|ruby)\d|/usr/local/bundle/|/entrypoint\.sh\b|^docker logs |\bdocker-entrypoint\b|\[emerg\] |\bssl handshaking to upstream\b|\b127\.0\.0\.11:53\b|\bkestrel\b|\bfailed to bind to address http|\b(?:error|warn|info) 1 --- \[|\bbooting worker with pid\b|\berror/mainprocess\] consumer: |\bworker \(pid:\d{1,8}\) was sent\b|\btask_memcg=/(?:ecs/|docker/[0-9a-f]{12,64},task=(?:node|claude|ash|python|gunicorn|uwsgi|celery|java))"
"""Places in which the official images of languages keep programs, and what only servers write as they start."""
_OURS: Final = regex(f"{_AWS}|{_ASH}")
_RUNTIME: Final = regex(f"{_NODE}|{_CALLERS}|{_POSTGRES}|{_CONTAINER}")
"""Marks of what Ash runs on, of what it asks and of what calls it: so do many others."""
_NOTEBOOK: Final = r"\bfile [\"']?~/|<ipython-input-|\bcell in ?\[\d|\bipykernel_"
"""A notebook, which somebody runs by hand, and files named from its owner's home."""
_ELSEWHERE: Final = regex(
    rf"{_NOTEBOOK}|"
    r"/home/(?!(?:node|app|appuser|nonroot|user|runner/_diag)/)\w|/users/\w|\b[a-z]: ?/?(?:users|windows|program files|data|test|temp|dev|src|code|projects|work|repos)\b|\b[a-z]:/|/mnt/(?!(?:efs|data)\b)|/media/|/var/(?:www/(?!(?:html|storage|symfony|laravel|app)\b)|lib/(?!postgresql\b))|/usr/src/(?!app\b)|/opt/(?!(?:ash|app)\b)|\bhttps?://(?:localhost|127\.|192\.168\.)|\bhttps?://(?!sqlalche\.me/|errors\.pydantic\.dev/|aka\.ms/|pris\.ly/|curl\.haxx\.se/|curl\.se/)[^/ ]{1,200}/(?!api\b|health|docs|metrics)[a-z]"
)
"""Places where no container of Ash keeps anything."""
_HOMES: Final = regex(
    rf"{_NOTEBOOK}|"
    r"/home/(?:(?!node/)\w{1,40}/(?:documents|desktop|downloads|dev|code|git|repos?|src|work(?:space)?|projects?|\.[a-z]{2,20}|anaconda3|miniconda3)\b|(?:runner(?!/_diag/)|jenkins|circleci)/)|"
    r"/users/\w|\b[a-z]:[/ ]{1,2}(?:users|projects|windows|work|dev)\b"
)
"""Somebody's own files: the program runs on a desktop or in a build."""
_BARE: Final = 240
"""Characters of a text that a person pastes because it is theirs."""
_BARE_LINES: Final = 3
_FEW: Final = 60


_HEAD: Final = regex(
    r"[^A-Za-z\[]{0,20}(?<![-.\w])((?:[A-Z][\w.+'-]{0,30}|[a-z][\w./-]{1,40})(?: (?:[A-Z][\w.+'-]{0,30}|[\w-]{1,30}\.[a-z]\w{1,30})){0,3}|[A-Z]{3,8}(?: [a-z]{3,20}){1,2}|[a-z]{2,20} [a-z]{2,20})(?:\[[\dA-F]{1,9}\]| \([^()]{1,40}\))?: (?![a-zA-Z]{0,3}\d{3}\b)"
)
"""What stands in front of the first colon, if it may be a name: a word, or some with capitals, or two without."""
_LOGGER: Final = regex(
    r"[\d:,. TZ+/\[\]-]{0,40}(?:DEBUG|INFO|WARN|WARNING|ERROR|FATAL|CRITICAL)(?:\t|:)([A-Za-z][\w.-]{1,60})(?:\t|:(?=\S))"
)
"""The program's own name between the level and the message, as loggers of Go and Python write it."""
_SAYS_NO_NAME: Final = regex(
    r"\b(?:tls|ssl|x509|error|err|fehler|erreur|errore|fout|erro|fatal|warn(?:ing)?|critical|exception|panic|message|reason|status|output|details?|cause|causes?|log|logs|stderr|stdout|failure|failed|stops?|dies|fails|says|keeps|gets|"
    r"subject|date|re|fwd?|von|an|betreff|datum|gesendet|de|para|asunto|assunto|objet|envoyé|oggetto|van|aan|onderwerp|q|question|ticket|incident|impact|context|actual|observed|expected|behaviou?r|happened|got|getting|get|see|seeing|saw|receive|received|this|that|it|here|update|edit|sasl|"
    r"ci|staging|production|prod|fail|event|events|task|tasks|service|container|unhealthy|healthy|result|answer|response|symptom|problem|note|info|debug|notice|title|summary|description|"
    r"slogan|connection|keep-alive|server|via|location|cache-control|content-(?:type|length)|x-[a-z-]{2,40}|etag|vary|retry-after|transfer-encoding|set-cookie|"
    r"docker|dockerd|devmapper|(?:bad )?interpreter|node|psql|pg|pq|sh|bash|curl|wget|exec|entrypoint|mount|runc|level|msg|code|state|stack|stream|health|stopped|denied|refused|timeout|invalid|missing|"
    r"not|is|was|has|to|for|of|the|with|from|unable|cannot|could|at|on|in|by)\b|(?:error|exception|refused|fault|failure|timeout)s?$|[\w/.-]{0,40}\.(?:sh|js|py|mjs|cjs|ts)$"
    r"|^(?:und_)?err_[a-z_]{3,60}$|^p\d{4}$|^(?:web|app|api|db|server|worker|service|redis|postgres|nginx|ash)[-_]\d{1,3}$"
    r"|^(?:root|app|main|unshare|nsenter|mkdir|chown|chmod|touch|cp|mv|dd|ln|ls|cat|rm|tee|su|sudo|gosu|su-exec|setpriv|tini|dumb-init|runsv|s6-[a-z-]{2,30}|qemu[\w-]{0,12}|env|apply-seccomp|newuidmap|umount|kill|dial|lookup|read|write|"
    r"listen|connect|get|post|head|latest|v?\d[\w.]*)\b|^/|^(?:knex|asm [a-z]{6}|mount\.\w|sqlite|[ef]atal|https?|aws|ash|ecs|nlb|elb|cloudformation|terraform|pulumi|cdk|copilot|claude|anthropic|botocore|boto3|httpx|npm|bwrap|rds|efs|iam|vpc|dependency)\b|^aws_"
)
"""Words in front of a colon that say what follows, not who speaks; and those who speak for Ash."""


_IS_CODE: Final = regex(
    r"(?:[A-Z][a-z0-9]+){3,6}$|(?:[A-Z]\w{2,60}\.)?(?:[A-Z]\w{1,60})?(?:NotFound|Exists|Exceeded|InUse|Conflict|Expired|Denied|Failure|NotEmpty|Capacity|Signature|Notice|Limit|Exhausted|Interruption|Health|Unavailable|Timeout|Mismatch|Violation|Stabilized|Updatable|Verification|Associated)$|[a-z]{3,20}-[a-z]{3,30}(?:ed|able|ity)$|toomanyrequests$|[0-9a-f]{7,64}$|E[A-Z]{3,13}$|(?:Elb|Target)\.[A-Z]\w{3,60}$|(?:Invalid|Unsupported|Unknown|Missing|Duplicate|Malformed|Unauthorized|Insufficient|Incompatible|Parameters?)[A-Za-z]{0,40}(?:\.[A-Z][A-Za-z]{1,40})?$"
)
"""An error code as AWS writes it (``TooManyLoadBalancers``), or a heading of its messages."""

_IS_CALL: Final = regex(r"[a-z]{2,20}\.[A-Z][A-Za-z]{1,40}$")
"""A function of a package, as Go's errors name it: ``cgroups.New: ...``."""
_OF_A_LAYER: Final = regex(
    r"(?:Pull(?:ing|ed|) (?:from|fs layer|complete)|Pushed|Preparing|Waiting|Layer already exists|digest: )"
)
"""What Docker tells of a tag or a layer, whose name stands in front."""


def is_named(text: str) -> bool:
    """Whether a text begins with the name of somebody else who speaks: ``Grafana: ...``."""
    logger = _LOGGER.match(text)
    head = logger or _HEAD.match(text)
    if head is None or _IS_CODE.match(head.group(1)) or _OF_A_LAYER.match(text, head.end()):
        return False
    if logger is None and _IS_CALL.match(head.group(1)):
        return False
    return _SAYS_NO_NAME.search(head.group(1).lower()) is None


_PROGRAMS_NAME: Final = regex(
    r"[a-z]+[-./_\d]|[A-Z][a-z]+[A-Z]|[A-Z]{3}|[a-z]+ [a-z]|\w+[-./_ ]\w*\d|[^ ]+ \("
)
"""A name as programs have it and people have not: with a hyphen, a dot, a figure, a capital within."""


_KNOWN: Final = frozenset(
    [
        "adyen",
        "airflow",
        "ansible",
        "apache",
        "borg",
        "brew",
        "caddy",
        "celery",
        "chrome",
        "consul",
        "coredns",
        "cron",
        "django",
        "etcd",
        "express",
        "firefox",
        "flask",
        "git",
        "github",
        "gitlab",
        "google",
        "grafana",
        "helm",
        "heroku",
        "istio",
        "jenkins",
        "kafka",
        "kaniko",
        "kernel",
        "kong",
        "kubelet",
        "lambda",
        "laravel",
        "maven",
        "mongo",
        "mysql",
        "mysqldump",
        "nginx",
        "nomad",
        "okta",
        "plex",
        "poetry",
        "postgres",
        "prisma",
        "rails",
        "redis",
        "render",
        "salesforce",
        "slurm",
        "solr",
        "spark",
        "spring",
        "snowflake",
        "ssh",
        "systemd",
        "tar",
        "teams",
        "tomcat",
        "vault",
        "yarn",
        "zabbix",
        "zoom",
        "zsh",
    ]
)
"""Names of one plain word, as people have them, that are known to be programs or companies."""


def _is_programs(text: str) -> bool:
    """Whether a text begins with a name that no person has."""
    head = _LOGGER.match(text) or _HEAD.match(text)
    if head is None:
        return False
    first = head.group(1).lower().split()[0]
    return first in _KNOWN or _PROGRAMS_NAME.match(head.group(0).lstrip()) is not None


def speaks_for_itself(entry: Entry, around: Sequence[Entry]) -> bool:
    """Whether an utterance names another program as its speaker, and nothing around it is of AWS or Ash."""
    return (
        is_named(entry.text)
        and _is_programs(entry.text)
        and not any(
            is_signed(folded(text))
            for near in (entry, *around[:_FEW])
            for text in (near.text, near.tight)
            if text
        )
    )


def is_anybodys(cause: Cause) -> bool:
    """Whether the words of a cause do not say whose failure it is."""
    return cause.severity != "info" and (cause.slug in ANYBODYS or cause.category in _CALLED)


def is_of_itself(cause: Cause) -> bool:
    """Whether a cause is of any program that tells it, and not of one that it calls."""
    return cause.slug in ANYBODYS and cause.category not in ABOUT_CALLS


def belonging(entries: Sequence[Entry], around: Sequence[Entry]) -> Callable[[Cause], bool]:
    """Whether a cause may be meant by a text: what any program may say is ours by a sign, or if it is bare.

    Args:
        entries: all utterances of the text; of many the first and the last are looked at.
        around: those by which something was found.
    """
    if is_bare(entries):
        texts = [folded(entry.text) for entry in entries]
        others = [(service, text) for text in texts if (service := speaker(text))]
        return lambda cause: all(may_say(service, cause, "", text) for service, text in others)
    seen = [*entries[:_FEW], *around[:_FEW], *entries[-_FEW:]] if len(entries) > _FEW else entries
    texts = [folded(text) for entry in seen for text in (entry.text, entry.tight) if text]
    if any(map(_OURS.search, texts)):
        return lambda _: True
    runs = any(map(_RUNTIME.search, texts)) and not any(map(_HOMES.search, texts))
    return lambda cause: not is_anybodys(cause) or (runs and cause.slug in ANYBODYS)


def is_signed(text: str) -> bool:
    """Whether a text (folded) shows that it is of AWS, of Ash or of what Ash runs on."""
    return (_OURS.search(text) or _RUNTIME.search(text)) is not None


def is_on_a_desk(text: str) -> bool:
    """Whether a text (folded) names a place that no container has: somebody's own files, or a server of the same desk."""
    return (_DESK.search(text) or _HOMES.search(text)) is not None


_DESK: Final = regex(
    r"/home/(?!(?:node|app|appuser|nonroot|user|dev|ubuntu|ec2-user)/)\w|\b[a-z]: ?/?(?:users|windows|program files|data|test|temp|dev|src|code|projects|work|repos)\b|\b[a-z]:/|/mnt/[a-z]/|/media/|\b(?<!upstream: \")https?://(?:localhost|127\.)"
)


def is_bare(entries: Sequence[Entry]) -> bool:
    """Whether a text is a line or two that name no program, but for what reports nothing and what a person says around it."""
    if len(entries) > _FEW:
        return False
    spoken = [e.text for e in entries if not e.command and asserted(folded(e.text))]
    printed = [text for text in spoken if not (_TALK.match(text) or _OF_AN_ANSWER.match(text))]
    if len(printed) > _BARE_LINES or sum(map(len, printed or spoken)) > _BARE:
        return False
    return not any(is_named(text) or _ELSEWHERE.search(folded(text)) for text in spoken)


_OF_AN_ANSWER: Final = regex(
    r"(?i)(?:< ?)?(?:HTTP/[\d.]{1,3} 2\d\d\b|(?:content-(?:type|length|encoding)|date|connection|keep-alive|vary|cache-control|etag|x-request-id|strict-transport-security): [^:]{1,60}(?::\d\d){0,2}[ \w]{0,5}$)"
)
"""What stands beside the status line of an answer that somebody asked for, and an answer that is well."""
_TALK: Final = regex(
    r"(?i)(?=[^\"`'{}\[\]=<>]{2,200}$)(?:(?:hi|hello|hey|dear|good (?:morning|evening|day)|thanks|thank you|please|cheers|(?:best|kind|many|warm) (?:regards|wishes|thanks)|regards|sincerely|hallo|guten (?:morgen|tag)|viele grüße|mit freundlichen|danke|hola|saludos|gracias|bonjour|cordialement|merci|ol[áa]|obrigad[oa])\b"
    r"|(?:subject|from|to|cc|date|sent|re|fwd?|von|an|betreff|de|para|asunto|assunto|objet|onderwerp): "
    r"|(?:any(?:one|body)?|what|why|how|does|is|do|can|could|where)\b[^?]{1,180}\?$"
    r"|(?:this is what|here is what|here's what|it says|the error is|i|we|my|our|since|after|when|steps|next steps)\b[^:]{1,180}[:.]$|(?:[^\W\d]{1,20},? ){4}[^:]{1,160}:$|(?-i:[A-Z][a-z]{1,14}(?: [A-Z][a-z]{1,14})?$)"
    r"|[\w .-]{2,40}  ?(?:APP  ?)?(?:today at |yesterday at )?\d{1,2}:\d\d ?(?:am|pm)?$|\*.{3,80}\*$)"
)
"""What a person says around what a program printed: greetings, questions, thanks, the head of a mail, a name under it; who wrote in a chat and when, and a bot's title."""
