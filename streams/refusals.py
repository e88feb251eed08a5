"""What of one Kafka record could not be used: some pieces by themselves, the rest together.

A megabyte of rubbish may be half a million lines. Each of them as a record of its own would hold the worker up for
minutes and bury what else was rejected, so that behind the first lines those of a reason travel in one.
Pure: the same record gives the same pieces, however often it is folded.
"""

from collections import Counter, defaultdict

from contracts.post import MAX_LINE_BYTES
from contracts.rejection import Reason, Rejected

__all__ = ["MAX_SINGLE", "Refusals"]

MAX_SINGLE = 100  # pieces of one record that are kept one by one


class Refusals:
    """Takes the unusable lines of one record, gives the pieces to reject: at most MAX_SINGLE and one a reason."""

    def __init__(self, *, source: str, offset: int) -> None:
        """Say where the record stands: Kafka topic and partition, offset."""
        self._source = source
        self._offset = offset
        self._single: list[Rejected] = []
        self._more: Counter[Reason] = Counter()
        self._kept: defaultdict[Reason, bytearray] = defaultdict(bytearray)

    def refuse(self, raw: bytes, reason: Reason, detail: str) -> None:
        """Take one line. Cost: constant; no more bytes are held than the record has."""
        if len(self._single) < MAX_SINGLE:
            piece = Rejected(raw=raw, reason=reason, detail=detail, source=self._source, offset=self._offset)
            self._single.append(piece)
            return
        self._more[reason] += 1
        kept = self._kept[reason]
        if len(kept) < MAX_LINE_BYTES:
            kept += raw + b"\n"

    def pieces(self) -> list[Rejected]:
        """What to reject, in order of the lines; those kept together last."""
        return [*self._single, *(self._together(reason, lines) for reason, lines in self._more.items())]

    def _together(self, reason: Reason, lines: int) -> Rejected:
        kept = bytes(self._kept[reason][:MAX_LINE_BYTES]).removesuffix(b"\n")
        return Rejected(
            raw=kept,
            reason=reason,
            detail=f"{lines} more unusable lines of this record together; of their bytes, {len(kept)} are kept",
            source=self._source,
            offset=self._offset,
            lines=lines,
        )
