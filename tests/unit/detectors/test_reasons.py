"""Why a topic is one, in words of either language."""

from typing import Any

import pytest

from detectors.reasons import Language, reason_of_line, reason_of_posts
from tests.alert_lines import AUDIENCE
from tests.feed_lines import line


def test_a_topic_that_nobody_speaks_of_any_more_has_its_reason_in_each_language() -> None:
    """One that stood on a hot list alone has no numbers to tell."""
    numbers: dict[str, Any] = {"posts": 0, "authors": 0, "platforms": {}, "reason": "0 人 60 分钟内提到"}
    english = reason_of_line(line(**numbers, audience=AUDIENCE), "en")

    assert english is not None
    assert english.startswith("0 people")
    assert reason_of_line(line(**numbers, audience=None), "en") is None


@pytest.mark.parametrize(
    ("platforms", "language", "told"),
    [
        ({"weibo": 30, "wechat": 8}, "zh", "38 人 10 分钟内提到，平时 1.2 人；微博 30、微信 8"),
        ({"weibo": 30, "elsewhere": 8}, "zh", "38 人 10 分钟内提到，平时 1.2 人；微博 30"),
        ({"weibo": 300, "wechat": 100}, "en", "38 people in 10 minutes, usually 1.2; Weibo 75%, WeChat 25%"),
        ({"weibo": 300, "elsewhere": 100}, "en", "38 people in 10 minutes, usually 1.2; Weibo 75%"),
        ({"weibo": 300, "wechat": 1}, "zh", "38 人 10 分钟内提到，平时 1.2 人；微博 100%"),
        ({"weibo": 12}, "zh", "38 人 10 分钟内提到，平时 1.2 人；微博"),
        ({"elsewhere": 12}, "zh", "38 人 10 分钟内提到，平时 1.2 人"),
        ({}, "zh", "38 人 10 分钟内提到，平时 1.2 人"),
    ],
)
def test_platforms_are_numbers_of_the_same_people_or_shares(
    platforms: dict[str, int], language: Language, told: str
) -> None:
    """Those that no list knows are left out by name, and still counted."""
    assert reason_of_posts(38, 1.2, 10, platforms, language) == told
