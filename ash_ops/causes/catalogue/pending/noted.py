"""What notes and tables of people say beside the name of an error: the reason that the error itself leaves out.

"``ResourceInitializationError`` | execution role missing ``secretsmanager:GetSecretValue``": the first word says
no more than that the task did not start.
"""

from typing import Final

from ash_ops.causes.base import Rank, Signature
from ash_ops.causes.catalogue.pending.words import task_says

_INIT: Final = "resourceinitializationerror"
_STUCK: Final = "provisioning|pending"
_NO_TASK: Final = r"\b(?:tasks?|service) (?:is |stays |gets )?(?:stuck (?:at |in )?|forever )?['\"]{0,2}(?:pending|provisioning)\b"

INIT_UNREACHED: Final[tuple[Signature, ...]] = (
    task_says(
        _INIT,
        rf"~{_INIT}['\"]?(?:: [^|]{{3,60}})? \| (?:[^|]{{0,30}} )?(?:vpc networking|networking|cannot reach|no (?:route|internet|nat)|vpc endpoints?)\b|"
        rf"{_INIT}[^|]{{0,300}}(?:\bno network route\b|ネットワーク(?:設定|経路)|アウトバウンド|私有子网|网络|네트워크)",
        rank=Rank.LIKELY - 1,
    ),
    task_says(
        _STUCK,
        rf"~{_NO_TASK}[^|]{{0,40}}\|[^|]{{0,60}}\b(?:vpc endpoints?|route to (?:the )?internet|internet access|nat gateway|assign_?public_?ip)\b",
        rank=Rank.LIKELY,
    ),
)

SECRET_REFUSED: Final[tuple[Signature, ...]] = (
    task_says(
        _INIT,
        rf"~{_INIT}.{{0,120}}\b(?:cannot read (?:the )?secrets|check secrets access|secrets manager 取得失敗|secrets/iam permission|role policy or wrong secret)|{_INIT}.{{0,200}}(?:\b(?:secretsmanager:getsecretvalue|ssm:getparameters?|kms:decrypt)\b|\brole may not read\b)|"
        rf"\bwithout '?(?:secretsmanager:getsecretvalue|ssm:getparameters?)\b.{{0,120}}{_INIT}",
        rank=Rank.LIKELY,
    ),
    task_says(
        "secrets",
        r"~\bsecrets (?:cannot be read|not loading|not loaded) \|[^|]{0,80}\b(?:permissions?|role)\b|\bmissing secrets manager permission\b",
        rank=Rank.LIKELY,
    ),
)

SECRET_MISSING: Final[tuple[Signature, ...]] = (
    task_says(
        "missing",
        rf"~{_INIT}['\"]? \| (?:ssm )?(?:secret|parameter) missing\b|\b(?:ssm )?parameter missing at task startup\b|{_NO_TASK}[^|]{{0,20}}\| secret arn (?:wrong|missing)",
        rank=Rank.LIKELY,
    ),
)

PULL_REFUSED: Final[tuple[Signature, ...]] = (
    task_says(
        "ecr",
        rf"~\b(?:missing|lacks?|no|does not have) (?:the )?(?:required )?ecr (?:pull )?permissions?\b[^.]{{0,80}}{_INIT}|"
        r"'?accessdeniedexception'? on task start [^.]{0,60}\becr pull permission|"
        r"\bimage (?:pull (?:error|failure)|cannot be pulled)\b[^.]{0,20}(?:\becr (?:auth|permissions)|\| ecr authentication)",
        rank=Rank.LIKELY,
    ),
)

PULL_FAILED: Final[tuple[Signature, ...]] = (
    task_says(
        "image pull error|image pull failure",
        r"~\bimage pull (?:error|failure)\b(?= \||['\"]? \()",
        "task|ecr|ecs",
        rank=Rank.SYMPTOM,
    ),
)

IMAGE_MISSING: Final[tuple[Signature, ...]] = (
    task_says(
        "ecr",
        r"~\becr image (?:is )?(?:missing|not found|does not exist)\b|\bcannotpullimagemanifesterror\b.{0,120}\b(?:image )?tag (?:that )?(?:is not|was not found) in ecr\b|"
        r"\becr push fails\*{0,2} \| '?repository (?:does not exist|was not found)",
        rank=Rank.LIKELY,
    ),
)

STREAM_REFUSED: Final[tuple[Signature, ...]] = (
    task_says(
        "createloggroup",
        rf"~\bcreateloggroup\b.{{0,160}}{_INIT}|{_INIT}.{{0,160}}\bcreateloggroup\b",
        rank=Rank.PRECISE,
    ),
)
