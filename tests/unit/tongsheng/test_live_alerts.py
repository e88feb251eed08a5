"""Edits of [alerts] count within a second; secrets come from the file or from files of their own."""

import os
from pathlib import Path

import pytest

from contracts.errors import SettingsError
from tongsheng.live_alerts import LiveAlerts

ROUTE = '[[alerts.route]]\nname = "all"\nchannels = ["{}"]\n'
CHANNEL = '[[alerts.channel]]\nname = "{0}"\nkind = "slack"\n{1}\n' + ROUTE.replace("{}", "{0}")


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
    half_written, clock.now_s = live(), 3.0
    second = live()
    write(path, CHANNEL.format("duty", "adress = 3"), 3)
    clock.now_s = 4.5
    third, clock.now_s = live(), 6.0
    fourth = live()
    clock.now_s = 7.5
    assert live() is fourth

    assert (list(first.channels), early, half_written, list(second.channels)) == (["duty"], first, first, ["desk"])
    assert third is fourth is second
    assert caplog.text.count("settings not taken") == 1


@pytest.mark.parametrize(
    "edit",
    ["", "[log]\nlevel = 'info'\n", None, "[[[", "a = " + "[" * 5000],
    ids=["empty", "no-alerts", "gone", "no-toml", "deep"],
)
def test_an_edit_that_leaves_nobody_is_not_taken(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, edit: str | None
) -> None:
    """A file that was emptied or is gone: what waits would be dropped with the channels. Said once."""
    path, clock = tmp_path / "t.toml", Steps()
    write(path, CHANNEL.format("duty", 'url = "https://a.example"'), 1)
    live = LiveAlerts(path, clock_s=clock)
    first = live()
    if edit is None:
        path.unlink()
    else:
        write(path, edit, 2)

    for clock.now_s in (2.0, 4.0, 6.0):
        kept = live()

    assert kept is first
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
