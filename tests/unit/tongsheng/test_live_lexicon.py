"""The lexicon on disk: edits count within a second, broken ones never."""

import logging
import os
from pathlib import Path

import pytest

from contracts.errors import SettingsError
from tongsheng.live_lexicon import LiveRelevance

STORY = "幼儿园老师用针扎孩子"


class Clock:
    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def write(path: Path, content: str, second: int) -> None:
    path.write_text(content, encoding="utf-8")
    os.utime(path, (second, second))  # two edits within the clock's grain still differ


@pytest.fixture
def own(tmp_path: Path) -> Path:
    path = tmp_path / "own.txt"
    write(path, "# none yet\n", 1)
    return path


def test_an_edit_counts_a_second_later(own: Path) -> None:
    """And not before the file is looked at again; the same judge meanwhile."""
    clock = Clock()
    live = LiveRelevance(own, clock_s=clock)
    first = live()
    write(own, "never 幼儿园 针扎\n", 2)
    assert live() is first

    clock.now_s = 1.5
    second = live()

    assert second.judge(STORY, []).rule == "never 幼儿园 针扎"
    assert second.lexicon.version != first.lexicon.version
    clock.now_s = 9.0
    assert live() is second


def test_a_broken_edit_keeps_the_last_good_rules_and_warns_once(own: Path, caplog: pytest.LogCaptureFixture) -> None:
    """File, line and fault are named; mended, it counts."""
    clock = Clock()
    live = LiveRelevance(own, clock_s=clock)
    good = live()
    write(own, "never 幼儿园 针扎\nperhaps 孩子\n", 2)

    with caplog.at_level(logging.WARNING):
        for second in (2.0, 4.0, 6.0):
            clock.now_s = second
            assert live() is good

    (warning,) = caplog.messages
    assert f'the last good one stays: {own}: line 2: begins with "perhaps"' in warning
    write(own, "never 幼儿园 针扎\n", 3)
    clock.now_s = 8.0
    assert live().judge(STORY, []).score == 0


def test_a_file_that_went_away_keeps_the_last_good_rules(own: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Editors replace files; for a moment there is none."""
    clock = Clock()
    live = LiveRelevance(own, clock_s=clock)
    good = live()
    own.unlink()
    clock.now_s = 2.0

    with caplog.at_level(logging.WARNING):
        assert live() is good

    assert "No such file" in caplog.text


def test_a_lexicon_that_is_wrong_at_the_start_is_refused(tmp_path: Path) -> None:
    """Nothing is guessed before the first post."""
    with pytest.raises(SettingsError, match=r"none\.txt"):
        LiveRelevance(tmp_path / "none.txt")
