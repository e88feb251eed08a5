"""Models that have not seen a story: which ones are refused."""

import json
from pathlib import Path

import pytest

from benchmarks.streams import Stream
from benchmarks.unseen import UnseenListener
from contracts.settings import Settings

NOTHING = Stream("", list, lambda _: None, {})


def test_without_models_it_says_how_to_make_them(tmp_path: Path) -> None:
    """Nothing is measured with models that are not there."""
    with pytest.raises(SystemExit, match="fold_models"):
        UnseenListener(tmp_path, NOTHING, Settings())


def test_models_of_another_release_are_refused(tmp_path: Path) -> None:
    """They would measure what nobody ships."""
    (tmp_path / "folds.json").write_text(json.dumps({"shipped": "0" * 16, "folds": {"1": 0}}))

    with pytest.raises(SystemExit, match="another release"):
        UnseenListener(tmp_path, NOTHING, Settings())
