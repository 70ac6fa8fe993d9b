"""What says that a file or a directory cannot be written: which one, and why not; whatever program says it."""

from typing import Final

from ash_ops.causes.base import Rank, Signature, says
from ash_ops.causes.catalogue.restart.words import ANY

_PATH: Final = r"(?:[\w.~<>-]{0,60}/[\w./~<>:@+-]{1,250}|[\w.-]{1,80}\.[a-z][a-z0-9]{1,5})(?<!\.sh)(?<!\.py)(?<!\.js)(?<!/bash)(?<!bin/sh)"
"""A path, or a file's name with its kind; what is started is a matter of its own."""
_ACT: Final = (
    r"\b(?:re)?(?:open(?:ing|ed)?|reading (?:the )?(?:\w{3,20} )?file|creat(?:e|ed|ing|ion)|mkdir|touch|writ(?:e|ing|ten)|cop(?:y|ying)|renam(?:e|ing)|unlink|"
    r"sav(?:e|ing)|lock(?:ing)?|access(?:ing)?|append(?:ing)?|rb_sysopen|scandir|handle-open|fopen|file_put_contents|install(?:ing)?|mv|cp|ln|tee|file logging)\b"
)
_REASON: Final = r"(?:permission denied|read-only file ?system|(?<!model )access is denied|operation not permitted)"
_OF_OTHERS: Final = (
    "[sandbox:|bwrap|namespace|newroot",
    "listen eacces",
    "exec /|exec: |exec container process|oci runtime|container_linux.go",
    "cgroup|control group|init.scope|/proc/|/sys/|/dev/|docker.sock|.sock:",
    "install.sh|startup.sh",
    "mount.nfs|mount source path|to rootfs",
    "/usr/local/lib/node_modules|npm install|global_modules",
    "publickey|scp: |ssh: |git: |git clone",
    "denied for table|denied for schema|denied for database|cannot remove",
)
"""What else may be denied on the way to a path: what is started, mounted, shared, or another machine's."""

A_SOCKETS_FILE: Final = "~\\blisten e(?:acces|perm): [a-z ]{9,30} /[\\w./-]{3,200}"
"""A server that listens on a file: there is no port in it."""

UNWRITABLE: Final[tuple[Signature, ...]] = (
    says("listen eacces|listen eperm", A_SOCKETS_FILE, rank=Rank.PRECISE, kinds=ANY),
    says(
        "permission denied|read-only file|readonly file|access is denied|operation not permitted",
        f"~{_ACT}[^|]{{0,100}}?['\"]?{_PATH}['\"]?[^|]{{0,60}}?{_REASON}",
        rank=Rank.CLEAR + 2,
        kinds=ANY,
        unless=_OF_OTHERS,
    ),
    # How tables of troubles put it.
    says(
        "permission denied",
        "~^\\W{0,4}(?:eacces: )?permission denied['\"]? (?:when |while |on )?(?:writing|/(?!usr/|proc/|sys/|dev/)\\w)",
        rank=Rank.LIKELY,
        kinds=ANY,
        unless=_OF_OTHERS,
    ),
    says(
        "permission denied|read-only file|readonly file",
        f"~\\b(?:file|directory|dir|folder|path|volume|database|log|socket|lock)\\b[^|]{{0,60}}?['\"]{_PATH}['\"][^|]{{0,100}}?{_REASON}",
        rank=Rank.CLEAR,
        kinds=ANY,
        unless=_OF_OTHERS,
    ),
    says(
        "errno 13|errno 30",
        f"~\\[errno (?:13|30)\\] (?:permission denied|read-only file system): '(?!/(?:etc|usr|var/run|run|proc|sys|dev)/){_PATH}'",
        rank=Rank.CLEAR,
        kinds=ANY,
    ),
    says(
        "writable|writeable|write access|write permission",
        f"~(?:\\b(?:directory|file|folder|path|volume|database|location)\\b[^|]{{0,200}}?|{_PATH}['\"]? )(?:\\b(?:is|are|was) not (?:present and )?writ(?:e)?able\\b|\\bmust (?:be|exist) (?:present |exist )?(?:and )?(?:be )?writ(?:e)?able\\b|\\bnot (?:have|has) write (?:access|permission)|\\bno write (?:access|permission))",
        rank=Rank.CLEAR,
        kinds=ANY,
        unless=("cgroup",),
    ),
    says(
        "create or write|write in|write to|write into",
        f"~\\b(?:cannot|can ?not|can't|unable to|could not|couldn't|not able to) (?:create or )?write (?:in|into|to) (?:the )?(?:data ?directory|data ?dir|directory|folder|volume|path) ['\"]?{_PATH}",
        rank=Rank.CLEAR,
        kinds=ANY,
        unless=("no space left",),
    ),
    says(
        "could not be opened|could not be created|could not be written|failed to open stream",
        f"~{_PATH}['\"]? (?:and it )?could not be (?:opened|created|written)[^|]{{0,80}}{_REASON}|\\bfile_put_contents\\([^)]{{1,250}}\\): failed to open stream",
        rank=Rank.CLEAR,
        kinds=ANY,
    ),
    # Rails of its log, .NET of any file, Symfony of its directories, MongoDB and Elasticsearch of theirs.
    says(
        "unable to access log file|access to the path|unable to create the|unable to write in the|not able to create directory|failed to write cache file|lock file on a read-only directory|failed to obtain node locks|create/write to file",
        "~\\bunable to (?:create|write in) the ['\"]?[\\w-]{1,30}['\"]? directory \\(/[^)]{1,200}\\)|\\b(?:not able to create directory|failed to write cache file) ['\"]/[^'\"]{1,200}['\"]|\\block file on a read-only directory: /|\\blocations are not writable\\b|\\bcreate/write to file '/[^']{1,200}' \\((?:os )?errno:? ?(?:13|30)\\b|\\bunable to access log file\\b[^|]{0,60} ensure that [^ ]{1,250} exists and is writable|\\baccess to the path '(?!/(?:proc|sys|dev|etc|users)/)/[^']{1,250}' is denied",
        rank=Rank.CLEAR,
        kinds=ANY,
    ),
)
"""Signatures of ``data-dir-unwritable`` by act, path and reason."""
