"""Put a topic into words and numbers: its line."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from itertools import chain
from operator import attrgetter

from msgspec.structs import replace

from contracts.told import Told, compose
from contracts.topic import Campaign, Flag, TopicLine, Vanished
from detectors.asked import asked_of
from detectors.audience import renewed
from detectors.broadcast import Broadcast
from detectors.burst import BurstRules
from detectors.campaign import campaign_of
from detectors.counts import RING_MINUTES, WINDOWS_MINUTES, Counts
from detectors.deletions import is_vanishing, lost_words
from detectors.delta import Evidence
from detectors.flags import exposure_of, flags_of, with_flags
from detectors.grounds import told_grounds
from detectors.moments import iso
from detectors.own import GONE
from detectors.reasons import Language, in_other_languages, reason_of_posts
from detectors.regions import told_regions
from detectors.seams import parts_of
from detectors.stance import Message
from detectors.titles import Weigh, word
from detectors.topics import Topic
from detectors.uptake import uptake_of
from detectors.usual import Usual

__all__ = ["describe", "has_moved", "iso", "size_of"]

EVIDENCE = 20
LOOKED_AT = 5  # of its terms, by the reason
SAMPLES = 3
_BUSIEST = 3  # authors whose share is told
_SEEN = 0.04  # of a topic's size: a line a minute for less tells nobody anything
CATEGORIES = 3
_KEPT_FIRST = 2.0  # so the votes of the category that stood first count: titles begin with it and must not flicker
_LONGEST_FIRST = sorted(WINDOWS_MINUTES, reverse=True)
_MINUTE_MS = 60_000
# An author counts once a clock hour, hence at most twice a window; where more are counted the evidence was capped
_CLOCK_HOURS = 2

_author, _platform = attrgetter("author"), attrgetter("platform")
_ranked, _withheld = attrgetter("categories"), attrgetter("withheld")


def describe(
    topic: Topic,
    counts: Counts,
    *,
    at_ms: int,
    burst: BurstRules,
    broadcast: Broadcast,
    weigh: Weigh,
    usual: Usual,
    messages: Sequence[Message] = (),
    language: Language = "zh",
    names: Collection[str] = (),
    flagged: Collection[Flag] = (),
) -> TopicLine:
    """The topic's line at this moment; `names` as in `titles.word`, `flagged` what hot lists tell of the same event.

    Cost: some 450 microseconds for 150 posts.
    """
    posts = list(topic.posts.values())
    top = topic.core(1)[0]
    size, authors = size_of(topic, counts, len(topic.authors()))
    expected = counts.expected(top, RING_MINUTES, burst)
    platforms = Counter(map(_platform, posts))
    central = _central(posts, topic)
    regions = told_regions(topic.regions())
    categories = _categories(posts, topic)
    asked, audience = asked_of(topic, usual, at_ms), renewed(topic, at_ms, authors=authors)
    vanishes = is_vanishing(topic, usual, at_ms)
    campaign = campaign_of(topic, broadcast, at_ms)
    flags = with_flags(flags_of(topic, asked, is_vanishing=vanishes, is_campaign=campaign is not None), flagged)
    if "exposure" in flags and not topic.exposed_ms:
        topic.exposed_ms = at_ms
    is_at_risk = "minor-at-risk" in flags
    wording = word(topic, categories[0], counts, broadcast=broadcast, weigh=weigh, is_at_risk=is_at_risk, names=names)
    threads, seam = parts_of(topic, at_ms, weigh)
    say = _reason(topic, counts, burst)
    return TopicLine(
        at=iso(at_ms),
        topic=topic.id,
        state=topic.state or "emerging",
        title=wording.title,
        keywords=wording.keywords,
        categories=categories,
        posts=size,
        authors=authors,
        expected=round(expected, 2),
        score=round(topic.terms[top], 2),
        reach=audience.people,
        platforms=dict(sorted(platforms.items())),
        since=iso(topic.first_ms),
        flags=flags,
        exposure=exposure_of(topic, iso(topic.exposed_ms)) if "exposure" in flags else None,
        evidence=[post.post for post in central[:EVIDENCE]],
        samples=[] if "exposure" in flags else _samples(central),  # what is spread is not handed on here
        reason=say(language),
        reason_in=in_other_languages(say, language),
        regions=regions,
        audience=audience,
        asked=asked,
        campaign=None if campaign is None else _nameless(campaign, topic.withheld),
        uptake=uptake_of(topic.tally, messages, at_ms),
        vanishing=[_vanished(topic, counts, usual, at_ms, broadcast=broadcast, weigh=weigh)] if vanishes else [],
        archived=_is_archived(topic),
        grounds=None if topic.grounds is None else told_grounds(topic.grounds, topic.shown),
        threads=threads,
        seam=seam,
        usual=_usual(topic, usual.platforms(at_ms), platforms, expected),
        top_share=_top_share(posts),
    )


def _nameless(campaign: Campaign, withheld: Collection[str]) -> Campaign:
    """Without its hashtag where that holds what the topic withholds."""
    return replace(campaign, name=compose("")) if any(word in campaign.name for word in withheld) else campaign


def _top_share(posts: Sequence[Evidence]) -> float | None:
    """`TopicLine.top_share`: few accounts that post much make no topic, and may make one look larger."""
    most = sum(sorted(Counter(map(_author, posts)).values())[-_BUSIEST:])
    return round(most / len(posts), 2) if most > _BUSIEST else None


def _usual(topic: Topic, shares: Mapping[str, float], platforms: Collection[str], expected: float) -> dict[str, float]:
    """What is usual on each platform that it is or was on."""
    names = {*platforms, *(topic.line.usual if topic.line is not None else ())}
    return {name: round(expected * shares[name], 3) for name in sorted(names) if name in shares}


def _is_archived(topic: Topic) -> bool:
    """Whether most of its posts are replayed; when all have aged out, as it was."""
    if not topic.posts:
        return topic.line is not None and topic.line.archived
    return 2 * sum(post.archived for post in topic.posts.values()) > len(topic.posts)


def _vanished(
    topic: Topic, counts: Counts, usual: Usual, at_ms: int, *, broadcast: Broadcast, weigh: Weigh
) -> Vanished:
    """How many of its posts are gone, since when, and which words they shared."""

    def may_show(term: str) -> bool:
        return term in topic.shown or broadcast.may_show(term, counts.authors(term, RING_MINUTES))

    posts = topic.tally.posts()
    return Vanished(
        cause="deleted",
        count=topic.tally.marked(GONE),
        of=posts,
        since=iso(topic.lost.first_ms if topic.lost is not None else at_ms),
        expected=round(usual.expected(GONE, posts, at_ms, BurstRules()), 2),
        words=lost_words(topic, may_show, weigh),
    )


def size_of(topic: Topic, counts: Counts, known: int) -> tuple[int, int]:
    """(posts, authors) of the last hour, of whom so many are known by their posts.

    The evidence of a flood is capped, so the count of a conversation or hashtag may tell more; a plain word's
    count may not, for others use it too.
    """
    own = [counts.authors(term, RING_MINUTES) for term in topic.ties()]
    authors = max(known, *own, 0)
    return max(len(topic.posts), authors), authors


def has_moved(topic: Topic, counts: Counts, known: int) -> bool:
    """Whether the counts (`size_of`) have changed since the last line by what a person would see."""
    last = topic.line
    if last is None:
        return True
    posts, authors = size_of(topic, counts, known)
    return abs(authors - last.authors) > _SEEN * last.authors or abs(posts - last.posts) > _SEEN * last.posts


def _categories(posts: list[Evidence], topic: Topic) -> list[str]:
    votes: dict[str, int] = {}
    for ranked, count in Counter(map(_ranked, posts)).items():
        for place, category in enumerate(ranked):
            votes[category] = votes.get(category, 0) + count * (CATEGORIES - place)
    last = topic.line.categories if topic.line is not None else []
    if last and last[0] in votes:
        votes[last[0]] = round(votes[last[0]] * _KEPT_FIRST)
    first = sorted(votes, key=lambda category: (-votes[category], category))[:CATEGORIES]
    return first or last or ["other"]  # posts age out; what it was about does not change


def _samples(central: list[Evidence]) -> list[str]:
    """Redacted texts for the console, of as many conversations as there are."""
    marks = set(chain.from_iterable(map(_withheld, central)))
    texts = {
        post.conversation: post.sample for post in reversed(central) if post.sample and marks.isdisjoint(post.unmasked)
    }
    return list(dict.fromkeys(reversed(texts.values())))[:SAMPLES]


def _central(posts: list[Evidence], topic: Topic) -> list[Evidence]:
    """Those with most of the core terms first, then the earliest."""
    ranked = sorted([(-topic.shared_core(post.said), post.at_ms, post.post, post) for post in posts])
    return [post for *_, post in ranked]


def _reason(topic: Topic, counts: Counts, burst: BurstRules) -> Callable[[Language], Told]:
    """The topic's people in the term and window in which they surprise most now; where in none, some of them.

    Others may use a term as well, so all its uses bound what those of the topic surprise by: mostly one is looked at.
    """
    looks = [
        (counts.surprise(term, window, burst), window, term)
        for window in _LONGEST_FIRST
        for term in topic.core(LOOKED_AT)
    ]
    best, told = (-1.0, 0), (0, "")
    people: Collection[Evidence] = ()
    for bound, window, term in sorted(looks, key=lambda look: -look[0]):  # of equals the hour, the best term
        if best >= (bound, 1):
            break
        authors, known = _people(topic, counts, term, window)
        surprise = counts.surprise(term, window, burst, authors)
        if (surprise, authors) > best:
            best, told, people = (surprise, authors), (window, term), known
    (_, authors), (window, term) = best, told
    regions = told_regions(post.region for post in people if post.region) if len(people) == authors else {}
    platforms = Counter(post.platform for post in people)
    usual = counts.expected(term, window, burst)
    return lambda language: reason_of_posts(authors, usual, window, platforms, language, regions=regions)


def _people(topic: Topic, counts: Counts, term: str, window_minutes: int) -> tuple[int, Collection[Evidence]]:
    """(how many of the topic use the term in a window that ends now, the last post of each of them that is known).

    Others may use it as well. Of a flood more are counted than known, where none but the topic can use it.
    """
    after_ms = (counts.newest - window_minutes + 1) * _MINUTE_MS
    known = {post.author: post for post in topic.posts.values() if post.at_ms >= after_ms and term in post.said}
    counted = counts.authors(term, window_minutes) if term in topic.ties() else 0
    return counted if counted > _CLOCK_HOURS * len(known) else len(known), known.values()
