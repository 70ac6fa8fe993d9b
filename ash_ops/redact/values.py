"""What a value looks like: random, an example's, or a plain word."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import permutations
from string import ascii_lowercase, ascii_uppercase, digits

from ash_ops.patterns import always_whole
from ash_ops.redact.words import words
from ash_ops.secret import MASK

# Of characters each of which stands for its kind.
_WORD = always_whole(rb"A?a{3,}|A{4,}")
_CHANGES = tuple(bytes(pair) for pair in permutations(b"Aa0", 2))
# What CloudFormation appends to the names it makes.
_STACK_SUFFIX = always_whole(r"-[0-9A-Z]{12,13}\Z")
_IN_ARN = always_whole(r"arn:[\w:/.@+=*-]*", re.ASCII)
_OF_ARNS = frozenset(f"{ascii_lowercase}{ascii_uppercase}{digits}_:/.@+=*-")
_LONG_WORD = always_whole(r"[A-Z]?[a-z]{4,}")
_CLASSES = bytes.maketrans(
    f"{ascii_lowercase}{ascii_uppercase}{digits}".encode(), b"a" * 26 + b"A" * 26 + b"0" * 10
)
_SEGMENTS = always_whole(r"[A-Za-z0-9]+")
_NOTHING = words(
    "true false null none nil undefined yes no on off not is was are were has have had "
    "be been can cannot could should must will would may might does did for from to of "
    "in at by with without and or but if the a an this that it as so missing required "
    "invalid expired empty set unset ok okay error failed failure failing denied refused "
    "rejected accepted valid unknown present absent found disabled enabled optional "
    "default redacted masked hidden secret token password passphrase key credentials "
    "credential unauthorized forbidden unauthenticated authenticated authorized "
    "authentication authorization bearer basic digest string number object boolean "
    "function symbol bigint array anonymous nopass never always auto automatic iam "
    "internal external local remote static dynamic changed unchanged rotated revoked "
    "malformed incorrect wrong mismatch unavailable retry retrying loaded loading read "
    "reading written ready pending using used given provided specified configured "
    "unspecified n/a na any all only please check see use get got received waiting "
    "created deleted updated added removed username user aws.auth asm ssm retrieved "
    "resolved unresolved encrypted decrypted generated copied injected verified "
    "unverified sent included absent: trust peer md5 scram-sha-256"
)
# Code that names where a value comes from, as tracebacks quote it.
_CODE = always_whole(
    r"(?:self|cls|this|os|process|settings|config|args|opts|options|req|request)\.[A-Za-z_][\w.]*(?:[(\[].*)?",
    re.S,
)
# What an SDK says of a secret that it was to make: behind the colon stands the name of its error.
_ERROR_NAME = always_whole(r"(?:[A-Z][a-z]{1,20}){1,6}(?:Exception|Error)")
_EXAMPLE = always_whole(
    r"<[^>]*>?|\[[^\]]*\]|\$\{?\{?[\w.:-]*\}?\}?|\$\(.*|\{\{.*|\{\w*\}|%[({]?[\w.]*[)}]?[sdv]?|"
    r"[*•.…x_#?-]*|.{0,24}(?:\.\.\.|…)|[A-Za-z_-]{0,16}(?:\*{3,}|x{4,}|X{4,})[A-Za-z0-9]{0,4}",
    re.S,
)
_NAMES_A_PLACE = always_whole(
    r"arn:aws|sha\d{1,3}[:-]|\{?\{?resolve:|(?:asm|ssm|vault|op|secretsmanager|awssm|gcpsm|file|s3|https?)://[^@?]*$|"
    r"\.{0,2}/[\w.@/-]*$|secretsmanager|s3:",
    re.I,
)
_PUBLIC_RUN = always_whole(
    r"(?:req|msg|msgbatch|toolu|srvtoolu|evt|chatcmpl|resp|call|run|sha\d{1,3}|file|batch|thread|asst|"
    r"session|agent|sess)[_-]"
)


def tells_nothing(value: str) -> bool:
    """Whether a value is no secret whatever its name: a plain word, an example, the name of a place."""
    bare = value.strip().strip("\"'`\\,.;:!?()")
    if not bare or MASK in value or bare.lower() in _NOTHING:
        return True
    if _ERROR_NAME.fullmatch(bare):
        return True
    if _CODE.fullmatch(bare) or _EXAMPLE.fullmatch(bare) or _EXAMPLE.fullmatch(value.strip()):
        return True
    return _NAMES_A_PLACE.match(bare) is not None and not is_random(bare[:80].rpartition("/")[2])


@lru_cache(maxsize=16384)  # of a long text each run is asked for more than once
def is_random(run: str) -> bool:
    """Whether a run mixes cases and digits as random text does, and words, paths and ids do not."""
    if len(run) < 16 or (not run.isalnum() and _PUBLIC_RUN.match(run)):
        return False
    random = [len(part) for part in _SEGMENTS.findall(run) if _is_random(part)]
    if sum(random) >= 20 or max(random, default=0) >= 16:
        return True
    if run.isalpha():
        return False  # of no figure at all
    letters = "".join(_SEGMENTS.findall(_STACK_SUFFIX.sub("", run)))
    return len(letters) >= 28 and _is_even(letters)


def _is_even(letters: str) -> bool:
    """Whether large and small letters are as frequent as in random text; few of names are large."""
    kinds = letters.encode().translate(_CLASSES)
    if b"0" not in kinds:
        return False
    large, small, figures = (kinds.count(kind) / len(kinds) for kind in b"Aa0")
    words = sum(map(len, _LONG_WORD.findall(letters)))
    return min(large, small) >= 0.28 and figures > 0.02 and words * 3 < len(letters)


def _is_random(part: str) -> bool:
    if len(part) < 8:
        return False
    if part.islower() or part.isupper() or part.isdigit() or (part.isalpha() and len(part) < 24):
        return False
    kinds = part.encode().translate(_CLASSES)
    if sum(map(kinds.count, _CHANGES)) * 10 < len(part) * 3:
        return False
    return len(b"".join(_WORD.findall(kinds))) * 2 < len(part)


def is_in_arn(text: str, at: int) -> bool:
    """Whether a word belongs to an ARN, whose parts are separated by colons too."""
    if text[max(0, at - 1) : at] not in _OF_ARNS:
        return False
    began = text.rfind("arn:", max(0, at - 300), at)
    return began >= 0 and _IN_ARN.fullmatch(text, began, at) is not None
