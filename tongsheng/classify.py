"""`tongsheng classify`: asks the scan, the model and the lexicon that the stream asks."""

from contracts.settings import Settings
from tongsheng.json_lines import Change, Row
from tongsheng.wiring import listener, local_veil

__all__ = ["classifier"]


def classifier(settings: Settings, *, is_scanned: bool) -> Change:
    """Adds "predicted" to a line; true where it is about children.

    Args:
        settings: the lexicon, threshold and segmenter.
        is_scanned: whether a text without a cue gets score 0 unheard, as in the stream.
    """
    judge = listener(settings, local_veil(settings))

    def add(row: Row) -> bool:
        judged = judge.judge(row["text"], is_scanned=is_scanned)
        found = judged.judgement
        row["predicted"] = {
            "child": judged.is_child,
            "score": round(found.score, 4),
            "categories": list(found.categories) if judged.is_child else [],
            "lexicon": {"version": found.lexicon, "rule": found.rule},
        }
        return judged.is_child

    return add
