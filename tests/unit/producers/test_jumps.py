"""Wrong dates among the posts of a source: they are refused, and carry event time nowhere."""

import random
from collections.abc import Sequence

import pytest

from contracts.post import Author, Post
from contracts.rejection import Reason, Rejected
from producers.jumps import without_jumps
from producers.source import Item

START_MS = 1_772_380_800_000
MINUTE_MS, HOUR_MS = 60_000, 3_600_000


def item(number: int, at_ms: int) -> Item:
    return Item(Post(id=f"weibo:{number}", platform="weibo", at_ms=at_ms, author=Author(key="a"), text="x"), number)


def items(times: Sequence[int]) -> list[Item]:
    return [item(number, START_MS + at) for number, at in enumerate(times, 1)]


def minutes(first: int, last: int) -> list[int]:
    return [minute * MINUTE_MS for minute in range(first, last)]


def refused(found: Sequence[Item]) -> list[int | str]:
    return [each.place for each in found if isinstance(each.what, Rejected) and each.what.reason is Reason.TIME_ABSURD]


@pytest.mark.parametrize(
    ("count", "hours"), [(1, 8), (2, 5), (9, 8), (1, 48)], ids=["time-zone", "two", "nine", "another-day"]
)
def test_some_posts_far_ahead_in_a_file_in_order_are_refused(count: int, hours: int) -> None:
    """Those behind them stay where they are, in their order, and come late to nothing."""
    ahead = [hours * HOUR_MS + at for at in minutes(200, 200 + count)]
    given = items([*minutes(0, 200), *ahead, *minutes(200, 400)])

    found = list(without_jumps(given, "posts.jsonl"))

    assert refused(found) == [*range(201, 201 + count)]
    assert [each.place for each in found] == [each.place for each in given]


@pytest.mark.parametrize("hours", [2, 9, 70])
def test_a_gap_is_no_jump(hours: int) -> None:
    """What follows it is ahead too, be it few."""
    for behind in (1, 5, 200):
        given = items([*minutes(0, 200), *(hours * HOUR_MS + at for at in minutes(200, 200 + behind))])

        assert list(without_jumps(given, "posts.jsonl")) == given


def test_posts_in_no_order_of_time_are_not_taken_for_wrong_dates() -> None:
    """As a search by heat gives those of a day; `--sort` puts them in order."""
    times = minutes(0, 1400)
    random.Random(1).shuffle(times)
    given = items(times)

    assert list(without_jumps(given, "posts.jsonl")) == given


def test_posts_of_every_other_hour_are_in_order() -> None:
    """Each is an hour ahead of the one before, and some come two hours late."""
    times = [hour * 2 * HOUR_MS for hour in range(300)]
    times[200], times[201] = times[201], times[200]
    given = items(times)

    assert list(without_jumps(given, "posts.jsonl")) == given


def test_what_comes_as_it_is_written_waits_for_nothing() -> None:
    """After a night without posts the first one is told at once."""
    source = iter(items([*minutes(0, 200), 9 * HOUR_MS, 9 * HOUR_MS + 1]))
    live = without_jumps(source, "-", is_live=True)

    told = [next(live) for _ in range(201)]

    assert refused(told) == []
    assert len(list(source)) == 1
