"""What a headline and a topic are weighed by, beside how alike two headlines are."""

from collections import Counter

import pytest
import rjieba

from detectors.profile import Profile, profile_of
from detectors.rarity import Rarity
from detectors.same_event import OF_STAGE, Bag, Candidate, Words, topic_stage, weighed

RARITY = Rarity()
WORDS = Words(weigh=RARITY.of_term, is_named=lambda term: term == "陕西", crowd=lambda _: 1)


def profile(title: str, told: str = "", *categories: str) -> Profile:
    head, body = ([word for word in rjieba.cut(text) if len(word) > 1] for text in (title, told))
    return profile_of(title, head, body, lambda _: False, lambda _: False, categories=categories or ("safety",))


def compared(new: Profile, *entries: Profile) -> Candidate:
    terms = Counter(term for entry in entries for term in entry.terms)
    pairs = {pair for entry in entries for pair in entry.pairs}
    bag = Bag("a", entries, terms, pairs, hours=1.0, stage=topic_stage(entries))
    return weighed(new, [bag], rarity=RARITY, words=WORDS)[0]


def test_words_for_one_thing_that_share_a_character_are_told() -> None:
    """A fall told as 坠楼 and as 坠亡 is nearer than a fall and a fine, though the same words are shared."""
    fall = profile("小镇学生坠楼")

    again, other = compared(profile("小镇学生坠亡"), fall), compared(profile("小镇学生罚款"), fall)

    assert again.evidence.retold > other.evidence.retold
    assert again.margin > other.margin


def test_somebody_on_an_occasion_is_an_event_of_his_own() -> None:
    """What befell somebody on a feast day ties less than the feast's own headlines do."""
    feast = profile("中秋校园灯会开幕")

    person = compared(profile("妈妈中秋校园灯会"), feast)
    general = compared(profile("全国中秋校园灯会"), feast)

    assert (person.evidence.person, general.evidence.person) == (1.0, 0.0)
    assert person.margin < general.margin


def test_a_stage_of_the_exam_takes_what_tells_of_it_and_nothing_else() -> None:
    """Two provinces' results are one event without a word in common; papers and somebody's marks are not."""
    results = profile("福建高考分数线")

    odds = [
        compared(profile(title), results).margin for title in ("山东一分一段 高考", "高考分数线作文", "女生高考分数线")
    ]

    assert odds == [OF_STAGE, -OF_STAGE, -OF_STAGE]
    assert compared(profile("男生高考分数线"), profile("女生哭诉高考分数线")).margin not in {OF_STAGE, -OF_STAGE}


def test_a_topic_is_of_the_stage_that_half_of_its_first_entries_tell_of() -> None:
    """A stranger or two in a topic do not hide what it is about; those who stand beside it do not count."""
    results, paper = profile("福建高考分数线"), profile("高考数学大题")

    assert topic_stage([results, profile("校车侧翻")]) == "exam:results"
    assert topic_stage([results, paper, profile("校车侧翻")]) == ""
    assert topic_stage([profile("女生高考分数线")]) == ""


def test_headlines_of_one_quake_are_one_event_unless_their_provinces_differ() -> None:
    """All whom a quake befalls belong to it; of two quakes at once the provinces tell."""
    one = profile("地震时老师护住学生", "云南地震")

    assert compared(profile("地震时妈妈抱紧孩子"), one).margin == OF_STAGE
    assert compared(profile("地震时妈妈抱紧孩子", "甘肃地震"), one).margin < OF_STAGE
    assert compared(profile("操场上老师护住学生"), one).margin not in {OF_STAGE, -OF_STAGE}


def test_what_names_one_hidden_person_is_nearer() -> None:
    """A private name is hidden by one word wherever it stands; another one's tells nothing."""
    shared, other = (
        compared(
            profile_of("校车司机获救", ["校车", "司机", name], [], lambda _: False, lambda _: False),
            profile_of("校车司机受伤", ["校车", "司机", "~aB3"], [], lambda _: False, lambda _: False),
        )
        for name in ("~aB3", "~xY9")
    )

    assert (shared.evidence.private, other.evidence.private) == (1.0, 0.0)
    assert shared.margin > other.margin


def test_scores_agree_or_contradict() -> None:
    """Who had 612 marks is not who had 598; where one headline tells none, nothing is told."""
    one = profile("男生高考612分笑出声")

    same, other, none = (
        compared(profile(title), one).evidence.scores
        for title in ("高考612分男生发声", "高考598分男生发声", "高考男生笑出声")
    )

    assert (same, other, none) == (1.0, -1.0, 0.0)


def test_a_topic_whose_entries_are_unlike_the_headline_links_it_less() -> None:
    """One likeness among several entries is a chain's next link; below three entries nothing can be told."""
    new, like = profile("校车侧翻司机发声"), profile("校车侧翻司机受伤")
    others = (profile("食堂饭菜发霉"), profile("公园秋千断裂"), profile("寒假作业太多"))

    assert compared(new, like).evidence.linked == 1.0
    assert compared(new, like, *others).evidence.linked == pytest.approx(0.25)


def test_headlines_of_one_category_are_nearer() -> None:
    """What one tells of safety and another of school is seldom one event; what both tell of in part, rather."""
    one = profile("校车侧翻司机受伤", "", "safety", "health")

    same, half, none = (
        compared(profile("校车司机获奖", "", *categories), one)
        for categories in (("safety", "health"), ("safety",), ("education",))
    )

    assert (same.evidence.categories, half.evidence.categories, none.evidence.categories) == (1.0, 0.5, 0.0)
    assert same.margin > half.margin > none.margin


def test_numbers_of_the_same_thing_agree_or_contradict() -> None:
    """Two bitten by a dog are not the three of another headline; what is counted otherwise tells nothing."""
    one = profile("校车侧翻2名幼儿受伤")

    agreeing, contradicting, other = (
        compared(profile(title), one).evidence
        for title in ("校车侧翻2名幼儿出院", "校车侧翻3名幼儿出院", "校车侧翻5天后开庭")
    )

    assert (agreeing.numbers, agreeing.miscounted) == (1.0, 0.0)
    assert (contradicting.numbers, contradicting.miscounted) == (0.0, 1.0)
    assert (other.numbers, other.miscounted) == (0.0, 0.0)


def test_another_province_ties_less_than_one_that_is_not_told() -> None:
    """A prefecture stands for its province; where one of the two tells no place, nothing is contradicted."""
    one = profile("校车侧翻司机受伤", "陕西西安发生的事故")

    elsewhere = compared(profile("校车侧翻司机获救", "福建泉州发生的事故"), one)
    same = compared(profile("校车侧翻司机获救", "陕西宝鸡发生的事故"), one)
    untold = compared(profile("校车侧翻司机获救"), one)

    assert (elsewhere.evidence.elsewhere, same.evidence.elsewhere, untold.evidence.elsewhere) == (1.0, 0.0, 0.0)
    assert elsewhere.margin < same.margin


def test_two_proposals_are_two_events_though_told_in_like_words() -> None:
    """At a session everybody proposes: the words of proposing tie nothing."""
    one = profile("建议小学校车安装护栏")

    both, news = compared(profile("建议小学校车安装监控"), one), compared(profile("小学校车安装监控"), one)

    assert (both.evidence.proposals, news.evidence.proposals) == (1.0, 0.0)
    assert both.margin < news.margin


def test_two_stories_of_one_place_or_person_share_the_name_alone() -> None:
    """All that the two titles share is a name; with anything else in common it is told of one event."""
    one = profile("陕西校车侧翻")

    alone, more = compared(profile("陕西寒假作业"), one), compared(profile("陕西校车改造"), one)

    assert (alone.evidence.names, more.evidence.names) == (1.0, 0.0)


def test_like_words_about_another_child_contradict_more_than_unlike_ones() -> None:
    """A boy's and a girl's in the same words are two; in a story told from two sides both may appear."""
    one = profile("男孩公园落水获救")

    like, unlike = compared(profile("女孩公园落水获救"), one), compared(profile("女孩称在公园看见落水"), one)

    assert like.evidence.otherwise > unlike.evidence.otherwise > 0.0
    assert compared(profile("男孩公园落水获救"), one).evidence.otherwise == 0.0


@pytest.mark.parametrize(("age", "is_like"), [("14岁", True), ("12岁", False)], ids=["another", "same"])
def test_another_age_is_another_child(age: str, is_like: bool) -> None:
    """In the same words; of the same age it is the same headline."""
    one, other = (
        profile_of(f"{told}男孩出走", [told, "男孩", "出走"], [], lambda _: False, lambda _: False)
        for told in ("12岁", age)
    )

    assert one.is_the_like(other) == is_like
