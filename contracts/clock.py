"""Wall-clock time as an argument, so that whoever needs it can be fed another one."""

from typing import Protocol

__all__ = ["Clock"]


class Clock(Protocol):
    """Wall-clock time."""

    def __call__(self) -> int:
        """Epoch milliseconds, UTC."""
        ...
