"""What a measurement has to reach, and how it ends where it does not."""

import io
import math

import pytest
from rich.console import Console

from benchmarks.bars import Bar, verdict


@pytest.mark.parametrize(
    ("bars", "code"),
    [
        ([Bar("recall", 0.86, 0.86), Bar("false a day", 1.0, 1.0, is_most=True)], 0),
        ([Bar("recall", 0.85, 0.86), Bar("false a day", 1.0, 1.0, is_most=True)], 1),
        ([Bar("recall", 0.86, 0.86), Bar("false a day", 1.1, 1.0, is_most=True)], 1),
        ([Bar("recall", math.nan, 0.86)], 1),
    ],
    ids=["all-met", "too-little", "too-much", "not-measured"],
)
def test_one_bar_missed_is_told_and_ends_with_one(bars: list[Bar], code: int) -> None:
    """Each stands beside its figure, so that nobody has to know it."""
    console = Console(file=io.StringIO(), width=100)

    assert verdict(bars, console) == code
    told = console.file.getvalue()  # type: ignore[attr-defined]  # a StringIO, as given
    assert told.count("MISSED") == sum(not bar.is_met for bar in bars)
    assert all(bar.what in told for bar in bars)
