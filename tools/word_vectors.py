"""Learn the senses of words from texts that nobody labelled: words in like company get like vectors.

Positive pointwise mutual information of words at most WINDOW apart, reduced by a seeded singular value
decomposition (Levy & Goldberg 2014). The judge never sees the vectors: a linear model on the sum of a text's
vectors is one number a word, and that number is shipped (tools/train_relevance.py).
"""

import gzip
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
from scipy import sparse
from sklearn.utils.extmath import randomized_svd

from detectors.text import clean

__all__ = ["Vectors", "learn", "of_rankings", "read_reposts", "with_meanings"]

SEED = 1
WINDOW = 6
NEAR = 2  # words this close count whole, others 1 / distance
MIN_COUNT = 4
DIMENSIONS = 200
MIN_CHARS, MAX_CHARS = 12, 300  # of a repost's own words: shorter ones are formulas
SMOOTHING = 0.75  # power of context counts, against rare contexts
PAUSES = set('，。！？；：、,.!?;"“”（）()《》')
Cut = Callable[[str], list[str]]


class Vectors:
    """Word -> unit vector, times the word's rarity; commonest words first."""

    def __init__(self, words: Sequence[str], table: np.ndarray) -> None:
        self.words = words
        self.table = table
        self._place = {word: place for place, word in enumerate(words)}

    def sums(self, texts: Sequence[Sequence[str]], divisors: Callable[[int, int], float]) -> np.ndarray:
        """Sum of vectors of each text, divided by divisors(number of the text, its known words)."""
        rows, columns, values = [], [], []
        for row, words in enumerate(texts):
            known = [self._place[word] for word in words if word in self._place]
            rows += [row] * len(known)
            columns += known
            values += [1.0 / divisors(row, max(1, len(known)))] * len(known)
        counts = sparse.csr_matrix((values, (rows, columns)), shape=(len(texts), len(self.words)))
        vectors: np.ndarray = np.asarray(counts @ self.table)
        return vectors


def of_rankings(longest: dict[str, str], cut: Cut, *, known: set[str]) -> Iterator[list[str]]:
    """Words of titles with their longest description; not of those in `known`, which are labelled."""
    for title, text in longest.items():
        if title not in known:
            whole = f"{title}。{text}" if text not in ("", title) else title
            yield cut(clean(whole).own[:1000])


def read_reposts(path: Path, cut: Cut) -> Iterator[list[str]]:
    """Distinct own words of a stream's posts."""
    seen = set()
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            own = clean(json.loads(line)["text"]).own
            if len(own) >= MIN_CHARS and own not in seen:
                seen.add(own)
                yield cut(own[:MAX_CHARS])


def learn(texts: Iterable[Sequence[str]]) -> Vectors:
    """Vectors of all words met at least MIN_COUNT times. Cost: half a minute for 5 million words."""
    docs = [[word for word in words if not word.isspace() and word not in PAUSES] for words in texts]
    counts = Counter(word for words in docs for word in words)
    words = [word for word, count in counts.most_common() if count >= MIN_COUNT]
    place = {word: number for number, word in enumerate(words)}
    gap = [-1] * WINDOW  # no pair reaches over it into the next text
    ids = np.array([number for doc in docs for number in (*(place.get(word, -1) for word in doc), *gap)])
    near = _pairs(ids, len(words))
    vectors, strengths, _ = randomized_svd(_information(near), DIMENSIONS, n_iter=3, random_state=SEED)
    table = vectors * np.sqrt(strengths)
    table /= np.linalg.norm(table, axis=1, keepdims=True) + 1e-9
    rarity = np.log(len(docs) / np.array([counts[word] for word in words]))
    return Vectors(words, table * rarity[:, None])


def with_meanings(vectors: Vectors, meanings: np.ndarray) -> Vectors:
    """The same words, each with what its company and what a sentence model tell of it, in equal parts.

    Args:
        meanings: a row a word, as the model gives them; their 200 strongest directions are kept.
    """
    rarity = np.linalg.norm(vectors.table, axis=1, keepdims=True)
    centred = meanings - meanings.mean(0)
    _, axes = np.linalg.eigh(np.cov(centred.T))
    kept = centred @ axes[:, ::-1][:, :DIMENSIONS]
    kept /= np.linalg.norm(kept, axis=1, keepdims=True) + 1e-9
    both = np.hstack([vectors.table / (rarity + 1e-9), kept]) / np.sqrt(2.0)
    return Vectors(vectors.words, both * rarity)


def _pairs(ids: np.ndarray, size: int) -> sparse.csr_matrix:
    total = sparse.csr_matrix((size, size), dtype=np.float32)
    for distance in range(1, WINDOW + 1):
        left, right = ids[:-distance], ids[distance:]
        both = (left >= 0) & (right >= 0)
        weight: np.ndarray = np.full(int(both.sum()), 1.0 if distance <= NEAR else 1.0 / distance, dtype=np.float32)
        total = total + sparse.coo_matrix((weight, (left[both], right[both])), shape=(size, size)).tocsr()
    return total + total.T


def _information(near: sparse.csr_matrix) -> sparse.csr_matrix:
    rows = np.asarray(near.sum(1)).ravel() + 1e-9
    columns = rows**SMOOTHING
    columns *= rows.sum() / columns.sum()
    cells = near.tocoo()
    value = np.log(cells.data * rows.sum() / (rows[cells.row] * columns[cells.col]))
    kept = value > 0
    shape = near.shape
    return sparse.coo_matrix((value[kept], (cells.row[kept], cells.col[kept])), shape=shape).tocsr().astype(np.float32)
