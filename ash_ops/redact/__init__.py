"""The one place that knows what a secret looks like, and what makes a text act on a terminal.

Every text from outside (an answer of AWS, a log line, an HTTP body, a pasted text, a file, the text
of an exception) passes ``redact``, ``document`` or ``LogLines`` once, where it enters. What has
entered is printed as it is. Secrets that must be compared are taken as ``Secret`` before.

Hidden is what is known by value (``learn``), by form (a key's prefix, a URL's password, an armoured
private key, a long random run) or by the name beside it. ARNs, digests, ids of requests, tasks and
resources, image references and sentences stay: a diagnosis is worth nothing without them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache, lru_cache
from itertools import pairwise
from typing import Any

from ash_ops.patterns import always_whole
from ash_ops.redact import beneath, controls, named, pem, runs, tokens
from ash_ops.redact.held import Held
from ash_ops.redact.known import KnownValues
from ash_ops.redact.named import kind_of
from ash_ops.redact.values import tells_nothing
from ash_ops.secret import MASK

__all__ = ["LogLines", "clean", "document", "forget", "learn", "redact"]

_KNOWN = KnownValues()
_OFTEN = 400  # characters of a text that is worth remembering: answers repeat the short ones
# Positions within lists of AWS; they are sent back as they came, and never shown.
_SENT_BACK = frozenset(
    {"nextToken", "NextToken", "Marker", "NextMarker", "nextForwardToken", "nextBackwardToken"}
)
_PAIRS = (("name", "value"), ("Name", "Value"), ("key", "value"), ("Key", "Value"),
          ("ParameterKey", "ParameterValue"), ("OutputKey", "OutputValue"))  # fmt: skip


def redact(text: str) -> str:
    """The text with its secrets masked, and without what would act on a terminal."""
    return _remembered(text) if len(text) <= _OFTEN else _redacted(text)


def clean(text: str) -> str:
    """The user's own text, without what would act on a terminal."""
    return text if controls.is_clean(text) else controls.visible(controls.without_sequences(text))


def holds_secret(text: str) -> bool:
    """Whether something in a text would be masked, a line or a whole file."""
    bare = controls.bare(controls.without_sequences(text))
    return _applied(_maskers(bare), bare) != bare


def learn(value: str, *, name: str = "") -> None:
    """Remember a secret value: it is masked in whatever enters from now on."""
    _KNOWN.learn(value, name=name)
    _remembered.cache_clear()


def forget() -> None:
    """Forget every value that was learnt."""
    _KNOWN.forget()
    _remembered.cache_clear()


def known(text: str) -> str:
    """A text that entered before a value was learnt, without the values learnt since."""
    return _KNOWN.mask(text)


def document(value: Any, *, keep: frozenset[str] = frozenset()) -> Any:
    """A decoded document, every text in it redacted; what is no text stays.

    Args:
        value: mappings, lists and texts, as JSON and boto3 give them.
        keep: the names of fields that are left as they came, because the reader takes them as
            ``Secret`` or compares them; it must show none of them.
    """
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, Mapping):
        return _fields(value, keep)
    if isinstance(value, list | tuple):
        return (
            type(value)(_entries(value, keep))
            if type(value) in (list, tuple)
            else _entries(value, keep)
        )
    return value


def _fields(fields: Mapping[Any, Any], keep: frozenset[str]) -> dict[Any, Any]:
    hidden = _hidden_by_pair(fields)
    return {
        _name(name): value
        if name in keep or name in _SENT_BACK
        else MASK
        if isinstance(value, str) and (name == hidden or _is_secret(name, value))
        else document(_without_beneath(name, value), keep=keep)
        for name, value in fields.items()
    }


def _without_beneath(name: Any, value: Any) -> Any:
    """A field's value; the secrets masked that only the field's name tells."""
    if not beneath.hides_beneath(name, value):
        return value
    return {n: MASK if beneath.is_secret_beneath(n, v) else v for n, v in value.items()}


def _name(name: Any) -> Any:
    return redact(name) if isinstance(name, str) and not name.isidentifier() else name


def _is_secret(name: Any, value: str) -> bool:
    return (
        isinstance(name, str)
        and _hides(name)
        and not tells_nothing(value)
        and not value.isdigit()
        and " " not in value.strip()
    )


@cache
def _hides(name: str) -> bool:
    return kind_of(name) in ("password", "secret")


def _hidden_by_pair(fields: Mapping[Any, Any]) -> str | None:
    """The field that holds the value of a pair whose name is a secret's."""
    for name, value in _PAIRS:
        if name in fields and value in fields and isinstance(fields[name], str):
            shown = fields[value]
            secret = _hides(fields[name]) and isinstance(shown, str) and not tells_nothing(shown)
            return value if secret else None
    return None


def _entries(entries: Iterable[Any], keep: frozenset[str]) -> list[Any]:
    found = [document(entry, keep=keep) for entry in _without_keys(list(entries))]
    for number, (option, value) in enumerate(pairwise(found), 1):
        if isinstance(option, str) and isinstance(value, str) and _takes_secret(option, value):
            found[number] = MASK
    return found


def _without_keys(entries: list[Any]) -> list[Any]:
    """A list; its texts, or its entries' messages, may be the lines of one private key."""
    texts = [(n, line) for n, entry in enumerate(entries) if (line := _line_of(entry))]
    shown = pem.Lines().masked(line for _, line in texts)
    for (number, (_, text)), masked in zip(texts, shown, strict=True):
        if masked != text:
            entry = entries[number]
            entries[number] = masked if isinstance(entry, str) else {**entry, "message": masked}
    return entries


def _takes_secret(option: str, value: str) -> bool:
    """Whether a word of a command line is an option whose value, the next word, is a secret."""
    return option.startswith("-") and _hides(option.lstrip("-")) and value[:1] not in ("-", "")


def _line_of(entry: Any) -> tuple[str, str] | None:
    """A list's entry as a line of a log, with its stream."""
    if isinstance(entry, str):
        return "", entry
    if isinstance(entry, dict) and isinstance(entry.get("message"), str):
        return str(entry.get("logStreamName") or ""), entry["message"]
    return None


class LogLines:
    """Log lines as they enter, a page at a time.

    Lines are many and alike. One that differs from a harmless one in digits and hexadecimal ids
    alone is harmless too: it is looked at no further, which is what keeps a long dump fast. A line
    that could be a value that was learnt, but for its digits, is looked at every time.
    """

    def __init__(self) -> None:
        self._keys = pem.Lines()
        self._harmless: set[bytes] = set()
        self._learnt: tuple[str, ...] | None = None
        self._never: list[bytes] = []
        self._like_ids: list[str] = []

    def redacted(self, lines: list[tuple[str, str]]) -> list[str]:
        """Some lines, each with its stream, in the order of their times."""
        changed = self.changed([text for _, text in lines], lambda number: lines[number][0])
        return [changed.get(number, text) for number, (_, text) in enumerate(lines)]

    def changed(self, texts: list[str], stream_of: Callable[[int], str]) -> dict[int, str]:
        """Those of some lines that are not shown as they came, by their number.

        Args:
            texts: the lines, in the order of their times.
            stream_of: the stream of a line, by its number.
        """
        if not texts:
            return {}
        shapes = _without_digits(texts)
        self._forget_if_stale()
        harmless = self._harmless
        new = [n for n, shape in enumerate(shapes) if shape not in harmless]
        if new and not self._may_be_ids([texts[n] for n in new]):
            folded = {shape: _IDS.sub(_folded, shape) for shape in {shapes[n] for n in new}}
            for n in new:
                shapes[n] = folded[shapes[n]]
            new = [n for n in new if shapes[n] not in harmless]
        if not new and not self._keys.is_open:
            return {}
        looked_at = dict(zip(new, [_without_controls(texts[n]) for n in new], strict=True))
        if self._keys.concern(Held("\n".join(looked_at.values()))):
            lines = [(stream_of(n), looked_at.get(n, text)) for n, text in enumerate(texts)]
            looked_at = dict(enumerate(self._keys.masked(lines)))
        shown = dict(zip(looked_at, _masked_all(list(looked_at.values())), strict=True))
        changed = {n: text for n, text in shown.items() if text != texts[n]}
        if len(shown) == len(new):  # else they were looked at as parts of a key
            self._remember([shapes[n] for n in new if n not in changed])
        return changed

    def _forget_if_stale(self) -> None:
        """Begin anew when more was learnt, or when too much is remembered."""
        if self._learnt is not _KNOWN.forms:
            self._learnt, self._harmless = _KNOWN.forms, set()
            self._never = _without_digits(list(_KNOWN.cores))
            self._like_ids = [core for core in _KNOWN.cores if _IN_ID.search(core)]
        if len(self._harmless) > _MOST_SHAPES:
            self._harmless = set()

    def _may_be_ids(self, texts: list[str]) -> bool:
        """Whether what looks like an id in some lines may be a value that was learnt."""
        if not self._like_ids:
            return False
        page = "\n".join(texts)
        return any(core in page for core in self._like_ids)

    def _remember(self, shapes: list[bytes]) -> None:
        """Look no more at lines of these shapes, unless one may hold a value that was learnt."""
        page = b"\n".join(shapes)
        if found := [core for core in self._never if core in page]:
            shapes = [s for s in shapes if not any(core in s for core in found)]
        self._harmless.update(shapes)


_MOST_SHAPES = 10_000  # of lines that are remembered as harmless
_DIGITS = bytes.maketrans(b"123456789", b"0" * 9)
# Ids in hexadecimal, whose digits are noughts already. Runs of one kind of character are none:
# to a name beside them it makes a difference.
_IDS = always_whole(
    rb"(?<![0-9A-Za-z])(?:(?=[0-]{0,35}[a-f])(?=[a-f-]{0,35}0)[0a-f]{8}-(?:[0a-f]{4}-){3}[0a-f]{12}"
    rb"|(?=0{0,63}[a-f])(?=[a-f]{0,63}0)[0a-f]{16,64})(?![0-9A-Za-z])"
)
_IN_ID = always_whole(r"[0-9a-f]{6}")  # a value that was learnt, and could be a part of an id


def _folded(found: re.Match[bytes]) -> bytes:
    return b"\0" * len(found[0])


def _without_digits(texts: list[str]) -> list[bytes]:
    """The lines with each digit made a zero."""
    whole = "\n".join(texts).encode("utf-8", "surrogatepass").translate(_DIGITS)
    found = whole.split(b"\n")
    if len(found) == len(texts):
        return found
    return [text.encode("utf-8", "surrogatepass").translate(_DIGITS) for text in texts]


def _masked_all(texts: list[str]) -> list[str]:
    """Some texts masked. One look at them together is cheaper than every pattern on each."""
    maskers = _maskers("\n".join(texts))
    return [_applied(maskers, text) for text in texts] if maskers else texts


def _redacted(text: str) -> str:
    text = _without_controls(text)
    return _applied(_maskers(text), text)


_remembered = lru_cache(maxsize=8192)(_redacted)


def _without_controls(given: str) -> str:
    """The text without what acts: written out, unless something was hidden by what nobody sees."""
    whole = _undisguised(controls.unwritten(given))
    if controls.is_clean(whole):
        return whole
    text = controls.without_sequences(whole)
    bare = controls.bare(text)
    hides = whole is not given or _applied(_maskers(bare), bare) != bare
    return bare if hides else controls.visible(text)


def _undisguised(text: str) -> str:
    """The text; with letters that a URL or HTML writes as numbers put in, if they hid a secret."""
    plain = controls.without_numbers(text)
    if plain == text:
        return text
    hidden, told = (_applied(_maskers(t), t).count(MASK) for t in (plain, text))
    return plain if hidden > told else text


Masker = Callable[[str], str]


def _maskers(text: str) -> list[Masker]:
    """What hides the secrets of a text, or of a page whose lines were joined to it."""
    found: list[Masker] = [_KNOWN.mask] if _KNOWN.may_hold(text) else []
    held = Held(text)
    if any(map(held.has_written, pem.HINTS)) and pem.may_hold(text):
        found.append(pem.mask_blocks)
    found += tokens.maskers(held)
    if (mask_named := named.masker(held)) is not None:
        from ash_ops.redact import beside

        found += [beside.masker(held), mask_named]
    if beneath.may_hold(held):
        found.append(beneath.mask_beneath)
    if runs.may_hold(held):
        found.append(runs.mask_runs)
    return found


_PASSES = 5


def _applied(maskers: list[Masker], text: str) -> str:
    """The text masked; again where something was, as one secret may have hidden the next."""
    for _ in range(_PASSES):
        before = text
        for masker in maskers:
            text = masker(text)
        if text == before:
            break
    return text
