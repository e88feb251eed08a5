"""The windows' sums equal a plain recount, whatever is taken back by posts that come late."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from detectors.burst import BurstRules
from detectors.counts import WINDOWS_MINUTES, Counts

START = 29_539_680  # epoch minute of a midnight in Beijing

# (minutes that pass, how many minutes back the use lies, whether an earlier use of it is taken back instead)
steps = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 15), st.booleans()), max_size=60)


@given(steps)
def test_windows_equal_a_recount(moves: list[tuple[int, int, bool]]) -> None:
    """A late post moves its author's first use to an earlier minute: one is added there, one taken back here."""
    counts, now = Counts(half_life_minutes=2160.0), START
    uses: Counter[int] = Counter()
    for passed, back, is_moved in moves:
        now += passed
        counts.roll(now)
        changes = {now - back: {"疫苗": 1}}
        uses[now - back] += 1
        taken = max((minute for minute, count in uses.items() if count and minute > now - back), default=None)
        if is_moved and taken is not None:
            uses[taken] -= 1
            changes[taken] = {"疫苗": -1}
        counts.add({now: 1}, changes)

    counts.roll(now)
    for window in WINDOWS_MINUTES:
        expected = sum(count for minute, count in uses.items() if now - window < minute <= now)
        assert counts.authors("疫苗", window) == expected


def test_a_use_that_was_moved_away_leaves_its_minute_in_peace() -> None:
    """Found with posts in shuffled order: a minute whose only use was taken back ended the detector when it aged."""
    counts = Counts(half_life_minutes=2160.0)
    counts.roll(START + 1)
    counts.add({}, {START + 1: {"疫苗": 1}})
    counts.add({}, {START + 1: {"疫苗": -1}, START: {"疫苗": 1}})

    for minute in range(2, 90):
        counts.roll(START + minute)

    assert counts.authors("疫苗", 60) == 0


def test_one_window_scores_as_the_best_of_both() -> None:
    """What explains a topic is the score that raised it."""
    counts = Counts(half_life_minutes=2160.0)
    counts.roll(START)
    counts.add({START: 100}, {START: {"疫苗": 8}})
    rules = BurstRules()

    best = max(counts.surprise("疫苗", window, rules) for window in WINDOWS_MINUTES)

    assert counts.scores({"疫苗": START}, rules) == {"疫苗": best}


def test_a_window_that_late_posts_have_filled_scores_as_if_they_had_been_in_time() -> None:
    """Eight parents within two minutes, told nine minutes later: no less surprising for that."""
    rules, in_time, late = BurstRules(), Counts(half_life_minutes=2160.0), Counts(half_life_minutes=2160.0)
    in_time.roll(START + 1)
    in_time.add({START: 50, START + 1: 50}, {START: {"疫苗": 4}, START + 1: {"疫苗": 4}})
    late.roll(START + 10)
    late.add({START + minute: 50 for minute in range(11)}, {})
    touched = late.add({}, {START: {"疫苗": 4}, START + 1: {"疫苗": 4}})

    assert touched == {"疫苗": START}
    assert late.scores(touched, rules) == in_time.scores({"疫苗": START + 1}, rules)
    assert late.surprise("疫苗", 60, rules) < late.scores(touched, rules)["疫苗"]
