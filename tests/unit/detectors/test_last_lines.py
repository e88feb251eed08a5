"""A post that is forgotten, or deleted, when its topic has closed already."""

from collections.abc import Sequence

import msgspec
import pytest

from contracts.topic import TopicLine
from detectors.delta import Delta, quantum_of
from detectors.detector import Detector
from feeds.board import absorb
from tests.detections import HOUR_MS, MINUTE_MS, START_MS, Post, chatter, decode, delta_of, detector, encode, event

CRASH = ("校车", "侧翻")
DAY_MS = 24 * HOUR_MS


def sampled(post: Post) -> Delta:
    """As `delta_of`, with a redacted text."""
    told = delta_of(post)
    told.evidence = [msgspec.structs.replace(told.evidence[0], sample=f"{post[1]}：{''.join(post[2])}")]
    return told


def closed(more: Sequence[Post] = (), *, hours: int = 20) -> tuple[Detector, list[TopicLine]]:
    """A detector whose one topic has closed, and its lines; somebody spoke of it now and then until it did."""
    trickle = event(6.5, 30, *CRASH, conversation="o1", spacing_ms=13 * MINUTE_MS)
    posts = [*chatter(hours), *event(6, 12, *CRASH, conversation="o1"), *trickle, *more]
    judge, lines, waiting = detector(), list[TopicLine](), sorted(posts)
    for tick_ms in range(START_MS + MINUTE_MS, START_MS + hours * HOUR_MS, MINUTE_MS):
        deltas: list[Delta] = []
        while waiting and quantum_of(waiting[0][0]) <= tick_ms:
            deltas.append(sampled(waiting.pop(0)))
        lines += judge.step(tick_ms, deltas)
    return judge, lines


def without(judge: Detector, *names: str, later_ms: int = MINUTE_MS, is_gone: bool = False) -> list[TopicLine]:
    """What is told when these posts are to be forgotten, or are found gone."""
    at_ms, posts = judge.state.tick_ms + later_ms, [*names]
    gone, forgotten = (posts, []) if is_gone else ([], posts)
    return judge.step(at_ms, [Delta(at_ms, {}, {}, [], gone=gone, forgotten=forgotten)])


@pytest.mark.parametrize("is_gone", [False, True], ids=["forgotten", "deleted"])
def test_a_closed_topic_shows_a_forgotten_post_no_more(is_gone: bool) -> None:
    """Its last line is told again, as of then: neither does the topic go on, nor does the feed keep it longer."""
    judge, lines = closed()
    last = lines[-1]
    name = last.evidence[1]

    [told] = without(judge, name, is_gone=is_gone)

    assert (last.state, len(last.samples), len(last.evidence)) == ("closed", 1, 4)
    assert told == msgspec.structs.replace(last, evidence=[one for one in last.evidence if one != name], samples=[])
    before = absorb(None, last)
    assert absorb(before, told).points == before.points
    assert [kept.posts for kept in judge.state.last_lines.values()] == [tuple(sorted(told.evidence))]
    assert without(judge, name) == []


def test_it_is_so_from_a_saved_state_on_and_for_several_posts_at_once() -> None:
    """The state holds no text of it, and nothing of it once all of its posts are forgotten."""
    judge, lines = closed()
    last = lines[-1]
    judge = detector(decode(encode(judge.snapshot())))

    [some] = without(judge, *last.evidence[:2])
    [none] = without(judge, *last.evidence[2:])

    assert (some.evidence, none.evidence) == (last.evidence[2:], [])
    assert judge.state.last_lines == {}
    assert all(sample.encode() not in encode(judge.snapshot()) for sample in last.samples)


def test_what_no_feed_keeps_any_longer_is_not_kept_here() -> None:
    """Two weeks after the end."""
    judge, lines = closed()
    end_ms = judge.state.tick_ms

    for days in range(1, 15):
        judge.step(end_ms + days * DAY_MS, [])

    assert (judge.state.last_lines, without(judge, lines[-1].evidence[0])) == ({}, [])


def test_a_topic_that_goes_on_is_told_as_it_is_now() -> None:
    """Under its old id; its last line of then is none any more."""
    again = event(17.5, 30, *CRASH, conversation="o1")
    judge, lines = closed(again, hours=18)
    assert len({line.topic for line in lines}) == 1
    assert lines[-1].state != "closed"

    [told] = without(judge, lines[-1].evidence[0])

    assert told.state == lines[-1].state
    assert told.at > lines[-1].at
    assert judge.state.last_lines == {}
