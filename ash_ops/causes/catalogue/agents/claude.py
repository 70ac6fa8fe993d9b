"""Claude Code inside the sandbox."""

from typing import Final

from ash_ops.causes.base import Cause, Rank, Step, says
from ash_ops.causes.catalogue.agents.repairs import (
    KEPT_CONVERSATIONS,
    NOT_PERMITTED,
    OPTIONAL_PACKAGE,
    SAID_BY_THE_SDK,
    STARTED_BY_HAND,
)

_ANY: Final = "log_line http stopped_task"

_SPAWNED: Final = r"~\bspawn (?:node|claude) enoent\b|\benv: ['\"]?claude\b|\bno such file or directory: ['\"](?:[^ '\"]{0,200}/)?claude['\"]|\bclaude: (?:command )?not found\b"

CAUSES: Final = (
    Cause(
        slug="claude-root-refused",
        title="Claude Code refuses to run as root",
        category="agents",
        severity="error",
        meaning="Permissions are bypassed and the user is root, which Claude Code does not allow.",
        proof=(
            Step(
                "Read ASH_SANDBOX_UID among the settings",
                "aws ecs describe-task-definition --task-definition <family> --query 'taskDefinition.containerDefinitions[].environment[].name'",
            ),
        ),
        repair=(Step("Use the image as published: sandboxes run as ASH_SANDBOX_UID=1100"),),
        signatures=(
            says(
                "dangerously-skip-permissions|bypasspermissions|skip-permissions|bypass permissions",
                "root|sudo",
                # What is found in a Dockerfile has not been refused yet.
                "cannot|can't|can not|refus|allow|not permitted|error|exit|fail|denied|forbid|won't|will not|not work|not run|does not|doesn't|without|blocked|reject|prevent|crash",
                rank=Rank.DECISIVE,
                kinds=_ANY,
            ),
            says(
                "root/sudo privileges|cannot be used with root|running as root is not allowed|refuses to run as root",
                rank=Rank.PRECISE,
                kinds=_ANY,
            ),
        ),
        confused_with=(("claude-exit", "The same end without its reason."),),
    ),
    Cause(
        slug="claude-not-found",
        title="Claude Code is not in the image",
        category="agents",
        severity="error",
        meaning="The agent SDK found no Claude Code executable to start.",
        proof=(
            Step(
                "Compare the image with the published one",
                "aws ecs describe-task-definition --task-definition <family> --query 'taskDefinition.containerDefinitions[].image'",
            ),
            Step(
                "See whether both are on the PATH, where the program runs that starts it",
                "command -v node; command -v claude",
                when=_SPAWNED,
            ),
        ),
        repair=(
            Step("Use the image as published", "ash-ops rollout <tag>"),
            Step(
                "The program that starts Claude Code finds no node or no claude on its PATH: install what lacks there (npm install -g @anthropic-ai/claude-code; in an image, in its Dockerfile) or give its whole path (pathToClaudeCodeExecutable in Node, cli_path in Python); a working directory that is not there says ENOENT, too",
                when=_SPAWNED,
            ),
            Step(
                "A deployment of Ash has both in its image: use that as published",
                "ash-ops rollout <tag>",
                when=_SPAWNED,
            ),
            *OPTIONAL_PACKAGE,
            *NOT_PERMITTED,
        ),
        signatures=(
            says("native cli binary", "not found", rank=Rank.PRECISE, kinds=_ANY),
            says(
                "command not found: claude|cannot find claude code|claude code executable not found|claude code native binary not found|claude code not found|claude native binary not installed|pathtoclaudecodeexecutable|spawn claude enoent|claude: command not found|claude: not found",
                rank=Rank.PRECISE,
                kinds=_ANY,
            ),
            # The SDK starts `claude`, or `node cli.js`; either may be missing.
            says("failed to spawn claude", "enoent", rank=Rank.PRECISE, kinds=_ANY),
            says(
                "/claude enoent", "~spawn [^ ]{0,200}/claude enoent", rank=Rank.PRECISE, kinds=_ANY
            ),
            # It is there and may not be started, or env, a shell or Python does not find it.
            says(
                "claude|cli.js",
                "~\\bspawn [^ ]{0,200}(?:/claude|claude-agent-sdk[^ ]{0,60}/cli\\.js|claude-code/cli\\.js) eacces\\b|\\benv: ['\"]?claude['\"]?: (?:permission denied|no such file)|\\bno such file or directory: ['\"](?:[^ '\"]{0,200}/)?claude['\"]|\\bfailed to start claude code: .{0,40}permission denied: ['\"]|\\b(?:ba|z)?sh: (?:[^ ]{0,100}/)?claude: permission denied\\b",
                rank=Rank.DECISIVE,
                kinds=_ANY,
            ),
        ),
        confused_with=(("claude-exit", "There it started and ended."),),
    ),
    Cause(
        slug="claude-exit",
        title="The Claude Code process ended",
        category="agents",
        severity="error",
        meaning="A wrapper's message; the cause is in the lines just before.",
        proof=(
            Step("Read the sandbox's lines before it", "ash-ops logs --filter ':err]'"),
            *KEPT_CONVERSATIONS,
            STARTED_BY_HAND,
        ),
        repair=(
            Step("Repair what those lines name: key, permissions, MCP servers"),
            *SAID_BY_THE_SDK,
            Step(
                "An MCP server ended or does not answer: start its command by hand in the sandbox's image, with the variables that the agent gives it, and read what it prints",
                when="mcp server|mcp error|mcp connection|mcperror",
            ),
        ),
        signatures=(
            says(
                "claude code process|claude process|claude code|claude cli|claude",
                "exited|terminated|aborted|ended|exit code|crashed|killed by signal|terminated by signal",
                rank=Rank.LIKELY,
                kinds=_ANY,
                unless=(
                    "root/sudo|dangerously|docker exited|anthropic.client(|anthropic.anthropic(",
                    "x-api-key|authentication_error|invalid api key|/login",
                ),
            ),
            says(
                "failed to start claude code|processtransport is not ready|failed to write to process stdin|query closed before response|transport is not ready|error_during_execution",
                rank=Rank.LIKELY,
                kinds=_ANY,
            ),
            # The Agent SDK of Python.
            says(
                "cannot write to terminated process|cannot write to process that exited|fatal error in message reader|clijsondecodeerror|failed to spawn claude code process",
                rank=Rank.PRECISE,
                kinds=_ANY,
            ),
            says(
                "cliconnectionerror",
                "working directory does not exist",
                rank=Rank.DECISIVE,
                kinds=_ANY,
            ),
            says("control request timeout: ", rank=Rank.PRECISE, kinds=_ANY),
            says("[bridge] handlecommand error|handlecommand error", rank=Rank.GENERIC, kinds=_ANY),
            says(
                "mcp server|mcp error|mcp connection",
                "fail|error|closed|timed out",
                rank=Rank.GENERIC,
                kinds=_ANY,
                # It was asked for what it does not have, and said so.
                # The last is another agent's: Gemini's command line and those made of it.
                unless="mcp error -32601|mcp error -32602|failed to start or connect to mcp server",
            ),
        ),
        confused_with=(
            ("anthropic-auth", "If a 401 stands beside it."),
            ("claude-root-refused", "If it complains about root."),
        ),
        symptom=True,
    ),
)
