"""Where people are: what a platform says of it, and how little of that is told."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.regions import MIN_AUTHORS, PREFECTURES, PROVINCES, province_of, region_of, told_regions


@pytest.mark.parametrize(
    ("said", "region"),
    [
        ("广东 广州", "广东广州"),
        ("广东", "广东"),
        ("发布于 广东", "广东"),
        ("发布于广东", "广东"),
        ("IP属地：四川", "四川"),
        ("四川 自贡", "四川自贡"),
        ("北京 海淀区", "北京"),
        ("广东省广州市天河区石牌街道", "广东广州"),
        ("内蒙古自治区 赤峰市", "内蒙古赤峰"),
        ("中国 毕节", "贵州毕节"),
        ("吉林 吉林", "吉林吉林"),
        ("海外 美国", None),
        ("其他", None),
        ("", None),
    ],
    ids=lambda part: part or "none",
)
def test_what_a_platform_says_becomes_a_region_of_the_list(said: str, region: str | None) -> None:
    """A district, street or village that stands there is cut off."""
    assert region_of(said) == region


@given(st.text(max_size=40), st.sampled_from([*PROVINCES, *PREFECTURES]))
def test_no_region_but_those_of_the_list_comes_out(rest: str, region: str) -> None:
    """Whatever stands behind the name: it is a province or a prefecture, or nothing."""
    known = {*PROVINCES, *PREFECTURES}

    assert (region_of(rest) or "北京") in known
    assert (region_of(f"{region} {rest}") or "北京") in known


def test_the_list_is_whole() -> None:
    """34 provinces and 333 prefectures, as the state counts them."""
    assert (len(set(PROVINCES)), len(PREFECTURES)) == (34, 333)


@given(st.lists(st.sampled_from(["广东广州", "广东深圳", "广东", "河北唐山", "天河区", "柳塘村"]), max_size=120))
def test_a_region_is_told_from_twenty_authors_on(authors: list[str]) -> None:
    """Fewer of a prefecture count for the province; fewer of that are not told; nothing finer ever is."""
    told = told_regions(authors)

    assert all(count >= MIN_AUTHORS for count in told.values())
    assert {*told} <= {*PROVINCES, *PREFECTURES}
    for region, count in told.items():
        if region in PREFECTURES:
            assert count == Counter(authors)[region]
        else:
            known = [author for author in authors if author in {*PROVINCES, *PREFECTURES}]
            untold = [author for author in known if author not in told or author == region]
            assert count == sum(province_of(author) == region for author in untold)


def test_regions_told_together_do_not_give_away_a_small_one() -> None:
    """An author is told once, so that no difference of two numbers counts the few of a third place."""
    assert told_regions(["广东广州"] * 30 + ["广东深圳"] * 5) == {"广东广州": 30}
