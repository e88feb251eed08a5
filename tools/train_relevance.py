"""Train the relevance judge and print how it does on texts it was not trained on.

    python -m tools.train_relevance --titles T.jsonl --posts P.jsonl --originals O.json --stream S.jsonl.gz \\
        --rankings R.jsonl.gz --sentences MODEL.jar

Reads labelled titles {"title", "desc", "child", "cat", "first_seen", "unsure"?}, labelled posts {"id", "text",
"child", "cat", "unsure"?}, originals {id: {"story", "start", "text", "child", "cat"}}, the stream that holds their
full texts and reposts, hot-list snapshots {"entries": [{"title", "desc"?}]}, whose words tell which words are alike,
what is ours in tools/data/ (tools/training_texts.py), and a sentence model (tools/sentence_model.py), which teaches
(tools/teacher.py) and tells which words are alike, too; writes detectors/data/relevance.bin. Run
tools/learn_cues.py next, and choose `--threshold` by what `benchmarks.unseen` then detects. With `--categories-only`
that file's categories are learned anew, and what tells about children stays to the last bit. Needs the `train` extra.
Nothing of the texts is written but weights.
"""

import argparse
import json
import math
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from typing import Any, NamedTuple
from zlib import crc32

import numpy as np
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, precision_recall_curve
from sklearn.svm import LinearSVC

from detectors.categories import CATEGORIES
from detectors.category_rank import CATEGORY_BUCKETS, PAIR, PAIR_BUCKETS
from detectors.features import BUCKETS, Features, calmed, features, word_bucket
from detectors.passages import SENSE_BUCKETS, SENSE_POWER
from detectors.relevance import MODEL_FILE, Relevance
from streams.segment import load_segmenter
from tools.relevance_file import file_of, with_category_tables
from tools.sentence_model import SentenceModel
from tools.teacher import Teacher
from tools.training_texts import (
    Example,
    longest_descriptions,
    read_cases,
    read_category_words,
    read_invented,
    read_posts,
    read_remarks,
    read_titles,
    read_unlabelled_titles,
    unread_titles,
)
from tools.word_vectors import Vectors, learn, of_rankings, read_reposts, with_meanings

SEED = 1
FOLDS = 5  # posts by story, so that no copy is in training and test; titles by their text
TITLES_UNTIL = "2026-02"  # titles first seen from here on are held out
INVERSE_PENALTY = 0.7  # C of the child model; 0.3 to 1 differ by less than 0.005 in F1
CATEGORY_PENALTY = 0.7  # C of the categories' models
SENSE_WEIGHT = 0.4  # of the words' senses beside the features; 0.5 is worse on posts
CATEGORY_SENSE_WEIGHT = 0.6
CATEGORY_BIGRAM_SHARE = 0.7  # of the bigrams beside the words
MIN_TEXTS = 2  # a bucket met in fewer texts has no weight
NEARLY = 0.002  # of F1 given away for recall: a missed child weighs more than a post too many
TOLERANCE = 1e-3  # of the child model's fit; the categories' is ten times that: neither changes a score by 0.001
CHILD_TOP, BYTE_TOP = (
    2047,
    127,
)  # of the packed weights: twelve bits move no margin by 0.003 and keep the file below 2 MB
SENSES_KEPT = 0.9998  # share of the words' senses within the scale; the few beyond are cut to it
Weights = tuple[np.ndarray, float]


class Sources(NamedTuple):
    """The files that it reads, as the command line names them."""

    titles: Path
    posts: Path
    originals: Path
    stream: Path
    rankings: Path
    sentences: Path


def matrix(examples: Sequence[Example], buckets: int, kinds: Callable[[Features], list[int]]) -> sparse.csr_matrix:
    """A row a text, features counted and divided by the root of their number, as the judge does."""
    rows, columns, values = [], [], []
    for row, example in enumerate(examples):
        found = kinds(_features_of(example)) if example.text else []
        rows += [row] * len(found)
        columns += [bucket & (buckets - 1) for bucket in found]
        values += [1 / math.sqrt(max(1, len(found)))] * len(found)
    table = sparse.coo_matrix((values, (rows, columns)), shape=(len(examples), buckets)).tocsr()
    seen = np.asarray((table > 0).sum(0)).ravel()
    return table @ sparse.diags((seen >= MIN_TEXTS).astype(float))


def _features_of(example: Example) -> Features:
    """As the judge reads it."""
    return features(*calmed(example.text, example.words))


def with_senses(table: sparse.csr_matrix, sums: np.ndarray, share: float) -> tuple[sparse.csr_matrix, float]:
    """Features and senses side by side; and the factor that gave the senses a mean length of `share`."""
    factor = share / float(np.linalg.norm(sums, axis=1).mean())
    return sparse.hstack([table, sparse.csr_matrix(factor * sums)]).tocsr(), factor


def weigh(table: sparse.csr_matrix, labels: Any, weights: Any, penalty: float, *, balanced: bool = False) -> Weights:
    """A linear support-vector machine: squared hinge, no draw but the seeded one."""
    balance, tolerance = ("balanced", TOLERANCE) if balanced else (None, 10 * TOLERANCE)
    judge = LinearSVC(C=penalty, class_weight=balance, tol=tolerance, max_iter=3000, random_state=SEED)
    judge.fit(table, labels, sample_weight=weights)
    return judge.coef_.ravel(), float(judge.intercept_[0])


def train(
    examples: Sequence[Example],
    vectors: Vectors,
    teacher: Teacher,
    *,
    calibration: tuple[float, float, float] = (1.0, 0.0, 0.0),
) -> bytes:
    """The model file's bytes; see detectors/relevance.py for the layout.

    What tells about children is learned twice: of what is labelled, and again with what the teacher then labels.
    """
    categories = _category_tables(examples, vectors)
    tables, numbers = _child_tables(examples, vectors)
    first = file_of(tables + categories, (*numbers, 1.0, 0.0, 0.0))
    read = teacher.read(examples, lambda texts: margins(first, texts))
    tables, numbers = _child_tables([*examples, *read], vectors)
    return file_of(tables + categories, (*numbers, *calibration))


def _child_tables(examples: Sequence[Example], vectors: Vectors) -> tuple[bytes, tuple[float, float, float]]:
    """Weights of features and senses; what one of each is worth, and the bias."""
    judged = [example for example in examples if not example.unsure and example.kind != "category"]
    sums = vectors.sums([example.words for example in judged], lambda _, known: known**SENSE_POWER)
    table, factor = with_senses(matrix(judged, BUCKETS, lambda found: found.all), sums, SENSE_WEIGHT)
    weights = [example.weight for example in judged]
    found, bias = weigh(table, [example.child for example in judged], weights, INVERSE_PENALTY, balanced=True)
    child, scale = squeezed(found[:BUCKETS], "<i2", top=CHILD_TOP)
    sensed = spread(vectors, factor * (vectors.table @ found[BUCKETS:]), SENSE_BUCKETS)
    senses, sense_scale = squeezed(sensed, "i1", top=BYTE_TOP, kept=SENSES_KEPT)
    return child + senses, (scale, sense_scale, bias)


def with_categories(model: bytes, examples: Sequence[Example], vectors: Vectors) -> bytes:
    """The model with categories learned anew; what tells about children, and how, stays to the last bit.

    Raises:
        SettingsError: the bytes are no whole model of this version.
    """
    Relevance(model, ["x"])  # before the work of minutes
    return with_category_tables(model, _category_tables(examples, vectors))


def spread(vectors: Vectors, senses: np.ndarray, buckets: int) -> np.ndarray:
    """Each word's sense in its bucket; the commonest word has it where some share one."""
    table = np.zeros(buckets)
    for word, sense in zip(reversed(vectors.words), reversed(senses), strict=True):
        table[word_bucket(word) & (buckets - 1)] = sense
    return table


def squeezed(table: np.ndarray, kind: str, *, top: int, kept: float = 1.0) -> tuple[bytes, float]:
    """Integers up to `top`, and what one of them is worth; the largest weights beyond the share `kept` are cut."""
    size = np.abs(table)
    scale = float(np.quantile(size[size > 0], kept)) / top
    return np.round(np.clip(table / scale, -top, top)).astype(kind).tobytes(), scale


def _category_tables(examples: Sequence[Example], vectors: Vectors) -> bytes:
    """One category against the others, among texts about children. Senses are added into the words' buckets."""
    examples = [e for e in examples if e.child and e.category_weight and not e.unsure]
    plain = matrix(examples, CATEGORY_BUCKETS, lambda found: found.categorical)
    bigrams = CATEGORY_BIGRAM_SHARE * matrix(examples, PAIR_BUCKETS, lambda found: found.bigrams)
    counts = [max(1, len(_features_of(example).categorical)) for example in examples]
    sums = vectors.sums([example.words for example in examples], lambda row, _: math.sqrt(counts[row]))
    table, factor = with_senses(sparse.hstack([plain, bigrams]).tocsr(), sums, CATEGORY_SENSE_WEIGHT)
    weights = [example.category_weight for example in examples]
    heads, columns = b"", []
    for category in CATEGORIES:
        asked = [int(category in example.categories) for example in examples]
        found, bias = weigh(table, asked, weights, CATEGORY_PENALTY)
        senses = spread(vectors, factor * (vectors.table @ found[CATEGORY_BUCKETS + PAIR_BUCKETS :]), CATEGORY_BUCKETS)
        words = found[:CATEGORY_BUCKETS] + senses
        pairs = CATEGORY_BIGRAM_SHARE * found[CATEGORY_BUCKETS : CATEGORY_BUCKETS + PAIR_BUCKETS]
        packed, scale = squeezed(np.concatenate([words, pairs]), "i1", top=BYTE_TOP)
        heads += PAIR.pack(scale, bias)
        columns.append(np.frombuffer(packed, "i1"))
    rows: bytes = np.stack(columns, axis=1).tobytes()  # a bucket's weights side by side pack by a third better
    return heads + rows


def margins(model: bytes, examples: Sequence[Example]) -> np.ndarray:
    """What the judge itself says, before calibration."""
    judge = Relevance(model, ["x"])
    scores = [min(max(judge.judge(e.text, e.words).score, 1e-9), 1 - 1e-9) for e in examples]
    told: np.ndarray = np.array([math.log(score / (1 - score)) for score in scores])
    return told


def report(
    name: str,
    examples: Sequence[Example],
    found: np.ndarray,
    at: float,
    *,
    chosen: Callable[[Example], bool],
    firsts: Sequence[tuple[Example, str]],
) -> None:
    """Precision, recall, F1 at the margin `at`, best F1, average precision, first category; unsure ones left out."""
    some = np.array([chosen(example) and not example.unsure for example in examples])
    truth, margin = np.array([example.child for example in examples])[some], found[some]
    told = margin >= at
    hits = int((truth * told).sum())
    p, r, _ = precision_recall_curve(truth, margin)
    best = (2 * p * r / np.maximum(p + r, 1e-9)).max()
    accepted = {id(example) for example, score in zip(examples, found, strict=True) if score >= at}
    right = [first in e.categories for e, first in firsts if chosen(e) and id(e) in accepted]
    print(
        f"{name:49} n {len(truth):5} child {truth.sum():4}  precision {hits / max(1, told.sum()):.3f} "
        f"recall {hits / max(1, truth.sum()):.3f} F1 {_f1(truth, told):.3f}  best F1 {best:.3f} "
        f"AP {average_precision_score(truth, margin):.3f}  first category {np.mean(right):.3f}",
        flush=True,
    )


def calibrate(examples: Sequence[Example], found: np.ndarray) -> tuple[float, float, float]:
    """Slope and offset (Platt), and the lowest threshold at which F1 is best but for NEARLY, posts like titles."""
    sure = np.array([not example.unsure for example in examples])
    truth, found = np.array([example.child for example in examples])[sure], found[sure]
    is_post = np.array([example.story >= 0 for example in examples])[sure]
    platt = LogisticRegression(C=1e6).fit(found[:, None], truth)
    slope, offset = float(platt.coef_[0, 0]), float(platt.intercept_[0])
    asked = np.quantile(found, np.linspace(0.5, 0.95, 200))
    reached = np.array([sum(_f1(truth[part], found[part] >= at) for part in (is_post, ~is_post)) for at in asked])
    at = float(asked[reached >= reached.max() - 2 * NEARLY].min())
    return slope, offset, 1 / (1 + math.exp(-(slope * at + offset)))


def _f1(truth: np.ndarray, told: np.ndarray) -> float:
    return float(2 * (truth * told).sum() / max(1, truth.sum() + told.sum()))


def folds_of(examples: Sequence[Example]) -> dict[int, int]:
    """Story -> its fold; the same each time."""
    draw = Random(SEED)  # a split is no cryptography
    return {story: draw.randrange(FOLDS) for story in sorted({e.story for e in examples if e.kind == "post"})}


def fold_of(example: Example, folds: dict[int, int]) -> int:
    """A post's and a remark's by its story; a title's by its text, with and without description; -1 of others.

    What is of no fold is trained on in all: it is never judged.
    """
    if example.story >= 0:
        return folds[example.story]
    return crc32(example.title.encode()) % FOLDS if example.kind == "title" else -1


def held_out(
    examples: list[Example], vectors: Vectors, teacher: Teacher, threshold: float | None
) -> tuple[float, float, float]:
    """Print the held-out numbers, at this threshold or where F1 is best; give the calibration.

    Public cases are left out: some were written knowing the posts.
    """
    examples = [example for example in examples if example.kind != "case"]
    folds = folds_of(examples)
    numbers = np.array([fold_of(example, folds) for example in examples])
    is_judged = np.array([example.kind in ("title", "post") for example in examples])
    found = np.zeros(len(examples))
    right: list[tuple[Example, str]] = []
    for number in range(FOLDS):
        model = train([e for e, n in zip(examples, numbers, strict=True) if n != number], vectors, teacher)
        places = np.flatnonzero((numbers == number) & is_judged)
        found[places] = margins(model, [examples[place] for place in places])
        right += first_categories(model, [examples[place] for place in places])
    whole = {e.title: e for e in examples if e.kind == "title"}  # with description where there is one
    parts: dict[str, Callable[[Example], bool]] = {
        "posts, 5 folds by story": lambda e: e.picked,
        "all originals, 5 folds by story": lambda e: e.kind == "post",
        "titles alone, 5 folds": lambda e: e.kind == "title" and not e.variant,
        "titles that have one + description": lambda e: e.kind == "title" and e.variant,
        "titles + description if any": lambda e: e.kind == "title" and whole[e.title] is e,
    }
    kept = [place for place, e in enumerate(examples) if e.kind == "post" or whole.get(e.title) is e]
    calibration = calibrate([examples[place] for place in kept], found[kept])
    slope, offset, best = calibration
    threshold = threshold or best
    at = (math.log(threshold / (1 - threshold)) - offset) / slope
    for name, chosen in parts.items():
        report(name, examples, found, at, chosen=chosen, firsts=right)
    late = [e for e in examples if e.kind == "title" and str(e.at) >= TITLES_UNTIL]
    model = train([e for e in examples if e.kind != "title" or str(e.at) < TITLES_UNTIL], vectors, teacher)
    found, right = margins(model, late), first_categories(model, late)
    for name, chosen in list(parts.items())[2:]:
        report(f"from {TITLES_UNTIL}: {name}", late, found, at, chosen=chosen, firsts=right)
    return slope, offset, threshold


def first_categories(model: bytes, examples: Sequence[Example]) -> list[tuple[Example, str]]:
    """What is told first of each text about children, accepted or not."""
    judge = Relevance(model, ["x"])
    judge.threshold = 0.0
    return [(e, judge.judge(e.text, e.words).categories[0]) for e in examples if e.child and not e.unsure and e.text]


def gather(sources: Sources) -> tuple[list[Example], Vectors, Teacher]:
    """All texts to learn from, ours among them, the senses of words, and who reads what nobody labelled."""
    model = SentenceModel(sources.sentences)
    cut = load_segmenter("rjieba").cut
    titles = list(read_titles(sources.titles, cut))
    posts = list(read_posts(sources.posts, sources.originals, sources.stream, cut))
    known, longest = {title.title for title in titles}, longest_descriptions(sources.rankings)
    stories = {id_: row["story"] for id_, row in json.loads(sources.originals.read_text()).items()}
    own = [*read_unlabelled_titles(longest, known, cut), *read_remarks(sources.stream, stories, cut)]
    own += [*read_invented(cut), *read_cases(cut), *read_category_words(cut)]
    for kind in sorted({example.kind for example in own}):
        some = [example for example in own if example.kind == kind and not example.unsure]
        print(f"{kind}: {len(some)} texts, {sum(example.child for example in some)} about children", flush=True)
    unlabelled = [
        *of_rankings(longest, cut, known=known),
        *(title.words for title in titles if str(title.at) < TITLES_UNTIL),
        *(post.words for post in posts),
        *read_reposts(sources.stream, cut),
    ]
    examples, senses = titles + posts + own, learn(unlabelled)
    senses = with_meanings(senses, model.vectors(senses.words))
    return examples, senses, Teacher(model, examples, unread_titles(longest, examples, cut))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in Sources._fields:
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path("detectors/data"))
    parser.add_argument("--categories-only", action="store_true")
    parser.add_argument("--threshold", type=float, help="default: where F1 of posts and titles is best, or nearly")
    asked = parser.parse_args()
    model = asked.out / MODEL_FILE
    examples, vectors, teacher = gather(Sources(*(getattr(asked, name) for name in Sources._fields)))
    if asked.categories_only:
        model.write_bytes(with_categories(model.read_bytes(), examples, vectors))
        return
    calibration = held_out(examples, vectors, teacher, asked.threshold)
    asked.out.mkdir(parents=True, exist_ok=True)
    model.write_bytes(train(examples, vectors, teacher, calibration=calibration))
    print("slope {:.3f} offset {:.3f} threshold {:.3f}".format(*calibration))


if __name__ == "__main__":
    main()
