"""`tongsheng classify`: asks the model and the lexicon that the stream asks.

Without the cue scan, which only saves the stream's time.
"""

from contracts.settings import Settings
from tongsheng.json_lines import Change, Row
from tongsheng.wiring import listener, local_veil

__all__ = ["classifier"]


def classifier(settings: Settings) -> Change:
    """Adds "predicted" to a line; true where it is about children."""
    judge = listener(settings, local_veil(settings))

    def add(row: Row) -> bool:
        judged = judge.judge(row["text"])
        found = judged.judgement
        row["predicted"] = {
            "child": judged.is_child,
            "score": round(found.score, 4),
            "categories": list(found.categories) if judged.is_child else [],
            "lexicon": {"version": found.lexicon, "rule": found.rule},
        }
        return judged.is_child

    return add
