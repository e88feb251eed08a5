"""Extend the words without which a text is hardly about children, and print how many posts hold one.

    python -m tools.learn_cues --titles T.jsonl --posts P.jsonl --originals O.json --stream S.jsonl.gz

Reads what tools/train_relevance.py reads, the model it wrote, and the cues written by hand so far in
detectors/data/cues.txt; writes that file anew: a cue a line, simplified and traditional forms. Words are added
greedily, the one that reaches most accepted texts not yet reached for the fewest other posts let through. Names
of people and places are never added. Needs the `train` extra.
"""

import argparse
import gzip
import json
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import rjieba
from ahocorasick_rs import AhoCorasick
from opencc import OpenCC
from scipy import sparse

from detectors.relevance import CUES_FILE, Relevance
from detectors.text import clean
from streams.segment import load_segmenter
from tools.train_relevance import TITLES_UNTIL
from tools.training_texts import Example, read_posts, read_titles

REACHED = 0.98  # share of the accepted training texts that shall hold a cue; beyond it chance words get in
MIN_TEXTS = 5  # an added cue stands in so many accepted texts
STREAM_STEP = 10  # every tenth post of the stream is looked at to learn, all to report
POST_WEIGHT = 5.0  # an accepted post counts as so many titles
FREE_POSTS = 30.0  # of the sample: below it a cue is cheap, and only what it reaches counts
Cut = Callable[[str], list[str]]
NAMES = ("nr", "ns", "nt", "nz")  # jieba's tags of people, places, bodies, other names


def accepted(judge: Relevance, examples: Sequence[Example]) -> list[str]:
    return [e.text for e in examples if judge.judge(e.text, e.words).score >= judge.threshold]


def candidates(cut: Sequence[Sequence[str]]) -> list[str]:
    """Words of two to four Chinese characters that are no name."""
    counts = Counter(word for words in cut for word in set(words))
    words = [w for w, n in counts.items() if n >= MIN_TEXTS and 2 <= len(w) <= 4 and all("一" <= c <= "鿿" for c in w)]
    return sorted(word for word in words if not any(tag.startswith(NAMES) for _, tag in rjieba.tag(word)))


def holds(texts: Sequence[str], cues: Sequence[str]) -> sparse.csr_matrix:
    """Which text (row) holds which cue (column)."""
    automaton = AhoCorasick(cues)
    found = [{cue for cue, _, _ in automaton.find_matches_as_indexes(text, overlapping=True)} for text in texts]
    rows = [row for row, cues_found in enumerate(found) for _ in cues_found]
    columns = [cue for cues_found in found for cue in cues_found]
    return sparse.coo_matrix((np.ones(len(rows)), (rows, columns)), shape=(len(texts), len(cues))).tocsr()


def choose(
    cues: Sequence[str], wanted: sparse.csr_matrix, worth: np.ndarray, other: sparse.csr_matrix, *, enough: float
) -> list[str]:
    """Greedy weighted cover of the wanted texts, until at most `enough` of their worth is left."""
    left, free, chosen = worth.copy(), np.ones(other.shape[0]), []
    while left.sum() > enough:
        gain = (wanted.T @ left) / (FREE_POSTS + other.T @ free)
        best = int(gain.argmax())
        if gain[best] <= 0:
            break
        chosen.append(cues[best])
        left[wanted[:, best].nonzero()[0]] = 0
        free[other[:, best].nonzero()[0]] = 0
    return chosen


def stream_texts(stream: Path, step: int) -> list[tuple[str, str]]:
    """Own and quoted text of every `step`-th post."""
    texts = []
    with gzip.open(stream, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            if number % step == 0:
                row = json.loads(line)
                texts.append((row["text"], row.get("retweeted_status", {}).get("text", "")))
    return texts


def with_traditional(cues: Sequence[str]) -> list[str]:
    forms = [[OpenCC(name).convert(cue) for cue in cues] for name in ("s2t", "s2tw", "s2hk")]
    return sorted({*cues, *(form for converted in forms for form in converted)})


def extend(hand: Sequence[str], texts: Sequence[str], worth: np.ndarray, others: Sequence[str], cut: Cut) -> list[str]:
    """The cues written by hand, and what they leave unreached."""
    scan = AhoCorasick(hand)
    left = np.array(
        [value * (not scan.find_matches_as_indexes(text)) for value, text in zip(worth, texts, strict=True)]
    )
    more = candidates([cut(text) for text in texts])
    added = choose(more, holds(texts, more), left, holds(others, more), enough=(1 - REACHED) * worth.sum())
    return [*hand, *added]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("titles", "posts", "originals", "stream"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path("detectors/data"))
    asked = parser.parse_args()
    cut = load_segmenter("rjieba").cut
    judge = Relevance.load(asked.out)
    hand = (asked.out / CUES_FILE).read_text().split()
    titles = list(read_titles(asked.titles, cut))
    posts = list(read_posts(asked.posts, asked.originals, asked.stream, cut))
    mine = set(accepted(judge, posts))
    sample = stream_texts(asked.stream, STREAM_STEP)
    others = [f"{own}\n{quoted}" for own, quoted in sample if clean(quoted or own).own not in mine]

    def cues_of(some_titles: Sequence[Example], some_posts: Sequence[Example]) -> list[str]:
        from_titles, from_posts = accepted(judge, some_titles), accepted(judge, some_posts)
        worth = np.array([1.0] * len(from_titles) + [POST_WEIGHT] * len(from_posts))
        return extend(hand, from_titles + from_posts, worth, others, cut)

    early = [title for title in titles if str(title.at) < TITLES_UNTIL]
    half = cues_of(early, [post for post in posts if post.story % 2])
    late = [title for title in titles if str(title.at) >= TITLES_UNTIL]
    report("titles", late, judge, AhoCorasick(half))
    report("posts", [post for post in posts if post.story % 2 == 0], judge, AhoCorasick(half))
    cues = with_traditional(cues_of(titles, posts))
    (asked.out / CUES_FILE).write_text("\n".join(cues) + "\n")
    report_stream(Relevance.load(asked.out), stream_texts(asked.stream, 1), len(cues))


def report(name: str, examples: Sequence[Example], judge: Relevance, scan: AhoCorasick) -> None:
    """Of the held-out texts that the judge accepts, and of those about children, how many hold a cue."""
    child = [example for example in examples if example.child and not example.unsure]
    for kind, some in (("accepted", accepted(judge, examples)), ("accepted, about children", accepted(judge, child))):
        reached = sum(bool(scan.find_matches_as_indexes(text)) for text in some)
        print(f"held-out {name} {kind}: {reached} of {len(some)} hold a cue")


def report_stream(judge: Relevance, texts: Sequence[tuple[str, str]], cues: int) -> None:
    whole = sum(judge.has_cue(own) or judge.has_cue(quoted) for own, quoted in texts) / len(texts)
    alone = sum(judge.has_cue(own) for own, _ in texts) / len(texts)
    print(f"{cues} cues; posts of the stream that hold one: {whole:.3f} with the quoted text, {alone:.3f} in their own")


if __name__ == "__main__":
    main()
