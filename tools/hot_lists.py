"""Follow an archive's hot lists as the detector does, headline by headline: for fitting it, and for judging it."""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from contracts.errors import SourceError
from contracts.post import Post
from contracts.settings import Settings
from detectors.broadcast import Broadcast
from detectors.delta import Ranking
from detectors.lists import Lists
from producers.author_key import ARCHIVE_SALT, AuthorKeys
from producers.files import FileSource
from tongsheng import wiring

__all__ = ["Ticks", "names", "newcomers", "read_ticks"]

Ticks = list[tuple[int, list[Ranking]]]
_SETTLED_MS = 2 * 60_000  # after a snapshot, until what it lacks is seen to have left the list


def names() -> Broadcast:
    """What the dictionary knows of terms, as the detector is given it."""
    return wiring.broadcast(wiring.local_veil(Settings()))


def read_ticks(path: Path) -> Ticks:
    """Time of each snapshot of an archive (producers/hot_list.py), and its entries about children."""
    settings = Settings()
    listener = wiring.listener(settings, wiring.local_veil(settings))
    source = FileSource(path, AuthorKeys(ARCHIVE_SALT), received_ms=wiring.now_ms(), clock=wiring.now_ms)
    ticks: dict[int, list[Ranking]] = defaultdict(list)
    try:
        for item in source.items():
            if isinstance(item.what, Post) and (ranking := listener.hear(item.what).ranking) is not None:
                ticks[ranking.at_ms].append(ranking)
    except SourceError as error:
        raise SystemExit(str(error)) from error
    return sorted(ticks.items())


def newcomers(ticks: Ticks, lists: Lists) -> Iterator[Ranking]:
    """Each new headline, just before it is put into a topic; the lists hear all."""
    for at_ms, rankings in ticks:
        for ranking in sorted(rankings, key=lambda ranking: ranking.id):
            if not any(ranking.id in topic.entries for topic in lists.state.topics.values()):
                yield ranking
            lists.hear([ranking], [(ranking.list, at_ms, ranking.rank or 0)], at_ms)
        lists.age(at_ms + _SETTLED_MS)
