"""A campaign of pictures of begging children, as in 2011, in the simulated morning of its first day."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from itertools import takewhile

import pytest

from contracts.post import Post
from contracts.settings import Settings
from contracts.topic import TopicLine
from producers.simulation import DAY_START_MS, simulate_day, story_of_posts
from streams.memory_store import MemoryWindowStore
from tongsheng import wiring
from tongsheng.runs import local_pipeline

NOON_MS = DAY_START_MS + 12 * 3_600_000


def morning() -> Iterator[Post]:
    return takewhile(lambda post: post.at_ms < NOON_MS, simulate_day())


@pytest.fixture(scope="module")
def lines() -> list[TopicLine]:
    settings = Settings()
    detector = wiring.make_detector(settings, wiring.local_veil(settings))
    pipeline = local_pipeline(settings, MemoryWindowStore(), detector)
    return list(pipeline.run(morning()))


def test_it_is_recognised_for_what_it_is_within_its_first_200_posts(lines: list[TopicLine]) -> None:
    """As a call to take pictures, whose posts expose children; and no other story of the morning is taken for one."""
    told_by = story_of_posts()
    found = [line for line in lines if line.campaign is not None]
    first = found[0]
    at_ms = datetime.fromisoformat(first.at).timestamp() * 1000
    replay = {post.id for post in morning() if told_by.get(post.id) == "street-children" and post.at_ms <= at_ms}

    assert len(replay) <= 200
    assert first.campaign is not None
    assert first.campaign.action == "photograph"
    assert "exposure" in first.flags
    assert first.campaign.exposed > 0.2
    assert {Counter(told_by.get(name) for name in line.evidence).most_common(1)[0][0] for line in found} == {
        "street-children"
    }
