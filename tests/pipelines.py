"""The whole pipeline in this process, on its defaults."""

from collections.abc import Iterable

from contracts.post import Post
from contracts.settings import Settings
from contracts.topic import TopicLine
from streams.local import LocalPipeline
from streams.memory_store import MemoryWindowStore
from tongsheng import wiring

__all__ = ["topics_of"]


def topics_of(posts: Iterable[Post], *, partitions: int = 4, tick_ms: int = 5000) -> list[TopicLine]:
    """All lines of topics that these posts raise."""
    settings = Settings()
    pipeline = LocalPipeline(
        listener=wiring.listener(settings, wiring.local_veil(settings)),
        detector=wiring.make_detector(settings, wiring.local_veil(settings)),
        store=MemoryWindowStore(),
        rules=wiring.window_rules(settings),
        partitions=partitions,
        tick_ms=tick_ms,
        mark_ms=60_000,
    )
    return list(pipeline.run(posts))
