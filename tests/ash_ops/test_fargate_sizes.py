"""Sizes that Fargate would refuse after minutes are refused at once, with what would work."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ash_ops.errors import ExitCode, UsageProblem
from ash_ops.sizes.fargate import LEGAL_CPU, check_size, legal_memory
from ash_ops.template_parameters import MODES, default_number


@pytest.mark.parametrize(
    ("cpu", "memory"),
    [
        *(
            pytest.param(
                default_number("Cpu", mode), default_number("Memory", mode), id=f"default of {mode}"
            )
            for mode in MODES
        ),
        pytest.param(256, 512, id="the smallest"),
        pytest.param(2048, 4096, id="the guide's larger size"),
        pytest.param(4096, 30720, id="30 GB, the last of its row"),
        pytest.param(8192, 20480, id="steps of 4 GB"),
        pytest.param(16384, 122880, id="the largest"),
    ],
)
def test_sizes_aws_documents_are_accepted(cpu: int, memory: int) -> None:
    check_size(cpu, memory)


@pytest.mark.parametrize(
    ("cpu", "memory", "told"),
    [
        pytest.param(
            512, 8192, ("1024, 2048, 3072, 4096", "--memory 4096", "--cpu 1024"), id="big"
        ),
        pytest.param(
            256, 3072, ("512, 1024, 2048", "--memory 2048", "--cpu 512"), id="odd one out"
        ),
        pytest.param(8192, 17408, ("16384 to 61440 in steps of 4096", "--cpu 4096"), id="step"),
        pytest.param(512, 1000, ("--memory 1024",), id="decimal gigabyte"),
        pytest.param(500, 1024, ("256, 512, 1024", "16384"), id="no such CPU"),
    ],
)
def test_refusal_names_what_would_work(cpu: int, memory: int, told: tuple[str, ...]) -> None:
    with pytest.raises(UsageProblem) as refused:
        check_size(cpu, memory)
    said = f"{refused.value.what} {refused.value.why} {refused.value.next_step}"
    assert refused.value.exit_code == ExitCode.USAGE
    assert [part for part in told if part not in said] == []


@given(st.integers(), st.integers())
def test_every_pair_is_either_listed_or_refused(cpu: int, memory: int) -> None:
    if memory in legal_memory(cpu):
        assert cpu in LEGAL_CPU
        check_size(cpu, memory)
    else:
        with pytest.raises(UsageProblem):
            check_size(cpu, memory)
