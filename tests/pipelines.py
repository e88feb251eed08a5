"""The whole pipeline in this process, on its defaults."""

from collections.abc import Iterable

from contracts.post import Post
from contracts.settings import Settings
from contracts.topic import TopicLine
from streams.memory_store import MemoryWindowStore
from tongsheng import wiring
from tongsheng.runs import local_pipeline

__all__ = ["topics_of"]


def topics_of(posts: Iterable[Post], *, partitions: int = 4, tick_ms: int = 5000) -> list[TopicLine]:
    """All lines of topics that these posts raise."""
    settings = Settings()
    detector = wiring.make_detector(settings, wiring.local_veil(settings))
    pipeline = local_pipeline(settings, MemoryWindowStore(), detector, partitions=partitions, tick_ms=tick_ms)
    return list(pipeline.run(posts))
