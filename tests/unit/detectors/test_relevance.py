"""The relevance judge: what is about children, which category, and files that cannot be trusted."""

from collections.abc import Callable
from pathlib import Path
from shutil import copytree

import pytest

import detectors
from contracts.errors import SettingsError
from detectors.categories import CATEGORIES
from detectors.features import MAX_CHARS, features, first_clause
from detectors.lexicon import LEXICON_FILE, Lexicon, read_rules
from detectors.relevance import CUES_FILE, MODEL_FILE, Judgement, Relevance
from detectors.text import clean
from streams.segment import load_segmenter

Judge = Callable[[str], Judgement]
Damage = Callable[[bytes], bytes]

BUNDLED = Path(detectors.__file__).parent / "data"

# category -> an invented post
ABOUT_CHILDREN = {
    "abduction": "人贩子在集市上拐走一名四岁男童，警方发布寻人启事，家属仍在寻亲",
    "abuse": "幼儿园老师用针扎孩子，多名幼儿身上有伤，家长报警称遭到虐童",
    "bullying": "初中女生在校园厕所遭多名同学围殴辱骂，校园霸凌视频流出",
    "safety": "暑假两名小学生在河边玩水不幸溺水身亡，请家长看好孩子",
    "health": "医生提醒：儿童流感高发，家长应及时带孩子接种疫苗",
    "nutrition": "某品牌婴儿配方奶粉检出香兰素，妈妈们担心宝宝吃了问题奶粉",
    "education": "教育局通知全市中小学推迟开学，小学生每天书面作业不超过一小时",
    "poverty": "山区留守儿童冬天没有棉衣，志愿者为孤儿和困境儿童募捐",
    "online": "未成年人沉迷网络游戏，熊孩子给主播打赏两万元，平台限制未成年人充值",
    "justice": "十三岁少年杀人案开庭，法院审理未成年人犯罪案件，最高检核准追诉",
    "family": "三孩生育补贴发放，每个孩子每年三千元育儿补贴，年轻父母怎么看",
}

NOT_ABOUT_CHILDREN = {
    "fan slang, baby": "宝宝今天的舞台太帅了，新专辑打榜冲鸭，姐妹们快去投票",
    "fan slang, children": "孩子们冲鸭！演唱会门票开抢，应援棒准备好，哥哥等我",
    "university": "某大学研究生实验室深夜加班，导师回应延迟毕业，高校教授被通报",
    "animal young": "动物园的大熊猫生下一对幼崽，饲养员说熊猫妈妈状态很好",
    "weather": "今天北京大风降温，出门记得多穿点",
    "football": "昨晚的比赛最后一分钟绝杀，主队拿下冠军",
}


@pytest.fixture(scope="module")
def judge() -> Relevance:
    rules = read_rules((BUNDLED / LEXICON_FILE).read_bytes(), LEXICON_FILE)
    return Relevance.load(lexicon=Lexicon(rules))


@pytest.fixture(scope="module")
def judged(judge: Relevance) -> Judge:
    cut = load_segmenter("rjieba").cut

    def of(text: str) -> Judgement:
        own = clean(text).own
        return judge.judge(own, cut(own))

    return of


@pytest.mark.parametrize("category", ABOUT_CHILDREN)
def test_a_post_about_children_is_accepted_under_its_category(judge: Relevance, judged: Judge, category: str) -> None:
    """Each category but `other` has a plain case that is found and named."""
    found = judged(ABOUT_CHILDREN[category])

    assert found.score >= judge.threshold
    assert category in found.categories


@pytest.mark.parametrize("kind", NOT_ABOUT_CHILDREN)
def test_a_post_about_something_else_is_refused(judge: Relevance, judged: Judge, kind: str) -> None:
    """What merely sounds like children stays out, and has no category."""
    found = judged(NOT_ABOUT_CHILDREN[kind])

    assert found.score < judge.threshold
    assert found.categories == ()


@pytest.mark.parametrize("text", ABOUT_CHILDREN.values(), ids=ABOUT_CHILDREN)
def test_what_is_accepted_holds_a_cue(judge: Relevance, text: str) -> None:
    """The scan in front turns none of them away, in simplified or traditional script."""
    assert judge.has_cue(text)


@pytest.mark.parametrize("text", ["兒童節快樂", "小學開學了", "幼兒園裡的孩子們", "失蹤女嬰被找到"])
def test_traditional_script_holds_the_same_cues(judge: Relevance, text: str) -> None:
    """The scan reads raw text, before anything is simplified."""
    assert judge.has_cue(text)


@pytest.mark.parametrize("text", ["", "转发微博", "今天北京大风降温", "昨晚的比赛太精彩了", "🙂🙂", "hello world"])
def test_ordinary_chatter_holds_no_cue(judge: Relevance, text: str) -> None:
    """Most posts stop at the scan."""
    assert not judge.has_cue(text)


def test_a_lone_surrogate_does_no_harm(judge: Relevance) -> None:
    """Some platforms cut an emoji in half; the rest of the post still counts."""
    assert judge.has_cue("孩子\ud83d")
    assert not judge.has_cue("天气\ud83d")
    assert 0 <= judge.judge("孩子\ud83d", ["孩子", "\ud83d"]).score <= 1


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("孩\u200b子", id="unseen"),
        pytest.param("可 怜 的 孩 子", id="spaces"),
        pytest.param("那·个·孩·子", id="dots"),
        pytest.param("惨！//@路人:那😀个😀孩😀子", id="in-the-chain"),
    ],
)
def test_a_cue_counts_however_its_characters_are_kept_apart(judge: Relevance, text: str) -> None:
    """People write so of what is taken down; none of it may pass unheard."""
    assert judge.has_cue(text)
    assert not judge.has_cue(text.replace("孩", "天"))


def test_an_empty_text_is_about_nothing(judge: Relevance) -> None:
    """A repost without own words is judged by its original alone."""
    assert Judgement(0.0, (), "", judge.lexicon.version) == judge.judge("", [])


def test_words_that_do_not_fit_the_text_are_passed_over(judge: Relevance) -> None:
    """A caller that dropped or changed words gets a judgement, no error."""
    assert 0 <= judge.judge("孩子", ["完全", " ", "不同", "孩子"]).score <= 1


def test_the_same_text_is_judged_the_same_by_another_instance(judge: Relevance) -> None:
    """Nothing is drawn by chance, nothing remembered."""
    text, words = "两名小学生在河边溺水", ["两名", "小学生", "在", "河边", "溺水"]

    assert judge.judge(text, words) == judge.judge(text, words)
    assert judge.judge(text, words) == Relevance.load().with_lexicon(judge.lexicon).judge(text, words)


def test_a_headline_counts_more_than_what_follows_it(judged: Judge) -> None:
    """Of a short text of several clauses the first is weighed once more."""
    story, filler = "一名五岁女童在幼儿园被老师虐待受伤。", "今天股市小幅收涨，成交量比昨天略低一些。"

    assert judged(story + filler).score > judged(filler + story).score


@pytest.mark.parametrize("cry", ["呜", "哈", "啊", "！", "唉"])
def test_whoever_cries_or_laughs_at_length_hides_nothing(judge: Relevance, judged: Judge, cry: str) -> None:
    """A character that stands in a row counts twice at most, however long the row is."""
    story = "幼儿园老师扎针孩子"
    twice, often, always = (judged(story + count * cry).score for count in (2, 8, 40))

    assert min(often, always) > judge.threshold
    assert max(abs(twice - often), abs(often - always)) < 0.1


def test_a_long_text_may_be_about_a_child_in_one_sentence(judge: Relevance, judged: Judge) -> None:
    """Its most telling passage is weighed beside the whole, and its lead once more: first is worth more than last."""
    story, filler = "一名五岁女童在幼儿园被老师虐待受伤。", "今天股市小幅收涨，成交量比昨天略低一些。"
    first, last = judged(story + 8 * filler).score, judged(8 * filler + story).score

    assert judged(9 * filler).score < judge.threshold < last < first - 0.2


def test_categories_are_known_distinct_and_few(judged: Judge) -> None:
    """At most three, all of the table."""
    for text in ABOUT_CHILDREN.values():
        found = judged(text).categories
        assert 1 <= len(found) <= 3
        assert len(set(found)) == len(found)
        assert set(found) <= set(CATEGORIES)


@pytest.mark.parametrize("text", ["短", "一句话。", "甲，" * 40, "。。。。", "没有标点" * 30, "前半句比较长一些，尾"])
def test_the_first_clause_ends_within_the_text(text: str) -> None:
    """It is never empty and never reaches past the end."""
    assert 1 <= first_clause(text) <= len(text)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("6岁", "五岁", True), ("16岁", "十七岁", True), ("16岁", "26岁", False), ("3岁", "3个月大", False),
        ("未满18岁", "17岁", True), ("未满18,且", "17岁", True), ("不满十四周岁", "13岁", True),
        ("14岁以下", "13岁", True), ("18周岁", "17岁", False), ("未满18元", "", True),
    ],
)  # fmt: skip
def test_stated_ages_fall_into_groups(one: str, other: str, same: bool) -> None:
    """A child's age and an adult's are different features, however written."""
    assert same == (features(one, []).ages == features(other, []).ages)


def test_a_term_struck_by_the_lexicon_leaves_the_rest_to_the_model(judged: Judge, judge: Relevance) -> None:
    """only-with: alone the term tells nothing, beside real child words the text is still about children."""
    cut = load_segmenter("rjieba").cut
    strict = judge.with_lexicon(Lexicon(read_rules("only-with 宝宝: 妈妈 医院".encode(), "own.txt")))
    alone, real = "宝宝们看过来，今天的宝宝也太可爱啦", "这名宝宝出生三天就被亲生父母遗弃在派出所门口，婴儿已送福利院"

    assert judged(alone).score >= judge.threshold
    assert strict.judge(alone, cut(alone)).rule == "only-with 宝宝: 妈妈 医院"
    assert strict.judge(alone, cut(alone)).score < strict.threshold
    assert strict.judge(real, cut(real)).score >= strict.threshold


def test_a_text_of_the_longest_length_is_ranked(judge: Relevance) -> None:
    """The packed sums of all categories have room for every feature there can be."""
    text = "小学生溺水" * (MAX_CHARS // 5)

    assert judge.judge(text, list(text)).score >= 0
    assert set(judge.judge(text, ["小学生", "溺水"] * 200).categories) <= set(CATEGORIES)


def test_a_very_long_article_costs_no_more_than_its_head(judge: Relevance) -> None:
    """Only the first thousand characters are read."""
    head = "孩子上学。" * 200

    assert judge.judge(head, []).score == judge.judge(head + "股市。" * 10_000, []).score


def _damage(folder: Path, file: str, change: Damage) -> Path:
    target = copytree(BUNDLED, folder / "data")
    whole = (target / file).read_bytes()
    (target / file).write_bytes(change(whole))
    return target


@pytest.mark.parametrize(
    ("file", "change"),
    [
        pytest.param(MODEL_FILE, lambda raw: raw[:1000], id="model cut short"),
        pytest.param(MODEL_FILE, lambda raw: raw[:-1] + bytes([raw[-1] ^ 1]), id="model with one bit turned"),
        pytest.param(MODEL_FILE, lambda raw: raw[:4] + b"\x01" + raw[5:], id="model of another version"),
        pytest.param(MODEL_FILE, lambda _: b"", id="model empty"),
        pytest.param(CUES_FILE, lambda _: b"\n", id="cues empty"),
        pytest.param(CUES_FILE, lambda _: b"\xff\xfe", id="cues no UTF-8"),
    ],
)
def test_a_damaged_file_is_named_with_what_to_do(tmp_path: Path, file: str, change: Damage) -> None:
    """The operator reads which file and how to mend it, before any post is judged."""
    folder = _damage(tmp_path, file, change)

    with pytest.raises(SettingsError, match=r"tools/train_relevance\.py") as raised:
        Relevance.load(folder)

    assert raised.value.field == str(folder / file)


@pytest.mark.parametrize("file", [MODEL_FILE, CUES_FILE])
def test_a_missing_file_is_named_with_what_to_do(tmp_path: Path, file: str) -> None:
    """The same for a file that is not there."""
    folder = copytree(BUNDLED, tmp_path / "data")
    (folder / file).unlink()

    with pytest.raises(SettingsError, match="restore it") as raised:
        Relevance.load(folder)

    assert raised.value.field == str(folder / file)
