"""Repairs of sandboxes and of Claude Code, chosen by what the message says."""

from typing import Final

from ash_ops.causes.base import Step

_IN_DOCKER: Final = r"\bdocker\b|\bpodman\b|\bcompose\b|\bcontainer\b|\bkubernetes\b|\bpod\b"
_OTHER_REASON: Final = r"\bunknown option\b|\bbwrap enoent\b|\bno space left\b|\bcapabilities but not setuid\b|\bnested userns\b|\bmax_user_namespaces\b|\benospc\b"

NAMESPACES: Final = (
    Step(
        "If it is Ash on Fargate this is expected, and no setting lifts it: Ash goes on with control groups alone. For real isolation run it on instances, with the needed rights"
    ),
    Step(
        "On a host of yours let one of these settings allow it: kernel.apparmor_restrict_unprivileged_userns=0 (Ubuntu from 24.04 on; or a profile of AppArmor for bwrap), kernel.unprivileged_userns_clone=1 (old Debian), user.max_user_namespaces above 0",
        "sysctl kernel.apparmor_restrict_unprivileged_userns=0",
    ),
    Step(
        "It is Docker's other runtime (gVisor's runsc) that may not make its namespaces: let the host allow them (on a machine of yours; within a container that wants --privileged), keep runsc of one version with its containerd-shim, and see whether the container starts with Docker's own runtime",
        "docker run --rm --runtime runc hello-world",
        when=r"~\brunsc\b|\bgvisor\b",
        decides=True,
    ),
    Step(
        "In a container the runtime's own profiles forbid it: start the container with --security-opt seccomp=unconfined --security-opt apparmor=unconfined (and --cap-add SYS_ADMIN if that is not enough), or let Claude Code's sandbox use enableWeakerNestedSandbox there. Fargate allows none of these",
        when=rf"~^(?!.*(?:{_OTHER_REASON}|\bfargate\b)).*(?:{_IN_DOCKER}|\bmount proc on\b|\bfailed to mount (?:tmpfs|proc|devpts)\b|\brtm_newaddr\b|\bfailed to make / slave\b)",
    ),
    Step(
        "Who makes one namespace within another needs CAP_SYS_ADMIN: give the container that (--cap-add SYS_ADMIN), or use enableWeakerNestedSandbox. Fargate gives it to nobody",
        when="nested userns|apply-seccomp",
    ),
    Step(
        "That kernel has no user namespaces at all (gVisor, an old WSL or NAS, a kernel built without CONFIG_USER_NS), and no setting gives them: run it on another host or another runtime, or without the sandbox where that is safe",
        when=r"~\bnamespace failed: function not implemented\b",
        decides=True,
    ),
    Step(
        "The root file system itself cannot be exchanged there (it is the kernel's first one, as in an initramfs or some microVMs): give the machine a root of its own (switch_root, or a disk), or run the program without that sandbox where that is safe",
        when=r"~\bbwrap: pivot_root: invalid argument\b",
        decides=True,
    ),
    Step(
        "bubblewrap is older than the option: take a newer version of it",
        when=r"~\bbwrap: unknown option\b",
    ),
    Step(
        "bubblewrap is not installed where the program runs: install it (apt-get install bubblewrap), and see that it is on the PATH",
        when=r"~\bbwrap enoent\b",
    ),
    Step(
        "The number of namespaces is used up or set to 0: raise it, and see that sandboxes which ended are gone",
        "cat /proc/sys/user/max_user_namespaces",
        when=r"~\bbwrap: .{0,80}\bno space left\b|\bmax_user_namespaces\b|\bmax_[*]_namespaces\b",
    ),
    Step(
        "bwrap was given capabilities and is not setuid, as a runtime does that hands on ambient ones: start it without them (drop them in the container, or run it as the plain user)",
        when="capabilities but not setuid",
    ),
)
"""Namespaces that may not be made: the host forbids them, a container's profile, or something else."""

OPTIONAL_PACKAGE: Final = (
    Step(
        "Nothing is at the path that the message names: install Claude Code for the user that starts it, or give the path where it is in pathToClaudeCodeExecutable (in Python cli_path)",
        when=r"~\bnative binary not found at /",
        decides=True,
    ),
    Step(
        "The package that holds the program for this system was left out: install the SDK in the image itself with its optional dependencies (no --omit=optional, no node_modules copied from elsewhere, a package-lock.json that names them), or name an installed Claude Code in pathToClaudeCodeExecutable",
        when=r"~\bnative (?:cli )?binary\b|\boptional dependenc",
    ),
)
"""A Claude Code that its package manager did not bring."""

NOT_PERMITTED: Final = (
    Step(
        "The executable is there, and the user that starts it may not run it: give it the right in the image (chmod 755, and its folders 755), for the user of sandboxes too; what lies on a disk mounted with noexec never starts",
        "ls -l $(command -v claude)",
        when=r"~\beacces\b|\bpermission denied\b",
        decides=True,
    ),
)
"""A Claude Code that is in the image, and that its user may not start."""

_NO_CONVERSATION: Final = "no conversation found with session id"

KEPT_CONVERSATIONS: Final = (
    Step(
        "List the conversations that are kept for that user",
        "find ~/.claude/projects -name '*.jsonl'",
        when=_NO_CONVERSATION,
        decides=True,
    ),
)

_READER_FAILED: Final = r"~\bfatal error in message reader\b|\bcommand failed with exit code\b|\bcannot write to (?:terminated process|process that exited)|^(?!.*(?:\bash\b|\bash[-_]|:err\]|\[sandbox|\b143\b|\b137\b)).*\bclaude code process exited with code \d"

STARTED_BY_HAND: Final = Step(
    "Start it by hand, as the same user and in the same directory: it prints what the SDK kept back",
    "claude -p hello",
    when=_READER_FAILED,
)

SAID_BY_THE_SDK: Final = (
    Step(
        "The arguments and variables with which Claude Code is started are too long for the system (128 KB for one of them on Linux): put a long system prompt, list of agents or MCP configuration into files, and hand their paths over",
        when=r"~\bspawn e2big\b|\bargument list too long\b",
        decides=True,
    ),
    Step(
        "143 is SIGTERM and 137 SIGKILL: Claude Code was ended from outside (the program that started it closed or aborted it, the container stopped, or no memory was left), and what wrote to it afterwards only tells that it is gone. Look at what ended it, not at Claude Code",
        when=r"~\bclaude code process exited with code 1(?:43|37)\b",
        decides=True,
    ),
    Step(
        "Claude Code wrote its reason to stderr, which the SDK hands on only to who asks: set stderr of its options, and read the lines (a key that lacks, a flag that this version does not know, an MCP server)",
        when=_READER_FAILED,
    ),
    Step(
        "Claude Code has no conversation of that id: it keeps them in ~/.claude/projects, by user and by working directory. Resume it from the same directory with the same home (keep that on a volume), or begin a new session without resume",
        when=_NO_CONVERSATION,
        decides=True,
    ),
    Step(
        "The directory in which Claude Code was to start is not there: make it first, on the disk that its program sees, or correct cwd of its options",
        when="working directory does not exist",
        decides=True,
    ),
    Step(
        "The input of Claude Code was closed before it asked the program's own MCP server: hand the prompt over as a stream that stays open until the result is there, or use ClaudeSDKClient in place of query",
        when=r"~^(?=.*\bmcp\b).*\bprocesstransport is not ready\b",
        decides=True,
    ),
    Step(
        "Claude Code did not answer the SDK's question in time: start its command by hand with the same settings and see where it waits (an MCP server, a sign-in, a hook), read what it writes to stderr, or let the SDK wait longer (CLAUDE_CODE_STREAM_CLOSE_TIMEOUT, in milliseconds)",
        when="control request timeout: ",
        decides=True,
    ),
)
"""What the Agent SDK says of the process that it started."""
