"""Who speaks, counted once each, in bounded space: distinct authors, and their followers summed over distinct authors.

Up to KEPT authors a crowd is exact. Beyond, it counts by a HyperLogLog (2048 registers: 2.3 % standard error) and sums
by a priority sample (KEPT authors: at most 6 %). Both are kept by a hash of the author, so that who comes twice changes
nothing, nor does the order, and two crowds make one.

    author ──hash──▶ u in (0, 1]     priority = followers / u     the KEPT highest stay; tau = the highest that left
    sum ≈ Σ max(followers, tau) over those that stayed

Sources: Flajolet et al., HyperLogLog (AofA 2007); Duffield, Lund, Thorup, priority sampling (J. ACM 54(6), 2007), with
the hash in the place of chance as in Cohen & Kaplan's coordinated samples (VLDB 2008). Measured: docs/decisions/0025.
"""

import math
from collections.abc import Callable, Iterable
from functools import lru_cache
from hashlib import blake2b

import msgspec

__all__ = ["KEPT", "Crowd", "author_hash", "united"]

KEPT = 256
_HASH_BITS = 56  # fits a msgpack integer and a double
_INDEX_BITS = 11
_REGISTERS = 1 << _INDEX_BITS
_RANK_BITS = _HASH_BITS - _INDEX_BITS
_ALPHA = 0.7213 / (1 + 1.079 / _REGISTERS)
_FEW = 2.5  # times the registers: below it empty registers tell more
UNKNOWN = -1  # followers of an author whose posts do not tell them


class Crowd(msgspec.Struct, kw_only=True):
    """The authors of one platform and hour.

    Attributes:
        authors: hash -> followers, UNKNOWN where no post told: all of them, or the KEPT of highest priority.
        registers: place -> rank, of the HyperLogLog; empty until an author had to leave.
        tau: highest priority of those that left.
    """

    authors: dict[int, int] = {}
    registers: dict[int, int] = {}
    tau: float = 0.0

    def add(self, author: int, followers: int | None) -> None:
        """Count an author (`author_hash`). Cost: a microsecond; 20 where one has to leave."""
        known = UNKNOWN if followers is None else followers
        if self.registers:
            self._register(author)
        before = self.authors.get(author)
        if before is not None:
            self.authors[author] = max(before, known)
            return
        if self.registers and _priority(author, known) <= self.tau:
            return
        self.authors[author] = known
        if len(self.authors) > KEPT:
            self._let_go()

    def _let_go(self) -> None:
        if not self.registers:
            for author in self.authors:
                self._register(author)
        leaving = min(self.authors, key=lambda author: (_priority(author, self.authors[author]), author))
        self.tau = max(self.tau, _priority(leaving, self.authors.pop(leaving)))

    def _register(self, author: int) -> None:
        place, rest = author & (_REGISTERS - 1), author >> _INDEX_BITS
        rank = _RANK_BITS - rest.bit_length() + 1
        if rank > self.registers.get(place, 0):
            self.registers[place] = rank

    def count(self) -> int:
        """Distinct authors: exact up to KEPT, else estimated."""
        if not self.registers:
            return len(self.authors)
        empty = _REGISTERS - len(self.registers)
        raw = _ALPHA * _REGISTERS**2 / (empty + sum(2.0**-rank for rank in self.registers.values()))
        if raw <= _FEW * _REGISTERS and empty:
            return round(_REGISTERS * math.log(_REGISTERS / empty))
        return round(raw)

    def total(self, of: Callable[[int], float] = float) -> float:
        """The sum over distinct authors of what `of` makes of their followers; 0 where nobody tells.

        Args:
            of: followers -> what is summed, increasing.
        """
        if not self.tau:  # nobody was let go: each stands for himself
            return math.fsum([of(known) for known in self.authors.values() if known > 0])
        found = ((known, max(known, self.tau)) for known in self.authors.values() if known > 0)
        return math.fsum(of(known) * weight / known for known, weight in found)

    @property
    def is_told(self) -> bool:
        """Whether any author's followers are known."""
        return max(self.authors.values(), default=UNKNOWN) > UNKNOWN


def united(crowds: Iterable[Crowd]) -> Crowd:
    """One crowd of several: each author once. Cost: some 50 ns an author and register."""
    crowds = sorted(crowds, key=lambda crowd: -len(crowd.authors))
    if not crowds:
        return Crowd()
    whole = Crowd(authors=dict(crowds[0].authors), tau=max(crowd.tau for crowd in crowds))
    for crowd in crowds[1:]:
        again = whole.authors.keys() & crowd.authors.keys()
        most = {author: max(whole.authors[author], crowd.authors[author]) for author in again}
        whole.authors |= crowd.authors
        whole.authors |= most
    if any(crowd.registers for crowd in crowds):
        for crowd in crowds:
            for place, rank in crowd.registers.items():
                whole.registers[place] = max(rank, whole.registers.get(place, 0))
        for crowd in (crowd for crowd in crowds if not crowd.registers):
            for author in crowd.authors:
                whole._register(author)  # noqa: SLF001 - of the same class
    if whole.tau:  # what one of them let go of stands for others of its priority in all of them
        whole.authors = {a: known for a, known in whole.authors.items() if _priority(a, known) > whole.tau}
    return whole


@lru_cache(maxsize=1 << 15)
def author_hash(author: str) -> int:
    """The author key as a number that is uniform in 56 bits, the same in every process."""
    return int.from_bytes(blake2b(author.encode(), digest_size=_HASH_BITS // 8).digest(), "little")


def _priority(author: int, known: int) -> float:
    return max(known, 0) * float(1 << _HASH_BITS) / (author + 1)
