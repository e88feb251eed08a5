"""What a headline and a topic are weighed by, beside how alike two headlines are."""

from collections import Counter

import pytest
import rjieba

from detectors.profile import Profile, profile_of
from detectors.rarity import Rarity
from detectors.same_event import Bag, Candidate, Words, weighed

RARITY = Rarity()
WORDS = Words(weigh=RARITY.of_term, is_named=lambda _: False, is_of_day=lambda _: False)


def profile(title: str, told: str = "", category: str = "safety") -> Profile:
    head, body = ([word for word in rjieba.cut(text) if len(word) > 1] for text in (title, told))
    return profile_of(title, head, body, lambda _: False, lambda _: False, category=category)


def compared(new: Profile, *entries: Profile) -> Candidate:
    terms = Counter(term for entry in entries for term in entry.terms)
    pairs = {pair for entry in entries for pair in entry.pairs}
    return weighed(new, [Bag("a", entries, terms, pairs, hours=1.0)], rarity=RARITY, words=WORDS)[0]


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


def test_headlines_that_come_with_one_description_are_one_event() -> None:
    """The words of a shared report weigh, and none of them do where one side has no description."""
    report = "通报称校车侧翻司机受伤乘客获救道路已经恢复通行"
    one = profile("校车事故原因公布", report)

    same, bare = compared(profile("校车司机发声", report), one), compared(profile("校车司机发声"), one)

    assert same.evidence.text > 0.5
    assert bare.evidence.text == 0.0
    assert same.margin > bare.margin


def test_a_topic_whose_entries_are_unlike_the_headline_links_it_less() -> None:
    """One likeness among several entries is a chain's next link; below three entries nothing can be told."""
    new, like = profile("校车侧翻司机发声"), profile("校车侧翻司机受伤")
    others = (profile("食堂饭菜发霉"), profile("公园秋千断裂"), profile("寒假作业太多"))

    assert compared(new, like).evidence.linked == 1.0
    assert compared(new, like, *others).evidence.linked == pytest.approx(0.25)


def test_headlines_of_one_category_are_nearer() -> None:
    """What one tells of safety and another of school is seldom one event."""
    one = profile("校车侧翻司机受伤")

    assert (
        compared(profile("校车司机获奖", category="education"), one).margin
        < compared(profile("校车司机获奖"), one).margin
    )
