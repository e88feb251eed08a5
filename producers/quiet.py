"""Learn how long a source may be quiet, so that its silence can be told from its rhythm.

A pause is the time from one moment with something to the next. For a pause that begins in hour h (Beijing):

    limit = L + min(3 q, 2 L),  at least ten minutes

    L   the longest pause that began within an hour of h in the last fifteen days; from then on it halves every seven
    q   sum of squares / sum of the pauses that began within an hour of h, fading with the same days: the pause that a
        moment taken at random falls into. Of a source without memory twice the mean pause, so that 3 q on top of the
        longest is exceeded once in 400 times; where short pauses stand beside a long night, the night.

Once a week is known, a pause teaches no more than the limit that it broke, so that one outage is not the next day's
rhythm, while what comes again and again is learned. Below eight pauses around an hour, those of the whole day count.
Nothing is judged in the first two days.
Measured in docs/decisions/0022.
"""

from contracts.source_health import Rhythm

__all__ = ["learn", "limit_s", "watch"]

_LEAST_S = 600.0
_WATCHED_S = 2 * 86_400.0  # before that its silence says nothing
_WEEK_S = 7 * 86_400.0
_HELD_MS = 15 * 86_400_000  # two weeks and a day, so that a quiet weekend is known on the one after the next
_HALF_LIFE_MS = 7 * 86_400_000
_MET = 3
_LONGEST = 2
_ENOUGH = 8
_HOUR_MS = 3_600_000
_BEIJING_H = 8


def learn(rhythm: Rhythm, *, begun_ms: int, pause_s: float) -> None:
    """Take one pause in.

    Args:
        rhythm: changed in place.
        begun_ms: wall clock when it began.
        pause_s: how long it was, >= 0.
    """
    end_ms = begun_ms + round(pause_s * 1000)
    _fade(rhythm, end_ms)
    limit = limit_s(rhythm, begun_ms)
    pause_s = min(pause_s, limit) if limit and rhythm.watched_s >= _WEEK_S else pause_s
    hour = _hour(begun_ms)
    rhythm.pauses[hour] += 1
    rhythm.total_s[hour] += pause_s
    rhythm.squares_s2[hour] += pause_s * pause_s
    if pause_s >= _longest(rhythm, hour, end_ms):
        rhythm.longest_s[hour], rhythm.longest_ms[hour] = pause_s, end_ms


def watch(rhythm: Rhythm, seconds: float) -> None:
    """It has been watched for so much longer."""
    rhythm.watched_s += seconds


def limit_s(rhythm: Rhythm, begun_ms: int) -> float:
    """How long a pause that begins now may last; 0 while that is not known.

    >>> limit_s(Rhythm(), 0)
    0.0
    """
    if rhythm.watched_s < _WATCHED_S:
        return 0.0
    hour = _hour(begun_ms)
    around = [(hour + step) % 24 for step in (-1, 0, 1)]
    pauses = sum(rhythm.pauses[near] for near in around)
    if pauses < _ENOUGH:
        around = list(range(24))
        pauses = sum(rhythm.pauses)
    if pauses < 1:
        return 0.0
    longest = max(_longest(rhythm, near, begun_ms) for near in around)
    met = sum(rhythm.squares_s2[near] for near in around) / max(sum(rhythm.total_s[near] for near in around), 1.0)
    return max(longest + min(_MET * met, _LONGEST * longest), _LEAST_S)


def _longest(rhythm: Rhythm, hour: int, at_ms: int) -> float:
    over_ms = at_ms - rhythm.longest_ms[hour] - _HELD_MS
    return rhythm.longest_s[hour] * (2 ** (-over_ms / _HALF_LIFE_MS) if over_ms > 0 else 1)


def _fade(rhythm: Rhythm, at_ms: int) -> None:
    """Let what was counted up to now fade by what has passed."""
    passed_ms = max(at_ms - rhythm.faded_ms, 0) if rhythm.faded_ms else 0
    factor = 2 ** (-passed_ms / _HELD_MS)
    rhythm.pauses = [count * factor for count in rhythm.pauses]
    rhythm.total_s = [seconds * factor for seconds in rhythm.total_s]
    rhythm.squares_s2 = [square * factor for square in rhythm.squares_s2]
    rhythm.faded_ms = max(at_ms, rhythm.faded_ms)


def _hour(at_ms: int) -> int:
    return (at_ms // _HOUR_MS + _BEIJING_H) % 24
