"""A judge that may be slow teaches the one that must not be: it reads headlines that nobody labelled.

The teacher is kernel ridge regression on vectors of a sentence model, with some of the labelled texts as landmarks
(Nystroem; Williams & Seeger 2001), beside the judge itself: the two are wrong about different texts. It reads
a headline with its description, and what it says is learned of both, the headline alone and the whole.
Measured: docs/decisions/0053.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from tools.sentence_model import SentenceModel
from tools.training_texts import Example

__all__ = ["Teacher"]

SEED = 1
LANDMARKS = 4000
WIDTH = 2.0  # of the kernel: exp(-WIDTH * squared distance of unit vectors)
RIDGE = 1.0
# Log odds of the two together, fitted to texts that neither had seen
OF_JUDGE, OF_KERNEL, OFFSET = 2.2, 2.5, -0.4
Margins = Callable[[Sequence[Example]], np.ndarray]


class Teacher:
    """Reads what is not labelled, as taught by what is.

    Args:
        model: the sentence model.
        labelled: all texts that it will ever learn from.
        unlabelled: (headline, the same with its description).
    """

    def __init__(
        self, model: SentenceModel, labelled: Sequence[Example], unlabelled: Sequence[tuple[Example, Example]]
    ) -> None:
        texts = sorted({example.text for example in labelled})
        self._vectors = dict(zip(texts, model.vectors(texts), strict=True))
        self._unlabelled = unlabelled
        self._unread = model.vectors([whole.text for _, whole in unlabelled])

    def read(self, labelled: Sequence[Example], margins: Margins) -> list[Example]:
        """The unlabelled texts with labels, each as sure as the teacher is.

        Args:
            labelled: what it may learn from; unsure ones are left out.
            margins: what the judge says of texts, before calibration; taught by the same.
        """
        odds = OF_JUDGE * margins([whole for _, whole in self._unlabelled]) + OFFSET
        odds += OF_KERNEL * self._kernel([example for example in labelled if not example.unsure and example.weight])
        sure = np.abs(np.tanh(odds / 2))  # how far the probability is from even
        return [
            replace(example, child=int(odd > 0), sureness=float(far))
            for pair, odd, far in zip(self._unlabelled, odds, sure, strict=True)
            for example in pair
        ]

    def _kernel(self, examples: Sequence[Example]) -> np.ndarray:
        """What kernel ridge regression says of the unlabelled texts: about 1 for children, -1 else."""
        seen = np.array([self._vectors[example.text] for example in examples])
        signs = np.array([1.0 if example.child else -1.0 for example in examples], np.float32)
        weights = np.array([example.weight for example in examples], np.float32)
        draw = np.random.default_rng(SEED)
        marks = seen[draw.choice(len(seen), min(LANDMARKS, len(seen)), replace=False, p=weights / weights.sum())]
        share = float(weights[signs > 0].sum() / weights.sum())
        weights *= np.where(signs > 0, 0.5 / share, 0.5 / (1 - share)) ** 0.5  # half way to balance
        near = _near(seen, marks)
        square = (near * weights[:, None]).T @ near + RIDGE * _near(marks, marks)
        told = (near * weights[:, None]).T @ signs
        held = np.linalg.solve(square.astype(np.float64) + 1e-6 * np.eye(len(marks)), told)
        steps = range(0, len(self._unread), LANDMARKS)
        return np.concatenate([_near(self._unread[at : at + LANDMARKS], marks) @ held for at in steps])


def _near(some: np.ndarray, marks: np.ndarray) -> np.ndarray:
    near: np.ndarray = np.exp(-WIDTH * np.maximum(0.0, 2 - 2 * some @ marks.T)).astype(np.float32)
    return near
