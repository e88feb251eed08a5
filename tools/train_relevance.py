"""Train the relevance judge and print how it does on texts it was not trained on.

    python -m tools.train_relevance --titles T.jsonl --posts P.jsonl --originals O.json --stream S.jsonl.gz

Reads labelled titles {"title", "desc", "child", "cat", "first_seen", "unsure"?}, labelled posts {"id", "text",
"child", "cat", "unsure"?}, originals {id: {"story", "start", "text", "labelled"}} and the stream that holds their
full texts; writes detectors/data/relevance.bin. Run tools/learn_cues.py next. Needs the `train` extra.
Nothing of the texts is written but weights.
"""

import argparse
import gzip
import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any
from zlib import crc32

import numpy as np
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, precision_recall_curve

from detectors.categories import CATEGORIES
from detectors.features import BUCKETS, MAX_CHARS, features
from detectors.relevance import CATEGORY_BUCKETS, HEADER, MAGIC, MODEL_FILE, PAIR, Relevance
from detectors.text import clean
from streams.segment import load_segmenter

SEED = 1
FOLDS = 5  # by story, so that no copy of a post is in training and test
TITLES_UNTIL = "2026-02"  # titles first seen from here on are held out
POSTS_UNTIL = 0.7  # share of the originals, by time, that the split by time trains on
POST_WEIGHT = 2.0  # posts are few and are what is judged
INVERSE_PENALTY = 10.0  # C of the regression; 3 to 30 differ by less than 0.01 in F1
CATEGORY_PENALTY = 30.0  # C of the categories' regressions
MIN_TEXTS = 2  # a bucket met in fewer texts has no weight
PRECISION = 0.85  # asked of the threshold; missed children weigh more than extra posts
Weights = tuple[np.ndarray, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One text. `variant` is the title with its description, which is trained on beside the title."""

    text: str
    words: Sequence[str]
    child: int
    categories: Sequence[str]
    unsure: bool
    story: int = -1  # of a post
    at: float | str = ""  # first seen (titles, ISO), started (posts, epoch s)
    variant: bool = False


def read_titles(path: Path, cut: Any) -> Iterable[Example]:
    for line in path.read_text().splitlines():
        row = json.loads(line)
        label = {
            "child": row["child"],
            "categories": row["cat"],
            "unsure": bool(row.get("unsure")),
            "at": row["first_seen"],
        }
        text = clean(row["title"]).own
        yield Example(text=text, words=cut(text), **label)
        if row["desc"] not in ("", row["title"]):
            text = clean(f"{row['title']}。{row['desc']}").own[:MAX_CHARS]
            yield Example(text=text, words=cut(text), variant=True, **label)


def read_posts(posts: Path, originals: Path, stream: Path, cut: Any) -> Iterable[Example]:
    """All originals; those nobody labelled count as not about children."""
    labels = {row["id"]: row for row in map(json.loads, posts.read_text().splitlines())}
    with gzip.open(stream, "rt", encoding="utf-8") as lines:
        full = {row["id"]: row["text"] for row in map(json.loads, lines) if "retweeted_status" not in row}
    for id_, row in json.loads(originals.read_text()).items():
        label = labels.get(id_, {"child": 0, "cat": []})
        text = clean(full.get(id_, row["text"])).own[:MAX_CHARS]
        yield Example(
            text=text, words=cut(text), child=label["child"], categories=label["cat"],
            unsure=bool(label.get("unsure")), story=row["story"], at=row["start"],
        )  # fmt: skip


def matrix(examples: Sequence[Example], buckets: int) -> sparse.csr_matrix:
    """A row a text, features counted and divided by the root of their number, as the judge does."""
    rows, columns, values = [], [], []
    for row, example in enumerate(examples):
        found = features(example.text, example.words)[0] if example.text else []
        rows += [row] * len(found)
        columns += [bucket & (buckets - 1) for bucket in found]
        values += [1 / math.sqrt(max(1, len(found)))] * len(found)
    table = sparse.coo_matrix((values, (rows, columns)), shape=(len(examples), buckets)).tocsr()
    seen = np.asarray((table > 0).sum(0)).ravel()
    return table @ sparse.diags((seen >= MIN_TEXTS).astype(float))


def fit(table: sparse.csr_matrix, labels: Sequence[int], weights: Sequence[float], penalty: float) -> Weights:
    judge = LogisticRegression(C=penalty, class_weight="balanced", solver="liblinear", random_state=SEED)
    judge.fit(table, labels, sample_weight=weights)
    return judge.coef_.ravel(), float(judge.intercept_[0])


def train(examples: Sequence[Example], *, calibration: tuple[float, float, float] = (1.0, 0.0, 0.0)) -> bytes:
    """The model file's bytes; see detectors/relevance.py for the layout."""
    sure = [example for example in examples if not example.unsure]
    weights = [POST_WEIGHT if example.story >= 0 else 1.0 for example in sure]
    child, bias = fit(matrix(sure, BUCKETS), [example.child for example in sure], weights, INVERSE_PENALTY)
    scale = float(np.abs(child).max()) / 32767
    body = np.round(child / scale).astype("<i2").tobytes() + _category_tables(
        [example for example in sure if example.child]
    )
    shape = (BUCKETS, CATEGORY_BUCKETS, len(CATEGORIES))
    head = HEADER.pack(MAGIC, crc32(body), *shape, scale, bias, *calibration)
    return head + bytes(body)


def _category_tables(examples: Sequence[Example]) -> bytes:
    """One category against the others, among texts about children."""
    table = matrix(examples, CATEGORY_BUCKETS)
    heads = tables = b""
    weights = [POST_WEIGHT if example.story >= 0 else 1.0 for example in examples]
    for category in CATEGORIES:
        row, bias = fit(table, [int(category in example.categories) for example in examples], weights, CATEGORY_PENALTY)
        scale = float(np.abs(row).max()) / 127
        heads += PAIR.pack(scale, bias)
        tables += np.round(row / scale).astype("i1").tobytes()
    return heads + tables


def margins(model: bytes, examples: Sequence[Example]) -> np.ndarray:
    """What the judge itself says, before calibration."""
    judge = Relevance(model, ["x"])
    scores = [min(max(judge.judge(e.text, e.words).score, 1e-9), 1 - 1e-9) for e in examples]
    return np.array([math.log(score / (1 - score)) for score in scores])


def report(name: str, examples: Sequence[Example], found: np.ndarray, at: float) -> None:
    """Precision, recall and F1 at the margin `at`; best F1; average precision; unsure texts left out."""
    sure = np.array([not example.unsure for example in examples])
    truth, found = np.array([example.child for example in examples])[sure], found[sure]
    hits, told = int((truth[found >= at]).sum()), int((found >= at).sum())
    precision, recall = hits / max(1, told), hits / max(1, truth.sum())
    p, r, _ = precision_recall_curve(truth, found)
    best = (2 * p * r / np.maximum(p + r, 1e-9)).max()
    print(
        f"{name:34} n {len(truth):5} child {truth.sum():4}  precision {precision:.3f} recall {recall:.3f} "
        f"F1 {2 * precision * recall / max(1e-9, precision + recall):.3f}  best F1 {best:.3f} "
        f"AP {average_precision_score(truth, found):.3f}"
    )


def report_categories(name: str, model: bytes, examples: Sequence[Example]) -> None:
    judge = Relevance(model, ["x"])
    told = [(judge.judge(e.text, e.words).categories, e.categories) for e in examples if e.child and not e.unsure]
    right = sum(found[0] in truth for found, truth in told if found)
    extra = sum(len(found) for found, _ in told) / max(1, len(told))
    print(f"{name:34} first category right {right / max(1, len(told)):.3f}, {extra:.2f} told a text")


def calibrate(examples: Sequence[Example], found: np.ndarray) -> tuple[float, float, float]:
    """Slope and offset (Platt), and the threshold: the best recall at PRECISION on held-out originals."""
    sure = np.array([not example.unsure for example in examples])
    truth, found = np.array([example.child for example in examples])[sure], found[sure]
    platt = LogisticRegression(C=1e6).fit(found[:, None], truth)
    slope, offset = float(platt.coef_[0, 0]), float(platt.intercept_[0])
    precision, _, margin = precision_recall_curve(truth, found)
    lowest = float(margin[precision[:-1] >= PRECISION].min())
    return slope, offset, 1 / (1 + math.exp(-(slope * lowest + offset)))


def held_out(titles: list[Example], posts: list[Example]) -> tuple[float, float, float]:
    """Print the held-out numbers; give the calibration."""
    early = [title for title in titles if str(title.at) < TITLES_UNTIL]
    late = [title for title in titles if str(title.at) >= TITLES_UNTIL]
    draw = Random(SEED)  # a split is no cryptography
    fold = {story: draw.randrange(FOLDS) for story in sorted({post.story for post in posts})}
    found = np.zeros(len(posts))
    for number in range(FOLDS):
        model = train(early + [post for post in posts if fold[post.story] != number])
        test = [place for place, post in enumerate(posts) if fold[post.story] == number]
        found[test] = margins(model, [posts[place] for place in test])
        report_categories(f"posts of fold {number}", model, [posts[place] for place in test])
    slope, offset, threshold = calibrate(posts, found)
    at = (math.log(threshold / (1 - threshold)) - offset) / slope
    report("originals, by story, 5 folds", posts, found, at)
    model = train(early + posts)
    for name, variant in (("titles from " + TITLES_UNTIL, False), ("titles with description", True)):
        some = [title for title in late if title.variant is variant]
        report(name, some, margins(model, some), at)
        report_categories(name, model, some)
    start = sorted(float(post.at) for post in posts)[int(POSTS_UNTIL * len(posts))]
    before = {post.story for post in posts if float(post.at) < start}
    rest = [post for post in posts if post.story not in before]
    report("originals, by time", rest, margins(train(early + [p for p in posts if p.story in before]), rest), at)
    report("originals, titles only trained on", posts, margins(train(early), posts), at)
    return slope, offset, threshold


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("titles", "posts", "originals", "stream"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path("detectors/data"))
    asked = parser.parse_args()
    cut = load_segmenter("rjieba").cut
    titles = list(read_titles(asked.titles, cut))
    posts = list(read_posts(asked.posts, asked.originals, asked.stream, cut))
    calibration = held_out(titles, posts)
    asked.out.mkdir(parents=True, exist_ok=True)
    (asked.out / MODEL_FILE).write_bytes(train(titles + posts, calibration=calibration))
    print("slope {:.3f} offset {:.3f} threshold {:.3f}".format(*calibration))


if __name__ == "__main__":
    main()
