"""How texts are compared with terms, quoted, weighed against each other, and whose address they name."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from ash_ops.causes import CAUSES
from ash_ops.causes.base import CATEGORIES, Rank, Signature, Step, general, says
from ash_ops.causes.batch import answers
from ash_ops.causes.catalogue.listed import beginnings
from ash_ops.causes.classify import Classification
from ash_ops.causes.denials import denier
from ash_ops.causes.evidence import (
    Piece,
    items,
    lenient,
    log_lines,
    pieces,
    text_of,
    texts,
)
from ash_ops.causes.explanation import Explanation
from ash_ops.causes.kinds import ORDER, likely
from ash_ops.causes.matching import (
    Haystack,
    find,
    fits,
    folded,
    lowered,
    plain,
    plain_all,
    span,
)
from ash_ops.causes.peers import is_another, is_another_caller
from ash_ops.causes.quoting import quote
from ash_ops.causes.ranking import ranked
from ash_ops.causes.repairs import chosen, fill, filled, placeholders
from ash_ops.causes.structure import Hint

ODD = st.text(
    st.sampled_from("ab \t\n\\\"'`ntr\u2019\u201c\u00a0\u2013\u200b\u2026\x1c\u2028e"), max_size=30
)


@settings(max_examples=100, deadline=None)
@given(st.lists(ODD, min_size=1, max_size=5))
def test_many_texts_are_made_plain_as_each_one_is(given_texts: list[str]) -> None:
    assert plain_all(given_texts) == [plain(text) for text in given_texts]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\n b\t\tc", "a b c"), ("a\\nb\\tc", "a b c"), ('say \\"x\\"', 'say "x"'), ("C:\\dir", "C: dir"), ("\u2018a\u2019 \u201cb\u201d", "'a' \"b\""), ("a\u2013b\u2014c", "a-b-c"), ("a\u2026", "a..."),
        ("a\u200bb\u00adc\u2060d\ufeffe\u200cf\u200dg", "abcdefg"), ("a\u00a0b", "a b"), ("`a`", "'a'"),
    ],
)  # fmt: skip
def test_what_varies_between_tools_is_made_equal(text: str, shown: str) -> None:
    assert plain(text) == shown
    assert plain_all([text, "x"]) == [shown, "x"]


CONTRACTED = """can't=cannot can_not=cannot couldn't=could_not didn't=did_not doesn't=does_not don't=do_not isn't=is_not wasn't=was_not won't=will_not
haven't=have_not hasn't=has_not aren't=are_not weren't=were_not you've=you_have unauthorised=unauthorized authorised=authorized stabilise=stabilize
initialisation=initialization initialise=initialize cancelled=canceled"""


@pytest.mark.parametrize("pair", CONTRACTED.split())
def test_contractions_and_british_spellings_are_written_out(pair: str) -> None:
    short, long = pair.replace("_", " ").split("=")
    assert lowered(f"It {short.capitalize()} Be") == f"it {long} be"
    assert folded(f"it {short}\nbe") == f"it {long} be"


@pytest.mark.parametrize(
    ("term", "text", "found"),
    [
        ("sso", "an sso token", "sso"), ("sso", "association", None), ("sso", "sso_x", "sso"), ("sso", "1sso", "sso"), ("failed", "unfailed", "failed"), ("not", "cannot", "not"),
        ("place a task", "replace a task", None), ("enotfound", "modulenotfounderror", None), ("enotfound", "getaddrinfo enotfound x", "enotfound"), ("port in", "report in port in", "port in"),
        ("403", "x 403 y", "403"), ("403", "1403", None), ("403", "4031", None), ("403", "a403", None), ("403", "403-x", "403"), ("code 137", "code 1370", None), ("code 137", "code 137.", "code 137"), ("fs-0", "fs-0abc", "fs-0"),
        ("e42", "e421", None), ("e42", "e42 x", "e42"), ("a b|c d", "x c d", "c d"), ("a b|c d", "x a d", None), ("~x{2,3}y", "axxy", "xxy"), ("~^x", "ax", None), ("id", "an idea with id", "id"), ("io", "ratio io", "io"),
    ],
)  # fmt: skip
def test_short_words_and_numbers_are_found_where_they_stand_alone(
    term: str, text: str, found: str | None
) -> None:
    assert find(term, text) == found
    place = span(term, text)
    assert (place is None) is (found is None)
    assert place is None or text[place[0] : place[1]] == found


def test_the_place_of_a_term_is_where_it_first_stands() -> None:
    assert span("a b|c d", "c d a b") == (4, 7)  # the first alternative that is there
    assert span("sso", "association sso sso") == (12, 15)
    assert span("403", "1403 403") == (5, 8)


TERMS = ["error", "sso", "not found|no such", "403", "~er{2,4}or", "denied", "place a task", "xyz"]
LINE = st.lists(
    st.sampled_from(
        ["error", "association", "sso", "not found", "no such", "403", "1403", "errror", "denied", "replace a task", "place a task", "ok", "zz"]
    ),
    max_size=5,
).map(" ".join)  # fmt: skip
SIGNATURES = st.builds(
    lambda all_of, none_of: says(*all_of, unless=tuple(none_of)),
    st.lists(st.sampled_from(TERMS), min_size=1, max_size=3),
    st.lists(st.sampled_from(TERMS), max_size=2),
)


@settings(max_examples=80, deadline=None)
@given(
    st.lists(LINE, max_size=80), st.lists(SIGNATURES, min_size=1, max_size=3), st.sampled_from([0, 1, 70])
)  # fmt: skip
def test_many_texts_fit_a_signature_as_each_of_them_does(
    lines: list[str], signatures: list[Signature], repeat: int
) -> None:
    """However many there are, and however long they are together."""
    entries = lines + ["error denied"] * repeat
    long = [*entries, "word " * 7_000] if repeat == 1 else entries
    haystack = Haystack(long)
    for signature in signatures:
        expected = {n for n, text in enumerate(long) if fits(signature, text)}
        assert haystack.match(signature) == expected
        assert haystack.match(signature) == expected  # what was found before is remembered
    possible = haystack.may_fit(beginnings(signatures))
    assert possible == sorted(set(possible))
    assert {n for n, one in enumerate(signatures) if haystack.match(one)} <= set(possible)


@pytest.mark.parametrize("size", [1, 10_000])
def test_a_signature_is_looked_at_where_a_text_holds_the_beginning_of_a_long_word_of_it(
    size: int,
) -> None:
    listed = beginnings([says("denied|refused by", "it"), says("403"), says("~den", "x|denied")])
    assert Haystack(["a sound line " * size]).may_fit(listed) == [1, 2]
    for text in ("access denied", "it is refusal"):
        assert Haystack([text * size]).may_fit(listed) == [0, 1, 2]


def test_words_of_a_text_larger_than_any_vocabulary_are_still_found() -> None:
    letters = "abcdefghijklmnopqrstuvwxyz"
    noise = " ".join(
        f"q{a}{b}{c}zzzzzz" for a in letters for b in letters for c in letters[:24]
    )  # fmt: skip
    haystack = Haystack([noise, "access denied here", noise[:50]])
    assert haystack.match(says("denied")) == {1}
    assert haystack.match(says("denied", unless="access")) == frozenset()
    assert haystack.match(says("~acc[a-z]{3} den", "here")) == {1}


def test_a_signature_asks_for_patterns_last_and_knows_its_kinds() -> None:
    made = says("~b", "a", rank=Rank.LIKELY, kinds="http log_line", unless="c")
    assert made == Signature(("a", "~b"), Rank.LIKELY, frozenset({"http", "log_line"}), ("c",))
    assert says("a").rank == Rank.CLEAR
    assert sorted(Rank) == [10, 20, 30, 50, 70, 90, 100]
    assert {cause.category for cause in CAUSES.values()} == set(CATEGORIES)


# Evidence.


def test_a_text_too_long_to_be_compared_at_once_is_cut_so_that_no_words_are_parted() -> None:
    for length, starts in ((0, [0]), (4000, [0]), (4001, [0, 3600]), (7600, [0, 3600]), (7601, [0, 3600, 7200]), (4000 - 1, [0])):  # fmt: skip
        text = "".join(chr(97 + n % 26) for n in range(length))
        made = list(pieces("field", text))
        assert [part.raw for part in made] == [text[at : at + 4000] for at in starts], length
        assert {part.source for part in made} == {"field"}
    (one,) = pieces("f", "It\nCan't")
    assert (one.shown, one.folded, one.raw, one.parts) == ("It Can't", "it cannot", "It\nCan't", ())


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, ""), ("x", "x"), (b"x\xff", "x\ufffd"), ({"a": "é"}, '{"a": "é"}'), ([1], "[1]"), (1.5, "1.5"), (True, "true"), ({1j}, '"{1j}"')],
)  # fmt: skip
def test_any_value_has_a_text(value: object, text: str) -> None:
    assert text_of(value) == text


def test_a_value_that_holds_itself_is_told_by_its_kind() -> None:
    loop: list[Any] = []
    loop.append(loop)
    assert text_of(loop) == "list"


def test_fields_are_read_however_their_names_begin_and_whatever_they_are() -> None:
    assert lenient({"TaskArn": 1, "x": 2, 3: 4}) == {"taskArn": 1, "x": 2, "3": 4}
    assert lenient("words") == {"message": "words"}
    assert lenient(None) == lenient(7) == lenient([1]) == {}
    assert items({"A": 1}) == [{"a": 1}]
    assert items([{"A": 1}, "w", None]) == [{"a": 1}, {"message": "w"}, {}]
    assert items(("w",)) == items("w") == [{"message": "w"}]
    assert items(7) == items(None) == []


def test_lines_of_a_log_come_as_text_as_lists_and_as_events() -> None:
    assert log_lines("a\n\n b\n") == log_lines(b"a\n b") == ["a", " b"]
    assert log_lines([{"message": "a"}, {"Message": "b"}, {"msg": "c"}, {"x": 1}, "d", None, " "]) == ["a", "b", "c", '{"x": 1}', "d"]  # fmt: skip
    assert log_lines(None) == []
    assert log_lines(7) == ["7"]


def test_every_text_within_a_value_has_its_path() -> None:
    value = {"a": "x", "b": {"c": ["y", {"d": "z"}], "n": 1}, "e": ("v",)}
    assert list(texts(value, "", 5)) == [("a", "x"), ("b.c[0]", "y"), ("b.c[1].d", "z"), ("e[0]", "v")]  # fmt: skip
    assert list(texts(value, "top", 2)) == [("top.a", "x"), ("top.e[0]", "v")]
    assert list(texts("x", "here", 0)) == [("here", "x")]
    assert len(list(texts(["x"] * 2_001, "l"))) == 2_000


def made(text: str, source: str = "field", parts: tuple[tuple[str, str], ...] = ()) -> Piece:
    return Piece(source, plain(text), folded(text), text, parts)


def test_a_short_text_is_quoted_whole_and_of_a_long_one_the_words_that_decided() -> None:
    short = "x" * 240
    assert quote(made(short), says("x")) == ("field", short)
    before, behind = "b" * 300, "e" * 300
    _, told = quote(made(f"{before} image denied {behind}"), says("image", "denied"))
    assert told == f"...{before[-19:]} image denied {behind[: 240 - 19 - 14]}..."
    _, told = quote(made(f"denied {behind}"), says("denied"))
    assert told == f"denied {behind[:233]}..."
    _, told = quote(made(f"{before} denied"), says("denied"))
    assert told == f"...{before[-233:]} denied"
    _, told = quote(made(f"image {before} denied {behind}"), says("image", "denied"))
    assert told == f"...{(before + ' denied ' + behind)[300 + 7 + 60 - 240 : 367]}..."
    _, told = quote(made(before), says("~^$"))
    assert told == f"{before[:240]}..."


def test_of_several_fields_the_last_two_that_hold_the_words_are_quoted() -> None:
    fields = (("code", "Denied"), ("a", "the image"), ("b", "other"), ("c", "image of it"))
    whole = made(" | ".join(text for _, text in fields), "", fields)
    assert quote(whole, says("denied", "image")) == ("a, c", "the image | image of it")
    assert quote(whole, says("denied")) == ("code", "Denied")
    assert quote(whole, says("~denied \\| the")) == ("", whole.shown)


# Weights.


def explained(slug: str, rank: int, **more: Any) -> Explanation:
    cause = CAUSES.get(slug)
    severity = more.pop("severity", cause.severity if cause else None)
    hint = Hint(slug, rank, "field", "words")
    return Explanation("message", "log_line", Classification(slug, severity, "t", (), (hint,)), **more)  # fmt: skip


SYMPTOM = next(c.slug for c in CAUSES.values() if c.symptom and c.severity == "error")
ERRORS = [
    c.slug for c in CAUSES.values() if not c.symptom and c.severity == "error" and not c.confused_with
]  # fmt: skip
ONE, OTHER = ERRORS[:2]
WARNING = next(
    c.slug for c in CAUSES.values() if c.severity == "warning" and not c.symptom and not c.confused_with
)  # fmt: skip
CALM = next(c.slug for c in CAUSES.values() if c.severity == "info")
ORDERED = [
    explained(ONE, Rank.DECISIVE),
    explained(OTHER, Rank.CLEAR),
    explained(WARNING, Rank.DECISIVE),
    explained(SYMPTOM, Rank.DECISIVE),
    explained("unknown", Rank.DECISIVE),
    explained(CALM, Rank.DECISIVE),
]


def test_of_every_two_explanations_the_cause_stands_before_the_symptom_and_the_calm() -> None:
    for number, first in enumerate(ORDERED):
        for second in ORDERED[number + 1 :]:
            for pair in ([first, second], [second, first]):
                assert ranked(pair)[0] is first, (first.answer.cause, second.answer.cause)
    assert ranked([]) == []


def test_between_equals_the_stronger_evidence_decides_and_then_the_earlier() -> None:
    weak, strong = explained(ONE, Rank.CLEAR), explained(OTHER, Rank.PRECISE)
    assert ranked([weak, strong]) == [strong, weak]
    even = explained(OTHER, Rank.CLEAR)
    assert ranked([weak, even]) == [weak, even]
    assert ranked([even, weak]) == [even, weak]


def test_few_words_are_a_symptom_at_most_unless_they_are_a_field() -> None:
    few, some = explained(ONE, Rank.SYMPTOM + 5), explained(ONE, Rank.SYMPTOM + 6)
    warning = explained(WARNING, Rank.CLEAR)
    assert ranked([few, warning])[0] is warning
    assert ranked([some, warning])[0] is some
    assert ranked([replace(few, structured=True), warning])[0].answer.cause == ONE


def test_what_says_the_same_is_told_once_with_how_often_by_its_strongest() -> None:
    weak, strong = explained(ONE, Rank.LIKELY, times=2), explained(ONE, Rank.CLEAR)
    for pair in ([weak, strong], [strong, weak]):
        (only,) = ranked(pair)
        assert (only.times, only.strength) == (3, Rank.CLEAR)
    first, second = explained(ONE, Rank.CLEAR, text="a"), explained(ONE, Rank.CLEAR, text="b")
    assert ranked([first, second])[0].text == "a"


def test_a_second_cause_of_few_words_or_that_the_first_is_mistaken_for_is_chance() -> None:
    root = explained(ONE, Rank.DECISIVE)
    for other, stays in (
        (explained(OTHER, Rank.CLEAR), True), (explained(OTHER, Rank.CLEAR - 1), False), (explained(OTHER, Rank.CLEAR - 1, structured=True), True),
        (explained(SYMPTOM, Rank.SYMPTOM), True), (explained(CALM, Rank.NORMAL), True), (explained("unknown", 0), True),
    ):  # fmt: skip
        assert (other in ranked([root, other])) is stays, (other.answer.cause, other.strength)
    mistaken = next(c for c in CAUSES.values() if c.severity == "error" and not c.symptom and any(not CAUSES[s].symptom and CAUSES[s].severity == "error" for s, _ in c.confused_with))  # fmt: skip
    twin = next(s for s, _ in mistaken.confused_with if not CAUSES[s].symptom and CAUSES[s].severity == "error")  # fmt: skip
    both = [explained(mistaken.slug, Rank.DECISIVE), explained(twin, Rank.PRECISE)]
    assert [e.answer.cause for e in ranked(both)] == [mistaken.slug]
    both[1] = replace(both[1], structured=True)
    assert [e.answer.cause for e in ranked(both)] == [mistaken.slug, twin]


# Steps.


def test_the_steps_that_a_message_asks_for_come_instead_of_those_for_any() -> None:
    any_, special, other = Step("a", "x <image>"), Step("b", when="denied"), Step("c", when="late")
    steps = (any_, special, other)
    assert general(steps) == [any_]
    assert chosen(steps, "access denied") == [special]
    assert chosen(steps, "nothing") == [any_]
    assert chosen(steps, "") == [any_, special, other]
    assert filled(Step("see <image>", "pull <image> <tag>"), {"image": "i"}) == Step("see i", "pull i <tag>")  # fmt: skip
    assert fill("<a><bc-d>", {"bc-d": "x", "a": "y"}) == "<a>x"
    assert placeholders("x <image> <tag> <image> <I>") == ["image", "tag"]


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("because no service control policy allows it", "service control policy"), ("Service Control Policies deny", "service control policy"), ("an organizations policy", "service control policy"),
        ("with an explicit deny in a resource control policy", "resource control policy"), ("resource control policies", "resource control policy"), ("because no permissions boundary allows", "permissions boundary"), ("a permission\n boundary", "permissions boundary"),
        ("no session policy allows", "session"), ("session policies", "session"), ("no VPC endpoint policy allows", "VPC endpoint"), ("an endpoint policy", "VPC endpoint"), ("no resource-based policy allows", "the thing itself"), ("with an explicit deny", "A statement denies"), ("was explicitly denied", "A statement denies"),
        ("no identity-based policy allows", None),
    ],
)  # fmt: skip
def test_a_denial_says_which_policy_denied_and_so_who_can_allow(text: str, who: str | None) -> None:
    """IAM user guide, Troubleshoot access denied error messages."""
    told = denier(text)
    assert told is None if who is None else (told is not None and who in told)


@pytest.mark.parametrize(
    ("text", "another"),
    [
        ("connect econnrefused 10.0.0.7:5432", True), ("connect econnrefused 10.0.0.7:4100", False), ("connect econnrefused 10.0.0.7:443", False), ("http://db:5432/x", True), ("http://ash:80/x", False),
        ("curl: (7) failed to connect to h port 5432", False), ("failed to connect to h port 5432", True), ("port 4100 and port 5432", False), ("ash-nlb-0.elb.us-east-1.amazonaws.com:5432", False), ("my-nlb-1:9 refused", False),
        ("at index.js:120:14", False), ("(server.ts:77)", False), ("localhost:9", False), ("localhost:99", True), ("[::1]:6379 refused", True), ("<host>:6379", True), ("no address", False), ("port: 6379", True), ("port='4100'", False),
    ],
)  # fmt: skip
def test_who_did_not_answer_is_known_by_its_port(text: str, another: bool) -> None:
    assert is_another(text) is another


def test_an_exception_says_which_package_raised_it() -> None:
    ours = """aiohttp anthropic ash_client asyncio boto3 botocore builtins claude_agent_sdk concurrent http httpcore httpx java javax net org
    requests socket ssl system urllib urllib3 websockets"""
    for package in ours.split():
        assert not is_another_caller(f"{package}.exceptions.connecttimeout: x"), package
    for package in ("psycopg2", "redis", "kafka", "pymongo"):
        assert is_another_caller(f"{package}.errors.operationalerror: x"), package
        assert is_another_caller(f"  {package}.timeout: x")
        assert not is_another_caller(f"in {package}.timeout: x")
    assert not is_another_caller("operationalerror: x")


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("cannotpullcontainererror: x", ("stopped_task",)), ("essential container in task exited", ("stopped_task",)), ("task stopped by user", ("stopped_task",)), ("(service ash) x", ("service_event",)), ("service ash has started", ("service_event",)),
        ("container instance x", ("service_event",)), ("resource handler returned x", ("cfn_event",)), ("handlererrorcode", ("cfn_event",)), ("target.timeout", ("target_health",)), ("health checks failed", ("target_health",)), ("an error occurred (x)", ("api_error",)), ("exception: x", ("api_error",)),
        ("fetch failed", ("http",)), ("curl: (7) x", ("http",)), ("ponies", ORDER), ("(service: ecs)", ("cfn_event", "api_error")), ("", ORDER),
    ],
)  # fmt: skip
def test_a_text_carries_the_marks_of_those_who_write_it(text: str, kinds: tuple[str, ...]) -> None:
    assert likely(text) == kinds


def test_rows_are_answered_in_their_order_and_say_what_is_wrong_with_them() -> None:
    rows = ['{"id":1,"kind":"http","fields":{"status":200}}', "", b'{"id":"x","kind":"http","fields":{}}', "no", "[1]", '{"kind":7,"fields":1}', '{"kind":"http"}', "  "]  # fmt: skip
    told = list(answers(rows))
    assert [(row.get("id"), row.get("cause"), row.get("error"), good) for row, good in told] == [
        (1, "healthy-http", None, True), ("x", "unknown", None, True), (None, None, "line 4: not JSON", False), (None, None, "line 5: not a JSON object", False),
        (None, None, "line 6: no text under 'kind'", False), (None, None, "line 7: nothing under 'fields'", False),
    ]  # fmt: skip
    assert told[0][0].keys() == {"id", "cause", "severity", "title", "alternatives"}
