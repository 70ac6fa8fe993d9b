"""A coordinator and its runners that do not find each other. A look-up shows it; a few lines of the log name it.

How the server behaves is in docs/scaling.md, with its sources.
"""

from typing import Final

from ash_ops.causes.base import Cause, Rank, Step, says

_BOTH_VIEWS: Final = Step("See both views of every runner", "ash-ops runners")

CAUSES: Final = (
    Cause(
        slug="runner-not-registered",
        title="A runner runs, and its coordinator does not know it",
        category="agents",
        severity="error",
        meaning="A runner asks to be registered six times within 31 seconds of its start, and never again; one that "
        "was silent for 30 seconds is struck off, and only a new process comes back. It gets no session.",
        proof=(_BOTH_VIEWS,),
        repair=(
            Step(
                "The runner's own health check replaces it within two minutes; what keeps it away must be mended first",
                "ash-ops runners",
            ),
        ),
        confused_with=(
            ("ash-internal-secret", "There the coordinator answers, with 401."),
            ("coordinator-unreachable", "There nothing lets the runner in."),
        ),
    ),
    Cause(
        slug="runner-id-collision",
        title="Two runners use one id, or one advertises a wrong address",
        category="agents",
        severity="error",
        meaning="Without ASH_RUNNER_ID a runner is runner-PID, the same in every container, and without "
        "ASH_RUNNER_ADVERTISE_HOST it advertises 0.0.0.0. Whoever registers last gets the sessions of all, and "
        "those of the others answer `Sandbox not found`.",
        proof=(_BOTH_VIEWS,),
        repair=(
            Step(
                "Give every runner an id and an address of its own, as the template does: deploy again",
                "ash-ops deploy",
            ),
        ),
    ),
    Cause(
        slug="runner-stale",
        title="A runner was not heard of, and gets sessions still",
        category="agents",
        severity="warning",
        meaning="Heartbeats come every 10 seconds. A runner that is silent is chosen for 30 more, and its sessions "
        "hang until it is struck off.",
        proof=(_BOTH_VIEWS,),
        repair=(
            Step("Wait half a minute: it is struck off, and its sessions are paused"),
            Step("If it stays, read what the coordinator says of it", "ash-ops logs --since 10m"),
        ),
    ),
    Cause(
        slug="runner-unreachable",
        title="The coordinator cannot reach its runners on port 4200",
        category="agents",
        severity="error",
        meaning="Runners register and send heartbeats by themselves, so they look well; the coordinator then opens a "
        "connection to port 4200 for every sandbox.",
        proof=(_BOTH_VIEWS,),
        repair=(Step("Let the coordinator's security group in on port 4200", "ash-ops deploy"),),
        signatures=(
            says(
                "failed to create session|failed to resume session|failed to fork session",
                "fetch failed|econnrefused|etimedout|ehostunreach|socket hang up",
                rank=Rank.CLEAR,
                kinds="http log_line",
                unless="anthropic|claude|database|:5432",
            ),
            says(
                "coordinator",
                "~\\bcoordinator\\b(?:[^.|]|\\.(?=\\S)){0,60}\\b(?:cannot|could not|unable to|fails? to|never) (?:connect|reach|talk|call)(?:[^.|]|\\.(?=\\S)){0,40}\\brunners?\\b",
                rank=Rank.CLEAR,
            ),
            says(
                ":4200",
                "econnrefused|etimedout|ehostunreach|connect timeout|fetch failed|timed out",
                rank=Rank.CLEAR,
                kinds="log_line",
            ),
        ),
    ),
    Cause(
        slug="coordinator-unreachable",
        title="Runners cannot reach their coordinator on port 4100",
        category="agents",
        severity="error",
        meaning="A runner registers with the coordinator under its private name, not through the load balancer. What "
        "does not let it in keeps every runner unregistered.",
        proof=(_BOTH_VIEWS,),
        repair=(Step("Let the runners' security group in on port 4100", "ash-ops deploy"),),
        signatures=(
            says(
                "[runner] ",
                "~(?:registration|heartbeat|deregistration) failed|failed to (?:register|reach)",
                rank=Rank.PRECISE,
                kinds="log_line stopped_task http",
                unless="401|403|503|unauthorized|internal secret|registration failed after",
            ),
        ),
        confused_with=(("ash-internal-secret", "There the coordinator answers, with 401."),),
    ),
    Cause(
        slug="coordinator-restarted",
        title="The coordinator was restarted: sessions from before are lost to it",
        category="agents",
        severity="warning",
        meaning="It remembers in its own memory which runner has which sandbox. A session from before answers `Sandbox "
        "not found` once and becomes `error`; its workspace is still on /data.",
        proof=(Step("Read when it started", "ash-ops status"),),
        repair=(
            Step(
                "Resume such sessions, or make new ones: nothing else is to be repaired",
                "ash-ops logs --since 1h",
            ),
        ),
        confused_with=(("sandbox-lost", "There one sandbox is gone, not all."),),
    ),
    Cause(
        slug="database-full",
        title="The database has no storage left",
        category="agents",
        severity="error",
        meaning="RDS stops writing when an instance's storage is used up: nothing can be registered, created or ended.",
        proof=(
            Step(
                "Read its state",
                "aws rds describe-db-instances --query 'DBInstances[].[DBInstanceIdentifier,DBInstanceStatus,AllocatedStorage]'",
            ),
        ),
        repair=(Step("Give it more storage: how much, and what that costs, is your decision"),),
        signatures=(
            says("storage-full|storage full", "rds|database|db instance|postgres", rank=Rank.CLEAR),
        ),
        confused_with=(("disk-full", "There the task's own disk or /data is full."),),
        docs_url="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Troubleshooting.html#CHAP_Troubleshooting.Storage",
    ),
)
