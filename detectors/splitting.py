"""Part a topic that two events were made into, as an operator wants it; and make both one again. Pure.

    what was chosen: words, conversations
      ──▶ posts that say them, with their conversations       ─┐ the new topic
      ──▶ other conversations that say more of what these say  ─┘
      what is left                                               stays

The two are never made one again but by the operator: what goes on from one that has closed does not join the other.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

from msgspec.structs import replace

from contracts.split import Split
from contracts.topic import TopicLine
from detectors.burst import BurstRules
from detectors.counts import WINDOWS_MINUTES, Counts
from detectors.delta import CONVERSATION, Evidence
from detectors.grouping import Grouping
from detectors.list_report import ended_line
from detectors.mutes import bare, says
from detectors.raising import set_raised
from detectors.saying import Weigh, cosine, group_by_conversation, profile
from detectors.state import DetectorState
from detectors.tally import Tally
from detectors.topics import Topic

__all__ = ["heard"]

_MOST = 0.5  # of a conversation's posts


def heard(
    splits: Collection[Split],
    state: DetectorState,
    grouping: Grouping,
    *,
    burst: BurstRules,
    weigh: Weigh,
    alarm: float,
    at_ms: int,
) -> list[Topic | TopicLine]:
    """Do what has been asked for since the last tick, each once; a split is raised at once, whatever its numbers.

    Args:
        splits: all that operators want now.
        state: topics, counts, and which splits were heard of; changed in place.
        grouping: of the live topics.
        burst: prior and spread of the score.
        weigh: how telling a term is (`Detector._weigh`).
        alarm: bans from which one term raises a topic.
        at_ms: event time.

    Returns:
        Topics of which a line is due, and the last lines of those that are no more.

    Cost: some milliseconds for a topic of a thousand posts, once.
    """
    changed: list[Topic | TopicLine] = []
    for order in splits:
        was_undone = state.splits.get(order.id)
        if was_undone is None and not order.is_undone:
            parted = _split(order, grouping, state.counts, burst=burst, weigh=weigh, at_ms=at_ms)
            if parted is not None:
                set_raised(parted, state.counts, alarm=alarm, burst=burst, at_ms=at_ms)
                state.raised += 1
                changed += [grouping.topics[order.topic], parted]
        elif was_undone is False and order.is_undone:
            changed += _rejoin(order, grouping, at_ms)
        state.splits[order.id] = order.is_undone
    given = {order.id for order in splits}
    state.splits = {name: undone for name, undone in state.splits.items() if name in given or name in grouping.topics}
    return changed


def _split(
    order: Split, grouping: Grouping, counts: Counts, *, burst: BurstRules, weigh: Weigh, at_ms: int
) -> Topic | None:
    """Part the topic; the new one, not yet raised, or None where it is not live or there are not two parts."""
    topic = grouping.topics.get(order.topic)
    if topic is None or not topic.raised_ms or order.id in grouping.topics:
        return None
    groups = group_by_conversation(topic.posts.values())
    chosen = _chosen(order, groups, weigh)
    moving = [post for name in chosen for post in groups[name]]
    staying = [post for name, posts in groups.items() if name not in chosen for post in posts]
    if not moving or not staying:
        return None
    there, here = _terms(topic.terms, moving, staying, order.words)
    for terms, own, others in ((there, moving, staying), (here, staying, moving)):
        if not terms:
            term = _own_term(own, others, {*there, *here}, weigh)
            terms.update({term: _score(term, counts, burst)} if term else {})
    if not there or not here:
        return None
    grouping.drop(topic)
    parted = Topic(
        id=order.id,
        born_ms=at_ms,
        terms=there,
        posts={post.post: post for post in moving},
        conversations={*chosen} & topic.conversations,
        first_ms=min(post.at_ms for post in moving),
        active_ms=topic.active_ms,
        shown={*topic.shown},
        withheld={*topic.withheld},
        apart={topic.id},
        tally=_tally(moving),
    )
    _keep(topic, here, staying, {*chosen}, parted.id)
    grouping.add(topic)
    grouping.add(parted)
    return parted


def _rejoin(order: Split, grouping: Grouping, at_ms: int) -> list[Topic | TopicLine]:
    """Make both one again, under the id of the first; nothing where one of them is no more."""
    parted, topic = grouping.topics.get(order.id), grouping.topics.get(order.topic)
    if parted is not None:
        parted.apart.discard(order.topic)
    if topic is not None:
        topic.apart.discard(order.id)
    if parted is None or topic is None or parted.line is None:
        return []
    grouping.merge(parted, topic)
    return [replace(ended_line(parted.line, at_ms), evidence=[], samples=[]), topic]  # they go there


def _chosen(order: Split, groups: Mapping[str, Sequence[Evidence]], weigh: Weigh) -> list[str]:
    """The conversations that go: named, mostly saying the words, or saying more of what those say than of the rest."""

    def says_it(post: Evidence) -> bool:
        terms = bare(post.terms)
        return any(says(word.strip("#"), terms) for word in order.words)

    named = [
        name
        for name, posts in groups.items()
        if name in order.conversations or sum(map(says_it, posts)) > _MOST * len(posts)
    ]
    rest = [name for name in groups if name not in named]
    one, other = ([post for name in names for post in groups[name]] for names in (named, rest))
    theirs, ours = profile(one, weigh), profile(other, weigh)

    def is_theirs(name: str) -> bool:
        own = _weights(groups[name], weigh)
        return cosine(own, theirs) > cosine(own, ours)

    return [*named, *(name for name in rest if is_theirs(name))] if one and other else named


def _weights(posts: Sequence[Evidence], weigh: Weigh) -> dict[str, float]:
    """As `profile`, with what a single post says, too."""
    held = Counter(term for post in posts for term in post.terms)
    return {term: count / len(posts) * weigh(term) for term, count in sorted(held.items())}


def _terms(
    terms: Mapping[str, float], moving: Sequence[Evidence], staying: Sequence[Evidence], words: Iterable[str]
) -> tuple[dict[str, float], dict[str, float]]:
    """(terms that go, terms that stay): each with the greater share of the posts on its side, the chosen words go."""
    gone, kept = (Counter(term for post in posts for term in post.terms) for posts in (moving, staying))
    chosen = {word.strip("#") for word in words}
    there = {
        term: score
        for term, score in terms.items()
        if gone[term] and (term.strip("#") in chosen or gone[term] * len(staying) > kept[term] * len(moving))
    }
    return there, {term: score for term, score in terms.items() if term not in there}


def _own_term(own: Sequence[Evidence], others: Sequence[Evidence], taken: set[str], weigh: Weigh) -> str:
    """What a side that has no term says most more than the other one; "" where it says nothing else."""
    mine, theirs = (_weights(posts, weigh) for posts in (own, others))
    mine |= {term: 1.0 for post in own for term in post.terms if term.startswith(CONVERSATION)}
    ahead = [(theirs.get(term, 0.0) - weight, term) for term, weight in mine.items() if term not in taken]
    less, term = min(ahead, default=(0.0, ""))
    return term if less < 0 else ""


def _score(term: str, counts: Counts, burst: BurstRules) -> float:
    return max(counts.surprise(term, window, burst) for window in WINDOWS_MINUTES)


def _keep(topic: Topic, terms: dict[str, float], posts: Sequence[Evidence], gone: set[str], other: str) -> None:
    """Leave to a topic what is its own; its next line is worded anew."""
    if topic.tally.posts() <= len(topic.posts):  # all of it is known post by post; else it stays an upper bound
        topic.tally = _tally(posts)
    topic.terms, topic.posts = terms, {post.post: post for post in posts}
    topic.conversations -= gone
    topic.raised_authors = min(topic.raised_authors, len(topic.authors()))
    topic.apart.add(other)
    topic.told, topic.line = [], None


def _tally(posts: Iterable[Evidence]) -> Tally:
    made = Tally()
    for post in posts:
        made.add(post)
    return made
