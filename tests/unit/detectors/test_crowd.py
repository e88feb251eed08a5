"""Authors and followers in bounded space: each once, in any order."""

import random

from hypothesis import given
from hypothesis import strategies as st

from detectors.crowd import KEPT, Crowd, author_hash, united


def crowd_of(authors: dict[str, int | None]) -> Crowd:
    crowd = Crowd()
    for author, followers in authors.items():
        crowd.add(author_hash(author), followers)
    return crowd


def people(count: int, *, seed: int = 1) -> dict[str, int | None]:
    """As on a microblog: most have a few hundred followers, a few have millions."""
    chance = random.Random(seed)
    return {f"{seed}-{number}": int(50 * chance.paretovariate(1.1)) for number in range(count)}


def test_few_authors_are_counted_exactly() -> None:
    """Who comes twice counts once, with the most followers that were told."""
    crowd = crowd_of({"a": 10, "b": None, "c": 0})
    crowd.add(author_hash("a"), 12)
    crowd.add(author_hash("a"), None)

    assert (crowd.count(), crowd.total()) == (3, 12)


def test_many_authors_are_estimated_within_the_error_that_is_stated() -> None:
    """Four standard errors: 2.3 % of the count, 6 % of the sum."""
    told = people(20_000)
    crowd = crowd_of(told)

    assert abs(crowd.count() / len(told) - 1) < 4 * 0.023
    assert abs(crowd.total() / sum(filter(None, told.values())) - 1) < 4 * 0.06
    assert len(crowd.authors) <= KEPT


@given(st.lists(st.tuples(st.integers(0, 400), st.integers(0, 3)), max_size=900), st.randoms())
def test_neither_order_nor_repeats_nor_parts_matter(uses: list[tuple[int, int]], chance: random.Random) -> None:
    """One crowd, or three that are made one; forwards, or shuffled with repeats."""
    parts = [Crowd() for _ in range(3)]
    for author, part in uses:
        parts[part % 3].add(author_hash(str(author)), author * author)
    again = [*uses, *uses]
    chance.shuffle(again)
    whole = Crowd()
    for author, _ in again:
        whole.add(author_hash(str(author)), author * author)

    one = united(parts)

    assert (one.count(), round(one.total())) == (united([whole]).count(), round(united([whole]).total()))


def test_nobody_knows_what_nobody_tells() -> None:
    """No number stands for "unknown"."""
    assert not crowd_of({"a": None}).is_told
    assert crowd_of({"a": 0}).is_told
