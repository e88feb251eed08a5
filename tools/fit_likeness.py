"""Fit the weights of `detectors.likeness` and `detectors.same_event` to pairs of headlines that people have read.

    python tools/fit_likeness.py LABELS SNAPSHOTS

LABELS: JSON lines {"earlier": entry id, "later": entry id, "same": 0 or 1}; an entry's id is its list and title, as in
a topic's evidence. SNAPSHOTS: hot lists (producers/hot_list.py) that hold them. Prints the two sets of weights.

Pairs first: each pair's traits in the hour in which the later headline came, as the lists stood then. Then events:
the lists are followed with those weights, and each candidate of a labelled headline that holds a labelled one is an
example. The second fit is repeated with its own weights, for they change which topics there are.

    python tools/fit_likeness.py LABELS SNAPSHOTS --beside

keeps the weights of pairs and of the first numbers of an event in proportion, and fits the newer ones beside them: what
many labels once taught stays, where few new ones are at hand.
"""

import argparse
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from contracts.post import Post
from contracts.settings import Settings
from detectors.delta import Ranking
from detectors.likeness import Traits, Weights, traits_of
from detectors.list_topics import ListState
from detectors.lists import Lists
from detectors.same_event import EVENT_WEIGHTS, Candidate, Evidence
from producers.author_key import ARCHIVE_SALT, AuthorKeys
from producers.files import FileSource
from tongsheng import wiring

FIRST = ("top", "next", "three", "cover", "central", "core", "hours")  # fitted on the first labels
REGULAR = 0.1  # C of scikit-learn, on numbers of unit variance
ROUNDS = 2
HOUR_MS = 3_600_000
Labels = dict[str, dict[str, int]]  # later -> earlier -> 0 or 1


def read_labels(path: Path) -> Labels:
    """The pairs by their later headline."""
    labels: Labels = defaultdict(dict)
    for line in path.read_text(encoding="utf-8").splitlines():
        pair = json.loads(line)
        labels[pair["later"]][pair["earlier"]] = pair["same"]
    return labels


def read_ticks(path: Path) -> list[tuple[int, list[Ranking]]]:
    """Time of each snapshot, and its entries about children."""
    settings = Settings()
    listener = wiring.listener(settings, wiring.local_veil(settings))
    source = FileSource(path, AuthorKeys(ARCHIVE_SALT), received_ms=wiring.now_ms(), clock=wiring.now_ms)
    ticks: dict[int, list[Ranking]] = defaultdict(list)
    for item in source.items():
        if isinstance(item.what, Post) and (ranking := listener.hear(item.what).ranking) is not None:
            ticks[ranking.at_ms].append(ranking)
    return sorted(ticks.items())


def fit(numbers: Sequence[tuple[float, ...]], same: Sequence[int]) -> tuple[float, list[float]]:
    """Bias and weights of a logistic regression."""
    scaler = StandardScaler().fit(np.array(numbers))
    model = LogisticRegression(C=REGULAR, max_iter=3000).fit(scaler.transform(np.array(numbers)), np.array(same))
    weights = model.coef_[0] / scaler.scale_
    return float(model.intercept_[0] - (weights * scaler.mean_).sum()), [round(float(weight), 2) for weight in weights]


def fit_beside(examples: Iterable[tuple[Evidence, int]], former: Weights) -> Weights:
    """The former weights of FIRST, all multiplied by one number, and new ones of the rest."""
    numbers, same = zip(*examples, strict=True)
    kept = Evidence(**{name: getattr(former.of, name) if name in FIRST else 0.0 for name in Evidence._fields})
    rest = [name for name in Evidence._fields if name not in FIRST]
    rows = [(former.bias + Weights(0.0, kept).log_odds(one), *(getattr(one, name) for name in rest)) for one in numbers]
    bias, (gain, *weights) = fit(rows, same)
    both = {name: round(gain * getattr(kept, name), 2) for name in FIRST} | dict(zip(rest, weights, strict=True))
    return Weights(round(bias + gain * former.bias, 2), Evidence(**both))


def follow(
    ticks: Iterable[tuple[int, list[Ranking]]], lists: Lists, see: Callable[[Ranking, list[Candidate]], None]
) -> None:
    """Hear all entries in order; before a new one is placed, show its candidates."""
    known: set[str] = set()
    for at_ms, rankings in ticks:
        for ranking in sorted(rankings, key=lambda ranking: ranking.id):
            if ranking.id not in known:
                known.add(ranking.id)
                see(ranking, lists.candidates(ranking))
            lists.hear([ranking], [(ranking.list, at_ms, ranking.rank or 0)], at_ms)
        lists.age(at_ms + 2 * 60_000)


def pairs(ticks: list[tuple[int, list[Ranking]]], labels: Labels, lists: Lists) -> Iterator[tuple[Traits, int]]:
    """Traits of each labelled pair that shares more than a common word."""
    found: list[tuple[Traits, int]] = []

    def see(ranking: Ranking, _: list[Candidate]) -> None:
        told, profile = labels.get(ranking.id, {}), lists.profile_of(ranking)
        for topic in lists.state.topics.values() if told else ():
            hours = abs(ranking.at_ms - topic.seen_ms) / HOUR_MS
            for earlier in told.keys() & topic.entries.keys():
                one = topic.entries[earlier].profile
                traits = traits_of(one, profile, hours=hours, rarity=lists.state.rarity, weigh=lists.weigh)
                if traits is not None:
                    found.append((traits, told[earlier]))

    follow(ticks, lists, see)
    return iter(found)


def events(ticks: list[tuple[int, list[Ranking]]], labels: Labels, lists: Lists) -> Iterator[tuple[Evidence, int]]:
    """Evidence of each topic that holds a labelled earlier headline."""
    found: list[tuple[Evidence, int]] = []

    def see(ranking: Ranking, candidates: list[Candidate]) -> None:
        told = labels.get(ranking.id, {})
        for candidate in candidates:
            held = [same for earlier, same in told.items() if earlier in lists.state.topics[candidate.id].entries]
            if held:
                found.append((candidate.evidence, max(held)))

    follow(ticks, lists, see)
    return iter(found)


def main() -> None:
    """Print the weights, as they stand in the two modules."""
    parser = argparse.ArgumentParser(prog="python tools/fit_likeness.py", description=__doc__)
    parser.add_argument("labels", type=Path)
    parser.add_argument("snapshots", type=Path)
    parser.add_argument("--beside", action="store_true", help="keep the first weights in proportion")
    asked = parser.parse_args()
    labels, ticks = read_labels(asked.labels), read_ticks(asked.snapshots)
    names = wiring.broadcast(wiring.local_veil(Settings()))
    if asked.beside:
        event = EVENT_WEIGHTS
        for _ in range(ROUNDS):
            lists = Lists(ListState(), names, event=event)
            event = fit_beside(events(ticks, labels, lists), EVENT_WEIGHTS)
            print(event)
        return
    bias, weights = fit(*zip(*pairs(ticks, labels, Lists(ListState(), names)), strict=True))
    pair = Weights(round(bias, 2), Traits(*weights))
    print(pair)
    event = Weights(0.0, Evidence(1.0, *[0.0] * (len(Evidence._fields) - 1)))
    for _ in range(ROUNDS):
        lists = Lists(ListState(), names, pair=pair, event=event)
        bias, weights = fit(*zip(*events(ticks, labels, lists), strict=True))
        event = Weights(round(bias, 2), Evidence(*weights))
        print(event)


if __name__ == "__main__":
    main()
