"""Say in a few words that may be shown what a topic is about: its title and its keywords.

Reads a topic's evidence, the counts and the allow-list; remembers in the topic what was released, what was withheld
and what was told. Which words tell, and which are joined: docs/decisions/0008.
"""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from itertools import chain
from operator import attrgetter

from contracts.told import Told, compose, joined, release
from detectors.broadcast import POINTING, Broadcast, reviewed_words
from detectors.categories import LABELS
from detectors.counts import RING_MINUTES, Counts
from detectors.delta import CALLED, CONVERSATION, PERHAPS, Evidence
from detectors.methods import is_method, is_of_suicide
from detectors.moments import BEIJING
from detectors.phrases import CHILD_WORD, links_of, phrases_of
from detectors.terms import is_place, tells_sort
from detectors.topics import CORE, Topic
from detectors.word_lists import words_in

__all__ = ["KEYWORDS", "TITLE_CHARS", "Wording", "headline", "word"]

TITLE_CHARS = 30
KEYWORDS = 8

_TITLE_TERMS = 4
_MIN_KEYWORDS, _MIN_TITLE_TERMS = 3, 2  # up to so many, ordinary words that nobody has reviewed fill up
_MOST_PHRASES = 2  # among the keywords
_PHRASE_CHARS = 5  # from which a single phrase tells one topic from another
_RELEASED = 60  # of the topic's best terms, among which released ones are looked for
_NEWEST = 60  # posts whose terms are looked at: a flood says the same thing a thousand times
_SPEAKING = 5  # posts from which words are chosen anew
_COMMON = 0.3  # of those posts a term stands in, from which it tells of them though it did not burst
_FAINT = 0.25  # of the most telling term's weight: what tells less stays out of the title,
_FULL = 3  # but where fewer would stand in it, and neither these nor its label name a child, a word for one does
_SHARED_CHARS = 3  # in a row, from which a term that has at most one more says what another one says (准考证号)
_REMEMBERED = 1 << 10  # titles, of which nearly every line repeats its topic's last
_GAIN = 1.5  # what a new title must tell more than the present one to replace it
# People or conversations, and the share of those that hold a reviewed word, that show it to be a name; and seem to
_LEAST_CALLERS, _LEAST_CALLED, _LEAST_SEEMING, _LEAST_BESIDE = 3, 0.2, 0.3, 0.8
# By what the weight of a word is multiplied: what was done to whom tells most, a word that nobody has reviewed least.
_HARM, _GENERAL, _UNREVIEWED, _BARE = 1.5, 0.7, 0.35, 0.3

_TALK = frozenset(words_in("talk.txt"))
_CHILD = frozenset(
    (
        "孩子",
        "小孩",
        "小孩子",
        "儿童",
        "学生",
        "小朋友",
        "宝宝",
        "娃娃",
        "学校",
        "家长",
        "老师",
        "未成年人",
        "未成年",
        "少年儿童",
        "幼儿",
        "父母",
        "父亲",
        "母亲",
        "爸爸",
        "妈妈",
        "爸妈",
        "爷爷",
        "奶奶",
        "儿子",
        "女儿",
        "姐姐",
        "弟弟",
        "妹妹",
    )
)

_HEADINGS = reviewed_words()
_PLACES, _ORDINARY, _THINGS, _HARMS = "Places", "General", "General: people", "Harm"  # how their headings begin
_SHADINGS = {
    word: _HARM if heading.startswith(_HARMS) else _GENERAL
    for word, heading in _HEADINGS.items()
    if heading.startswith((_HARMS, _ORDINARY))
}
_said, _withheld = attrgetter("said"), attrgetter("withheld")

Weigh = Callable[[str], float]


@dataclass(frozen=True, slots=True)
class Wording:
    """A title of 6-30 characters, and at most KEYWORDS terms, most telling first."""

    title: Told
    keywords: list[Told]


def word(
    topic: Topic,
    category: str,
    counts: Counts,
    *,
    broadcast: Broadcast,
    weigh: Weigh,
    is_at_risk: bool = False,
    names: Collection[str] = (),
) -> Wording:
    """Choose a topic's words; called for every line.

    The title stays as it is until a better one tells _GAIN times as much, or a word of it is withdrawn. A topic that
    is down to a few posts keeps its words: those few may speak of something else.

    Args:
        topic: with `shown`, `withheld` and `told`, which are brought up to date.
        category: whose label the title begins with.
        counts: of all terms.
        broadcast: what may be shown.
        weigh: how rare a term has been, in nats (`Detector._weigh`).
        is_at_risk: whether it is flagged `minor-at-risk`: it tells no method then.
        names: marks of words that posts of any topic show to be names: what is told of one child may be in two.

    Cost: about 250 microseconds.
    """
    posts = list(topic.posts.values())[-_NEWEST:]
    held = _held(posts)
    _withhold_methods(topic, held, len(posts), is_at_risk=is_at_risk)
    _release(topic, posts, held, counts, broadcast, names=names)
    weights = {
        term: _shading(term, broadcast) * (held[term] / len(posts)) * weigh(term)
        for term in topic.shown
        if term in held and term.strip("#") not in _TALK
    }
    ranked = sorted((term for term in weights if weights[term] > 0), key=lambda term: (-weights[term], term))
    speaks = len(posts) >= _SPEAKING or topic.line is None
    if speaks and ranked:
        clear = [term for term in ranked if weights[term] >= _FAINT * weights[ranked[0]]]
        if len(clear) < _FULL and not any(map(CHILD_WORD.search, (*clear, LABELS[category]))):
            clear += [term for term in ranked[len(clear) :] if term in _CHILD][:1]
        _tell(topic, _preferred(clear, _MIN_TITLE_TERMS, broadcast), weights, posts, LABELS[category], broadcast)
    told = [_phrase(phrase, topic.shown) for phrase in topic.told]
    title = _headline(category, tuple(told), since_ms=topic.first_ms, authors=topic.raised_authors)
    if topic.line is not None and not speaks:
        kept = [term for term in topic.line.keywords if not any(word in term for word in topic.withheld)]
        return Wording(title, kept)
    words = [_told(term, topic.shown) for term in _preferred(ranked, _MIN_KEYWORDS, broadcast)]
    phrases = [told for told, phrase in zip(told, topic.told, strict=True) if " " in phrase]
    keywords = list(dict.fromkeys([*phrases[:_MOST_PHRASES], *words]))[:KEYWORDS]
    missing = [part for part in told if part not in keywords]  # the last guard knows a title's words by its keywords
    return Wording(title, [*keywords[: KEYWORDS - len(missing)], *missing])


def _may_join(one: str, other: str, broadcast: Broadcast) -> bool:
    """Whether two words may be said in one breath: reviewed, no places, and naming none together.

    What was done does not follow directly upon a thing or a bystander: "kitchen" did not do it. A bare word for
    children ends no phrase of an ordinary act: of "delete children's pictures" the pictures may not be shown. The sort
    of place that children are of ("农村") names none.
    """
    headings = [_HEADINGS.get(word, "") for word in (one, other)]
    if other in _CHILD and tells_sort(one):
        headings[0] = ""
    if headings[0].startswith(_THINGS) and headings[1].startswith(_HARMS):
        return False
    if other in _CHILD and headings[0].startswith(_ORDINARY):
        return False
    if any("#" in word or not broadcast.is_reviewed(word) or not _tells(word) for word in (one, other)):
        return False
    return not any(map(_names_place, (*headings, one + other)))


def _names_place(text: str) -> bool:
    return text.startswith(_PLACES) or is_place(text) or POINTING.search(text) is not None


def _phrase(phrase: str, shown: Collection[str]) -> Told:
    """The words of a phrase, released one by one."""
    return joined("", [_told(word, shown) for word in phrase.split(" ")])


def _told(term: str, shown: Collection[str]) -> Told:
    """A released term without its marks."""
    return release(term.strip("#"), (term.strip("#"),) if term in shown else ())


def headline(category: str, told: Sequence[Told], *, since_ms: int, authors: int = 0) -> Told:
    """A title of 6-30 characters from terms that may be shown, in the order given.

    Where there are none, or a single word, numbers tell one topic from another.

    >>> video, pupil = Told("视频"), Told("中学生")
    >>> headline("bullying", [video, pupil], since_ms=0)
    '校园欺凌：视频、中学生'
    >>> headline("bullying", [video], since_ms=1_772_380_800_000, authors=9)
    '校园欺凌：视频（00:00 起）'
    >>> headline("bullying", [Told("殴打中学生"), video], since_ms=0)
    '校园欺凌：殴打中学生、视频'
    >>> headline("bullying", [], since_ms=1_772_380_800_000, authors=9)
    '校园欺凌：新词，见控制台（00:00 起，9 人）'
    """
    label = release(LABELS.get(category, LABELS["other"]), LABELS.values())
    fitting = set(_fitting(told, label))
    chosen = [term for term in dict.fromkeys(told) if term in fitting]
    if len(chosen) > 1 or any(len(told) >= _PHRASE_CHARS for told in chosen):
        return compose("{}：{}", label, joined("、", chosen))
    since = datetime.fromtimestamp(since_ms / 1000, tz=UTC).astimezone(BEIJING)
    if chosen:
        numbered = compose("{}：{}（{:02}:{:02} 起）", label, chosen[0], since.hour, since.minute)
        return numbered if len(numbered) <= TITLE_CHARS else compose("{}：{}", label, chosen[0])
    if authors:
        return compose("{}：新词，见控制台（{:02}:{:02} 起，{} 人）", label, since.hour, since.minute, authors)
    return compose("{}：新词，见控制台（{:02}:{:02} 起）", label, since.hour, since.minute)


_headline = lru_cache(maxsize=_REMEMBERED)(headline)


def _fitting(told: Sequence[str], label: str) -> list[str]:
    """What has room behind the label and is not said by another word or the label, without marks."""
    bare = [term.strip("#") for term in told]
    chosen: list[str] = []
    for term in bare:
        is_said = term in label or any(term in other for other in (*bare, *chosen) if other != term) or term in chosen
        is_said = is_said or any(_says_nearly(other, term) for other in chosen)
        if not is_said and len(chosen) < _TITLE_TERMS and len("、".join((label, *chosen, term))) <= TITLE_CHARS:
            chosen.append(term)
    return chosen


def _says_nearly(other: str, term: str) -> bool:
    """Whether all of a term but one character stands in a row in another one.

    >>> _says_nearly("高考准考证", "准考证号"), _says_nearly("小学生", "中学生")
    (True, False)
    """
    size = max(len(term) - 1, _SHARED_CHARS)
    return any(term[start : start + size] in other for start in range(len(term) - size + 1))


def _held(posts: Collection[Evidence]) -> dict[str, int]:
    """Term -> posts it stands in."""
    held: dict[str, int] = {}
    for said, count in Counter(map(_said, posts)).items():
        for term in said:
            held[term] = held.get(term, 0) + count
    return held


def _withhold_methods(topic: Topic, held: Mapping[str, int], posts: int, *, is_at_risk: bool) -> None:
    """Of suicide no method is told (`detectors.methods`), once it is known to be one."""
    said = (*topic.core(CORE), *(term for term, count in held.items() if count >= _COMMON * posts))
    if is_at_risk or is_of_suicide(said):
        topic.withheld.update(filter(is_method, {*topic.core(_RELEASED), *held, *topic.shown, *_lost(topic)}))


def _lost(topic: Topic) -> Collection[str]:
    """Terms of its posts that are gone, of which a line may tell, too."""
    return topic.lost.terms if topic.lost is not None else ()


def _release(
    topic: Topic,
    posts: Sequence[Evidence],
    held: dict[str, int],
    counts: Counts,
    broadcast: Broadcast,
    *,
    names: Collection[str],
) -> None:
    """Release what may be shown now; withdraw what turns out to stand in the name of a person or place."""
    marks = set(chain.from_iterable(map(_withheld, posts))).union(names)
    common = [term for term, count in held.items() if count / len(posts) >= _COMMON]
    candidates = {*topic.core(_RELEASED), *(term for term in common if not term.startswith(CONVERSATION))}
    if marks:
        topic.withheld.update(
            term
            for term in {*candidates, *topic.shown, *_lost(topic)}
            if _is_name(term, broadcast.mark(term), marks, posts, broadcast)
        )
    new = candidates - topic.shown
    released = {term for term in new if broadcast.may_show(term, counts.authors(term, RING_MINUTES))}
    topic.shown = (topic.shown | released) - topic.withheld
    topic.shown -= {tag for tag in topic.shown if tag[0] == "#" and any(term in tag for term in topic.withheld)}
    topic.told = [phrase for phrase in topic.told if topic.shown.issuperset(phrase.split(" "))]


def _is_name(term: str, mark: str, marks: AbstractSet[str], posts: Sequence[Evidence], broadcast: Broadcast) -> bool:
    """Whether a word is somebody's or a place's name here, as far as posts show.

    Of a word that is not past doubt one post is believed, of any topic. One that people have reviewed is a name where
    several people write it as nothing but a name is written, or in several conversations as a name may be: one text in
    a hundred and fifty does so by chance, and one text may be everybody's (docs/decisions/0051). Behind a word for a
    child much stands that is no name: of things it takes nearly all who write of them, of other reviewed words nothing.
    """
    if mark in marks and not broadcast.is_past_doubt(term):
        return True
    if marks.isdisjoint((mark, PERHAPS + mark)):
        return False
    writing = [post for post in posts if term in post.said]
    people = len({post.author for post in writing})

    def people_with(sign: str) -> int:
        return len({post.author for post in writing if sign in post.withheld})

    if people_with(CALLED + mark) >= max(_LEAST_CALLERS, _LEAST_CALLED * people):
        return True
    is_thing = _HEADINGS.get(term, _THINGS).startswith(_THINGS)
    least = _LEAST_BESIDE if broadcast.is_reviewed(term) else _LEAST_CALLED
    if is_thing and people_with(PERHAPS + mark) >= max(_LEAST_CALLERS, least * people):
        return True
    talks = {post.conversation for post in writing if mark in post.withheld}
    return len(talks) >= max(_LEAST_CALLERS, _LEAST_SEEMING * len({post.conversation for post in writing}))


def _tells(term: str) -> bool:
    return term.strip("#") not in _TALK


def _preferred(ranked: Sequence[str], least: int, broadcast: Broadcast) -> list[str]:
    """The reviewed terms, and behind them as many others as make `least`."""
    reviewed: list[str] = []
    others: list[str] = []
    for term in ranked:
        (reviewed if broadcast.is_reviewed(term) else others).append(term)
    return reviewed + others[: max(least - len(reviewed), 0)]


def _shading(term: str, broadcast: Broadcast) -> float:
    if term in _CHILD:
        return _BARE
    if not broadcast.is_reviewed(term):
        return _UNREVIEWED
    return _SHADINGS.get(term, 1.0)


def _tell(  # noqa: PLR0917 - what it weighs
    topic: Topic,
    clear: Sequence[str],
    weights: dict[str, float],
    posts: Sequence[Evidence],
    label: str,
    broadcast: Broadcast,
) -> None:
    """Put the most telling terms into the title, in the order of the posts, if that tells clearly more."""
    best = _fitting_terms(tuple(clear), label)
    present = sum(weights.get(word, 0.0) for phrase in topic.told for word in phrase.split(" "))
    if sum(weights[term] for term in best) >= _GAIN * present:
        links = links_of(posts, lambda one, other: {one, other} <= topic.shown and _may_join(one, other, broadcast))
        phrases = phrases_of(best, links, TITLE_CHARS - len(label) - len(best))
        places = _places({word for phrase in phrases for word in phrase}, posts)
        ordered = sorted(phrases, key=lambda phrase: (places[phrase[0]], phrase))
        topic.told = [" ".join(phrase) for phrase in ordered]


@lru_cache(maxsize=_REMEMBERED)
def _fitting_terms(ranked: tuple[str, ...], label: str) -> Sequence[str]:
    """The first terms that fit in a title together; a longer term takes the place of one it contains."""
    chosen: list[str] = []
    for term in ranked:
        fits = _fitting([*chosen, term], label)
        chosen = [kept for kept in (*chosen, term) if kept.strip("#") in fits]
    return chosen


def _places(terms: Collection[str], posts: Sequence[Evidence]) -> dict[str, float]:
    """Term -> where it stands among the terms on average."""
    found: dict[str, list[int]] = {term: [] for term in terms}
    for post in posts:
        order = {term: place for place, term in enumerate(post.terms)}
        for term, places in found.items():
            if term in order:
                places.append(order[term])
    return {term: sum(places) / len(places) if places else 0.0 for term, places in found.items()}
