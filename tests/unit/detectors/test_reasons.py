"""Why a topic is one, in words of either language."""

from typing import Any

from detectors.reasons import reason_of_line
from tests.alert_lines import AUDIENCE
from tests.feed_lines import line


def test_a_topic_that_nobody_speaks_of_any_more_has_its_reason_in_each_language() -> None:
    """One that stood on a hot list alone has no numbers to tell."""
    numbers: dict[str, Any] = {"posts": 0, "authors": 0, "platforms": {}, "reason": "0 人 60 分钟内提到"}
    english = reason_of_line(line(**numbers, audience=AUDIENCE), "en")

    assert english is not None
    assert english.startswith("0 people")
    assert reason_of_line(line(**numbers, audience=None), "en") is None
