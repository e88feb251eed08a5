"""Two events that were made one topic are parted as an operator wants, stay apart, and are one again when undone."""

from collections.abc import Callable, Sequence

import pytest

from contracts.split import Split
from contracts.topic import TopicLine
from detectors.mutes import Muted
from detectors.orders import NO_ORDERS, Orders
from tests.detections import HOUR_MS, START_MS, Post, chatter, event, run

NEW = "abcdef012345"
BOTH = "孩子出事"  # what both say, so that they are taken for one
CRASH, FEVER = ("校车", "侧翻", BOTH), ("疫苗", "发烧", BOTH)
AT_H = 6.2  # when it is split


def mixed(*later: Post) -> list[Post]:
    """A bus that overturned and a vaccine, by turns, both of some place where "children are in trouble"."""
    return [*chatter(12), *event(6, 12, *CRASH), *event(6.003, 12, *FEVER), *later]


def from_hour(*given: tuple[float, Orders]) -> Callable[[int], Orders]:
    """From which hour on which orders are in force."""

    def at(tick_ms: int) -> Orders:
        return next((orders for hour, orders in reversed(given) if tick_ms >= START_MS + hour * HOUR_MS), NO_ORDERS)

    return at


def topic_of(posts: Sequence[Post]) -> str:
    [topic] = {line.topic for line in run(posts, hours=AT_H)}
    return topic


def split_off(posts: Sequence[Post], words: tuple[str, ...] = (), conversations: tuple[str, ...] = ()) -> Split:
    return Split(id=NEW, topic=topic_of(posts), words=words, conversations=conversations)


def last(lines: Sequence[TopicLine], topic: str) -> TopicLine:
    return [line for line in lines if line.topic == topic][-1]


def evidence(line: TopicLine) -> set[str]:
    """Which of the two events its posts are of."""
    return {post.partition("-")[0].removeprefix("weibo:") for post in line.evidence}


@pytest.mark.parametrize("words", [("疫苗",), ("发烧", "疫苗")], ids=["one-word", "two-words"])
def test_words_choose_what_is_split_off(words: tuple[str, ...]) -> None:
    """The other topic has its line in the same tick, with its own posts, people, words, grounds; so has the first."""
    posts = mixed()
    order = split_off(posts, words=words)

    lines = run(posts, hours=6.3, orders=from_hour((AT_H, Orders(splits=(order,)))))

    [first] = [line for line in lines if line.topic == NEW and line.state == "emerging"][:1]
    kept = last(lines, order.topic)
    assert (first.posts, first.authors, kept.posts, kept.authors) == (12, 12, 12, 12)
    assert (evidence(first), evidence(kept)) == ({"e6.003"}, {"e6"})
    assert first.grounds is not None
    assert [ground.posts for ground in first.grounds.terms] == [12, 12]
    assert {"校车", "侧翻"} <= {*kept.keywords}
    assert not {"疫苗", "发烧"} & {*kept.keywords, *kept.title.partition("：")[2].split("、")}
    assert (first.audience and first.audience.posts, kept.audience and kept.audience.posts) == (12, 12)


def test_a_conversation_is_split_off_with_what_says_the_same() -> None:
    """Reposts of one original, and posts by themselves that tell of it; the rest of its words stay away from it."""
    posts = [
        *chatter(12),
        *event(6, 12, *CRASH),
        *event(6.003, 8, *FEVER, conversation="weibo:9"),
        *event(6.01, 4, *FEVER),
    ]
    lines = run(posts, hours=AT_H)
    threads = lines[-1].threads
    order = Split(id=NEW, topic=lines[-1].topic, conversations=(threads[0].mark,))

    lines = run(posts, hours=6.3, orders=from_hour((AT_H, Orders(splits=(order,)))))

    assert [(thread.mark, thread.posts, thread.authors) for thread in threads] == [("weibo:9", 8, 8)]
    assert evidence(last(lines, NEW)) == {"e6.003", "e6.01"}
    assert evidence(last(lines, order.topic)) == {"e6"}


def test_what_was_split_stays_apart() -> None:
    """Each takes up what goes on in it, also through snapshots; no third topic is made."""
    posts = mixed(*event(6.4, 20, *CRASH, spacing_ms=60_000), *event(6.403, 20, *FEVER, spacing_ms=60_000))
    order = split_off(posts, words=("疫苗",))
    orders = from_hour((AT_H, Orders(splits=(order,))))

    lines = run(posts, hours=7, orders=orders)

    assert {line.topic for line in lines} == {order.topic, NEW}
    assert "e6.403" in evidence(last(lines, NEW))
    assert "e6.403" not in evidence(last(lines, order.topic))
    assert lines == run(posts, hours=7, orders=orders, restarts=frozenset({4400, 4464, 4465, 4700}))


def test_an_undone_split_makes_both_one_again() -> None:
    """The topic that had been split off ends; the first has all posts, and what comes later."""
    posts = mixed(*event(6.5, 6, *FEVER))
    order = split_off(posts, words=("疫苗",))
    undone = Split(id=NEW, topic=order.topic, words=order.words, is_undone=True)
    given = ((AT_H, Orders(splits=(order,))), (6.3, Orders(splits=(undone,))))

    lines = run(posts, hours=6.7, orders=from_hour(*given))

    assert last(lines, NEW).state == "closed"
    assert last(lines, NEW).at[11:16] == "06:18"
    assert last(lines, NEW).evidence == []
    assert (last(lines, order.topic).posts, last(lines, order.topic).authors) == (30, 30)


UNUSABLE = {
    "a-word-that-nobody-says": {"words": ("食堂",)},
    "a-word-of-all": {"words": (BOTH,)},
    "a-conversation-that-is-gone": {"conversations": ("weibo:404",)},
    "nothing": {},
}


@pytest.mark.parametrize("chosen", UNUSABLE.values(), ids=UNUSABLE)
def test_what_does_not_part_a_topic_changes_nothing(chosen: dict[str, tuple[str, ...]]) -> None:
    """Nor does it later, when the words are said."""
    posts = mixed()
    orders = Orders(splits=(split_off(posts, **chosen), Split(id="0" * 12, topic="f" * 12, words=("疫苗",))))

    assert run(posts, orders=from_hour((AT_H, orders))) == run(posts)


def test_a_split_that_is_no_longer_known_stays() -> None:
    """An emptied store has forgotten what operators did; nobody has undone it. What never was is not undone, either."""
    posts = mixed()
    order = split_off(posts, words=("疫苗",))
    alone = Split(id="0" * 12, topic=order.topic, words=("疫苗",), is_undone=True)

    split = run(posts, orders=from_hour((AT_H, Orders(splits=(order,)))))
    forgotten = run(posts, orders=from_hour((AT_H, Orders(splits=(order,))), (6.3, Orders(splits=(alone,)))))

    assert split == forgotten


def test_a_topic_that_was_split_off_is_raised_whatever_is_muted() -> None:
    """An operator wants to see it."""
    posts = mixed()
    order = split_off(posts, words=("疫苗",))

    lines = run(posts, orders=from_hour((AT_H, Orders(muted=Muted.of([["疫苗"]]), splits=(order,)))))

    assert NEW in {line.topic for line in lines}


def test_the_seam_of_two_events_is_shown() -> None:
    """What they have in common is one word of many; chosen as shown, it parts them so, with what came since."""
    crash = ("校车", "侧翻", "司机", "急救", "山路", BOTH)
    fever = ("疫苗", "发烧", "批次", "接种", "医生", BOTH)
    posts = [*chatter(12), *event(6, 12, *crash), *event(6.003, 10, *fever)]
    line = run(posts, hours=AT_H)[-1]
    larger, smaller = line.seam
    order = Split(id=NEW, topic=line.topic, words=tuple(smaller.words), conversations=tuple(smaller.conversations))

    lines = run(posts, hours=6.3, orders=from_hour((AT_H, Orders(splits=(order,)))))

    assert [(side.posts, side.authors) for side in (larger, smaller)] == [(10, 10), (9, 9)]
    assert {*larger.words} == {"校车", "侧翻"}
    assert (last(lines, NEW).posts, last(lines, line.topic).posts) == (10, 12)
