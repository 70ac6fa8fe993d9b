"""Which revision a rollback goes back to: the last that was steady, told apart by what it really ran."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from ash_ops.aws.client.session import Aws
from ash_ops.deploy.run.history import Earlier, before_this
from ash_ops.errors import OpsError, ReadFailed
from ash_ops.facts.model import fact_of
from ash_ops.facts.services import Service
from tests.support.account import MADE, Account, Raw, arn

FAMILY = "ash-cloud-runtime"
OLD, NEW = (f"sha256:{mark * 64}" for mark in "ab")


@dataclass(frozen=True)
class Past:
    """A deployment that there was: which revision, whether it became steady, and what was pulled."""

    number: int
    is_steady: bool = True
    digest: str | None = None
    sidecar: str | None = None
    is_known: bool = True


def definition(number: int) -> str:
    return arn("ecs", f"task-definition/{FAMILY}:{number}")


class History:
    """A service at revision 7, its deployments (the newest first) and the images of its revisions."""

    def __init__(self, aws: Aws, images: dict[int, str], *past: Past, at: int = 7) -> None:
        self.aws, self.images, self.past, self.at = aws, images, past, at
        self.account = Account({})
        self.account.answers = {
            "ListServiceDeployments": {"serviceDeployments": [self._brief(p) for p in past]},
            "DescribeServiceRevisions": self._revisions,
            "DescribeTaskDefinition": self._definition,
        }
        self.account.serve(aws)

    def _revision_arn(self, past: Past) -> str:
        place = self.past.index(past)
        return arn("ecs", f"service-revision/ash-cloud/{FAMILY}/{place}")

    def _brief(self, past: Past) -> Raw:
        return {
            "serviceDeploymentArn": arn("ecs", f"service-deployment/ash-cloud/{FAMILY}/d"),
            "status": "SUCCESSFUL" if past.is_steady else "STOPPED",
            "createdAt": MADE,
            "targetServiceRevisionArn": self._revision_arn(past),
        }

    def _revisions(self, given: Raw) -> Raw:
        wanted = given["serviceRevisionArns"]
        assert len(wanted) == len(set(wanted)), "each is asked for once"
        known = [p for p in self.past if p.is_known and self._revision_arn(p) in wanted]
        return {"serviceRevisions": [self._revision(p) for p in known], "failures": []}

    def _revision(self, past: Past) -> Raw:
        named = (("sidecar", past.sidecar), ("ash", past.digest))
        images = [{"containerName": n, "image": n, "imageDigest": d} for n, d in named if d]
        return {
            "serviceRevisionArn": self._revision_arn(past),
            "taskDefinition": definition(past.number),
            "containerImages": images,
        }

    def _definition(self, given: Raw) -> Raw:
        number = int(given["taskDefinition"].rpartition(":")[2])
        if number not in self.images:
            raise self.account.missing("ClientException")
        containers = [{"name": "ash", "image": self.images[number]}]
        told = {"family": FAMILY, "revision": number, "taskDefinitionArn": definition(number)}
        return {"taskDefinition": {**told, "containerDefinitions": containers}}

    def back(self, of_stack: int | None = None) -> Earlier:
        raw: dict[str, Any] = {
            "serviceArn": arn("ecs", f"service/ash-cloud/{FAMILY}"),
            "serviceName": FAMILY,
            "taskDefinition": definition(self.at),
        }
        wanted = definition(of_stack) if of_stack else None
        return before_this(self.aws, fact_of(Service, raw), wanted)


def test_the_deployments_of_this_service_in_its_cluster_are_asked_for(aws: Aws) -> None:
    history = History(aws, {7: "x/ash:2", 6: "x/ash:1"}, Past(7), Past(6))
    found = history.back()
    (asked,) = history.account.asked("ListServiceDeployments")
    assert (asked["cluster"], asked["service"]) == ("ash-cloud", FAMILY)
    assert found == Earlier(
        definition=definition(6),
        image="x/ash:1",
        why="the last that was steady before, 2026-11-23 10:00 UTC",
    )
    assert found.name == f"{FAMILY}:6"


def test_the_same_tag_that_was_another_image_is_gone_back_to_by_its_digest(aws: Aws) -> None:
    """``latest`` moved between two starts of one revision: its text is equal, what ran is not."""
    images = {7: "x/ash:latest"}
    found = History(aws, images, Past(7, digest=NEW), Past(7, digest=OLD)).back()
    assert (found.definition, found.image) == (definition(7), f"x/ash@{OLD}")


def test_the_same_tag_with_the_same_digest_is_not_earlier(aws: Aws) -> None:
    images = {7: "x/ash:latest", 6: "x/ash:latest", 5: "x/ash:1"}
    past = (Past(7, digest=NEW), Past(6, digest=NEW), Past(5, digest=OLD))
    assert History(aws, images, *past).back().image == "x/ash:1"


def test_the_digest_is_that_of_the_server_and_not_of_a_container_beside_it(aws: Aws) -> None:
    images = {7: "x/ash:latest", 6: "x/ash:latest", 5: "x/ash:1"}
    past = (
        Past(7, digest=NEW, sidecar=OLD),
        Past(6, digest=NEW, sidecar=f"sha256:{'c' * 64}"),
        Past(5, digest=OLD),
    )
    assert History(aws, images, *past).back().image == "x/ash:1"


@pytest.mark.parametrize("digests", [(None, OLD), (NEW, None), (None, None)])
def test_where_a_digest_is_not_told_equal_texts_are_equal(
    aws: Aws, digests: tuple[str | None, str | None]
) -> None:
    now, then = digests
    images = {7: "x/ash:latest", 6: "x/ash:latest", 5: "x/ash:1"}
    past = (Past(7, digest=now), Past(6, digest=then), Past(5))
    assert History(aws, images, *past).back().image == "x/ash:1"


def test_what_never_became_steady_or_is_no_longer_known_is_passed_over(aws: Aws) -> None:
    images = {number: f"x/ash:{number}" for number in range(1, 8)}
    past = (Past(7), Past(6, is_steady=False), Past(5, is_known=False), Past(3), Past(4))
    assert History(aws, images, *past).back().definition == definition(3)


def test_the_digest_that_runs_is_that_of_the_revision_that_runs(aws: Aws) -> None:
    """The newest deployment was gone back from, or is not known any more."""
    images = {8: "x/ash:latest", 7: "x/ash:latest", 6: "x/ash:latest", 5: "x/ash:1"}
    newest = (Past(8, is_steady=False, digest=OLD), Past(9, is_known=False))
    past = (*newest, Past(7, digest=NEW), Past(6, digest=NEW), Past(5))
    assert History(aws, images, *past).back().image == "x/ash:1"


def test_a_deleted_definition_is_passed_over(aws: Aws) -> None:
    images = {7: "x/ash:7", 5: "x/ash:5"}
    assert History(aws, images, Past(7), Past(6), Past(5)).back().image == "x/ash:5"


def test_the_stacks_own_revision_counts_though_it_runs_the_same_image(aws: Aws) -> None:
    """What was changed past the stack may be anything but the image: its size, for instance."""
    images = {7: "x/ash:1", 6: "x/ash:1", 5: "x/ash:0"}
    found = History(aws, images, Past(7), Past(6), Past(5)).back(of_stack=6)
    assert (found.definition, found.image) == (definition(6), "x/ash:1")


def test_without_a_history_the_stacks_own_comes_before_older_definitions(aws: Aws) -> None:
    images = {7: "x/ash:7", 6: "x/ash:6", 5: "x/ash:5"}
    found = History(aws, images).back(of_stack=5)
    assert found == Earlier(
        definition=definition(5),
        image="x/ash:5",
        why="the stack's own revision, which it saw steady",
    )


@pytest.mark.parametrize(("of_stack", "gone"), [(7, 0), (None, 0), (6, 6)])
def test_where_the_stack_has_no_other_one_the_older_definitions_follow(
    aws: Aws, of_stack: int | None, gone: int
) -> None:
    images = {number: f"x/ash:{number}" for number in (7, 6, 5) if number != gone}
    found = History(aws, images).back(of_stack=of_stack)
    assert found.definition == f"{FAMILY}:{5 if gone else 6}"
    assert found.why == "the one before with another image; nobody kept whether it was steady"


def test_the_very_first_definition_is_looked_at(aws: Aws) -> None:
    assert History(aws, {3: "x/ash:3", 1: "x/ash:1"}, at=3).back().definition == f"{FAMILY}:1"


def test_there_is_no_definition_before_the_first(aws: Aws) -> None:
    history = History(aws, {3: "x/ash:3", 0: "x/ash:0"}, at=3)
    with pytest.raises(OpsError, match="nothing to go back to") as refused:
        history.back()
    assert f"no earlier revision of {FAMILY} " in refused.value.why
    assert refused.value.why.endswith("ran another image than x/ash:3")


def test_a_definition_that_may_not_be_read_ends_the_search_and_is_named(aws: Aws) -> None:
    history = History(aws, {7: "x/ash:7"}, Past(7), Past(6))
    answer = history._definition

    def refused(given: Raw) -> Raw:
        if given["taskDefinition"].endswith(":7"):
            return answer(given)
        raise history.account.missing("AccessDeniedException")

    history.account.answers["DescribeTaskDefinition"] = refused
    with pytest.raises(ReadFailed, match="ecs:DescribeTaskDefinition"):
        history.back(of_stack=6)
