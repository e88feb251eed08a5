"""When a candidate becomes a topic."""

import pytest

from detectors.burst import BurstRules
from detectors.counts import Counts
from detectors.delta import Evidence
from detectors.evidence import EvidenceIndex
from detectors.raising import bursts_by_itself
from detectors.topics import Topic

NOW = 29_540_000  # epoch minutes
MINUTE_MS = 60_000
EARLIER, LATELY = 40, 5  # minutes ago


def said(number: int, minutes_ago: int) -> Evidence:
    at_ms = (NOW - minutes_ago) * MINUTE_MS
    return Evidence(f"weibo:{number}", f"a{number}", at_ms, "weibo", 10, f"weibo:{number}", ("孩子",), ("family",))


@pytest.mark.parametrize(("own", "expected"), [(2, False), (4, False), (5, True), (10, True)])
def test_a_word_that_bursts_with_another_event_raises_no_talk(own: int, *, expected: bool) -> None:
    """At least half of the posts with which a word (child) bursts must be the candidate's; those before tell nothing.

    One use in 125 posts is usual, ten of late.
    """
    talk = [said(number, EARLIER) for number in range(4)]
    burst = [said(number, LATELY) for number in range(10, 20)]
    counts = Counts(half_life_minutes=2000.0)
    quiet = [*range(NOW - 1500, NOW - 60, 15), *[NOW - EARLIER] * len(talk)]
    for minute, posts in [*((minute, 125) for minute in quiet), *[(NOW - LATELY, 12)] * len(burst)]:
        counts.roll(minute)
        counts.add({minute: posts}, {minute: {"孩子": 1}})
    counts.roll(NOW)
    held = {post.post: post for post in (*talk, *burst[:own])}
    topic = Topic(id="t", born_ms=0, first_ms=0, active_ms=0, terms={"孩子": 5.0}, posts=held)
    index, now_ms = EvidenceIndex([*talk, *burst]), NOW * MINUTE_MS

    is_own = bursts_by_itself(topic, counts, index, alarm=4.3, burst=BurstRules(), at_ms=now_ms)

    assert is_own is expected
    assert not bursts_by_itself(topic, counts, index, alarm=5.1, burst=BurstRules(), at_ms=now_ms)
