"""The fold of one partition: equal to a plain recount, however it is batched, ordered or resumed."""

from collections.abc import Collection, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.frame import Mark
from detectors.delta import Delta, Evidence, Ranking
from detectors.evidence import KEPT_PER_TERM_AND_MINUTE
from streams.memory_store import MemoryWindowStore
from streams.windows import Heard, PartitionState, PartitionWindows, WindowRules
from tests.recount import recount, verdict

START_MS = 1_772_380_800_000  # Monday 2 March 2026, 00:00 +08:00, a full hour
KEEP_ALL = WindowRules(lateness_minutes=10, keep_minutes=10_000)


def heard(number: int, at_ms: int, *, author: str = "a1", terms: tuple[str, ...] = ()) -> Heard:
    evidence = Evidence(f"weibo:{number}", author, at_ms, "weibo", None, f"weibo:{number}", terms, ("other",))
    return Heard(number.to_bytes(8, "big"), at_ms, evidence if terms else None)


def fold(
    items: Sequence[Heard | Mark], *, splits: Collection[int] = (), rules: WindowRules = KEEP_ALL
) -> MemoryWindowStore:
    """Fold items into a store; after each index in `splits` write, and go on from what was stored."""
    store = MemoryWindowStore()
    store.create(0, 0)
    windows = PartitionWindows(PartitionState(next=0), rules)
    for index, item in enumerate(items):
        if isinstance(item, Mark):
            windows.mark(item.at_ms)
        else:
            windows.hear(item)
        if index in splits or index == len(items) - 1:
            assert store.apply(0, windows.state.next, windows.take(index + 1))
            windows = PartitionWindows(state_of(store, rules), rules)
    return store


def state_of(store: MemoryWindowStore, rules: WindowRules = KEEP_ALL) -> PartitionState:
    state = store.load(0, rules)
    assert state is not None
    return state


def minutes_of(store: MemoryWindowStore) -> dict[int, dict[str, int]]:
    state = state_of(store)
    found = {minute: store.minute(0, minute) for minute in state.minutes}
    return {minute: {term: n for term, n in counts.items() if n} for minute, counts in found.items()}


ITEMS = st.lists(
    st.one_of(
        st.builds(
            heard,
            st.integers(0, 60),
            st.integers(START_MS - 300_000, START_MS + 4_500_000),
            author=st.sampled_from(["a1", "a2", "a3"]),
            terms=st.sampled_from([(), ("校车",), ("校车", "疫苗"), ("疫苗", "溺水", "高考")]),
        ),
        st.builds(Mark, st.integers(START_MS, START_MS + 4_500_000)),
    ),
    min_size=1,
    max_size=60,
)


@given(ITEMS)
@settings(max_examples=300, deadline=None)
def test_counts_equal_a_plain_recount(items: list[Heard | Mark]) -> None:
    """Late posts, repeats, several uses an hour and marks included, every minute count is the recount's."""
    assert verdict(recount(items), minutes_of(fold(items))) == "OK"


@given(ITEMS, st.sets(st.integers(0, 59)))
@settings(max_examples=300, deadline=None)
def test_batches_and_restarts_leave_no_trace(items: list[Heard | Mark], splits: set[int]) -> None:
    """Folding in any batches, each from the stored state, gives the same counts and the same changes."""
    whole, split = fold(items), fold(items, splits=splits)

    assert minutes_of(whole) == minutes_of(split)
    assert changes_of(whole) == changes_of(split)


@given(st.permutations(range(12)))
@settings(max_examples=100, deadline=None)
def test_order_within_lateness_changes_no_count(order: list[int]) -> None:
    """Twelve posts of ten minutes, in any order, give the same counts."""
    posts = [
        heard(n, START_MS + n * 50_000, author=f"a{n % 3}", terms=("校车", "疫苗")[: 1 + n % 2]) for n in range(12)
    ]

    assert minutes_of(fold(posts)) == minutes_of(fold([posts[n] for n in order]))


def changes_of(store: MemoryWindowStore) -> dict[int, tuple[dict[int, int], dict[int, dict[str, int]], list[str]]]:
    """quantum -> what changed in it, entries of one quantum added up."""
    merged: dict[int, Delta] = {}
    for _, deltas in store.deltas(0, "0", 10_000):
        for delta in deltas:
            known = merged.setdefault(delta.quantum_ms, Delta(delta.quantum_ms, {}, {}, []))
            for minute, count in delta.posts.items():
                known.posts[minute] = known.posts.get(minute, 0) + count
            for minute, terms in delta.authors.items():
                for term, change in terms.items():
                    into = known.authors.setdefault(minute, {})
                    into[term] = into.get(term, 0) + change
            known.evidence.extend(delta.evidence)
    return {
        quantum: (
            d.posts,
            {m: {t: n for t, n in c.items() if n} for m, c in d.authors.items()},
            [e.post for e in d.evidence],
        )
        for quantum, d in merged.items()
    }


def test_an_author_counts_once_a_term_and_hour() -> None:
    """Three posts of one author in an hour count one author; in the next hour they count again."""
    posts = [heard(n, START_MS + n * 1_300_000, terms=("校车",)) for n in range(4)]

    counts = minutes_of(fold(posts))

    assert sum(minute.get("校车", 0) for minute in counts.values()) == 2
    assert sum(minute["*"] for minute in counts.values()) == 4


def test_a_post_ten_minutes_late_counts_and_a_later_one_does_not() -> None:
    """The edge of lateness is where the post's minute ended ten minutes before progress."""
    newest = heard(1, START_MS + 660_000)
    in_time, late = heard(2, START_MS + 60_000), heard(3, START_MS + 59_999)

    store = fold([newest, in_time, late])

    assert minutes_of(store) == {START_MS // 60_000 + 11: {"*": 1}, START_MS // 60_000 + 1: {"*": 1}}
    assert state_of(store).tallies == {"posts": 2, "late": 1, "repeats": 0}


def test_minutes_are_dropped_after_their_time() -> None:
    """Memory stays flat: counts older than keep_minutes go, keys and uses go when their minute closes."""
    rules = WindowRules(lateness_minutes=10, keep_minutes=70)
    posts = [heard(n, START_MS + n * 60_000, terms=("校车",)) for n in range(200)]

    state = state_of(fold(posts, rules=rules), rules)

    assert len(state.minutes) == 71
    assert len(state.keys) <= 11
    assert len(state.uses) == 1


def test_evidence_of_a_flood_is_capped_a_term_and_minute() -> None:
    """A thousand posts of one minute on one term leave the first ten as evidence; a rare term's post is kept."""
    flood = [heard(n, START_MS + n, author=f"a{n}", terms=("校车",)) for n in range(1000)]
    rare = heard(2000, START_MS + 2000, author="b1", terms=("校车", "疫苗"))

    kept = [post for _, _, posts in changes_of(fold([*flood, rare])).values() for post in posts]

    assert len(kept) == KEPT_PER_TERM_AND_MINUTE + 1
    assert "weibo:2000" in kept


@pytest.mark.parametrize("ahead", [1, 5], ids=["one-ahead", "five-ahead"])
def test_a_batch_already_in_is_not_written_again(ahead: int) -> None:
    """A store that is ahead of the writer says so and stays as it is."""
    store = fold([heard(n, START_MS + n) for n in range(10)])
    before = minutes_of(store)
    stale = PartitionWindows(PartitionState(next=10 - ahead), KEEP_ALL)
    stale.hear(heard(99, START_MS))

    assert not store.apply(0, 10 - ahead, stale.take(10))
    assert before == minutes_of(store)


def listed(number: int, at_ms: int, *, is_about_children: bool = True) -> Heard:
    ranking = Ranking(f"weibo_hot_search:{number}", at_ms, "weibo", "weibo_hot_search", number, 100, (), (), (), ())
    key = (at_ms + number).to_bytes(8, "big")
    return Heard(key, at_ms, list="weibo_hot_search", ranking=ranking if is_about_children else None)


def test_entries_of_a_hot_list_are_no_exposure_and_no_authors() -> None:
    """They only travel on, beside posts of the same minute."""
    store = fold(
        [heard(1, START_MS, terms=("校车",)), listed(1, START_MS), listed(2, START_MS, is_about_children=False)]
    )

    assert minutes_of(store) == {START_MS // 60_000: {"*": 1, "校车": 1}}
    deltas = [delta for _, written in store.deltas(0, "0", 100) for delta in written]
    assert [ranking.id for delta in deltas for ranking in delta.rankings] == ["weibo_hot_search:1"]


def test_a_snapshot_without_children_is_known_to_have_been_read() -> None:
    """Its time travels on, so that an entry's going is seen."""
    store = fold([listed(n, START_MS, is_about_children=False) for n in range(3)])

    deltas = [delta for _, written in store.deltas(0, "0", 100) for delta in written]
    assert [(delta.rankings, delta.lists) for delta in deltas] == [([], {"weibo_hot_search": START_MS})]


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 80)), max_size=30), st.sets(st.integers(0, 29)))
@settings(max_examples=100, deadline=None)
def test_entries_travel_once_however_they_are_batched(stands: list[tuple[int, int]], splits: set[int]) -> None:
    """Repeats of a snapshot and late ones go nowhere; batches and restarts leave no trace."""
    items = [heard(99, START_MS), *(listed(number, START_MS + minute * 60_000) for number, minute in stands)]

    assert travelled(fold(items)) == travelled(fold(items, splits=splits))
    assert len(set(travelled(fold(items)))) == len(travelled(fold(items)))


def travelled(store: MemoryWindowStore) -> list[tuple[int, str, int]]:
    deltas = (delta for _, written in store.deltas(0, "0", 10_000) for delta in written)
    return [(delta.quantum_ms, ranking.id, ranking.at_ms) for delta in deltas for ranking in delta.rankings]


def test_a_deletion_counts_nowhere_moves_no_clock_and_travels_on() -> None:
    """Whatever time it claims, and twice if it comes twice."""
    windows = PartitionWindows(PartitionState(next=0), WindowRules())
    windows.hear(heard(1, at_ms=START_MS))
    before = windows.take(1)
    windows.hear(Heard(b"12345678", 1_199_145_600_000, forgets="weibo:9"))
    windows.hear(Heard(b"12345678", START_MS + 10**9, forgets="weibo:9"))
    after = windows.take(3)

    assert [delta.forgotten for delta in after.deltas] == [["weibo:9", "weibo:9"]]
    assert (after.progress_ms, after.tallies) == (before.progress_ms, before.tallies)


def test_of_a_flood_all_is_handed_on_that_may_belong_to_a_topic() -> None:
    """As evidence, or without its words; each once, and all are counted with their marks."""
    windows = PartitionWindows(PartitionState(next=0), WindowRules())
    for number in range(200):
        terms = ("孩子", "@c") if number % 2 else ("孩子",)
        marks = ("asked",) if number % 10 == 0 else ()
        of = "c" if number % 2 else f"n{number}"
        evidence = Evidence(f"weibo:{number}", f"a{number}", START_MS, "weibo", 7, of, terms, ("other",), marks=marks)
        windows.hear(Heard(number.to_bytes(8, "big"), START_MS, evidence))
    (delta,) = windows.take(200).deltas
    heard = {post.author for post in delta.evidence} | {voice.author for voice in delta.voices}

    assert {f"a{number}" for number in range(1, 200, 2)} <= heard
    assert len(delta.evidence) < 100
    assert all(voice.conversation == "c" for voice in delta.voices)
    assert delta.marks == {START_MS // 3_600_000: {"": 200, "asked": 20}}
