"""Which name stands whole, which explanation comes first, and what an answer rests on."""

from __future__ import annotations

import json
from typing import Any

from ash_ops.causes import CAUSES
from ash_ops.causes.base import Rank
from ash_ops.causes.classify import (
    Classification,
    answer,
    likeness,
    message_pieces,
    message_texts,
)
from ash_ops.causes.explain import classified
from ash_ops.causes.explanation import Explanation
from ash_ops.causes.names import names_in
from ash_ops.causes.ranking import ranked
from ash_ops.causes.reading.shapes import Message
from ash_ops.causes.reading.whole import Pasted
from ash_ops.causes.structure import Hint
from tests.support.each import each

# Names.

# What was pasted, with NAME where it stands; whether it stands whole there.
STANDING: dict[str, tuple[str, bool]] = {
    "among words": ("see NAME here", True), "in quotes": ("see 'NAME' here", True), "before a point": ("see NAME. Then", True), "before a comma": ("NAMED NAME, then", True),
    "at the end": ("see NAME", False), "at a line's end": ("see NAME\nthen", False), "at a line's end, blanks": ("see NAME  \nthen", False), "before a point at the end": ("see NAME.\nthen", False),
    "before an empty line": ("see NAME\n\nthen", True), "before an empty line of Windows": ("see NAME\r\n  \r\nthen", True), "before the answer": ("--role-name NAME\nAn error occurred (X)", True), "before other words": ("see NAME\nAn error", False),
    "at the start": ("NAME here", False), "at a line's start": ("see\nNAME here", False), "at a cell's start": ("x | NAME here", False), "at a box's start": ("x │ NAME here", False), "behind a written line's end": ("x\\n NAME here", False),
    "before a cell's end": ("see NAME | x", True), "before a border": ("see NAME |\nx", False), "before a box's border": ("see NAME  │\nx", False), "before dots": ("see NAME... x", False), "before an ellipsis": ("see NAME\u2026 x", False), "before a written line's end": ("see NAME\\n x", False),
    "glued before": ("see xNAME here", False), "glued behind": ("see NAMEx here", False), "glued by a dash": ("see NAME-x here", False), "glued by an equals sign": ("see a=NAME here", False), "glued by a point": ("see NAME.x here", False), "a path": ("see NAME/x here", False),
    "a port": ("see NAME:7 here", False), "an underscore behind a colon": ("see NAME:_ here", False), "a colon": ("see NAME: here", True), "a slash": ("see NAME/ here", True), "in brackets": ("(NAME)", True), "elsewhere whole": ("xNAME, NAME here", True),
}  # fmt: skip


@each("case", STANDING)
def test_a_name_stands_whole_where_nothing_says_that_it_goes_on(case: tuple[str, bool]) -> None:
    text, whole = case
    for name in ("blue-7", "a.b+c@d"):
        assert Pasted(text.replace("NAME", name)).holds("stack-name", name) is whole


def test_an_id_that_speaks_for_itself_needs_nothing_in_front_of_it() -> None:
    for name in ("sg-0123456789abcdef0", "subnet-01234567", "vpc-01234567", "fs-01234567", "arn:aws:x"):  # fmt: skip
        assert Pasted(f"{name} is gone").holds("any", name), name
        assert not Pasted(f"{name}").holds("any", name), name
    assert not Pasted("eni-01234567 is gone").holds("any", "eni-01234567")
    assert not Pasted("x").holds("any", "")


def test_a_part_of_an_arn_may_be_followed_by_what_belongs_to_it() -> None:
    for placeholder, text in (
        ("cluster", "service/blue/s x"), ("stack", "stack/blue/id x"), ("session", "a blue/s x"), ("host", "http://blue/x y"), ("host", "http://blue:41/x y"), ("log-group", "group:blue:stream x"),
    ):  # fmt: skip
        assert Pasted(f"an {text}").holds(placeholder, "blue"), placeholder
        assert not Pasted(f"an {text}").holds("service", "blue"), placeholder
    assert not Pasted("an x:blue/y z").holds("log-group", "blue")
    assert not Pasted("an x/blue:y z").holds("cluster", "blue")
    for text, whole in (
        ("an role/blue x", True), ("an user/path/blue x", True), ("an role/a/b/c/d/blue x", True), ("an group/blue x", False), ("an arn:role:blue x", False), ("an xrole/blue x", False), ("an blue x", True), ("an assumed-role/blue/s x", True),
    ):  # fmt: skip
        assert Pasted(text).holds("role", "blue") is whole, text
        assert Pasted(text.replace("/s ", " ")).holds("user", "blue") is whole, text
    assert Pasted("an group/blue x").holds("service", "blue")


def test_of_a_name_that_occurs_again_and_again_the_first_fifty_places_are_looked_at() -> None:
    for glued, whole in ((49, True), (50, False)):
        assert Pasted("xblue " * glued + "and blue here").holds("service", "blue") is whole
    assert Pasted("one", "and blue here").holds("service", "blue")


def test_a_name_that_a_terminal_cut_is_whole_where_the_lines_are_put_together() -> None:
    text = f"The role is called nightly-release-train-role, which is {'0123456789' * 20}"
    tried = 0
    for width in range(40, 70):
        lines = [text[at : at + width] for at in range(0, len(text), width)]
        if any(
            line != line.strip() for line in lines
        ):  # a blank at an edge is lost where one copies
            continue
        tried += 1
        assert Pasted("\n".join(lines)).holds("service", "nightly-release-train-role"), width
    assert tried >= 3
    cut = [text[at : at + 40] for at in range(0, 80, 40)]
    assert not Pasted("\n".join(cut)).holds("service", "nightly-release-train-role")


def test_who_was_refused_is_told_only_if_the_name_stands_whole() -> None:
    user = "User: arn:aws:iam::123456789012:user/olga is not authorized to perform: ecs:Run on resource: arn:aws:ecs:eu-west-1:123456789012:service/c/s because"  # fmt: skip
    names = names_in(user, Pasted(f"so {user}"))
    assert (names["user"], names["principal"], names["resource"][-4:]) == ("olga", "arn:aws:iam::123456789012:user/olga", "/c/s")  # fmt: skip
    wrapped = names_in(user, Pasted(f"so {user}".replace("olga is", "olga\nis")))
    assert wrapped["user"] == "olga"  # where a name was cut, its rest begins the next line
    cut = names_in(user, Pasted(f"so {user}".replace("olga is", "ol\nga is")))
    assert not {"user", "principal", "user-arn"} & cut.keys()
    assert cut["action"] == "ecs:Run"
    half = names_in(user, Pasted(f"so {user}".replace("c/s because", "c/s\nbecause")))
    assert "resource" not in half
    assert "policy" not in half
    assert (half["user"], half["action-name"]) == ("olga", "ecs-Run")
    odd = names_in(user, Pasted(f"so {user}".replace("ecs:Run on", "ecs:R\nun on")))
    assert not {"action", "action-name", "resource", "policy"} & odd.keys()
    session = "by arn:aws:sts::123456789012:assumed-role/deployer/ci now"
    assert names_in(session, Pasted(session))["role-arn"] == "arn:aws:iam::123456789012:role/deployer"  # fmt: skip
    assert "role-arn" not in names_in(session, Pasted(session.replace("deployer/", "deployer\n/")))


# Weights.


def weighed(slug: str, rank: int, **more: Any) -> Explanation:
    cause = CAUSES.get(slug)
    severity = cause.severity if cause else None
    told = Classification(slug, severity, "t", (), (Hint(slug, rank, "f", "q"),))
    return Explanation("message", "log_line", told, **more)


def test_a_reason_why_the_server_does_not_run_comes_before_what_is_seen_from_outside() -> None:
    outside = ["conn-refused", "conn-reset", "conn-timeout", "elb-healthcheck-failed", "target-timeout", "no-registered-targets"]  # fmt: skip
    for seen in outside:
        first = weighed(seen, Rank.DECISIVE)
        for slug in ("container-oom", "image-not-found", "cfn-quota"):
            for pair in ([first, weighed(slug, Rank.CLEAR)], [weighed(slug, Rank.CLEAR), first]):
                assert [e.answer.cause for e in ranked(pair)] == [slug, seen]
        less = weighed("container-oom", Rank.LIKELY - 1, structured=True)
        assert ranked([first, less])[0].answer.cause == seen
        other = next(c.slug for c in CAUSES.values() if c.category == "auth" and c.severity == "error" and not c.symptom)  # fmt: skip
        assert ranked([first, weighed(other, Rank.PRECISE)])[0].answer.cause == seen
        symptom = next(c.slug for c in CAUSES.values() if c.category == "restart" and c.symptom and c.severity == "error")  # fmt: skip
        assert ranked([first, weighed(symptom, Rank.DECISIVE)])[0].answer.cause in (seen, symptom)
        if not CAUSES[seen].symptom:
            assert ranked([weighed(symptom, Rank.DECISIVE), first])[0].answer.cause == seen
    assert [CAUSES[slug].category for slug in ("container-oom", "image-not-found", "cfn-quota")] == ["restart", "pending", "deploy"]  # fmt: skip
    sick = weighed("app-unhealthy-5xx", Rank.DECISIVE)  # a warning: among its like
    mild = next(c.slug for c in CAUSES.values() if c.category in ("restart", "pending", "deploy") and c.severity == "warning" and not c.symptom)  # fmt: skip
    assert [e.answer.cause for e in ranked([sick, weighed(mild, Rank.CLEAR)])] == [mild, "app-unhealthy-5xx"]  # fmt: skip
    inside = weighed("disk-full", Rank.DECISIVE)
    assert ranked([inside, weighed("container-oom", Rank.CLEAR)])[0] is inside


def test_what_a_sandbox_says_comes_before_the_bridge_that_did_not_start() -> None:
    bridge = weighed("sandbox-bridge-failed", Rank.DECISIVE)
    refused = weighed("sandbox-userns-unavailable", Rank.PRECISE)
    for pair in ([bridge, refused], [refused, bridge]):
        assert ranked(pair)[0] is refused
    other = weighed("disk-full", Rank.PRECISE)
    assert ranked([bridge, other])[0] is bridge


def test_an_answer_rests_on_its_strongest_hint_and_between_equals_on_the_earlier() -> None:
    def hint(slug: str, rank: int, source: str = "a", quote: str = "q") -> Hint:
        return Hint(slug, rank, source, quote)

    assert answer([], retried=True).cause == "unknown"
    one, other = "container-oom", "disk-full"
    assert answer([hint(one, 50), hint(other, 70)], retried=False).cause == other
    assert answer([hint(one, 50), hint(other, 50)], retried=False).cause == one
    told = answer([hint(one, 50, "a"), hint(one, 70, "a"), hint(one, 60, "b"), hint(one, 55, "c"), hint(one, 54, "d")], retried=False)  # fmt: skip
    assert [(h.rank, h.source) for h in told.why] == [(70, "a"), (60, "b"), (55, "c")]
    assert (told.severity, told.title) == ("error", CAUSES[one].title)
    assert told.alternatives == tuple(slug for slug, _ in CAUSES[one].confused_with)[:4]
    several = [hint(slug, 40) for slug in ("port-in-use", "cfn-quota", "disk-full", "db-unreachable", "sqlite-locked")]  # fmt: skip
    others = answer([hint(one, 50), *several], retried=False).alternatives
    assert others == ("port-in-use", "cfn-quota", "disk-full", "db-unreachable")
    again = hint(one, 50, "a", "failed, retrying")
    assert answer([again], retried=True).severity == "info"
    assert answer([again], retried=False).severity == "error"
    assert answer([again, hint(one, 50, "b", "failed")], retried=True).severity == "error"


def test_of_a_message_the_texts_that_tell_come_each_with_its_field() -> None:
    task = {
        "containers": [{"name": "ash", "reason": "one"}, {"reason": "two"}, {"name": "aws-guardduty-agent-x", "reason": "no"}, {"name": "quiet"}],
        "stoppedReason": "three", "message": "four", "reason": "five", "attachments": [{"details": [{"name": "n", "value": "six"}]}],
        "logs": ["seven", "  on", "[telemetry] eight", "seven", "nine"],
    }  # fmt: skip
    assert list(message_texts("stopped_task", task)) == [
        ("containers[ash].reason", "one"), ("reason", "two"), ("stoppedReason", "three"), ("message", "four"), ("reason", "five"),
        ("attachments[0].name", "n"), ("attachments[0].value", "six"), ("log", "seven on"), ("log", "seven"), ("log", "nine"),
    ]  # fmt: skip
    line = {"message": "a\nb"}
    assert list(message_texts("log_line", line)) == [("log", "a"), ("log", "b")]
    assert list(message_texts("log_line", {"log": "a", "message": "b"})) == [("log", "a")]
    asked = {"path": "/health", "method": "GET", "url": "u", "requestId": "r", "logicalResourceId": "l", "id": "i", "operation": "o", "body": {"error": "boom", "path": "p"}}  # fmt: skip
    assert list(message_texts("http", asked)) == [("path", "/health"), ("body.error", "boom")]
    assert list(message_texts("api_error", asked)) == [("body.error", "boom")]
    (both,) = message_pieces("api_error", {"code": "Denied", "message": "by It's policy"})
    assert (both.raw, both.folded, both.source) == ("Denied | by It's policy", "denied | by it's policy", "")  # fmt: skip
    assert both.parts == (("code", "Denied"), ("message", "by It's policy"))
    (single,) = message_pieces("api_error", {"message": "by policy"})
    assert (single.source, single.parts) == ("message", ())
    long = list(message_pieces("api_error", {"code": "Denied", "a": "x" * 3_990, "b": "y", "c": "z", "d": "w"}))  # fmt: skip
    assert [part.source for part in long] == ["code, a, b, c"] * 2 or len(long) == 1
    assert [part.source for part in message_pieces("api_error", {"message": "x" * 5_000})] == ["message"] * 2  # fmt: skip


def test_which_causes_a_text_is_like_is_told_the_likest_first_and_four_at_most() -> None:
    assert likeness("ponies everywhere") == []
    alike = likeness("if outofmemoryerror: container killed due to memory usage or enospc: no space left on device, write, see")  # fmt: skip
    assert alike[:2] == ["container-oom", "disk-full"]
    assert len(likeness("outofmemoryerror: container killed due to memory usage. enospc: no space left on device. cannotpullcontainererror: manifest unknown. eaddrinuse: address already in use :::4100. sqliteerror: database is locked. password authentication failed for user")) == 4  # fmt: skip
    assert "healthy-steady" not in likeness("(service a) has reached a steady state.")


# Messages with fields.

OOM = "OutOfMemoryError: Container killed due to memory usage"
DENIED = "User: arn:aws:iam::1:user/u is not authorized to perform: {}"


def cause_of(kind: str, fields: dict[str, Any], *, labelled: bool = False) -> str:
    return classified(Message("m", kind, fields, labelled=labelled))[1].cause


def test_a_field_is_asked_for_what_any_kind_of_message_says_where_its_own_kind_knows_nothing() -> (
    None
):
    assert cause_of("service_event", {"message": OOM}) == "container-oom"
    assert cause_of("service_event", {"message": "Out of ponies"}) == "unknown"
    failed = {"resourceStatus": "CREATE_FAILED", "resourceStatusReason": OOM}
    kind, told = classified(Message("m", "cfn_event", failed))
    assert (kind, told.cause, told.why[0].source) == ("cfn_event", "container-oom", "resourceStatusReason")  # fmt: skip
    # What the structure calls normal outweighs few words.
    stopped = {"stopCode": "UserInitiated", "stoppedReason": "killed", "containers": [{"exitCode": 143}]}  # fmt: skip
    assert CAUSES[cause_of("stopped_task", stopped)].severity == "info"
    # JSON within a text is read as such.
    inner = json.dumps({"stoppedReason": OOM})
    assert cause_of("service_event", {"message": inner}) == "container-oom"
    assert cause_of("http", {"status": 500, "body": f"x\n{OOM}"}) == "container-oom"


def test_of_several_fields_the_one_that_names_a_cause_decides_whichever_comes_first() -> None:
    stack = {"resourceType": "AWS::CloudFormation::Stack", "resourceStatus": "UPDATE_ROLLBACK_IN_PROGRESS"}  # fmt: skip
    weak, strong = "Essential container in task exited", "Error: listen EADDRINUSE: address already in use :::4100"  # fmt: skip
    for first, second in ((weak, strong), (strong, weak), (strong, "ponies of all kinds"), ("ponies of all kinds", strong)):  # fmt: skip
        fields = {**stack, "resourceStatusReason": first, "statusReason": second}
        _, told = classified(Message("m", "cfn_event", fields))
        assert told.cause == "port-in-use", (first, second)
        assert told.why[0].source == ("resourceStatusReason" if first == strong else "statusReason")


def test_json_within_a_field_is_read_by_its_fields_and_not_by_the_words_in_it() -> None:
    logged = {"level": 50, "msg": "CannotPullContainerError: manifest unknown", "x": OOM}
    failed = {"failures": [{"reason": "RESOURCE:GPU", "arn": "x"}], "note": OOM}
    for value, cause in ((logged, "image-not-found"), ([logged], "image-not-found"), (failed, "wrong-launch-type"), ([failed], "wrong-launch-type")):  # fmt: skip
        for text in (json.dumps(value), json.dumps(value, indent=1), f"  {json.dumps(value)}"):
            for kind in ("service_event", "http"):
                assert cause_of(kind, {"message": text}) == cause, text
    assert cause_of("service_event", {"message": f"x {OOM}"}) == "container-oom"


def test_lines_within_a_field_are_read_line_by_line() -> None:
    for between, cause in (("\n", "container-oom"), (" ", "ash-server-error")):
        body = f"DEBUG so it is{between}{OOM}"
        assert cause_of("http", {"status": 500, "body": body}) == cause


def test_what_anyone_writes_is_another_service_s_where_its_fields_say_so() -> None:
    dead = {"containers": [{"exitCode": 137}], "group": "kubelet"}
    for kind, fields, labelled_, alike in (
        ("log_line", {"message": "out of memory: the container was killed", "pod": "kubelet"}, False, "container-oom"), ("http", {"status": 500, "body": "kubelet: boom"}, False, "ash-server-error"), ("stopped_task", dead, True, "sigkill-137"),
    ):  # fmt: skip
        same, told = classified(Message("m", kind, fields, labelled=labelled_))
        assert (same, told.cause, told.severity) == (kind, "unknown", None), kind
        assert told.title == "A message of Kubernetes, which is no part of an Ash deployment"
        assert told.alternatives == (alike,)
    assert cause_of("stopped_task", dead) == "sigkill-137"
    assert cause_of("stopped_task", {"stoppedReason": f"{OOM} kubelet"}) == "container-oom"
    assert cause_of("api_error", {"message": "ENOSPC: no space left on device kubelet"}) == "disk-full"  # fmt: skip
