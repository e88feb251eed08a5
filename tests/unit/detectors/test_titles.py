"""What a topic is called: a few words that may be shown, and never the name of a place."""

from collections.abc import Iterable, Sequence

import msgspec
import pytest
import rjieba
from msgspec.structs import replace

from contracts.told import Told
from contracts.topic import TopicLine
from detectors.broadcast import MIN_AUTHORS, Broadcast
from detectors.burst import BurstRules
from detectors.categories import CATEGORIES
from detectors.counts import Counts
from detectors.delta import Evidence
from detectors.report import describe
from detectors.titles import Wording, headline, word
from detectors.topics import Lost, Topic
from detectors.usual import Usual
from tests.feed_lines import line

AT_MS = 1_772_380_800_000
REVIEWED = ("校车", "侧翻", "疫苗", "过期", "救援", "教师", "针扎", "孩子", "随手拍", "解救", "随手拍解救")
BROADCAST = Broadcast(REVIEWED, rjieba.tag, str)
RARITY = {"校车": 6.0, "侧翻": 8.0, "疫苗": 7.0, "过期": 7.0, "救援": 5.0, "孩子": 2.0, "芦花": 9.0}


def weigh(term: str) -> float:
    return RARITY.get(term, 6.0)


def told(words: Iterable[str]) -> list[Told]:
    return [Told(word) for word in words]


def evidence(number: int, terms: Sequence[str]) -> Evidence:
    return Evidence(f"weibo:{number}", f"a{number}", AT_MS, "weibo", 1, f"weibo:{number}", tuple(terms), ("safety",))


def topic_of(*posts: Sequence[str], bursting: Sequence[str] = ()) -> Topic:
    topic = Topic(id="t", born_ms=AT_MS, first_ms=AT_MS, active_ms=AT_MS, raised_ms=AT_MS, raised_authors=len(posts))
    topic.terms = dict.fromkeys(bursting or {term for post in posts for term in post}, 9.0)
    topic.posts = {f"weibo:{number}": evidence(number, terms) for number, terms in enumerate(posts)}
    return topic


def counts_of(authors: int, *terms: str) -> Counts:
    counts = Counts(half_life_minutes=60.0)
    counts.roll(AT_MS // 60_000)
    counts.add({AT_MS // 60_000: 1000}, {AT_MS // 60_000: dict.fromkeys(terms, authors)})
    return counts


def title_of(topic: Topic, counts: Counts | None = None) -> str:
    return word(topic, "safety", counts or counts_of(5), broadcast=BROADCAST, weigh=weigh).title


def word_of(topic: Topic) -> Wording:
    terms = {term for post in topic.posts.values() for term in post.terms}
    return word(topic, "safety", counts_of(1000, *terms), broadcast=BROADCAST, weigh=weigh)


@pytest.mark.parametrize("category", CATEGORIES)
@pytest.mark.parametrize(
    "terms",
    [[], ["疫苗"], ["疫苗"] * 9, [f"词语{n}很长很长很长" for n in "甲乙丙丁戊"], ["长" * 40], ["#随手拍解救#"]],
    ids=["none", "one", "one-nine-times", "long", "endless", "hashtag"],
)
def test_a_title_has_six_to_thirty_characters(category: str, terms: list[str]) -> None:
    """Whatever the terms, the headline keeps its length and shows no mark of a hashtag."""
    title = headline(category, told(terms), since_ms=AT_MS, authors=123)

    assert 6 <= len(title) <= 30
    assert "#" not in title


def test_a_name_that_another_topic_shows_is_told_of_none() -> None:
    """Posts of one child may be in two topics, of which one says that it is a name; a reviewed word stays."""
    topic = topic_of(*[["芦花", "侧翻"]] * 5)
    many = counts_of(1000, "芦花", "侧翻")
    before = word(topic, "safety", many, broadcast=BROADCAST, weigh=weigh)
    after = word(topic, "safety", many, broadcast=BROADCAST, weigh=weigh, names=frozenset(("芦花", "侧翻")))

    assert "芦花" in before.title
    assert "芦花" not in f"{after.title} {after.keywords}"
    assert "侧翻" in after.title


def test_a_title_does_not_say_a_word_twice() -> None:
    """A word that stands in another one, before or behind it, or in the category's name is left out."""
    terms = ["中学生视频", "视频", "食堂", "学校食堂", "校园"]

    assert headline("bullying", told(terms), since_ms=0) == "校园欺凌：中学生视频、学校食堂"


def test_topics_without_a_word_to_show_are_told_apart_by_numbers() -> None:
    """Each was called "new word, see console" before there was a console."""
    topics = [headline("education", told([]), since_ms=AT_MS + 60_000 * n, authors=5 + n) for n in range(3)]

    assert topics[0] == "儿童教育：新词，见控制台（00:00 起，5 人）"
    assert len(set(topics)) == 3
    assert headline("education", told([]), since_ms=AT_MS) == "儿童教育：新词，见控制台（00:00 起）"
    assert headline("education", told(["高考"]), since_ms=AT_MS, authors=9) == "儿童教育：高考（00:00 起）"


def test_what_another_word_says_already_has_no_room() -> None:
    """All but one character in a row; pupils of two kinds of school are two things."""
    title = headline("education", told(["高考准考证", "考点", "准考证号"]), since_ms=AT_MS)

    assert title == "儿童教育：高考准考证、考点"
    assert headline("education", told(["小学生", "中学生"]), since_ms=AT_MS) == "儿童教育：小学生、中学生"


def test_terms_stand_in_the_order_of_the_posts() -> None:
    """However telling they are: the bus comes before its overturning."""
    assert title_of(topic_of(*[["校车", "侧翻", "救援"]] * 5)) == "儿童安全：校车、侧翻、救援"


def test_a_word_of_most_posts_tells_though_it_did_not_burst() -> None:
    """A common word that all posts of the topic share belongs to what they say."""
    assert title_of(topic_of(*[["校车", "侧翻"]] * 5, bursting=["侧翻"])) == "儿童安全：校车、侧翻"


def test_words_of_talk_are_no_title() -> None:
    """Shown by many, telling nothing."""
    topic = topic_of(*[["视频", "今天", "侧翻"]] * 5)

    assert title_of(topic, counts_of(MIN_AUTHORS, "视频", "今天")) == "儿童安全：侧翻（00:00 起）"


def test_a_bare_word_for_children_gives_way_to_what_tells_more() -> None:
    """It stays where nothing else may be shown."""
    assert title_of(topic_of(*[["孩子", "校车", "侧翻"]] * 5)) == "儿童安全：校车、侧翻"
    assert title_of(topic_of(*[["孩子", "禾禾"]] * 5)) == "儿童安全：孩子（00:00 起）"


def test_a_short_title_names_the_child_where_its_label_does_not() -> None:
    """Of abuse it says who is hurt, however common the word; beside three words that tell more it has no place."""
    short, full = topic_of(*[["孩子", "针扎"]] * 5), topic_of(*[["孩子", "针扎", "校车", "侧翻"]] * 5)
    named_boy = Broadcast((*REVIEWED, "男孩"), rjieba.tag, str)
    abuse = [word(topic, "abuse", counts_of(5), broadcast=BROADCAST, weigh=weigh).title for topic in (short, full)]

    assert abuse == ["伤害虐待：孩子、针扎", "伤害虐待：针扎、校车、侧翻"]
    named = topic_of(*[["孩子", "男孩", "针扎"]] * 5)
    assert word(named, "abuse", counts_of(5), broadcast=named_boy, weigh=weigh).title == "伤害虐待：男孩、针扎"


@pytest.mark.parametrize(
    ("terms", "title"),
    [(["农村", "孩子", "疫苗"], "儿童安全：农村孩子、疫苗"), (["学校", "孩子", "疫苗"], "儿童安全：学校、疫苗")],
    ids=["a-sort", "a-kind"],
)
def test_children_of_a_sort_of_place_are_told_in_one_breath(terms: list[str], title: str) -> None:
    """It names none; a kind of place with what stands beside it may."""
    topic = topic_of(*[terms] * 5)
    topic.posts = {name: replace(post, joints=((0, 1),)) for name, post in topic.posts.items()}
    broadcast = Broadcast((*REVIEWED, "农村", "学校"), rjieba.tag, str)

    assert word(topic, "safety", counts_of(5), broadcast=broadcast, weigh=weigh).title == title


def test_a_word_that_names_a_school_here_is_not_shown_whatever_its_authors() -> None:
    """Found in a trial: 芦花 of 芦花小学 was shown, because it is a word of the dictionary."""
    topic = topic_of(*[["芦花", "小学", "侧翻"]] * 5)
    topic.posts["weibo:9"] = replace(evidence(9, ["侧翻"]), withheld=("芦花",))

    wording = word(topic, "safety", counts_of(1000, "芦花"), broadcast=BROADCAST, weigh=weigh)

    assert "芦花" not in wording.title + "".join(wording.keywords)
    assert "侧翻" in wording.title


def test_a_word_is_withdrawn_when_it_turns_out_to_name_a_school_and_stays_so() -> None:
    """The present title goes with it; when the post that told has aged out, the word does not come back."""
    topic = topic_of(*[["芦花", "侧翻"]] * 5)
    many = counts_of(1000, "芦花")
    assert title_of(topic, many) == "儿童安全：芦花、侧翻"

    topic.posts["weibo:9"] = replace(evidence(9, ["侧翻"]), withheld=("芦花",))
    assert title_of(topic, many) == "儿童安全：侧翻（00:00 起）"
    assert "芦花" not in topic.shown

    del topic.posts["weibo:9"]
    assert title_of(topic, many) == "儿童安全：侧翻（00:00 起）"


@pytest.mark.parametrize(("last", "is_at_risk"), [("报警", True), ("自杀", False)], ids=["in-danger", "suicide"])
def test_no_method_of_suicide_is_told(last: str, is_at_risk: bool) -> None:
    """Nor one that was told before, alone or in a phrase; of other topics the words are ordinary."""
    many = counts_of(1000, "女生", "坠楼", "农药", last)
    other = word(topic_of(*[["女生", "坠楼", "农药"]] * 5), "safety", many, broadcast=BROADCAST, weigh=weigh)
    assert {"坠楼", "农药"} <= set(other.keywords)
    topic = topic_of(*[["女生", "坠楼", "农药", last]] * 5)
    topic.line = line(title=other.title, keywords=["女生坠楼", *other.keywords])

    now = word(topic, "safety", many, broadcast=BROADCAST, weigh=weigh, is_at_risk=is_at_risk)
    topic.posts = dict(list(topic.posts.items())[:1])  # down to a post it keeps its words
    late = word(topic, "safety", many, broadcast=BROADCAST, weigh=weigh, is_at_risk=is_at_risk)

    said = "".join((now.title, *now.keywords, late.title, *late.keywords))
    assert "坠楼" not in said
    assert "农药" not in said
    assert last in now.keywords


@pytest.mark.parametrize("method", ["跳楼", "割腕", "烧炭", "上吊"])
def test_a_method_that_is_of_suicide_by_itself_is_not_told(method: str) -> None:
    """Nobody need write the word suicide beside it."""
    topic = topic_of(*[["女生", method, "天台", "同学"]] * 5)
    said = word(topic, "safety", counts_of(1000, "女生", method, "天台", "同学"), broadcast=BROADCAST, weigh=weigh)

    assert method not in "".join((said.title, *said.keywords))
    assert "天台" not in "".join((said.title, *said.keywords))
    assert "同学" in said.keywords


def test_charcoal_beside_a_meal_is_an_accident() -> None:
    """Carbon monoxide is what an officer warns of."""
    topic = topic_of(*[["烧炭", "火锅", "中毒", "孩子"]] * 5)
    said = word(topic, "safety", counts_of(1000, "烧炭", "火锅", "中毒"), broadcast=BROADCAST, weigh=weigh)

    assert "烧炭" in said.keywords


def test_a_method_is_not_told_of_posts_that_are_gone() -> None:
    """A line tells which words the deleted posts shared; that is no way out for a method, or a name."""
    topic = topic_of(*[["女生", "自杀"]] * 5)
    topic.lost = Lost(first_ms=AT_MS, posts=9, terms={"烧炭": 9, "半夏": 9})
    topic.posts["weibo:9"] = replace(evidence(9, ["女生"]), withheld=("半夏",))

    word(topic, "safety", counts_of(1000, "女生", "自杀"), broadcast=BROADCAST, weigh=weigh)

    assert {"烧炭", "半夏"} <= topic.withheld


@pytest.mark.parametrize(
    ("marks", "callers", "talks", "is_told"),
    [
        (("!校车", "校车"), 3, 1, False),
        (("校车",), 4, 4, False),
        (("校车",), 9, 1, True),
        (("!校车", "校车"), 2, 9, True),
        (("校车",), 3, 3, True),
    ],
    ids=["surely, one text", "seemingly, four talks", "seemingly, one text", "two people", "three of twelve"],
)
def test_a_reviewed_word_that_is_a_name_here_is_withheld(
    marks: tuple[str, ...], callers: int, talks: int, is_told: bool
) -> None:
    """One text may seem to name somebody by chance, and be everybody's: of these it takes several."""
    topic = topic_of(*[["校车", "孩子", "走失", "报警"]] * 12)
    for number, name in enumerate(list(topic.posts)[:callers]):
        talk = f"talk {number % talks}"
        topic.posts[name] = replace(topic.posts[name], withheld=marks, conversation=talk)

    said = word_of(topic)

    assert ("校车" in "".join((said.title, *said.keywords))) == is_told


@pytest.mark.parametrize(
    ("word_there", "people", "is_told"),
    [("帆船", 4, False), ("帆船", 2, True), ("水壶", 10, False), ("水壶", 9, True), ("受伤", 12, True)],
    ids=["unread", "unread, two people", "a thing, nearly all", "a thing, three in four", "what was done"],
)
def test_what_stands_alone_behind_a_child_is_told_by_what_it_is(word_there: str, people: int, is_told: bool) -> None:
    """救救孩子水壶, and 学生受伤: of an act that people have reviewed it says nothing."""
    broadcast = Broadcast(("水壶", "受伤", "孩子"), rjieba.tag, str)
    topic = topic_of(*[[word_there, "孩子", "老师", "学校"]] * 12)
    for name in list(topic.posts)[:people]:
        topic.posts[name] = replace(topic.posts[name], withheld=(f"?{word_there}",))

    said = word(topic, "safety", counts_of(1000, word_there), broadcast=broadcast, weigh=weigh)

    assert (word_there in "".join((said.title, *said.keywords))) == is_told


def test_a_hashtag_that_holds_a_withheld_word_is_withheld() -> None:
    """#解救校车# is made of reviewed words, of which one is a child's name here."""
    topic = topic_of(*[["#解救校车#", "校车", "孩子"]] * 5)
    assert "#解救校车#" in word_of(topic).keywords or "解救校车" in word_of(topic).keywords
    for name, post in topic.posts.items():
        topic.posts[name] = replace(post, withheld=("校车",))

    said = word_of(topic)

    assert "校车" not in "".join((said.title, *said.keywords))


def test_a_reviewed_word_is_shown_before_a_kind_of_place() -> None:
    """People have released it knowing that."""
    topic = topic_of(*[["疫苗", "医院"]] * 5)
    topic.posts["weibo:9"] = replace(evidence(9, ["疫苗"]), withheld=("疫苗",))

    assert "疫苗" in title_of(topic)


def test_a_title_stays_unless_a_better_one_tells_clearly_more() -> None:
    """Words that come and go in a few posts do not make it flicker."""
    topic = topic_of(*[["校车", "侧翻"]] * 6)
    assert title_of(topic) == "儿童安全：校车、侧翻"

    topic.posts |= {f"weibo:{n}": evidence(n, ["侧翻", "救援"]) for n in range(10, 13)}
    assert title_of(topic) == "儿童安全：校车、侧翻"

    topic.posts |= {f"weibo:{n}": evidence(n, ["疫苗", "过期", "救援"]) for n in range(20, 80)}
    assert title_of(topic) == "儿童安全：疫苗、过期、救援"


def line_of(topic: Topic) -> TopicLine:
    topic.state = "emerging"
    return describe(
        topic, counts_of(5), at_ms=AT_MS, burst=BurstRules(), broadcast=BROADCAST, weigh=weigh, usual=Usual()
    )


def test_a_topic_that_is_down_to_a_few_posts_keeps_its_words() -> None:
    """Found in a trial: the title of a fading topic became "new topic" when two late posts said something else."""
    topic = topic_of(*[["校车", "侧翻"]] * 6)
    topic.line = line_of(topic)
    topic.posts = {"weibo:70": evidence(70, ["疫苗"])}

    line = line_of(topic)

    assert (line.title, line.keywords) == (topic.line.title, topic.line.keywords)
    assert line.title == "儿童安全：校车、侧翻"


def test_a_topic_is_of_an_archive_when_most_of_its_posts_are() -> None:
    """And stays what it was when all have aged out."""
    topic = topic_of(*[["校车", "侧翻"]] * 6)
    replayed = {name: msgspec.structs.replace(post, archived=True) for name, post in topic.posts.items()}

    topic.posts |= dict(list(replayed.items())[:3])
    assert not line_of(topic).archived

    topic.posts |= replayed
    topic.line = line_of(topic)
    assert topic.line.archived

    topic.posts.clear()
    assert line_of(topic).archived


def test_the_category_that_stood_first_stays_unless_clearly_outvoted() -> None:
    """Titles begin with it: one vote to and fro must not change them."""
    topic = topic_of(*[["校车", "侧翻"]] * 5)
    topic.line = line_of(topic)
    health = msgspec.structs.replace(evidence(0, ["校车"]), categories=("health",))

    topic.posts |= {f"weibo:{n}": health for n in range(10, 16)}
    assert line_of(topic).categories[0] == "safety"

    topic.posts |= {f"weibo:{n}": health for n in range(16, 26)}
    assert line_of(topic).categories[0] == "health"


def test_keywords_come_most_telling_first_and_each_once() -> None:
    """A hashtag and the word it is made of are one keyword; what nobody has reviewed only fills up to three."""
    terms = ["#疫苗#", "校车", "疫苗", "侧翻", "食堂", "操作"]
    topic = topic_of(*[terms] * 5)

    wording = word(topic, "safety", counts_of(MIN_AUTHORS, *terms), broadcast=BROADCAST, weigh=weigh)

    assert wording.keywords == ["侧翻", "疫苗", "校车"]
