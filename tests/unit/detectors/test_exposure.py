"""Posts that spread a vulnerable child's picture or identity, and posts about a child in danger now."""

import pytest

from detectors.exposure import signs_of

EXPOSING = [
    ("求扩散！女孩昨天在超市附近走失，这是照片，有线索请联系", ["address"]),
    ("街头乞讨的儿童，大家多转转，让他的家人找到他，图片就是这个男孩", []),
    ("被拐卖的女孩在派出所求助，请大家关注", ["name", "address"]),
    ("三岁男孩严重烫伤，你转一次他捐一元", ["name"]),
    ("随手拍照片解救乞讨儿童，一起转发寻找", []),
]
TELLING = [
    ("记者报道：警方破获拐卖儿童案，抓获人贩子", ["name"]),
    ("幼儿园老师虐待孩子，太可怕了", []),
    ("求扩散，六月一日儿童节活动报名", ["phone"]),
    ("请不要再拍乞讨的孩子了，保护隐私", []),
    ("高考准考证丢了，帮忙转发", ["name", "exam_ticket"]),
]


@pytest.mark.parametrize(("text", "found"), EXPOSING)
def test_what_spreads_a_child_is_known(text: str, found: list[str]) -> None:
    """However well it is meant."""
    assert "exposure" in signs_of(text, found)


@pytest.mark.parametrize(("text", "found"), TELLING)
def test_what_only_tells_is_not(text: str, found: list[str]) -> None:
    """News, outrage, and asking people to stop."""
    assert "exposure" not in signs_of(text, found)


@pytest.mark.parametrize(
    ("text", "is_at_risk"),
    [
        ("快报警！有学生在群里说今晚要跳楼", True),
        ("主播正在打孩子，直播中，谁能救救她，女孩才六岁", True),
        ("刚刚被抢走一个女童，白色面包车，速转", True),
        ("警方通报：要跳楼的女生已获救", False),
        ("去年有学生想自杀，现在回忆起来后怕", False),
        ("股市跌得我想跳楼，今天就不活了", False),
        ("预防未成年人自杀的讲座今天开讲", False),
    ],
)
def test_danger_now_is_told_from_danger_past(text: str, is_at_risk: bool) -> None:
    """An alarm at night must not be for a lecture."""
    assert ("minor-at-risk" in signs_of(text, [])) == is_at_risk
