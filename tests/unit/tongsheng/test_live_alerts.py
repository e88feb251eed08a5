"""Edits of [alerts] count within a second; secrets come from the file or from files of their own."""

import os
from pathlib import Path

import pytest

from contracts.errors import SettingsError
from tongsheng.live_alerts import LiveAlerts

CHANNEL = '[[alerts.channel]]\nname = "{}"\nkind = "slack"\n{}\n'


class Steps:
    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def write(path: Path, text: str, mark: int) -> None:
    path.write_text(text, encoding="utf-8")
    os.utime(path, (mark, mark))


def test_an_edit_is_taken_and_a_broken_one_is_not(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The last good settings stay, and it is said what is wrong, once."""
    path, clock = tmp_path / "t.toml", Steps()
    write(path, CHANNEL.format("duty", 'url = "https://a.example"'), 1)
    live = LiveAlerts(path, clock_s=clock)
    first = live()
    write(path, CHANNEL.format("desk", 'url = "https://a.example"'), 2)
    early, clock.now_s = live(), 1.5
    second = live()
    write(path, CHANNEL.format("duty", "adress = 3"), 3)
    clock.now_s = 3.0
    third, fourth = live(), live()

    assert (list(first.channels), early, list(second.channels)) == (["duty"], first, ["desk"])
    assert third is fourth is second
    assert caplog.text.count("settings not taken") == 1


def test_a_secret_may_stand_in_a_file_of_its_own(tmp_path: Path) -> None:
    """And one that cannot be read is named, without what it holds."""
    (tmp_path / "url").write_text("https://a.example/s3cret\n")
    path = tmp_path / "t.toml"
    write(path, CHANNEL.format("duty", f'url_file = "{tmp_path}/url"'), 1)

    assert list(LiveAlerts(path)().channels) == ["duty"]
    (tmp_path / "url").unlink()
    with pytest.raises(SettingsError, match=r"of duty: .*cannot be read"):
        LiveAlerts(path)
