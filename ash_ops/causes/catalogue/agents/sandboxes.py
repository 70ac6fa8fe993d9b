"""Sandboxes: control groups, namespaces, the bridge, limits."""

from typing import Final

from ash_ops.causes.base import Cause, Rank, Step, says
from ash_ops.causes.catalogue.agents.repairs import NAMESPACES
from ash_ops.causes.catalogue.restart.limits import MAPPED

_ANY: Final = "log_line http stopped_task"
_NO_PATH: Final = "~\\bbwrap: (?:cannot (?:mkdir|find|create file|create directory|make symlink|open|chdir|get type|read|stat)\\b|execvp )"
"""bubblewrap of a file or a directory that it does not reach: its namespaces are made by then."""

CAUSES: Final = (
    Cause(
        slug="sandbox-cgroups-unavailable",
        title="Ash cannot create sandboxes: control groups are not writable (Fargate)",
        category="agents",
        severity="error",
        meaning="/sys/fs/cgroup is read-only on Fargate. The server is healthy and every session fails with 500.",
        proof=(Step("Look for the two lines in the log", "ash-ops logs --filter cgroup"),),
        repair=(
            Step(
                "Run Ash on ECS Managed Instances, whose containers may be privileged, in private "
                "subnets behind a NAT gateway (`ash-ops deploy --launch-type managed --task-subnets A,B`)"
            ),
            Step(
                "In public subnets: on an EC2 instance of its own; or use an image that supports Fargate",
                "ash-ops deploy --launch-type ec2",
            ),
        ),
        signatures=(
            says(
                "cgroup",
                "subtree_control|cgroup.procs|memory.max",
                "resource busy|could not apply|could not write|could not setup",
                rank=Rank.PRECISE,
                kinds=_ANY,
            ),
            says(
                "cgroup",
                "not available|unavailable|not writable|is read-only|read-only file system|mounted read-only|erofs|ulimit fallback|not mounted|permission denied|no such file|failed to|eacces|enoent|requires cgroup|cannot",
                rank=Rank.PRECISE,
                kinds=_ANY,
                unless=(
                    "out of memory",
                    "cgroups only (no bwrap)",
                    "falling back to cgroups",
                    "cgroups-only",
                    # The agent of the host, or the runtime, applies them to the task's own containers.
                    "cannot start container|system error: |cgrouperror|oci runtime|runc create|shim task|cgroup-parent|libpod|oci not found|container_linux.go",
                ),
            ),
        ),
        confused_with=(
            (
                "sandbox-userns-unavailable",
                "Missing namespaces are only a warning; missing control groups stop every session.",
            ),
        ),
        docs_url="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-security-considerations.html",
    ),
    Cause(
        slug="sandbox-userns-unavailable",
        title="bubblewrap cannot create namespaces",
        category="agents",
        severity="warning",
        meaning="User namespaces are blocked (Fargate, AppArmor, an unprivileged container). Ash goes on with control groups only.",
        proof=(
            Step("Try it where the server runs", "bwrap --ro-bind / / -- /bin/true"),
            Step(
                "On a host of yours, see which setting forbids it",
                "sysctl kernel.apparmor_restrict_unprivileged_userns kernel.unprivileged_userns_clone user.max_user_namespaces",
            ),
        ),
        repair=NAMESPACES,
        signatures=(
            says(
                "bwrap: ",
                "creating new namespace failed|no permissions to create|new cgroup namespace|capabilities but not setuid",
                rank=Rank.DECISIVE,
                kinds=_ANY,
            ),
            says(
                "bwrap: ",
                "invalid argument|unknown option|not supported|temporarily unavailable|no space left",
                rank=Rank.PRECISE,
                kinds=_ANY,
            ),
            says(
                "spawn",
                "~\\bspawn (?:[\\w./-]{0,80}/)?bwrap e[a-z]{3,8}\\b",
                rank=Rank.PRECISE,
                kinds=_ANY,
            ),
            says(
                "bwrap: |bubblewrap",
                "not permitted|permission|namespace|failed|denied|cannot|not available|not found|error|no such|must be",
                rank=Rank.PRECISE,
                kinds=_ANY,
                unless=_NO_PATH,
            ),
            says(
                "bwrap not available|bwrap unavailable|no filesystem isolation",
                rank=Rank.PRECISE,
                kinds=_ANY,
            ),
            says(
                "user namespace|user-namespace|userns|clone_newuser|unshare|setns|max_user_namespaces|new namespace|new linux namespace|apparmor_restrict",
                "not permitted|not available|disabled|denied|failed|no |unprivileged|cannot|not supported|invalid|unavailable|blocked",
                rank=Rank.PRECISE,
                kinds=_ANY,
                unless=f"{MAPPED}|must support user namespaces",
            ),
            says(
                "/proc/self/exe|uid_map|uid map|gid_map",
                "not permitted|permission denied|denied|failed|no space left",
                rank=Rank.PRECISE,
                kinds=_ANY,
            ),
        ),
        confused_with=(("sandbox-cgroups-unavailable", "That one stops every session."),),
        docs_url="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-security-considerations.html",
    ),
    Cause(
        slug="sandbox-bridge-failed",
        title="The sandbox's bridge did not become ready",
        category="agents",
        severity="error",
        meaning="The bridge process exited, or timed out, before it said that it was ready.",
        proof=(
            Step("Read the lines of that sandbox just before", "ash-ops logs --filter ':err]'"),
        ),
        repair=(
            Step(
                "Correct ASH_BRIDGE_ENTRY, or give the task more CPU (0.25 vCPU is too slow) and memory",
                "ash-ops deploy --cpu 1024 --memory 4096",
            ),
            Step(
                "bubblewrap has its namespaces and misses a file: the path that it names must be there, and open (with the directories above it) to the user that the sandbox runs as",
                when=_NO_PATH,
            ),
        ),
        signatures=(
            says("bridge socket", "closed|refused|failed", rank=Rank.CLEAR, kinds="http log_line"),
            says(
                "[sandbox:",
                "~\\] exited code=(?!0\\b)\\d{1,3}\\b",
                rank=Rank.GENERIC,
                kinds="log_line",
            ),
            says(
                "bridge",
                "exited|ready|timeout|timed out|signaling|cannot find module|did not|failed to connect|not start|never|crash|connect enoent|buffer exceeded|spawn",
                rank=Rank.CLEAR,
                kinds=_ANY,
                unless=(
                    "bridge entry:|eventbridge|event-bridge",
                    "opentelemetry",
                    "handlecommand error",
                    "cgroups",
                    "bridge network",
                    "~\\bcannot[a-z]{4,30}error\\b",
                ),
            ),
            says("ash_bridge_socket|ash_bridge_entry", rank=Rank.PRECISE, kinds=_ANY),
            says("bwrap: ", _NO_PATH, rank=Rank.PRECISE, kinds=_ANY),
            says(
                "bridge.sock",
                "enoent|econnrefused|timeout|failed|einval|too long",
                rank=Rank.CLEAR,
                kinds=_ANY,
            ),
            says(
                "spawn",
                "enoent|eagain|eacces",
                "sandbox|bridge|node",
                rank=Rank.LIKELY,
                kinds=_ANY,
                # A package's own program that was left out of an image.
                unless=("claude|mcp server", "~\\bspawn (?:/[\\w.@-]{1,60}){1,8}/node_modules/"),
            ),
            says(
                "failed to create session|failed to resume session|failed to fork session|failed to create sandbox",
                rank=Rank.SYMPTOM,
                kinds=_ANY,
                unless="rpc error|loop-control|failed to create sandbox for pod",
            ),
        ),
        confused_with=(
            ("claude-exit", "There the bridge runs and Claude Code ends."),
            ("sandbox-cgroups-unavailable", "There no sandbox is started at all."),
        ),
    ),
    Cause(
        slug="sandbox-oom",
        title="A sandbox reached its memory limit",
        category="agents",
        severity="warning",
        meaning="The sandbox's own limit; the server lives, the session is paused.",
        proof=(Step("Read the line", "ash-ops logs --filter 'OOM killed'"),),
        repair=(
            Step(
                "Raise ASH_SANDBOX_MEMORY_MB together with the task's memory",
                "ash-ops deploy --memory 4096",
            ),
        ),
        signatures=(
            says(
                "sandbox",
                "oom|out of memory|memory limit",
                rank=Rank.DECISIVE,
                kinds=_ANY,
                unless=("heap out of memory",),
            ),
        ),
        confused_with=(("container-oom", "There the whole task dies."),),
    ),
    Cause(
        slug="sandbox-disk-limit",
        title="A sandbox exceeded its disk limit",
        category="agents",
        severity="warning",
        meaning="The workspace grew over its limit (1024 MB) and Ash killed the sandbox.",
        proof=(Step("Read the line", "ash-ops logs --filter 'disk limit'"),),
        repair=(Step("Clean the workspace, or raise the limit and the ephemeral storage"),),
        signatures=(
            says(
                "disk limit|workspace size limit|disk quota",
                "sandbox|exceed|kill|workspace",
                rank=Rank.DECISIVE,
                kinds=_ANY,
                # What the system says of a full disk of any kind.
                unless="edquot|disk quota exceeded",
            ),
        ),
        confused_with=(("disk-full", "There the task's whole disk is full."),),
    ),
    Cause(
        slug="sandbox-lost",
        title="The session's sandbox is gone",
        category="agents",
        severity="error",
        meaning="The server knows the session and not its sandbox: the server was restarted, or the sandbox ended.",
        proof=(Step("Compare the time with restarts", "ash-ops logs --previous"),),
        repair=(
            Step("Resume the session, or make a new one"),
            Step(
                "It ended at its own time limit: give the next one a longer one when it is made (timeout; of E2B also set_timeout while it runs), and let the work begin in a new one",
                when=r"~\b(?:sandbox|execution) timeout\b|\bset_timeout\b",
                decides=True,
            ),
        ),
        signatures=(
            says(
                "sandbox ",
                "not found",
                "~sandbox (?:[^ ]{1,80} )?not found",
                rank=Rank.CLEAR,
                kinds=_ANY,
            ),
            says(
                "sandbox",
                "~\\bsandbox (?:was killed or|has)? ?reached its end of life\\b|\\bsandbox (?:was|has been) killed\\b|\\bsandbox is not running any ?more\\b",
                rank=Rank.CLEAR,
                kinds=_ANY,
            ),
            says(
                "sandbox_unreachable|sandbox stream broke|sandbox stdout closed",
                rank=Rank.CLEAR,
                kinds=_ANY,
            ),
            says(
                "not connected",
                '~"not connected"|(?<!\\w)error: not connected(?! to)',
                rank=Rank.LIKELY,
                kinds=_ANY,
            ),
        ),
        confused_with=(("ash-bad-request", "There the session itself is unknown."),),
    ),
    Cause(
        slug="agent-dir-missing",
        title="The agent's files are gone",
        category="agents",
        severity="error",
        meaning="The database knows the agent and its directory is not there any more, mostly since the task was replaced.",
        proof=(Step("Compare the task's start with the agent's deployment", "ash-ops status"),),
        repair=(
            Step(
                "Deploy the agent again; keep /data on EFS, or set ASH_SNAPSHOT_URL to an S3 bucket"
            ),
        ),
        signatures=(
            says(
                "agent directory not found|agent directory does not exist|agent dir not found|may need to be re-deployed|workspace directory does not exist",
                rank=Rank.DECISIVE,
                kinds=_ANY,
            ),
            says("enoent", "/agents/|agents/", rank=Rank.CLEAR, kinds=_ANY),
            says(
                "agent",
                "directory",
                "not found|missing|does not exist|no longer",
                rank=Rank.LIKELY,
                kinds=_ANY,
                # Collectors beside the server, which are called agents, too.
                unless="cloudwatch|datadog|newrelic|ssm-agent|ecs-agent",
            ),
        ),
        confused_with=(("ash-bad-request", "404 'Agent not found' is an agent never deployed."),),
    ),
    Cause(
        slug="agent-script-failed",
        title="The agent's install.sh or startup.sh failed",
        category="agents",
        severity="error",
        meaning="The agent's own script ended with an error or took longer than 120 seconds.",
        proof=(Step("Read its output", "ash-ops logs --filter ':install]'"),),
        repair=(Step("Correct the script and deploy the agent again; keep it under two minutes"),),
        signatures=(
            says(
                "install.sh|startup.sh",
                "fail|error|timed out|timeout|etimedout|exit code|not found|denied|killed|non-zero",
                rank=Rank.PRECISE,
                kinds=_ANY,
                unless=(
                    "~\\b(?:chown|chmod): .{1,80}read-only file system|/s?bin/(?:install|startup)\\.sh",
                ),
            ),
            says(
                ":install]|:startup]",
                "error|err!|fail|not found|denied|unable|did not run successfully|exit code: 1|exit code: 2|fatal: ",
                rank=Rank.CLEAR,
                kinds=_ANY,
            ),
        ),
        confused_with=(
            ("sandbox-bridge-failed", "There the scripts went well and the bridge did not."),
        ),
    ),
)
