"""What is usual among posts about children."""

import pytest

from contracts.topic import TopicLine
from detectors.usual import Usual
from tests.detections import chatter, delta_of, detector, event

HOUR_MS = 3_600_000


def test_a_platforms_share_is_that_of_the_hours_before() -> None:
    """What floods one now does not raise the bar that it is judged by; a platform that is new is not impossible."""
    usual = Usual()
    for hour in range(10):
        for name, posts in (("weibo", 60), ("wechat", 20)):
            for _ in range(posts if hour < 8 else 10 * posts if name == "wechat" else posts):
                usual.note_platform(name, hour * HOUR_MS)
    usual.note_platform("xhs", 9 * HOUR_MS)

    shares = usual.platforms(9 * HOUR_MS)

    assert {name: round(share, 3) for name, share in shares.items()} == {"wechat": 0.25, "weibo": 0.749, "xhs": 0.001}
    assert sum(shares.values()) == pytest.approx(1)


def test_what_comes_late_and_what_goes_is_seen_by_who_asked_before() -> None:
    """The hours before are added up once: not where one of them changes after all, or is let go of."""
    usual = Usual()
    for name, hour in (("weibo", 0), ("weibo", 5), ("wechat", 5)):
        usual.note_platform(name, hour * HOUR_MS)
    before = usual.platforms(9 * HOUR_MS)

    usual.note_platform("wechat", 5 * HOUR_MS)
    late = usual.platforms(9 * HOUR_MS)
    usual.roll((7 * 24 + 1) * HOUR_MS)
    left = usual.platforms(9 * HOUR_MS)

    assert before == {"wechat": 1.5 / 4, "weibo": 2.5 / 4}
    assert late == {"wechat": 2.5 / 5, "weibo": 2.5 / 5}
    assert left == {"wechat": 2.5 / 4, "weibo": 1.5 / 4}


def test_a_new_stream_tells_what_it_has() -> None:
    """Nothing at all before its first post."""
    usual = Usual()
    before = usual.platforms(0)
    usual.note_platform("weibo", 0)

    assert (before, usual.platforms(0)) == ({}, {"weibo": 1.0})


def test_a_line_shares_out_what_is_usual() -> None:
    """Over the platforms that its topic is on, and it stays when a topic leaves one."""
    judge, lines = detector(), list[TopicLine]()
    for post in sorted([*chatter(8), *event(6, 24, "校车", "侧翻")]):
        delta = delta_of(post)
        lines += judge.step(max(delta.quantum_ms, judge.state.tick_ms + 1), [delta])

    line = lines[-1]
    assert line.usual == {"weibo": pytest.approx(line.expected, abs=0.01)}
