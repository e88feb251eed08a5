"""What a figure has to reach, said beside it: a measurement that misses one of its bars ends with exit code 1."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

__all__ = ["Bar", "verdict"]


@dataclass(frozen=True, slots=True)
class Bar:
    """One figure and its bar.

    Attributes:
        what: is measured.
        value: measured.
        bar: that it should reach, or where `is_most` not exceed.
    """

    what: str
    value: float
    bar: float
    is_most: bool = False

    @property
    def is_met(self) -> bool:
        """Whether it does; a figure that could not be measured does not.

        >>> Bar("recall", 0.93, 0.86).is_met, Bar("false a day", 1.2, 1.0, is_most=True).is_met
        (True, False)
        """
        return self.value <= self.bar if self.is_most else self.value >= self.bar


def verdict(bars: Sequence[Bar], console: Console) -> int:
    """Print each with its bar; the exit code."""
    table = Table(title="bars", title_justify="left")
    for heading in ("what", "measured", "bar", ""):
        table.add_column(heading, justify="right" if heading in ("measured", "bar") else "left")
    for bar in bars:
        sign = "at most" if bar.is_most else "at least"
        table.add_row(bar.what, f"{bar.value:.3g}", f"{sign} {bar.bar:g}", "met" if bar.is_met else "MISSED")
    console.print(table)
    return 0 if all(bar.is_met for bar in bars) else 1
