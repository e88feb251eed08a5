"""One post in, what is counted out: who is heard, what becomes a term, and where redaction stands."""

from pathlib import Path

import msgspec
import pytest

import detectors.relevance
from contracts.post import FORGETTING, Author, Post, Quoted
from contracts.settings import RelevanceSettings, Settings
from detectors.delta import CALLED
from detectors.identity import Redacted
from detectors.lexicon import Lexicon, read_rules
from detectors.relevance import MODEL_FILE, Relevance
from detectors.veil import HIDDEN, Veil
from producers.author_key import ARCHIVE_SALT, AuthorKeys
from streams.listen import Listener
from streams.segment import load_segmenter
from tongsheng import wiring

MAYBE = "妈妈做的饭最好吃，老师也说好"  # about children, or not: scores less than 0.3
STORY = "幼儿园老师用针扎孩子，多名幼儿身上有伤，家长报警称遭到虐童"


VEIL = Veil(b"a key of the tests", lambda _: True)


def UNCHANGED(text: str) -> Redacted:  # noqa: N802 - stands for a constant
    return Redacted(text, ())


@pytest.fixture(scope="module")
def listener() -> Listener:
    return wiring.listener(Settings(), wiring.local_veil(Settings()))


def post(text: str, *, of: Quoted | None = None, number: int = 1) -> Post:
    return Post(
        id=f"weibo:{number}",
        platform="weibo",
        kind="repost" if of else "post",
        at_ms=1_772_380_800_000,
        author=Author(key="a1", followers=5),
        text=text,
        of=of,
    )


def test_evidence_tells_which_words_stand_side_by_side(listener: Listener) -> None:
    """As places among its terms; of a repost those of the original, whose terms come first."""
    text = "学校通报：幼儿园教师殴打学生，家长报警称遭到虐童"
    alone = listener.hear(post(text)).evidence
    quoted = listener.hear(post("太可怕了，孩子还好吗", of=Quoted(id="weibo:0", text=text), number=2)).evidence

    assert alone is not None
    assert quoted is not None
    for heard in (alone, quoted):
        said = {heard.terms[one] + heard.terms[other] for one, other in heard.joints}
        assert {"教师殴打", "殴打学生", "家长报警"} <= said
        assert "学校幼儿园" not in said


def test_a_post_that_may_be_about_children_counts_with_how_far_it_is() -> None:
    """From a third of the threshold on; in percent of it, whatever the operator has set."""
    score = listener_from(0.5).judge(MAYBE).judgement.score

    sure, near, no = [listener_from(score / share).hear(post(MAYBE)).evidence for share in (2, 0.8, 0.3)]

    assert sure is not None
    assert near is not None
    assert no is None
    assert [sure.relevance, near.relevance] == pytest.approx([200, 80], abs=1)
    assert (sure.is_relevant, near.is_relevant) == (True, False)
    assert sure.terms == near.terms
    assert not listener_from(score / 0.8).judge(MAYBE).is_child


def test_what_quotes_a_text_is_heard_only_where_that_may_raise_a_topic() -> None:
    """All that quote it are judged alike, so that no others of them could tell more."""
    score = listener_from(0.5).judge(MAYBE).judgement.score
    quoting = post("转发微博", of=Quoted(id="weibo:0", text=MAYBE))

    assert listener_from(score / 0.95).hear(quoting).evidence is not None
    assert listener_from(score / 0.8).hear(quoting).evidence is None


def test_a_remark_before_what_it_answers_is_no_lead() -> None:
    """What somebody says before a chain is not what the chain is about; such a post is read once, as a whole."""
    remark, chain = (
        "昨晚的比赛最后一分钟绝杀，主队拿下了冠军，全场球迷都站起来了，真是太精彩了，太难得了，太好看了，太值了",
        STORY,
    )
    judge = listener_from(0.5).judge

    assert judge(f"{remark} //@某人: {chain}").judgement.score < judge(f"{remark}。{chain}").judgement.score


def listener_from(threshold: float) -> Listener:
    settings = Settings(relevance=RelevanceSettings(threshold=threshold))
    return wiring.listener(settings, wiring.local_veil(settings))


def test_a_post_about_children_becomes_evidence_with_its_terms(listener: Listener) -> None:
    """Terms are words, hidden where the dictionary lacks them; the text goes on redacted."""
    heard = listener.hear(post(STORY))

    assert heard.evidence is not None
    assert {"幼儿园", "老师", "家长"} <= set(heard.evidence.terms)
    own = wiring.local_veil(Settings()).mark("weibo:1")
    assert (heard.evidence.author, heard.evidence.followers, heard.evidence.conversation) == ("a1", 5, own)
    assert all(len(term) < 10 or term.startswith(HIDDEN) for term in heard.evidence.terms)


@pytest.mark.parametrize(
    ("said", "region"),
    [
        ("广东 广州", "广东广州"),
        ("发布于 广东", "广东"),
        ("北京 海淀区云溪路", "北京"),
        ("苗禾禾家", ""),
        (None, ""),
    ],
)
def test_evidence_says_where_its_author_is_no_finer_than_a_prefecture(
    listener: Listener, said: str | None, region: str
) -> None:
    """Whatever a source writes there."""
    told = post(STORY)
    heard = listener.hear(msgspec.structs.replace(told, author=Author(key="a1", region=said)))

    assert heard.evidence is not None
    assert heard.evidence.region == region


@pytest.mark.parametrize("is_archived", [True, False], ids=["archived", "live"])
def test_evidence_and_rankings_say_whether_they_are_replayed(listener: Listener, is_archived: bool) -> None:
    """What topics of archives are known by."""
    one = msgspec.structs.replace(post(STORY), archived=is_archived)
    listed = msgspec.structs.replace(one, id="weibo_hot_search:x", kind="ranking", rank=3)

    heard, ranked = listener.hear(one), listener.hear(listed)

    assert heard.evidence is not None
    assert ranked.ranking is not None
    assert (heard.evidence.archived, ranked.ranking.archived) == (is_archived, is_archived)


def test_a_post_about_something_else_only_counts_as_seen(listener: Listener) -> None:
    """Exposure counts every post."""
    assert listener.hear(post("今天北京大风降温，出门记得多穿点")).evidence is None


def test_a_repost_is_about_what_it_quotes(listener: Listener) -> None:
    """Its own words say little; the original's terms and the conversation count for it."""
    heard = listener.hear(post("转发微博", of=Quoted(id="weibo:9", text=STORY), number=2))
    other = listener.hear(post("孩子真可爱，我家宝宝也是", of=Quoted(id="weibo:8", text="明天油价上调"), number=3))

    assert heard.evidence is not None
    assert {"幼儿园", f"@{heard.evidence.conversation}"} <= set(heard.evidence.terms)
    assert heard.evidence.conversation == wiring.local_veil(Settings()).mark("weibo:9")
    assert not any("weibo:9" in term for term in heard.evidence.terms)
    assert other.evidence is None


def test_updates_of_a_post_have_its_key(listener: Listener) -> None:
    """The same id is the same post, whatever else changed."""
    assert listener.hear(post("早")).key == listener.hear(post("早安")).key


def test_numbers_and_handles_never_become_terms(listener: Listener) -> None:
    """Phone numbers, ids, links and @names of a post about a child are not counted."""
    text = f"{STORY} 联系电话13812345678 身份证110101201001011234 @王小明的妈妈 http://t.cn/A6rDuVxA 微信abc123456"
    heard = listener.hear(post(text))

    assert heard.evidence is not None
    clear = [term for term in heard.evidence.terms if not term.startswith(HIDDEN)]
    assert not [term for term in clear if any(c.isdigit() for c in term) or "王小明" in term]
    assert "［电话］" in heard.evidence.sample
    assert "138" not in heard.evidence.sample


def test_a_name_is_counted_and_cannot_be_read(listener: Listener) -> None:
    """With a cue or without one the same word counts the same, so that it may burst; nobody sees which it is."""
    cued = listener.hear(post("寻找女儿赵梓涵，幼儿园放学后被人贩子拐走", number=31)).evidence
    bare = listener.hear(post("赵梓涵快回家，被人贩子拐走的孩子都要平安", number=32)).evidence

    assert cued is not None
    assert bare is not None
    name = wiring.local_veil(Settings()).mark("赵梓涵")
    assert name in cued.terms
    assert name in bare.terms
    assert not [term for evidence in (cued, bare) for term in evidence.terms if "梓" in term]
    assert "梓" not in cued.sample
    assert wiring.local_veil(Settings()).mark("梓涵") in cued.withheld


def test_a_word_of_a_school_name_is_marked(listener: Listener) -> None:
    """So that no title shows it, though it is a word of the dictionary."""
    evidence = listener.hear(post("芦花小学的老师用针扎孩子，家长报警", number=33)).evidence

    assert evidence is not None
    assert wiring.local_veil(Settings()).mark("芦花") in evidence.withheld
    assert "芦花" not in "".join((*evidence.terms, evidence.sample))


def test_a_message_is_counted_and_never_sampled(listener: Listener) -> None:
    """What was told in confidence stays with whom it was told."""
    told = post(STORY, number=34)
    evidence = listener.hear(msgspec.structs.replace(told, kind="message")).evidence

    assert evidence is not None
    assert evidence.terms
    assert evidence.sample == ""


def test_redaction_stands_before_segmentation() -> None:
    """What a redactor takes out can become no term: the hook's place in the flow."""
    redacting = Listener(
        load_segmenter("rjieba"),
        Relevance.load(),
        lambda text: Redacted(text.replace("苗禾禾", "［姓名］"), ("name",)),
        VEIL,
    )
    heard = redacting.hear(post("#寻找苗禾禾# 人贩子拐走一名男童苗禾禾，警方发布寻人启事", number=4))

    assert heard.evidence is not None
    assert not [term for term in heard.evidence.terms if "禾" in term]


def test_a_word_that_stands_as_a_name_is_marked(listener: Listener) -> None:
    """Once where something else may stand, twice where hardly anything does; of plain words not at all."""
    text = "求扩散，幼儿园女孩课桌，7岁，走失，监控被家长看到，孩子穿红衣服"
    told = listener.hear(post(text)).evidence
    plain = listener.hear(post("幼儿园的课桌被家长砸了，孩子都哭了，老师报警")).evidence

    assert told is not None
    assert plain is not None
    marks = {mark for mark in told.withheld if mark.startswith(CALLED)}
    assert len(marks) == 1
    assert {mark.removeprefix(CALLED) for mark in marks} < set(told.withheld)
    assert not any(mark.startswith(CALLED) for mark in plain.withheld)


def entry(text: str, *, at_ms: int = 1_772_380_800_000) -> Post:
    return Post(
        id="weibo_hot_search:校车侧翻多名幼儿受伤",
        platform="weibo",
        kind="ranking",
        at_ms=at_ms,
        author=Author(key="list:weibo_hot_search"),
        text=text,
        rank=3,
        heat=480_000,
    )


def test_an_entry_of_a_hot_list_becomes_a_ranking_and_no_evidence(listener: Listener) -> None:
    """It is nobody's post; its title's words stay in order, its description's terms stand apart."""
    heard = listener.hear(entry("幼儿园校车侧翻5名幼儿受伤\n今天上午，临湖县一辆校车在转弯时侧翻，家长赶到现场。"))

    assert heard.evidence is None
    assert heard.list == "weibo_hot_search"
    assert heard.ranking is not None
    assert (heard.ranking.list, heard.ranking.rank, heard.ranking.heat) == ("weibo_hot_search", 3, 480_000)
    assert "".join(heard.ranking.title) == "幼儿园校车侧翻5名幼儿受伤"
    assert {"校车", "侧翻", "5名"} <= set(heard.ranking.head)
    assert {"家长", "现场"} <= set(heard.ranking.body)
    assert not set(heard.ranking.head) & set(heard.ranking.body)


def test_an_entry_of_a_child_in_danger_now_says_so(listener: Listener) -> None:
    """By the words of title and description, as posts do; that it spreads a child is for posts."""
    now = listener.hear(entry("小学女生站在楼顶要跳楼\n消防员正在紧急营救这名女生。")).ranking
    over = listener.hear(entry("小学女生站在楼顶要跳楼\n警方通报：女生已获救。")).ranking
    shown = listener.hear(entry("寻人：小学女生走失请扩散\n这是照片，现在求转发，联系妈妈。")).ranking

    assert now is not None
    assert over is not None
    assert shown is not None
    assert (now.signs, over.signs, shown.signs) == (("minor-at-risk",), (), ())


def test_an_entry_about_something_else_only_tells_that_the_list_was_read(listener: Listener) -> None:
    """So that another entry's going is seen."""
    heard = listener.hear(entry("明天油价上调"))

    assert (heard.list, heard.ranking, heard.evidence) == ("weibo_hot_search", None, None)


def test_an_entry_is_judged_without_the_cue_scan() -> None:
    """The scan misses one accepted headline in thirty."""
    model = Path(detectors.relevance.__file__).parent / "data" / MODEL_FILE
    deaf = Relevance(model.read_bytes(), ["\x01"])
    judged = Listener(load_segmenter("rjieba"), deaf, UNCHANGED, VEIL)

    assert judged.hear(post(STORY)).evidence is None
    assert judged.hear(entry(STORY)).ranking is not None


def test_each_snapshot_of_an_entry_has_its_own_key(listener: Listener) -> None:
    """Rank and heat of every snapshot travel on; the same snapshot sent again does not."""
    text = "幼儿园校车侧翻多名幼儿受伤"
    keys = [
        listener.hear(entry(text, at_ms=at)).key for at in (1_772_380_800_000, 1_772_380_860_000, 1_772_380_800_000)
    ]

    assert keys[0] == keys[2] != keys[1]


def test_a_phone_number_on_a_list_never_becomes_a_term(listener: Listener) -> None:
    """Small numbers with their unit count; long ones do not."""
    heard = listener.hear(
        entry("幼儿园孩子走失家长寻找\n孩子6岁，联系电话13812345678，身份证110101201001011234，悬赏20000元")
    )

    assert heard.ranking is not None
    terms = {*heard.ranking.head, *heard.ranking.body}
    assert {term for term in terms if any(c.isdigit() for c in term)} == {"6岁"}


def test_redaction_stands_before_a_title_is_cut() -> None:
    """No word of what a redactor takes out travels on."""
    redacting = Listener(
        load_segmenter("rjieba"),
        Relevance.load(),
        lambda text: Redacted(text.replace("苗禾禾", "［姓名］"), ("name",)),
        VEIL,
    )
    heard = redacting.hear(entry("人贩子拐走男童苗禾禾\n警方发布寻人启事，男童苗禾禾今年6岁"))

    assert heard.ranking is not None
    assert "禾" not in "".join((*heard.ranking.title, *heard.ranking.head, *heard.ranking.body))


def test_what_was_judged_under_another_lexicon_is_forgotten() -> None:
    """A quoted original and a text judged by itself are remembered until the lexicon changes, and not a post longer."""
    judges = [Relevance.load()]
    listening = Listener(load_segmenter("rjieba"), judges[0], UNCHANGED, VEIL, newest=lambda: judges[-1])
    quoted = Quoted(id="weibo:9", text=STORY)
    before, alone = listening.hear(post("转发微博", of=quoted, number=5)), listening.judge(STORY)

    judges.append(judges[0].with_lexicon(Lexicon(read_rules("never 幼儿园 针扎".encode(), "own.txt"))))
    after = listening.hear(post("转发微博", of=quoted, number=6))

    assert before.evidence is not None
    assert after.evidence is None
    assert (alone.is_child, listening.judge(STORY).is_child) == (True, False)


def test_a_term_that_is_always_about_children_passes_the_scan() -> None:
    """The model and its cues need not know the word, in either script."""
    rules = read_rules("always 铁锁村案 -> abuse".encode(), "own.txt")
    listening = Listener(load_segmenter("rjieba"), Relevance.load(lexicon=Lexicon(rules)), UNCHANGED, VEIL)

    for number, text in enumerate(("铁锁村案今天有新消息", "鐵鎖村案今天有新消息"), start=7):
        heard = listening.hear(post(text, number=number))
        assert heard.evidence is not None
        assert heard.evidence.categories[0] == "abuse"


def test_a_post_says_whether_it_asks_the_organisation_or_is_its_own() -> None:
    """By its own words, by the account that wrote it, and by whom it quotes; never by what it quotes."""
    ours = Settings.model_validate(
        {"organisation": {"account": [{"platform": "weibo", "id": "1234", "followers": 250_000}]}}
    )
    heard = wiring.listener(ours, wiring.local_veil(ours))
    us = Author(key=AuthorKeys(ARCHIVE_SALT).of("weibo", "1234"))
    asking, quoted = "@联合国儿童基金会 你们怎么看？", Quoted(id="weibo:0", text=STORY, author=us)

    def marks(told: Post) -> tuple[tuple[str, ...], int | None]:
        evidence = heard.hear(told).evidence
        assert evidence is not None
        return evidence.marks, evidence.followers

    assert marks(post(f"{STORY} {asking}")) == (("asked",), 5)
    assert marks(post(asking, of=quoted, number=2)) == (("echo", "asked"), 5)
    assert marks(post("太可怕了", of=Quoted(id="weibo:9", text=f"{STORY} {asking}"), number=3)) == ((), 5)
    assert marks(msgspec.structs.replace(post(STORY, number=4), author=us)) == (("own",), 250_000)


def test_what_its_platform_no_longer_shows_is_told_as_gone(listener: Listener) -> None:
    """A deleted post or original, a notice in the place of either; not a post that is to be forgotten."""
    notice = "抱歉，此微博已被作者删除。查看帮助：http://t.cn/Rfd3rQV"
    deleted = msgspec.structs.replace(post(STORY), deleted=True)
    forgotten = msgspec.structs.replace(deleted, author=Author(key=FORGETTING))

    def told(one: Post) -> tuple[str, str]:
        heard = listener.hear(one)
        return heard.forgets, heard.gone

    assert told(deleted) == ("weibo:1", "weibo:1")
    assert told(post(notice)) == ("weibo:1", "weibo:1")
    assert told(forgotten) == ("weibo:1", "")
    assert told(post("可惜", of=Quoted(id="weibo:0", text=notice))) == ("", "weibo:0")
    assert told(post("可惜", of=Quoted(id="weibo:0", deleted=True))) == ("", "weibo:0")
    assert told(post("可惜", of=Quoted(id="weibo:0", text=STORY))) == ("", "")
