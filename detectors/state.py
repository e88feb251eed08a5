"""All that a detector remembers from tick to tick."""

import msgspec

from detectors.counts import Counts
from detectors.delta import Evidence, unsampled
from detectors.last_lines import LastLine
from detectors.list_topics import ListState
from detectors.topics import Closed, Topic
from detectors.usual import Usual

__all__ = ["DetectorState", "without_samples"]


class DetectorState(msgspec.Struct, kw_only=True):
    """All that a detector remembers; encodes to msgpack as it stands.

    Attributes:
        tick_ms: the last tick stepped, -1 before the first.
        first_ms: the first tick.
        counts: of all terms.
        evidence: relevant posts of the last hour.
        topics: live ones, id -> topic.
        closed: closed ones of the last 48 hours.
        last_lines: id of a closed topic -> what its last line shows, while a feed may keep it.
        raised: topics raised so far.
        lists: topics from hot lists.
        usual: how often posts are marked.
        splits: id of each split that was heard of -> whether it was undone.
        gone: marks of the ids of posts that were found gone in the last 24 hours -> when.
    """

    counts: Counts
    tick_ms: int = -1
    first_ms: int = -1
    evidence: list[Evidence] = []
    topics: dict[str, Topic] = {}
    closed: list[Closed] = []
    last_lines: dict[str, LastLine] = {}
    raised: int = 0
    lists: ListState = msgspec.field(default_factory=ListState)
    usual: Usual = msgspec.field(default_factory=Usual)
    splits: dict[str, bool] = {}
    gone: dict[str, int] = {}


def without_samples(state: DetectorState) -> DetectorState:
    """The state as it is saved on Kafka: all that judging needs, no text. The one given stays as it is."""
    topics = {name: _without_samples(topic) for name, topic in state.topics.items()}
    return msgspec.structs.replace(state, evidence=list(map(unsampled, state.evidence)), topics=topics)


def _without_samples(topic: Topic) -> Topic:
    posts = {name: unsampled(post) for name, post in topic.posts.items()}
    line = None if topic.line is None else msgspec.structs.replace(topic.line, samples=[])
    return msgspec.structs.replace(topic, posts=posts, line=line)
