"""Train what knows an appeal with a vulnerable child's picture or identity, and print how it does on unseen batches.

    python -m tools.train_exposure

Reads texts of ours alone, all invented: tools/data/invented_posts.jsonl {"text", "child", "cat"}, of which
tools/data/photo_labels.txt tells the appeals ("digest 1") and those in doubt ("digest ?", left out), and
tools/data/invented_appeals.jsonl {"text", "photo", "batch"}. Writes detectors/data/appeals.txt. Needs the `train`
extra. Each batch was written in a sitting and a style of its own; it is judged by what the others teach.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import rjieba
from scipy import sparse
from sklearn.svm import LinearSVC

from detectors.appeals import WEIGHTS_FILE, features_of
from detectors.identity import Redactor
from detectors.text import clean
from tools.training_texts import OWN, digest

SEED = 1
POSTS_A_BATCH = 800  # of the invented posts, which were written one batch after the other
MIN_TEXTS = 3  # a feature met in fewer texts has no weight
KEPT = 9000  # features with the largest weights; the rest changes no measured digit
INVERSE_PENALTY = 0.3  # C; 1 and 3 are worse by 0.01 in F1
APPEAL_WEIGHT = 3.0  # of an appeal, which are few
PAIRED_WEIGHT = 3.0  # of the posts written for this beside those written for relevance
NEAR_MISSES = ("rumours", "told or asked", "culprits", "stories")  # batches of what resembles an appeal and is none
NEAR_MISS_WEIGHT = 3.0
THRESHOLD = 0.05  # margin from which a post is taken to be an appeal; docs/decisions/0011
Model = tuple[dict[str, int], float, float]


@dataclass(frozen=True, slots=True)
class Example:
    """One text: its features, whether it is an appeal, its batch, and how much it counts."""

    text: str
    features: dict[str, float]
    is_appeal: bool
    batch: str
    weight: float
    is_relevant: bool


def read_examples() -> list[Example]:
    """All texts of ours, as the pipeline would see them."""
    redact = Redactor(rjieba.cut, rjieba.tag, rjieba.has_word).redact
    labels = dict(line.split() for line in (OWN / "photo_labels.txt").read_text().splitlines())
    examples = []
    for text, is_appeal, batch, is_relevant in (*_posts(labels), *_appeals()):
        cleaned = clean(text)
        whole = f"{cleaned.own} {cleaned.chain}" if cleaned.chain else cleaned.own
        weight = (APPEAL_WEIGHT if is_appeal else 1.0) * (1.0 if batch.startswith("posts") else PAIRED_WEIGHT)
        weight *= NEAR_MISS_WEIGHT if batch.startswith(NEAR_MISSES) else 1.0
        features = features_of(whole, redact(whole).found)
        examples.append(Example(whole, features, is_appeal, batch, weight, is_relevant))
    return examples


def _posts(labels: dict[str, str]) -> Iterator[tuple[str, bool, str, bool]]:
    for place, line in enumerate((OWN / "invented_posts.jsonl").read_text().splitlines()):
        row = json.loads(line)
        label = labels.get(digest(row["text"]), "0")
        if label != "?":
            yield row["text"], label == "1", f"posts {place // POSTS_A_BATCH}", bool(row["child"])


def _appeals() -> Iterator[tuple[str, bool, str, bool]]:
    for line in (OWN / "invented_appeals.jsonl").read_text().splitlines():
        row = json.loads(line)
        yield row["text"], bool(row["photo"]), row["batch"], True


def train(examples: Sequence[Example]) -> Model:
    """Weights, their scale and the bias: a linear support-vector machine, squared hinge, rounded to int8."""
    texts = Counter(feature for example in examples for feature in example.features)
    names = sorted(name for name, count in texts.items() if count >= MIN_TEXTS and name.isprintable())
    columns = {name: column for column, name in enumerate(names)}
    judge = LinearSVC(C=INVERSE_PENALTY, max_iter=5000, random_state=SEED)
    judge.fit(
        _table(examples, columns),
        [example.is_appeal for example in examples],
        sample_weight=[example.weight for example in examples],
    )
    found = judge.coef_.ravel()
    found[np.abs(found) < np.sort(np.abs(found))[-min(KEPT, len(found))]] = 0.0
    scale = float(np.abs(found).max()) / 127
    rounded = np.rint(found / scale).astype(int)
    weights = {name: int(rounded[column]) for name, column in columns.items() if rounded[column]}
    return weights, scale, float(judge.intercept_[0]) - THRESHOLD


def _table(examples: Sequence[Example], columns: dict[str, int]) -> sparse.csr_matrix:
    cells = [
        (row, columns[name], value)
        for row, example in enumerate(examples)
        for name, value in example.features.items()
        if name in columns
    ]
    rows, places, values = zip(*cells, strict=True)
    return sparse.csr_matrix((values, (rows, places)), shape=(len(examples), len(columns)))


def margin(model: Model, example: Example) -> float:
    """What `detectors.appeals.margin_of` says."""
    weights, scale, bias = model
    return bias + scale * sum(value * weights.get(name, 0) for name, value in example.features.items())


def unseen_margins(examples: Sequence[Example]) -> list[float]:
    """Each text's margin by a model that saw nothing of its batch."""
    margins = [0.0] * len(examples)
    for batch in sorted({example.batch for example in examples}):
        model = train([example for example in examples if example.batch != batch])
        for place, example in enumerate(examples):
            if example.batch == batch:
                margins[place] = margin(model, example)
    return margins


def report(examples: Sequence[Example], margins: Sequence[float]) -> Iterator[str]:
    """A line a batch, then one for all written for this and one for the invented posts about children."""
    groups: dict[str, list[tuple[bool, float]]] = defaultdict(list)
    for example, value in zip(examples, margins, strict=True):
        if example.is_relevant:
            groups[example.batch].append((example.is_appeal, value))
            groups["all posts" if example.batch.startswith("posts") else "all pairs"].append((example.is_appeal, value))
    for name, told in sorted(groups.items()):
        yield f"{name:24}{_figures(told, 0.0)}"
        if name.startswith("all"):
            for threshold in (-0.2, -0.1, 0.1, 0.2):
                yield f"{f'  from {threshold:+.1f}':24}{_figures(told, threshold)}"


def _figures(told: Iterable[tuple[bool, float]], threshold: float) -> str:
    flagged = Counter((label, value > threshold) for label, value in told)
    right, wrong, missed = flagged[True, True], flagged[False, True], flagged[True, False]
    precision, recall = right / max(1, right + wrong), right / max(1, right + missed)
    return f"appeals {right + missed:4}  wrong {wrong:3}  precision {precision:.3f}  recall {recall:.3f}"


def write(path: Path, model: Model) -> None:
    """The file that `detectors.appeals` reads."""
    weights, scale, bias = model
    lines: dict[int, list[str]] = defaultdict(list)
    for name, weight in sorted(weights.items()):
        lines[weight].append(name)
    body = [f"{weight}\t" + "\t".join(names) for weight, names in sorted(lines.items(), reverse=True)]
    path.write_text("\n".join([f"{scale:.6g} {bias:.6g}", *body, ""]), encoding="utf-8")


def main() -> None:
    """Measure, train on all, write."""
    examples = read_examples()
    for line in report(examples, unseen_margins(examples)):
        print(line)
    write(WEIGHTS_FILE, train(examples))
    print(f"{WEIGHTS_FILE.name}: {WEIGHTS_FILE.stat().st_size} bytes")


if __name__ == "__main__":
    main()
