"""What the settings point to is looked at as the stages would load it."""

from pathlib import Path

import pytest

from contracts.errors import SettingsError
from contracts.settings import Settings
from tongsheng import wiring


def test_the_files_that_are_set_are_named(tmp_path: Path) -> None:
    """Those that are not set are nobody's business."""
    words, rules = tmp_path / "words.txt", tmp_path / "rules.txt"
    words.write_text("家校通\n", encoding="utf-8")
    rules.write_text("never 儿童节 打折\n", encoding="utf-8")
    settings = Settings.model_validate({"segment": {"user_dictionary": words}, "relevance": {"lexicon": rules}})

    assert wiring.check_files(Settings()) == []
    assert wiring.check_files(settings) == ["segment.user_dictionary", "relevance.lexicon"]


@pytest.mark.parametrize(
    "section", [{"segment": {"user_dictionary": "f"}}, {"relevance": {"lexicon": "f"}}, {"detect": {"prior": "f"}}]
)
def test_a_file_that_is_none_of_its_kind_is_a_fault(
    section: dict[str, dict[str, str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A picture, say: said by doctor, not at the next start."""
    monkeypatch.chdir(tmp_path)
    Path("f").write_bytes(b"\x89PNG\r\n\xff")

    with pytest.raises(SettingsError, match="f"):
        wiring.check_files(Settings.model_validate(section))
