"""What a name on the command line stands for."""

from pathlib import Path

import pytest

from contracts.errors import SettingsError
from contracts.settings import read_settings
from tongsheng.arguments import SOURCES, SourceName
from tongsheng.inputs import split

SETTINGS = read_settings({"source": [{"name": "drop", "kind": "folder", "folder": "drop"}]}, {})


@pytest.fixture
def drop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is called as the source is, which watches it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "drop").mkdir()
    post = '{"id":"weibo:1","platform":"weibo","at_ms":1772380800000,"author":{"key":"a1"}}\n'
    (tmp_path / "drop" / "posts.jsonl").write_text(post, encoding="utf-8")
    return tmp_path / "drop"


def test_a_source_goes_before_a_path_of_its_name(drop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Read as an archive, the folder would be sent once and never watched; the path is still to be had."""
    files, live = split([SOURCES.convert("drop", None, None)], SETTINGS)
    said = capsys.readouterr().err
    others, none = split([SOURCES.convert("./drop", None, None)], SETTINGS)

    assert (files, [entry.name for entry in live]) == ([], ["drop"])
    assert "./drop for the path" in said
    assert (others, none) == ([drop / "posts.jsonl"], [])


def test_a_name_of_nothing_is_told_with_the_nearest() -> None:
    """It is neither a file nor a source."""
    with pytest.raises(SettingsError, match="did you mean drop"):
        split([SourceName("drp")], SETTINGS)
