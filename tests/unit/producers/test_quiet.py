"""How long a source may be quiet is learned from its own pauses."""

from collections.abc import Iterator

import pytest

from contracts.source_health import Rhythm
from producers.quiet import learn, limit_s, watch

MINUTE_S, HOUR_S, DAY_S = 60, 3600, 86_400
START_MS = 1_772_380_800_000  # 2026-03-02T00:00:00+08:00, a Monday


def daytime(days: int) -> Iterator[int]:
    """Seconds at which a source gives something: every ten minutes from 7 to 23 o'clock."""
    for day in range(days):
        yield from range(day * DAY_S + 7 * HOUR_S, day * DAY_S + 23 * HOUR_S, 10 * MINUTE_S)


def learned(moments: Iterator[int]) -> Rhythm:
    rhythm, last_s = Rhythm(), 0
    for at_s in moments:
        watch(rhythm, at_s - last_s)
        learn(rhythm, begun_ms=START_MS + last_s * 1000, pause_s=at_s - last_s)
        last_s = at_s
    return rhythm


def limit_at(rhythm: Rhythm, day: int, hour: float) -> float:
    """Minutes."""
    return limit_s(rhythm, START_MS + round((day * DAY_S + hour * HOUR_S) * 1000)) / MINUTE_S


def test_nothing_is_judged_in_the_first_two_days() -> None:
    """A pause that nobody has seen is no silence."""
    assert limit_at(learned(daytime(1)), 1, 14) == 0
    assert limit_at(learned(daytime(3)), 3, 14) > 0


def test_a_night_is_no_silence_and_an_hour_of_the_day_is() -> None:
    """Pauses of the day are ten minutes long, that of the night eight hours."""
    rhythm = learned(daytime(10))

    assert limit_at(rhythm, 10, 14) == 30
    assert limit_at(rhythm, 9, 22.9) >= 8 * 60


def test_one_outage_is_not_the_next_days_rhythm() -> None:
    """It teaches no more than the limit that it broke; what comes every day is learned within the week."""
    rhythm = learned(daytime(10))
    for times in range(1, 7):
        learn(rhythm, begun_ms=START_MS + ((10 + times) * DAY_S + 14 * HOUR_S) * 1000, pause_s=5 * HOUR_S)
        limits = limit_at(rhythm, 10 + times, 14)
        assert limits <= 30 * 3**times

    assert limits > 5 * 60


def test_an_old_pause_fades() -> None:
    """Held for fifteen days, half a week later, a quarter two weeks later."""
    rhythm = learned(daytime(4))
    night = limit_at(rhythm, 5, 22.9)

    assert limit_at(rhythm, 17, 22.9) == night
    assert limit_at(rhythm, 40, 22.9) < night / 4


@pytest.mark.parametrize("every_s", [1, 60, 6 * HOUR_S])
def test_a_steady_source_is_silent_after_three_pauses(every_s: int) -> None:
    """At least ten minutes."""
    rhythm = learned(iter(range(0, 10 * DAY_S, every_s))) if every_s > 1 else learned(iter(range(0, 3 * DAY_S, 7)))

    assert limit_at(rhythm, 10, 14) == pytest.approx(max(3 * every_s / MINUTE_S, 10))
