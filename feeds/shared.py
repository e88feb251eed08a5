"""What several browsers want at once, made once: rows, and the events that go to all who listen alike."""

from collections import OrderedDict
from collections.abc import Callable, Hashable

from contracts.triage import Triage
from feeds.board import Entry
from feeds.texts import Catalogue
from feeds.view import Row, row_of

__all__ = ["Shared"]

_MINUTE_MS = 60_000
_KEPT_NEWS = 64
_KEPT_ROWS = 20_000


class Shared:
    """Owned by one event loop. Holds a row a topic and language, and the last few pieces of news."""

    def __init__(self) -> None:
        self._rows: dict[tuple[str, str], tuple[Entry, Triage, int, int, Row]] = {}
        self._news: OrderedDict[Hashable, str] = OrderedDict()
        self._packed: OrderedDict[str, bytes] = OrderedDict()

    def row(self, entry: Entry, triage: Triage, *, t: Catalogue, newest_ms: int, now_ms: int) -> Row:
        """As `row_of`; the same one until the topic, its triage or a minute has changed."""
        key = (entry.line.topic, t.language)
        ages = (newest_ms // _MINUTE_MS, now_ms // _MINUTE_MS)
        known = self._rows.get(key)
        if known is not None and known[0] is entry and known[1] is triage and known[2:4] == ages:
            return known[4]
        made = row_of(entry, triage, t=t, newest_ms=newest_ms, now_ms=now_ms)
        if len(self._rows) >= _KEPT_ROWS:  # topics that have left
            self._rows.clear()
        self._rows[key] = (entry, triage, *ages, made)
        return made

    def news(self, key: Hashable, make: Callable[[], str]) -> str:
        """What was made under this key, else made now."""
        known = self._news.get(key)
        if known is None:
            known = self._news[key] = make()
            if len(self._news) > _KEPT_NEWS:
                self._news.popitem(last=False)
        return known

    def packed(self, text: str, pack: Callable[[str], bytes]) -> bytes:
        """The text as packed before, else packed now."""
        known = self._packed.get(text)  # the hash of a text is kept with it, so that a look costs nothing
        if known is None:
            known = self._packed[text] = pack(text)
            if len(self._packed) > _KEPT_NEWS:
                self._packed.popitem(last=False)
        return known
