"""Fit the weights of `detectors.same_event` to headlines that people have read.

    python -m tools.fit_likeness SNAPSHOTS

SNAPSHOTS: hot lists (producers/hot_list.py) that hold the labelled headlines; the labels stand in
tools/data/event_labels.txt, which tells their form. Prints the weights, and how well they do on weeks held out, and on
those of event_exam.txt, which nothing was ever fitted to; and whether log odds mean what they say, on pairs that were
drawn by them (event_check.txt). Deterministic: the same labels and snapshots print the same.

The lists are followed, and each candidate of a labelled headline that holds a labelled one is an example. At first only
the likest entry decides; then that is repeated with what was fitted, for the weights change which topics there are.
"""

import argparse
import math
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss
from sklearn.preprocessing import StandardScaler

from detectors.delta import Ranking
from detectors.likeness import Weights
from detectors.list_topics import Entry, ListState
from detectors.lists import SAME_EVENT, Lists
from detectors.same_event import OF_STAGE, Evidence
from tools.hot_lists import Ticks, names, newcomers, read_ticks
from tools.training_texts import digest

LABELS = Path(__file__).parent / "data" / "event_labels.txt"
EXAM, CHECK = LABELS.with_name("event_exam.txt"), LABELS.with_name("event_check.txt")
REGULAR = 0.1  # C of scikit-learn, on numbers of unit variance
ROUNDS = 3
FOLDS = 10  # of whole weeks
OF_STRETCH = 0.1  # what an example of a stretch weighs: they are many, and most of them plain
WEEK_MS = 7 * 24 * 3_600_000
Event = tuple[str, str]  # stretch, event


class Labels(NamedTuple):
    """What was read.

    Attributes:
        pairs: later headline -> earlier one -> 1 of the same event, 0 of another.
        events: (headline, minute of its first snapshot) -> its event, in stretches that were read whole.
    """

    pairs: dict[str, dict[str, int]]
    events: dict[tuple[str, int], Event]

    def event_of(self, ranking: Ranking, first_ms: int) -> Event | None:
        """The event of a headline of a stretch."""
        return self.events.get((key_of(ranking), first_ms // 60_000))

    def relation(self, later: Ranking, entry: Entry) -> int | None:
        """Whether an entry is of the headline's event; None where nobody read that."""
        known = self.pairs.get(key_of(later), {}).get(key_of(entry.ranking))
        one, other = self.event_of(later, later.at_ms), self.event_of(entry.ranking, entry.first_ms)
        if known is not None or one is None or other is None or one[0] != other[0]:
            return known
        return int(one == other)


class Example(NamedTuple):
    """One headline and one topic."""

    evidence: Evidence
    same: int
    weight: float
    at_ms: int


def key_of(ranking: Ranking) -> str:
    """A headline as the labels name it: by its title as it stands on the list."""
    return digest(ranking.id.partition(":")[2])


def read_labels(path: Path) -> Labels:
    """The labels; see their file."""
    labels = Labels(defaultdict(dict), {})
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        match line.split():
            case ["same" | "other" as said, later, earlier]:
                labels.pairs[later][earlier] = int(said == "same")
            case ["in", stretch, event, headline, minute]:
                labels.events[headline, int(minute)] = (stretch, event)
            case [first, *_] if not first.startswith("#"):
                raise SystemExit(f"{path}, line {number}: expected same|other LATER EARLIER, or in STRETCH ...")
    return labels


def examples_of(ticks: Ticks, labels: Labels, lists: Lists) -> list[Example]:
    """Evidence of each topic of which somebody read whether a headline belongs to it."""
    found: list[Example] = []
    for ranking in newcomers(ticks, lists):
        weight = 1.0 if key_of(ranking) in labels.pairs else OF_STRETCH
        for candidate in lists.candidates(ranking):
            entries = lists.state.topics[candidate.id].entries.values()
            known = [same for entry in entries if (same := labels.relation(ranking, entry)) is not None]
            if known and abs(candidate.margin) != OF_STAGE:  # that is a rule, and not weighed
                same = int(2 * sum(known) >= len(known))
                found.append(Example(candidate.evidence, same, weight, ranking.at_ms))
    return found


def fitted(examples: Sequence[Example]) -> tuple[Weights, LogisticRegression, StandardScaler]:
    """A logistic regression on numbers of unit variance, and the same as weights of the numbers themselves."""
    numbers, same = np.array([one.evidence for one in examples]), np.array([one.same for one in examples])
    scaler = StandardScaler().fit(numbers)
    model = LogisticRegression(C=REGULAR, max_iter=3000)
    model.fit(scaler.transform(numbers), same, sample_weight=[one.weight for one in examples])
    of = model.coef_[0] / scaler.scale_
    bias = float(model.intercept_[0] - (of * scaler.mean_).sum())
    return Weights(round(bias, 2), Evidence(*(round(float(weight), 2) for weight in of))), model, scaler


def held_out(examples: Sequence[Example]) -> tuple[float, float]:
    """Log loss of weeks that were not fitted to, and the share of them that are right; labelled pairs only."""
    weeks = sorted({one.at_ms // WEEK_MS for one in examples})
    fold = {week: number % FOLDS for number, week in enumerate(weeks)}
    odds, same = [], []
    for number in range(FOLDS):
        kept = [one for one in examples if fold[one.at_ms // WEEK_MS] != number]
        held = [one for one in examples if fold[one.at_ms // WEEK_MS] == number and one.weight == 1.0]
        _, model, scaler = fitted(kept)
        odds += [*model.decision_function(scaler.transform(np.array([one.evidence for one in held])))]
        same += [one.same for one in held]
    return log_loss(same, 1 / (1 + np.exp(-np.array(odds)))), float(np.mean((np.array(odds) > 0) == np.array(same)))


def print_calibration(examples: Sequence[Example], event: Weights) -> None:
    """By whole log odds: examples, how many of them should be of the same event, and how many are."""
    bins: dict[int, list[tuple[float, int]]] = defaultdict(list)
    for one in examples:
        odds = event.log_odds(one.evidence)
        bins[round(odds)].append((1 / (1 + math.exp(-odds)), one.same))
    for odds, found in sorted(bins.items()):
        expected, same = sum(chance for chance, _ in found), sum(same for _, same in found)
        print(f"log odds {odds:+d}: {len(found)} examples, expected {expected:.0f}, are {same}")


def main() -> None:
    """Print the weights, as they stand in the two modules."""
    parser = argparse.ArgumentParser(prog="python -m tools.fit_likeness", description=__doc__)
    parser.add_argument("snapshots", type=Path)
    parser.add_argument("--labels", type=Path, default=LABELS)
    asked = parser.parse_args()
    labels, ticks = read_labels(asked.labels), read_ticks(asked.snapshots)
    held = {key_of(ranking) for _, rankings in ticks for ranking in rankings}
    if held.isdisjoint(labels.pairs):
        parser.error(f"{asked.snapshots} holds no headline of {asked.labels}: give the lists that were read")
    known = names()
    event = Weights(0.0, Evidence(1.0, *[0.0] * (len(Evidence._fields) - 1)))
    for _ in range(ROUNDS):
        examples = examples_of(ticks, labels, Lists(ListState(), known, event=event))
        event, _, _ = fitted(examples)
    loss, right = held_out(examples)
    print(event)
    print(f"{len(examples)} examples; weeks held out: log loss {loss:.3f}, {right:.3f} right")
    exam = examples_of(ticks, read_labels(EXAM), Lists(ListState(), known, event=event))
    odds, same = np.array([event.log_odds(one.evidence) for one in exam]), np.array([one.same for one in exam])
    joined, loss = odds >= SAME_EVENT, log_loss(same, 1 / (1 + np.exp(-odds)))
    apart = ~joined
    print(f"{len(exam)} examples of the exam: log loss {loss:.3f}; joined from {SAME_EVENT}")
    print(f"{same[joined].mean():.3f} of {joined.sum()} right, apart {1 - same[apart].mean():.3f} of {apart.sum()}")
    print_calibration(examples_of(ticks, read_labels(CHECK), Lists(ListState(), known, event=event)), event)


if __name__ == "__main__":
    main()
