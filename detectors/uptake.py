"""Whether a message takes hold in a topic: who speaks for it, against it, or neither; and when that turned. Pure.

    slots of ten minutes, original voices    for      1 0 2 1 4 6 5 7 8 …
                                             against  6 7 5 6 5 2 1 1 0 …
                                                            ▲ turned: where the share of "for" changed most likely,
                                                              with the 95 % of the likelihood around it as its band

An author counts once an hour and side. Reposts are counted apart, and turn nothing: a machine reposts without end.
Change of a binomial share with flat priors before and after: Smith, Biometrika 62 (1975). Share with its 95 % interval:
Wilson (1927). docs/decisions/0026.
"""

import math
from collections.abc import Iterable, Sequence

from contracts.told import release
from contracts.topic import Balance, Turn, Uptake
from detectors.moments import iso
from detectors.stance import Message
from detectors.tally import SLOT_MS, Tally
from detectors.usual import SINCE_MS

__all__ = ["ORIGINAL", "REPOST", "mark_of", "turn_of", "uptake_of", "wilson"]

ORIGINAL, REPOST = "o", "r"  # marks of every post, where there are messages
_LEAST_AUTHORS = 5  # who take a side in a day: below it the topic is not about the message
_LEAST_A_SIDE = 8  # original voices with a side before and after a turn
_SURE = 20.0  # odds of a turn against none
_BAND = 0.95
_Z = 1.96


def mark_of(message: str, side: int, *, is_repost: bool) -> str:
    """The mark of a post that takes a side (1 for, -1 against).

    >>> mark_of("不拍街头儿童", -1, is_repost=True)
    'r-不拍街头儿童'
    """
    return f"{REPOST if is_repost else ORIGINAL}{'+' if side > 0 else '-'}{message}"


def uptake_of(tally: Tally, messages: Sequence[Message], now_ms: int) -> list[Uptake]:
    """Of each message that the topic is about. Cost: microseconds a slot and message."""
    names = [message.name for message in messages]
    return [found for message in messages if (found := _uptake(tally, message, names, now_ms)) is not None]


def wilson(part: int, whole: int) -> tuple[float, float]:
    """95 % interval of a share.

    >>> [round(end, 2) for end in wilson(8, 10)]
    [0.49, 0.94]
    """
    if not whole:
        return 0.0, 1.0
    share, z2 = part / whole, _Z * _Z
    middle = (share + z2 / (2 * whole)) / (1 + z2 / whole)
    spread = _Z / (1 + z2 / whole) * math.sqrt(share * (1 - share) / whole + z2 / (4 * whole * whole))
    return max(middle - spread, 0.0), min(middle + spread, 1.0)


def turn_of(series: Sequence[tuple[int, int, int]]) -> tuple[int, int, int, int] | None:
    """When the balance turned.

    Args:
        series: (slot number, for, against), ascending.

    Returns:
        (slot that begins the new balance, earliest and latest that it may be, 1 towards for or -1), or None.

    >>> turn_of([(slot, 0, 5) for slot in range(6)] + [(slot, 6, 1) for slot in range(6, 12)])
    (6, 6, 6, 1)
    """
    if len(series) < 2:  # noqa: PLR2004 - before and after
        return None
    agree, oppose = sum(slot[1] for slot in series), sum(slot[2] for slot in series)
    flat = _evidence(agree, oppose)
    weights: list[float] = []
    sums: list[tuple[int, int]] = []
    before_for = before_against = 0
    for _, for_, against in series[:-1]:
        before_for, before_against = before_for + for_, before_against + against
        sums.append((before_for, before_against))
        both = _evidence(before_for, before_against) + _evidence(agree - before_for, oppose - before_against)
        weights.append(math.exp(min(both - flat, 700.0)))
    total = math.fsum(weights)
    best = max(range(len(weights)), key=lambda place: weights[place])
    for_, against = sums[best]
    after_for, after_against = agree - for_, oppose - against
    has_turned = (for_ - against) * (after_for - after_against) < 0
    if not has_turned or total / len(weights) < _SURE or min(for_ + against, after_for + after_against) < _LEAST_A_SIDE:
        return None
    first, last = _quantile(weights, (1 - _BAND) / 2), _quantile(weights, (1 + _BAND) / 2)
    slots = [slot[0] for slot in series]
    return slots[best + 1], slots[first + 1], slots[last + 1], 1 if after_for > after_against else -1


def _uptake(tally: Tally, message: Message, names: Sequence[str], now_ms: int) -> Uptake | None:
    marks = [mark_of(message.name, side, is_repost=is_repost) for is_repost in (False, True) for side in (1, -1)]
    if sum(tally.marked(mark, message.since_ms) for mark in marks) < _LEAST_AUTHORS:
        return None
    since_ms = max(now_ms - SINCE_MS, message.since_ms)
    voices, reposts = (
        _balance(tally, kind, message.name, since_ms, is_repost=kind == REPOST) for kind in (ORIGINAL, REPOST)
    )
    low, high = wilson(voices.agree, voices.agree + voices.oppose)
    slots = sorted(number for number in tally.slots if (number + 1) * SLOT_MS > message.since_ms)
    sides = [tally.slots[number].marks for number in slots]
    turned = turn_of([(n, of.get(marks[0], 0), of.get(marks[1], 0)) for n, of in zip(slots, sides, strict=True)])
    return Uptake(
        message=release(message.name, names),
        voices=voices,
        reposts=reposts,
        low=round(low, 3),
        high=round(high, 3),
        turn=None if turned is None else _turn(*turned),
    )


def _balance(tally: Tally, kind: str, name: str, since_ms: int, *, is_repost: bool) -> Balance:
    agree, oppose = (tally.marked(mark_of(name, side, is_repost=is_repost), since_ms) for side in (1, -1))
    return Balance(agree, oppose, max(tally.marked(kind, since_ms) - agree - oppose, 0))


def _turn(slot: int, first: int, last: int, side: int) -> Turn:
    at, earliest, latest = (iso(number * SLOT_MS) for number in (slot, first, last))
    return Turn(to="for" if side > 0 else "against", at=at, earliest=earliest, latest=latest)


def _evidence(agree: int, oppose: int) -> float:
    """Log of the probability of such counts under a share of which nothing is known."""
    return math.lgamma(agree + 1) + math.lgamma(oppose + 1) - math.lgamma(agree + oppose + 2)


def _quantile(weights: Iterable[float], share: float) -> int:
    weights = list(weights)
    left = share * math.fsum(weights)
    for place, weight in enumerate(weights):
        left -= weight
        if left <= 0:
            return place
    return len(weights) - 1
