"""Command lines without a prompt: what was asked, which tells names and no failure."""

from __future__ import annotations

import re
from typing import Final

from ash_ops.patterns import begun, regex

_ASKED: Final = begun(
    r"[ \t+>$%\#a-zR-]|[A-Z][A-Z0-9_]{1,40}=",
    r"""[ \t]{0,40}
    (?: \+{1,4}[ ]{1,3} | [>$%\#][ ] | -[ ]run:[ ] | run:[ ] | Run[ ] | RUN[ ] )?      # set -x, a workflow, a Dockerfile
    (?: sudo[ ] | time[ ] | timeout[ ]\d+[ ] | (?:[A-Z][A-Z0-9_]{1,40}=\S{1,200}[ ]){1,4} )?
    (?: (?:aws|gcloud|az)[ ][a-z0-9-]{2,30}[ ][a-z-]{2,60}(?:[ ]|$)
      | (?:docker|podman|docker-compose|docker[ ]compose)[ ](?:run|ps|logs|pull|push|build|exec|inspect|images|login|start|stop|up|down|compose)\b(?!:)
      | kubectl[ ](?:get|describe|logs|apply|delete|exec|rollout)\b
      | (?:curl|wget)[ ](?:-|https?:|["'])
      | [ef]?grep[ ](?:-|["'])
      | (?:journalctl|tail|head|jq|awk|sed)[ ](?:-|["'/.])
      | (?:terraform|tofu|cdk|sam|copilot|ecs-cli|helm|pulumi)[ ](?:apply|plan|init|destroy|deploy|build|synth|bootstrap|up|svc|app|env|compose|install|upgrade)\b(?!:)
      | (?:npm|yarn|pnpm)[ ](?:run|install|ci|start|test)\b(?![ ](?:failed|error))
      | git[ ](?:clone|push|pull|log|grep|diff|show)[ ][-\w./:"']
      | ash-ops[ ](?:explain|deploy|doctor|logs|status|health|connect|destroy|cost|key)\b
    )""",
    re.VERBOSE,
)
_PRINTED: Final = regex(
    r"curl: \(|An error occurred|[Ee]rror(?:\]|:| )|\bexited with|\b[Ff]ailed\b|\b(?:says|gives|answers|hangs|expired|refused|times out)\b|[Ee]xception:"
)
"""What a program says stands on the line, too: it was pasted without its line breaks."""
_QUOTED: Final = regex(r"'[^']{0,400}'|\"[^\"]{0,400}\"")


def is_command(text: str) -> bool:
    """Whether a line is a command of a known program, without what it printed."""
    if _ASKED.match(text) is None:
        return False
    return _PRINTED.search(_QUOTED.sub("", text)) is None


def is_continued(text: str) -> bool:
    """Whether a command goes on in the next line, as shells and Windows write it."""
    return text.rstrip()[-1:] in ("\\", "^") or text.endswith(" `")
