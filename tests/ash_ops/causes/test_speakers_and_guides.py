"""Each program that is known is known by each of its own words, and sentences of guides report nothing."""

from __future__ import annotations

from ash_ops.causes import CAUSES
from ash_ops.causes.belonging import is_bare, is_named
from ash_ops.causes.calm import asserted
from ash_ops.causes.foreign import SERVICES, may_say, speaker
from ash_ops.causes.matching import folded
from ash_ops.causes.reading.entries import Entry
from ash_ops.causes.speech.documents import only_described, only_listed, only_tabled
from ash_ops.causes.speech.products import PRODUCTS
from tests.support.each import each

SAID = {
    "AWS Lambda": """Task timed out after 3.00 seconds|Runtime.ImportModuleError: x|lambda:InvokeFunction refused|REPORT RequestId: 7|Billed Duration: 7 ms|INIT_START Runtime Version: x|in /aws/lambda/x
        in /var/task/index.js|lambda-entrypoint.sh failed|"errorType": "Error"|lambda_function.py failed|awslambda failed|my Lambda failed|Runtime exited without providing a reason|a lambda function failed|lambda.unknownexception""",
    "Kubernetes": """kubelet failed|kubectl failed|kube-proxy failed|ImagePullBackOff|ErrImagePull|CrashLoopBackOff|CreateContainerConfigError|reason OOMKilled|MountVolume.SetUp failed|kubernetes said|minikube failed|Back-off pulling image|in pod "web"|Liveness probe failed
        Error from server (Forbidden)|Last State: Terminated|"lastState": x|lastState terminated|containerStatuses|containerd://0123456789ab|component=containerd|pods/web|pod "web"|PodUnhealthy|10.0.0.1:6443|rpc error: code = NotFound desc = x|FailedScheduling
        AttachVolume.Attach failed|PersistentVolumeClaim|pod web-0-x|0/3 nodes are available""",
    "an emulator of AWS": "localstack said|l.s.c.resource_provider: x|asgi_gw_0 said|moto.s3.exceptions.x",
    "a proxy": """nginx: [emerg] x|proxy_read_timeout|7#7: *12 connect failed|refused, upstream: "http://x"|[emerg] 7#7: x|host not found in upstream|no live upstreams|haproxy said|envoy said|traefik said|caddy: x|AH01114: x|varnishd said|squid said|upstream connect error""",
    "Google Cloud": "gcloud said|gke said|storage.googleapis.com refused|google.api_core.exceptions|Cloud Run error: x|user-provided container failed to start|gcr.io/x|us-docker.pkg.dev/x",
    "Microsoft Azure": "azure said|containerapp said|Microsoft.Web refused|x.database.windows.net refused|/subscriptions/0a",
    "another hoster": "heroku[web.1]: x|x.herokuapp.com refused|fly.io said|vercel said|netlify said|x.railway.app refused|openstack said|digitalocean said",
    "an app of another hoster": "app[0123456789abcd] ams [info] x|fly deploy failed|app[web.1]: x",
    "another service of AWS": "dynamodb refused|ProvisionedThroughputExceededException|kinesis refused|athena refused|redshift refused|perform: sqs:SendMessage",
    "a model of Amazon Bedrock": "bedrock refused|BedrockRuntime",
    "Docker Compose": "Cannot start service web",
    "a container tool of a desktop": """(app:1234): Gtk-WARNING **: x|podman said|rootlesskit said|flatpak said|distrobox said|toolbx said|snap run x|singularity said|apptainer said|chrome-sandbox said|nix-shell said""",
    "a gateway to models": "openrouter said|insufficient_credits",
    "another vendor's model": """openai said|insufficient_quota|RESOURCE_EXHAUSTED|check quota|You exceeded your current quota|Cloud Code Assist|ai.google.dev|gemini-2 said|generativelanguage|mistral said|cohere said|groq said|deepseek said|hugging face said|ollama said
        gpt-4 said|groq.RateLimitError|litellm said|perplexity said|vertexai said|google.genai said|x_google_genai|together.ai said|xai said|qwen3 said|moonshot said|"object": "error"|gemini said|fireworks.ai said|replicate.com|stability.ai|ai21 said|cerebras said|voyageai said
        elevenlabs said|deepgram said|INVALID_ARGUMENT. API key not valid""",
    "a package manager": """12 error code E401|npm ERR! 404 x|attempt registry request|info retry will retry, error on last attempt|node-gyp failed|prebuild-install failed|pip._vendor failed|WARNING: Retrying (Retry(x|E: Failed to fetch x|Err:1 http://x|Could not transfer artifact
        Could not GET 'https://x|Gem::RemoteFetcher|ERR_PNPM_FETCH|Failed to query available provider packages|NU1301|Unable to load the service index|spurious network error|go: x.org/y@v1: refused""",
    "Git": """fatal: unable to access 'x|git clone failed|LFS bandwidth|github.com:443 refused|Host: github.com|bitbucket.org refused|Authentication failed for 'https://x|remote: denied|git@x denied|denied (publickey)""",
    "a step of a build": "#12 3.45 failed|=> ERROR [build 2/7] RUN npm ci",
    "a build of an image": """#12 ERROR: process "x" failed|#7 [build 2/3] RUN x|[2/3] COPY x|Step 3/7 : RUN x|failed to solve: x|docker build failed|buildkit said|kaniko said|buildah said|load build definition|Dockerfile:12 failed|returned a non-zero code: 1|did not complete successfully: exit code|packer: x""",
    "a build's runner": """The runner has received a shutdown signal|gitlab-runner said|ERROR: Job failed: x|phase context status code: x|jenkins said|github oidc said|github actions said|circleci said|d:\\runner\\work\\x|process completed with exit code 1|exited with code exit status 1
        gitlab: x|gitlab runner said|gitlab ci said|Waiting for a runner|Job is stuck because|argocd said|nomad: x""",
    "AWS Batch": "job queue x|job definition x|aws batch said|jobName x",
    "a compiler": "error TS2307: x|error[E0433]: x|ld: cannot find -lx|collect2: error: x|cc1plus: fatal error: x",
    "a notebook or an app of a phone": "<ipython-input-1-5bd1> in <module>|Cell In[14], line 3|Metro Bundler ready|androidx.work.X|app-debug.apk|xcodebuild said",
    "a program of another language": """java.lang.NullPointerException|at java.base/x|at org.x.Main.run(Main.java)|io.netty.x|Microsoft.Data.x|System.Net.Sockets|SQLitePCL|PHP Fatal error|PDOException|cuda said|torch.x|tensorflow said|cannot allocate vector of size|thread 'main' panicked|CondaError|gradle said
        dart/runtime|CalledProcessError|DB::Exception|panic: runtime error""",
    "another company": """salesforce said|okta said|confluence said|jira said|shopify said|adyen said|paypal said|datadog: x|uptimerobot said|newrelic: x|pagerduty: x|your github account|spotify said|codesandbox said|gitpod said|codespaces said|zendesk said|hubspot said|notion.so|dropbox said|twitter said|facebook said""",
    "another program": """airflow said|superset said|grafana said|prometheus said|home assistant said|technitium said|org.acme.DbException|it died (sonar server)|jellyfin said|sonarr said|radarr said|nextcloud said|/wp-includes/x|cups said|slurmd said|srun: x|UNREACHABLE! =>|postfix/smtp|rsync said
        php-fpm said|husky said|pre-commit hook failed|webhook failed|No qualifying bean|thermal throttling|oom-kill:x,task=chrome,|killed process 7 (firefox)|qemu-kvm invoked oom-killer|Server a/b is DOWN, reason|could not extend file|init.scope|pid 1...|api.github.com|postgres_exporter|sqlstore::x|removing from server list|plex media|mcp server failed in cursor
        ActionController::X|States.Timeout""",
    "another database or queue": """E11000 duplicate|redis said|ioredis said|mysqld said|ERROR 1045 (x|x:3306 refused|Access denied for user 'x|pymysql said|mariadb said|mongod said|rabbitmq said|amqp refused|kafka said|elasticsearch said|opensearch said|memcached said|cassandra said|mssql said|sqlserver said|ORA-01017
        ER_ACCESS_DENIED|clickhouse said|neo4j said|etcd said|zookeeper said""",
    "a desktop program or a browser": """electron said|NSURLErrorDomain|vite said|webpack said|localhost:5173 refused|ws://localhost:9|chrome-extension://x|:INFO:CONSOLE(7)|vscode said|selenium said|cypress: x|cy.visit(|jest said|vitest said|mocha said|prisma migrate dev|pgadmin said|dbeaver said|postman said|ng build
        chromium said|firefox said|airplay said|windows 11|raspberry pi|playwright said|puppeteer said|webdriver said|devtools said|docker desktop|the docker daemon|net::ERR_FAILED at http://x""",
    "another network service": """certbot said|Let's Encrypt|ssl labs|RPC failed; curl|dhcpd said|libvirtd said|cloud-init said|Failed to connect to google.com|ssh: x|sudo: x|scp: x|nc: x|kex_exchange_identification|mqtt refused|sshd[7]|port 22 refused|smtp refused|imap refused|ldap refused|sftp refused|openvpn said
        wireguard said|mount.nfs: x 10.0.0.1:/x|mount.nfs4: x nas:/vol|discord said|slack.com said|telegram said|twilio said|stripe said|sendgrid said|/dev/nvme0|bluetooth said""",
}  # fmt: skip


def words(table: str) -> list[str]:
    return [text for line in table.strip().splitlines() for text in line.strip().split("|")]


@each("name", list(SAID))
def test_a_program_is_known_by_each_of_its_own_words(name: str) -> None:
    for text in words(SAID[name]):
        found = speaker(folded(text))
        assert (found.name if found else None) == name, text


OWN = [each for each in SERVICES if each.name not in {product.name for product in PRODUCTS}]
"""Those that ``foreign`` declares; what no deployment of Ash has a part of is in ``test_other_products``."""


def test_every_program_has_its_words() -> None:
    assert {service.name for service in OWN} == SAID.keys()


OURS = """CannotPullContainerError|ResourceInitializationError|stoppedReason|(service web)|service web was unable to place|service web has begun|ECS deployment|Fargate|ecs-svc/1|ecs.svc|AWS::ECS|HandlerErrorCode|Resource handler returned|x:task/y|x:task-definition/y|a.elb.b|x:4100
port 4100|[db] x|[pool] x|[server] x|[entrypoint] x|[bridge] x|[sandbox:7] x"""
ALSO_OURS = "anthropic|claude|bwrap|x-api-key|better-sqlite3|/data/ash"


def test_a_mark_of_ours_outweighs_theirs_and_one_of_the_model_where_it_can_be_theirs() -> None:
    for mark in words(OURS):
        for text in ("kubelet said", "gcloud said", "redis said", "my lambda failed"):
            assert speaker(folded(f"{text} {mark}")) is None, (text, mark)
    for mark in words(ALSO_OURS):
        for text, name in (("gcloud said", None), ("redis said", None), ("kubelet said", "Kubernetes"), ("podman said", "a container tool of a desktop"), ("my lambda failed", "AWS Lambda")):  # fmt: skip
            found = speaker(folded(f"{text} {mark}"))
            assert (found.name if found else None) == name, (text, mark)


NEVER_OF_THE_MODEL = {"AWS Lambda", "Kubernetes", "a proxy", "another service of AWS", "an emulator of AWS", "Docker Compose", "a container tool of a desktop", "a program of another language"}  # fmt: skip


def test_a_program_that_calls_the_model_says_what_ash_says_of_it() -> None:
    for name, said in SAID.items():
        found = speaker(folded(f"{words(said)[0]} and x-api-key"))
        assert (found.name if found else None) == (name if name in NEVER_OF_THE_MODEL else None)


def test_a_frame_of_a_stack_names_no_speaker() -> None:
    assert speaker("error: x at run (/app/redis/x.js:1:2)") is None
    assert speaker("error: x at run (/app/node_modules/redis/x.js:1:2)") is not None
    assert speaker("error: x at run (/var/task/x.js:1:2)") is not None


# What each may still say of itself: of its own files, its own log, of AWS.
KEPT = {
    "disk-full": ["a container tool of a desktop", "a program of another language", "AWS Lambda", "Kubernetes", "Google Cloud", "Microsoft Azure", "another hoster", "an app of another hoster", "a package manager", "Git", "another database or queue", "a desktop program or a browser", "another network service", "another program", "a step of a build", "a build of an image"],
    "db-unreachable": ["a program of another language", "AWS Lambda", "Kubernetes", "Google Cloud", "Microsoft Azure", "another hoster", "another database or queue", "a step of a build", "a build of an image"],
    "sqlite-locked": ["a container tool of a desktop", "AWS Lambda", "Kubernetes", "Google Cloud", "Microsoft Azure", "another hoster", "an app of another hoster", "a package manager", "Git", "another database or queue", "a desktop program or a browser", "another network service"],
    "sqlite-corrupt": ["a container tool of a desktop", "AWS Lambda", "Kubernetes", "Google Cloud", "Microsoft Azure", "another hoster", "an app of another hoster", "a package manager", "Git", "a program of another language", "another database or queue", "a desktop program or a browser", "another network service"],
    "db-url-invalid": ["a program of another language", "another program", "AWS Lambda", "Kubernetes", "Google Cloud", "Microsoft Azure", "another hoster", "another database or queue", "a step of a build", "a build of an image"],
    "aws-access-denied": ["AWS Lambda", "a model of Amazon Bedrock", "a step of a build", "a build of an image", "a build's runner", "AWS Batch", "a program of another language", "another program"],
    "cfn-access-denied": ["AWS Lambda", "a build's runner"],
    "image-not-found": ["Docker Compose", "a build's runner", "a container tool of a desktop"],
    "registry-rate-limit": ["Docker Compose", "a step of a build", "a build of an image", "a build's runner", "a container tool of a desktop"],
    "no-instance-capacity": ["another program"],
    "db-auth-failed": ["AWS Lambda", "Kubernetes", "Google Cloud", "Microsoft Azure", "another hoster", "a program of another language", "another database or queue", "a step of a build", "a build of an image"],
    "port-in-use": ["a program of another language", "a proxy", "AWS Lambda", "Kubernetes", "Google Cloud", "Microsoft Azure", "another hoster", "an app of another hoster", "Docker Compose", "Git"],
    "node-heap-oom": ["AWS Lambda", "Kubernetes", "Google Cloud", "Microsoft Azure", "another hoster", "an app of another hoster"],
    "aws-credentials-expired": ["AWS Lambda", "a model of Amazon Bedrock", "a step of a build", "a build of an image", "a build's runner", "AWS Batch", "a program of another language", "another program"],
    "image-pull-denied": ["Docker Compose", "a step of a build", "a build of an image", "a build's runner", "a container tool of a desktop"],
    "image-arch-mismatch": ["an app of another hoster", "Docker Compose", "a build of an image", "a build's runner", "a container tool of a desktop"],
    "image-pull-dns": ["Docker Compose", "a build of an image"],
    "image-pull-network": ["Docker Compose", "a build of an image"],
    "image-unpack-failed": ["Docker Compose", "a build of an image", "a build's runner", "a container tool of a desktop", "Kubernetes"],
    "anthropic-billing": ["AWS Lambda", "Kubernetes", "Google Cloud", "Microsoft Azure", "another hoster", "an app of another hoster", "a model of Amazon Bedrock", "a gateway to models", "another vendor's model", "a build's runner", "a program of another language"],
    "instance-quota": ["another program"],
    "entrypoint-missing": ["Docker Compose", "a program of another language", "a package manager", "another program", "another database or queue"],
    "bad-listen-config": ["a program of another language", "a proxy"],
    "container-oom": ["a program of another language"],
    "conn-refused": ["a proxy"],
    "cfn-passrole-denied": ["a model of Amazon Bedrock", "another service of AWS"],
    "tls-to-plain-http": ["a desktop program or a browser", "a proxy"],
}  # fmt: skip


@each("slug", list(KEPT))
def test_what_each_program_may_still_say_of_itself_and_of_aws(slug: str) -> None:
    cause = CAUSES[slug]
    found = {service.name for service in OWN if may_say(service, cause, "")}
    by_category = {s.name for s in OWN if cause.category in s.keeps}
    assert found == {*KEPT[slug]} | by_category, slug
    assert by_category <= {*KEPT[slug]} or cause.category in ("pending", "deploy"), slug


PLATFORMS = {
    "AWS Lambda", "Kubernetes", "Google Cloud", "Microsoft Azure", "another hoster", "an app of another hoster", "Docker Compose", "a container tool of a desktop", "a step of a build", "a build of an image", "a build's runner", "AWS Batch", "a compiler", "a notebook or an app of a phone", "a program of another language",
}  # fmt: skip


def test_some_run_programs_and_three_never_run_where_ash_does() -> None:
    assert {service.name for service in OWN if service.platform} == PLATFORMS
    assert {service.name for service in SERVICES if service.apart} == {"a compiler", "a notebook or an app of a phone", "a program of another language"}  # fmt: skip


# Sentences of guides, each with a failure's words in it. Nothing of them is asserted.
TAUGHT = """
timeouts usually stem from a full disk
this is most commonly due to a denied pull
errors like it are usually caused by a denied pull
tasks may also fail with a timeout
containers can be killed
the service might be unavailable, connection refused
you may see connection refused
the task will be killed by oom unless it has more memory
otherwise it will be denied
any pull of it fails with denied unless the role allows it
exit code 137 is treated as killed
137 is the exit code returned when a process is killed
we should add an alert for connection refused
why do pulls sometimes get denied
the runbook says to look for connection refused
the default policy denies pulls
in rare cases the pull is denied
in most cases the pull is denied
nine times out of ten it is a denied pull
it comes down to a denied pull
connection refused is what you have when there is no server
what this means: access denied
it reports access denied whenever it cannot read
without a policy for it, pulls are denied
access denied is usually a policy
this error indicates that access is denied
the most common cause is a denied pull
access denied happens when the role lacks a policy
tasks that exceed their memory are killed
pulls fail with denied if the role does not allow them
ecs stops any task that runs out of memory, exit code 137
it returns access denied when your role lacks it
spot tasks get a notice before they are interrupted
we recommend more memory against oom
the oom killer is now enabled
a full disk may cause a timeout
common causes of access denied are policies
access denied has three causes
a full disk is the silent killer of pulls, denied
a deny overrides any allow, access denied
it refuses connections when full, connection refused
about 80% of the denied pulls are due to a policy
most ecs pull failures are denied pulls
by default, pulls are denied
for example, a denied pull
best practice: look for connection refused
tip: look for connection refused
imagine a denied pull
suppose connection refused
increase the memory of oom killed tasks if your tasks need it
to fix access denied, change the policy
your task must not be denied
a missing policy causes access denied
a pull fails with denied when the role lacks it
access denied is an authorization error indicating a policy
errors occur when access is denied
you may receive access denied
a pull can return access denied
this is the most common access denied
what does ecs do when a pull is denied
what happens if a pull is denied
you might see the error access denied
does ecs retry when the pull is denied?
when a pull is denied
for instance, if your pull is denied
should any pull be denied
access denied means that the role lacks it
access denied: this error means the role lacks it
what to do if access is denied
access denied is returned when the role lacks it
you can get this, access denied
tasks are killed when out of memory
how to fix access denied
# access denied
access denied usually means a policy
connection refused, this is expected
sigkill cannot be caught
a container that is out of memory is killed
"""  # fmt: skip
# Near misses: each tells of what came about.
REPORTED = """
the pull was denied
my task was killed
it failed because access is denied
the tasks failed with a timeout
connection refused by the server
you see connection refused here
the role lacks it, access denied
tasks of ours were killed
the most recent pull was denied
one task of three was killed
access is denied to me
our deployment stopped, exit code 137
"""


@each("text", TAUGHT.strip().splitlines())
def test_a_sentence_of_a_guide_says_of_nothing_that_it_came_about(text: str) -> None:
    for shown in (text, *([] if text[0] == "#" else [f"Hello there. {text.capitalize()}"])):
        left = asserted(folded(shown))
        for word in ("denied", "refused", "killed", "timeout", "oom", "137", "sigkill", "interrupted", "failure"):  # fmt: skip
            assert word not in left, (shown, left)


@each("text", REPORTED.strip().splitlines())
def test_a_sentence_that_says_that_it_came_about_is_left_as_it_is(text: str) -> None:
    assert asserted(folded(text)) == text


ASIDE = "the pull was denied (usually a policy) now"
AS_GIVEN = """an error occurred (AccessDenied)|(service web) it|(task 0123456789ab) it|status code: 400, request id|HandlerErrorCode it|arn:aws:ecs:eu-west-1:123456789012:x"""


def test_an_answer_of_aws_is_told_even_within_a_sentence_in_general() -> None:
    assert asserted(ASIDE) == "the pull was denied   now"
    for mark in words(AS_GIVEN):
        text = folded(f"in most cases {mark} is denied")
        assert asserted(text) == text, mark
    assert asserted("in most cases a pull is denied but mine is") == "in most cases a pull is denied but mine is"  # fmt: skip


SILENT = """
0 failed|zero timeouts|no errors|no unhandled errors|failures: 0|errors=0|error count 0|none found
expected ConnectionError|expected 403 to equal 200|3 failing|for async tests and hooks|refuses ... ok|fail src/x.test.ts|scenario: denied|given: a denied pull|simulated timeout|chaos test: killed|dry run: denied|not ok 3 denied|x::test_denied|tests passed: denied|tests: 3 denied
denied passed [ 7%]|--- pass: denied|expect(denied|describe('denied|it('is denied
if (denied)|// denied|console.log('denied|catch (error) { denied|x === 'denied'|except OSError as e: denied|assert denied|raise denied|throw new Denied(|def denied(|x = Denied('|const denied|case 'denied'
debug: denied|level=trace denied|x - debug - denied|x denied | level debug|2026 12:00 [7] debug denied
info enabled on denied|level=info connected, denied|x - info - loaded denied|x denied loaded | level info
"""


def test_counts_of_nothing_tests_code_and_chatter_say_nothing() -> None:
    for line in SILENT.strip().splitlines():
        for text in line.replace(" | ", " \x00 ").split("|"):
            assert asserted(folded(text.replace("\x00", "|"))).strip() == "", text
    for text in ("3 errors, 0 timeouts", "errors: 3, 0 failures", "info denied", "warn denied", "errors: 0.5 denied", "0:denied"):  # fmt: skip
        assert asserted(folded(text)) == folded(text), text
    assert asserted("connect_timeout 10s; denied").strip() == "denied"
    assert asserted("max_retries=5 denied").strip() == "denied"
    assert asserted("pulling ... done. denied").strip() == ". denied"


def test_lists_tables_and_advice_are_known_by_their_heads_and_how_many_they_are() -> None:
    for head in ("retry_on:", "ignore: [", "expect =", "allowList: [", "skip: - x", "exclude_errors: ["):  # fmt: skip
        assert only_listed([head, "ECONNREFUSED", "it is refused"]) == {0, 1}, head
    for head in ("Error | Meaning", "Exit code\tDescription", "Symptom | Likely cause", "Status code | Fix", "Stop code | What it means", "Error / exit description", "| Message | Root cause |", "Issue  Solution"):  # fmt: skip
        assert only_tabled(["x", head, "a", "b"]) == {1, 2, 3}, head
    for text in ("Error | denied", "Error: meaning", "Status meaning: x"):
        assert only_tabled([text, "a"]) == frozenset(), text
    for head in ("Changelog", "Release notes", "Bug fixes", "Fixed", "Added in it", "Common errors", "Glossary", "Exit codes", "v1.2.3", "Meanings"):  # fmt: skip
        assert only_described([head, "- denied", "\u2022 denied", "1. denied", "a b \u2013 denied", "denied", "- x"]) == {0, 1, 2, 3, 4}, head  # fmt: skip
    assert only_described(["Exit code 137", "- denied"]) == frozenset()
    assert only_described(["AccessError: check it", "x", "TimeoutException - increase it"]) == {0, 2}  # fmt: skip
    assert only_described(["AccessError: check it"]) == frozenset()
    assert only_described(["exit code 137: killed", "exited with code 1 - x"]) == {0, 1}
    assert only_described(["exit code 137: killed", "exit code 137: again"]) == frozenset()
    assert only_described(["- a: b \u2192 c", "- d e = f"]) == {0, 1}
    assert only_described(["- ERROR it = f", "- WARN it = f"]) == frozenset()


def test_who_speaks_stands_in_front_of_a_colon_and_what_is_said_does_not() -> None:
    for text in ("Billing: refused", "billing-api: refused", "Acme Backup Agent: refused", "nightly backup: refused", "* Billing: refused", "Billing[12A]: refused", "12:00 WARN:billing:refused"):  # fmt: skip
        assert is_named(text), text
    for text in (
        "TooManyLoadBalancers: x", "Elb.InternalError: x", "InvalidParameterCombination: x", "Unsupported: x", "Billing: 503 x", "entrypoint.sh: x", "ERR_FOO: x", "ENOSPC: x", "P1001: x", "mkdir: x", "v1.2: x", "Nothing here", "connection timeouts: x", "SomethingException: x",
    ):  # fmt: skip
        assert not is_named(text), text


HOME, USERS, OPT = "/home", "/Users", "/opt"  # where people and programs keep their own files


def test_a_place_where_no_container_of_ash_keeps_anything_is_not_bare() -> None:
    for place in (
        f"{HOME}/me", f"{USERS}/me", f"C:{USERS}/me", "D:/x", "/mnt/x", "/media/x", "/var/www/x", "/var/lib/x", "/usr/src/x", f"{OPT}/x", "http://localhost/x", "https://192.168.1.7/x", "https://git.example.test/v4/user",
    ):  # fmt: skip
        assert not is_bare([Entry(f"disk full in {place}", 1)]), place
    for place in ("/usr/src/app/x", f"{OPT}/ash/x", "http://h/api/x", "http://h/health", "/data/x", "http://h/docs", "http://h/metrics"):  # fmt: skip
        assert is_bare([Entry(f"disk full in {place}", 1)]), place
