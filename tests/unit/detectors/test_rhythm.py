"""Habits of an hour: the school run is no news on its third morning, and what is new at that hour is."""

import random

import pytest

from detectors.rhythm import Rhythm

MORNING, EVENING = 7, 20


def habit(counts: list[int], *, hour: int = MORNING, posts: int = 1000) -> Rhythm:
    """A term's authors at one hour of successive days; as many posts in every hour."""
    rhythm = Rhythm()
    for epoch_hour in range(24 * len(counts)):
        day, of_day = divmod(epoch_hour, 24)
        rhythm.remember(epoch_hour, {"上学": counts[day]} if of_day == hour else {}, posts)
    return rhythm


def usual(rhythm: Rhythm, day: int, hour: int = MORNING, *, posts: int = 1000, window_minutes: int = 60) -> float:
    return rhythm.usual("上学", 24 * day + hour, posts=posts, window_minutes=window_minutes)


def test_two_mornings_make_a_habit() -> None:
    """The second highest of the days, so that one storm of words does not set the bar for a week."""
    assert usual(habit([120, 110]), day=2) == pytest.approx(110)
    assert usual(habit([120, 900, 110]), day=3) == pytest.approx(450)


def test_one_morning_is_half_a_habit() -> None:
    """Yesterday's burst at this hour raises the bar by half of itself."""
    assert usual(habit([120]), day=1) == pytest.approx(60)


def test_a_day_off_breaks_no_habit() -> None:
    """A Sunday without school is no reason for an alert on Monday."""
    assert usual(habit([120, 110, 0]), day=3) == pytest.approx(110)


def test_a_habit_ends_with_its_week() -> None:
    """After seven days without it the greeting would be news again."""
    assert usual(habit([120, 110, *[0] * 7]), day=9) == 0


def test_a_habit_is_of_its_hour() -> None:
    """The same word in the evening is judged by its own past; before seven, by what comes at seven."""
    rhythm = habit([120, 110])

    assert usual(rhythm, day=2, hour=EVENING) == 0
    assert usual(rhythm, day=2, hour=MORNING - 1) == pytest.approx(110)


def test_a_habit_follows_the_volume_and_does_not_vanish_with_it() -> None:
    """Twice the posts, twice the greetings; on a quiet day the same parents greet as ever."""
    rhythm = habit([120, 110])

    assert usual(rhythm, day=2, posts=2000) == pytest.approx(220)
    assert usual(rhythm, day=2, posts=100) == pytest.approx(110)
    assert usual(rhythm, day=2, posts=100, window_minutes=10) == pytest.approx(110 / 6)


def test_memory_holds_a_week_of_what_is_frequent() -> None:
    """A word of two people an hour is never kept, and nothing older than the week is."""
    chance = random.Random(1)
    rhythm = Rhythm()
    for hour in range(24 * 20):
        rhythm.remember(hour, {f"词{chance.randrange(50)}": 2, f"语{hour // 24}": 9}, 100)

    assert all(term.startswith("语") for terms in rhythm.authors.values() for term in terms)
    assert len(rhythm.authors) == len(rhythm.posts) == 7 * 24


def test_shifted_habits_are_those_of_later_days() -> None:
    """A prior learned in one week serves in another."""
    assert usual(habit([120, 110]).shifted(30), day=32) == pytest.approx(110)
