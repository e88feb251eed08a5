"""What was said in a topic in the last 24 hours, in numbers: who, what it had to do with the organisation.

Every post that a topic takes in is tallied once; a post that is deleted later stays tallied, for a count tells of
nobody. An author counts once a mark and clock hour, in the ten minutes of that use that came first.

    ┼──────── 24 hours of slots (ten minutes) and of crowds (an hour, by platform) ────────┼ now
"""

from collections import Counter
from collections.abc import Collection

import msgspec

from detectors.crowd import Crowd, author_hash, united
from detectors.delta import Evidence, Voice

__all__ = ["DAY_MS", "SLOT_MS", "Slot", "Tally"]

SLOT_MS = 600_000
DAY_MS = 24 * 3_600_000
_HOUR_MS = 3_600_000
# Authors known again within an hour and a topic; of more than these a second post counts again. 5000 are 40 KB.
_KNOWN_AGAIN = 5000


class Slot(msgspec.Struct, kw_only=True):
    """Ten minutes of a topic.

    Attributes:
        posts: all.
        told: those that tell their author's followers.
        marks: mark (`detectors.own`) -> distinct authors.
    """

    posts: int = 0
    told: int = 0
    marks: dict[str, int] = {}


class Tally(msgspec.Struct, kw_only=True, dict=True):
    """A topic's numbers.

    Attributes:
        slots: number (epoch ms // SLOT_MS) -> slot, of the last 24 hours.
        crowds: epoch hour -> platform -> who spoke there.
        known: epoch hour -> hashes of (author, mark) counted in it, of the last two hours.
    """

    slots: dict[int, Slot] = {}
    crowds: dict[int, dict[str, Crowd]] = {}
    known: dict[int, set[int]] = {}

    def __post_init__(self) -> None:
        """Only as slots pass is there something to let go of; not part of the state."""
        self._rolled = -1

    def add(self, post: Evidence | Voice) -> None:
        """Take a post in. Cost: 2 microseconds, and 2 a mark."""
        hour = post.at_ms // _HOUR_MS
        slot = self.slots.setdefault(post.at_ms // SLOT_MS, Slot())
        slot.posts += 1
        slot.told += post.followers is not None
        author = author_hash(post.author)
        self.crowds.setdefault(hour, {}).setdefault(post.platform, Crowd()).add(author, post.followers)
        for mark in post.marks:
            if self._is_new(hour, author_hash(f"{post.author} {mark}")):
                slot.marks[mark] = slot.marks.get(mark, 0) + 1

    def note(self, mark: str, at_ms: int, count: int = 1) -> None:
        """Count what no post carries."""
        slot = self.slots.setdefault(at_ms // SLOT_MS, Slot())
        slot.marks[mark] = slot.marks.get(mark, 0) + count

    def roll(self, now_ms: int) -> None:
        """Let go of what is over a day old; once a minute."""
        oldest = now_ms - DAY_MS
        first = oldest // SLOT_MS
        if first == self._rolled:
            return
        self._rolled = first
        for slot in [slot for slot in self.slots if slot < first]:
            del self.slots[slot]
        for hour in [hour for hour in self.crowds if (hour + 1) * _HOUR_MS <= oldest]:
            del self.crowds[hour]
        for hour in [hour for hour in self.known if (hour + 2) * _HOUR_MS <= now_ms]:
            del self.known[hour]

    def absorb(self, other: "Tally") -> None:
        """Take over another topic's numbers: their posts are different ones."""
        for number, slot in other.slots.items():
            mine = self.slots.setdefault(number, Slot())
            mine.posts, mine.told = mine.posts + slot.posts, mine.told + slot.told
            mine.marks = dict(Counter(mine.marks) + Counter(slot.marks))
        for hour, crowds in other.crowds.items():
            here = self.crowds.setdefault(hour, {})
            for platform, crowd in crowds.items():
                here[platform] = united((here[platform], crowd)) if platform in here else crowd
        for hour, known in other.known.items():
            self.known.setdefault(hour, set()).update(known)

    def posts(self, since_ms: int = 0) -> int:
        """All posts of the slots that end after `since_ms`."""
        return sum([slot.posts for slot in self._since(since_ms)])

    def told(self, since_ms: int = 0) -> int:
        """Those of them that tell their author's followers."""
        return sum([slot.told for slot in self._since(since_ms)])

    def marked(self, mark: str, since_ms: int = 0) -> int:
        """Authors of the mark in them, each once an hour."""
        return sum([slot.marks[mark] for slot in self._since(since_ms) if mark in slot.marks])

    def _since(self, since_ms: int) -> Collection[Slot]:
        slots, first = self.slots, since_ms // SLOT_MS
        if not first:
            return slots.values()
        return [slots[number] for number in range(first, max(slots, default=0) + 1) if number in slots]

    def crowd_by_platform(self) -> dict[str, Crowd]:
        """Who spoke in the last 24 hours, by platform. Cost: some 50 ns an author and hour."""
        names = sorted({name for crowds in self.crowds.values() for name in crowds})
        return {name: united(crowds[name] for crowds in self.crowds.values() if name in crowds) for name in names}

    def _is_new(self, hour: int, use: int) -> bool:
        known = self.known.setdefault(hour, set())
        if use in known:
            return False
        if len(known) < _KNOWN_AGAIN:
            known.add(use)
        return True
