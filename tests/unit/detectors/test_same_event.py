"""What a headline and a topic are weighed by, beside how alike two headlines are."""

from collections import Counter

import pytest
import rjieba

from detectors.profile import Profile, profile_of
from detectors.rarity import Rarity
from detectors.same_event import Bag, Candidate, Words, weighed

RARITY = Rarity()
WORDS = Words(weigh=RARITY.of_term, is_named=lambda term: term == "陕西")


def profile(title: str, told: str = "", *categories: str) -> Profile:
    head, body = ([word for word in rjieba.cut(text) if len(word) > 1] for text in (title, told))
    return profile_of(title, head, body, lambda _: False, lambda _: False, categories=categories or ("safety",))


def compared(new: Profile, *entries: Profile) -> Candidate:
    terms = Counter(term for entry in entries for term in entry.terms)
    pairs = {pair for entry in entries for pair in entry.pairs}
    bag = Bag("a", entries, terms, pairs, hours=1.0, ages=[1.0] * len(entries))
    return weighed(new, [bag], rarity=RARITY, words=WORDS)[0]


def test_words_for_one_thing_that_share_a_character_are_told() -> None:
    """A fall told as 坠楼 and as 坠亡 is nearer than a fall and a fine, though the same words are shared."""
    fall = profile("小镇学生坠楼")

    again, other = compared(profile("小镇学生坠亡"), fall), compared(profile("小镇学生罚款"), fall)

    assert again.evidence.retold > other.evidence.retold
    assert again.margin > other.margin


def test_somebody_on_an_exam_day_is_an_event_of_his_own() -> None:
    """What befell somebody on an occasion ties less than the occasion's own headlines do."""
    paper = profile("高考数学试卷公布")

    person = compared(profile("妈妈高考数学试卷"), paper)
    general = compared(profile("全国高考数学试卷"), paper)

    assert (person.evidence.person, general.evidence.person) == (1.0, 0.0)
    assert person.margin < general.margin


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
