"""A template of one's own: read whole or refused, sent as short as it must be, and never written over."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from ash_ops.deploy.plan.template_files import (
    bundled,
    declared_parameters,
    load_template,
    small,
    write_templates,
)
from ash_ops.errors import OpsError, UsageProblem
from ash_ops.template_parameters import MODES, bundled_parameters, document

MOST = 51_200
"""Bytes of a template in a request: AWS, "CloudFormation quotas"."""


def test_a_template_of_ones_own_is_read_and_tells_its_own_parameters(tmp_path: Path) -> None:
    body = "Parameters:\n  Mine:\n    Type: Number\n    Default: 7\nResources: {}\n"
    (tmp_path / "standalone.yaml").write_text(body)
    assert load_template("standalone", tmp_path) == body
    declared = declared_parameters("standalone", tmp_path)
    assert {name: each.default for name, each in declared.items()} == {"Mine": "7"}


@pytest.mark.parametrize("mode", MODES)
def test_without_a_directory_it_is_the_bundled_one(mode: str) -> None:
    sent, whole = document(load_template(mode, None)), document(bundled(mode))
    assert sent["Parameters"] == whole["Parameters"]
    assert {k: v["Type"] for k, v in sent["Resources"].items()} == {
        k: v["Type"] for k, v in whole["Resources"].items()
    }
    assert len(load_template(mode, None).encode()) <= MOST
    assert declared_parameters(mode, None) == bundled_parameters(mode)


@pytest.mark.parametrize(
    ("content", "why"), [(None, "No such file or directory"), (b"\xff\xfe", "it is not UTF-8 text")]
)
def test_one_that_cannot_be_read_says_why_and_where_to_get_one(
    tmp_path: Path, content: bytes | None, why: str
) -> None:
    if content is not None:
        (tmp_path / "standalone.yaml").write_bytes(content)
    with pytest.raises(UsageProblem) as caught:
        load_template("standalone", tmp_path)
    assert caught.value.what == f"{tmp_path / 'standalone.yaml'} cannot be read"
    assert caught.value.why == why
    assert (
        caught.value.next_step
        == f"Write the bundled ones there first: `ash-ops template {tmp_path}`."
    )


def sized(bytes_: int, filler: str = "x") -> str:
    head = "# a comment\nResources:\n  A: {B: "
    return head + filler * (bytes_ - len(head) - 2) + "}\n"


def test_one_that_fits_is_sent_as_it_is_with_its_comments() -> None:
    assert small(sized(MOST)) == sized(MOST)


def test_one_byte_more_and_the_comments_go_first() -> None:
    body = sized(MOST + 1)
    sent = small(body)
    assert sent == body.replace("# a comment\n", "")
    kept = "  - '#!/bin/sh'\n  -   # no comment of YAML\n"
    long = "# go\n" * 11_000 + f"A:\n{kept}"
    assert yaml.safe_load(small(long)) == yaml.safe_load(long)


def test_then_it_is_written_closer_and_says_the_same() -> None:
    """Blank lines and short lists on lines of their own are what takes the room."""
    rows = "\n\n".join(
        f"  Row{n}:\n    Type: 'A::B'\n    Of:\n      - one\n      - two\n      - Three: {n}\n"
        f"    Text: |\n      line one\n      line two\n"
        for n in range(430)
    )
    body = f"Resources:\n{rows}"
    assert len(body.encode()) > MOST
    sent = small(body)
    assert len(sent.encode()) <= MOST
    assert yaml.safe_load(sent) == yaml.safe_load(body)


@pytest.mark.parametrize("filler", ["x", "é"])
def test_what_is_too_large_even_then_is_refused_with_its_size_in_bytes(filler: str) -> None:
    with pytest.raises(UsageProblem, match="too large") as caught:
        small(f"A: '{filler * 60_000}'\n")
    size = 60_000 * len(filler.encode())
    assert any(f"it has {size + more} bytes, " in caught.value.why for more in range(12))
    assert f"CloudFormation takes {MOST} in a request" in caught.value.why


def test_what_is_no_yaml_is_left_for_cloudformation_to_refuse() -> None:
    body = "# c\n" * 13_000 + "A: [unclosed\n" + "x" * 100
    assert small(body).startswith("A: [unclosed")


def test_both_are_written_and_may_be_read_by_all(tmp_path: Path) -> None:
    where = tmp_path / "deep" / "own"
    written = write_templates(where, force=False)
    assert sorted(path.name for path in written) == sorted(f"{mode}.yaml" for mode in MODES)
    assert all(path.read_text() == bundled(path.stem) for path in written)
    assert {path.stat().st_mode & 0o777 for path in written} == {0o644}
    assert sorted(where.iterdir()) == sorted(written), "nothing else"
    assert write_templates(where, force=False) == written, "what is the bundled one is no loss"


@pytest.mark.parametrize("content", [b"mine", b"\xff\xfe"])
def test_what_was_edited_is_written_over_by_force_alone_and_none_before(
    tmp_path: Path, content: bytes
) -> None:
    edited = tmp_path / f"{MODES[-1]}.yaml"
    edited.write_bytes(content)
    with pytest.raises(OpsError) as caught:
        write_templates(tmp_path, force=False)
    assert caught.value.what == f"{edited} is there already, and is not the bundled one"
    assert caught.value.why == "it may hold your changes"
    assert caught.value.next_step == "Give another directory, or --force to overwrite it."
    assert list(tmp_path.iterdir()) == [edited]
    write_templates(tmp_path, force=True)
    assert edited.read_text() == bundled(MODES[-1])


@pytest.mark.parametrize("force", [False, True])
@pytest.mark.parametrize("is_directory", [False, True])
def test_a_link_is_never_followed(tmp_path: Path, force: bool, is_directory: bool) -> None:
    elsewhere, where = tmp_path / "elsewhere", tmp_path / "own"
    if is_directory:
        elsewhere.mkdir()
        where.symlink_to(elsewhere)
    else:
        elsewhere.write_text("precious")
        where.mkdir()
        (where / "standalone.yaml").symlink_to(elsewhere)
    with pytest.raises(OpsError, match="is a link") as caught:
        write_templates(where, force=force)
    assert caught.value.why == "what is written there would land in another place"
    assert caught.value.next_step == "Remove the link, or give another directory."
    assert list(elsewhere.iterdir()) == [] if is_directory else elsewhere.read_text() == "precious"


def test_a_place_that_cannot_be_written_says_why(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(OpsError, match="cannot be written") as caught:
        write_templates(tmp_path / "file" / "own", force=False)
    assert caught.value.why == "Not a directory"
    assert caught.value.next_step == "Give another directory."
