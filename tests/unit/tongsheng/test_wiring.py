"""What the settings point to is looked at as the stages would load it."""

import json
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


@pytest.mark.parametrize(
    "wording",
    {
        "phone": "请拨打 010-65432109",
        "spelt": "请拨打一三八零零一三八零零零",
        "link": "见 https://elsewhere.example.org/help",
        "handle": "请联系 @童声值班",
        "account": "微信 tongsheng2024",
        "two-lines": "保护事项\n不转发",
        "turned": "保护事项\u202e不转发",
    }.values(),
)
def test_a_wording_that_no_message_could_carry_is_refused_at_the_start(wording: str, tmp_path: Path) -> None:
    """Not found out when a child is in danger and every alert leaves in its shortest form; it is not repeated."""
    file = tmp_path / "tongsheng.toml"
    file.write_text(f"[guidance]\nexposure_zh = {json.dumps(wording)}\n", encoding="utf-8")

    with pytest.raises(SettingsError, match=r"guidance\.exposure_zh") as caught:
        wiring.load_settings(file)

    assert wording not in str(caught.value)


def test_a_wording_with_short_numbers_and_the_console_counts(tmp_path: Path) -> None:
    """In either language, with words that no dictionary has."""
    file = tmp_path / "tongsheng.toml"
    own = {
        "exposure_zh": "请勿转发<孩童>照片；拨 12355、110，见 https://c.example.org",
        "asked_en": "Call 110 & wait",
    }
    lines = "".join(f"{key} = {json.dumps(line)}\n" for key, line in own.items())
    file.write_text(f'[feed]\npublic_url = "https://c.example.org"\n[guidance]\n{lines}', encoding="utf-8")

    assert set(wiring.load_settings(file).guidance.own().values()) == set(own.values())
