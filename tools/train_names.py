"""Train what knows a private person's name by its characters and the words around it.

    python -m tools.train_names --stream S.jsonl.gz --rankings R.jsonl.gz

Reads public posts (Weibo's format) and hot-list snapshots {"entries": [{"title", "desc"?}]}, and the invented posts in
tools/data/. In each text every name that the rules of `detectors.names` find is replaced by an invented one, so that
the context teaches and never the name; where somebody of public life stands, an invented name in that place is an
example of what is none. Whatever else begins with a family name is none, either, but for what a reader found there
(tools/data/name_labels.txt: marks of the characters around, which say nothing to who does not have the texts). Needs
the `train` extra. Writes detectors/data/name_weights.txt: weights of characters, tags and the dictionary's words that
are no names.
"""

import argparse
import gzip
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

import jieba
import numpy as np
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from contracts.settings import Settings
from detectors import name_cues as cues
from detectors.disguise import fold
from detectors.name_lists import GIVEN, PUBLIC, SURNAMES
from detectors.name_model import WEIGHTS_FILE, Candidate, candidates_of, features_of
from detectors.names import find_by_rule
from detectors.signs import signs_in
from detectors.words import Sentence
from tongsheng import wiring
from tools.training_texts import OWN, digest, longest_descriptions

SEED = 1
LONGEST = 200  # characters read of a text
SHORTEST = 25
MIN_EXAMPLES = 10  # a feature met less often has no weight
KEPT = 8000  # features with the largest weights
INVERSE_PENALTY = 0.3  # C of the logistic regression
MOST_ALIKE = 4  # texts in which the same characters stand around a name
PRIVATE_TIMES, PUBLIC_TIMES = 3, 2  # invented names put in each place
KEPT_OTHERS = 0.6  # share of what is no name
AROUND = 8  # characters on either side of what was labelled by hand
_NAME_SIZES = (2, 3)
_COMMON = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾"
    "夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)


class Names:
    """Invents names: family names as they are spread, given ones from characters and pairs of the dictionary."""

    def __init__(self, random: Random) -> None:
        self._random = random
        lines = (Path(jieba.__file__).parent / "dict.txt").read_text(encoding="utf-8").splitlines()
        known = [word for word, _, tag in map(str.split, lines) if tag == "nr" and word[0] in SURNAMES]
        self._single = [word[1:] for word in known if len(word) == _NAME_SIZES[0]]
        self._pairs = [word[1:] for word in known if len(word) == _NAME_SIZES[1]]
        self._likely = sorted(GIVEN)
        self._rare = sorted(SURNAMES - set(_COMMON))
        self._spread = [1 / (place + 3) for place in range(len(_COMMON))]

    def invent(self) -> str:
        """One name of two or three characters."""
        pick = self._random.choice
        is_common = self._random.random() < 0.9
        family = self._random.choices(_COMMON, self._spread)[0] if is_common else pick(self._rare)
        one = pick(self._likely)
        forms = (
            (0.25, pick(self._single) if self._random.random() < 0.6 else one),
            (0.55, pick(self._pairs)),
            (0.75, one + pick(self._likely)),
            (0.82, one + one),
            (1.0, pick(self._pairs)[0] + pick(self._pairs)[1]),
        )
        share = self._random.random()
        return family + next(given for limit, given in forms if share < limit)


def read_texts(stream: Path, rankings: Path) -> Iterator[str]:
    """Plain forms of posts, of titles with their descriptions and of the invented posts; copies once."""
    seen: set[str] = set()
    for text in _texts(stream, rankings):
        plain = fold(text[:LONGEST]).text
        if len(plain) >= SHORTEST and plain[:SHORTEST] not in seen:
            seen.add(plain[:SHORTEST])
            yield plain


def _texts(stream: Path, rankings: Path) -> Iterator[str]:
    with gzip.open(stream, "rt", encoding="utf-8") as lines:
        yield from (json.loads(line)["text"].partition("//@")[0] for line in lines)
    yield from (f"{title}。{text}" for title, text in longest_descriptions(rankings).items())
    yield from (json.loads(line)["text"] for line in (OWN / "invented_posts.jsonl").read_text().splitlines())


class Examples:
    """Collects features and labels."""

    def __init__(self) -> None:
        redactor = wiring.redactor(Settings())
        self._read = redactor.reader.read
        self._random = Random(SEED)
        self._names = Names(self._random)
        self._around: Counter[tuple[str, str]] = Counter()
        self._read_by_hand = read_labels()
        self.rows: list[list[str]] = []
        self.labels: list[bool] = []

    def learn(self, text: str) -> None:
        """Add what one text teaches."""
        sentence = self._read(text)
        found = set(find_by_rule(sentence, signs_in(sentence.text)))
        told = {(one.start, one.end): self._read_by_hand.get(mark_of(text, one)) for one in candidates_of(sentence)}
        found.update(span for span, label in told.items() if label)
        for candidate in candidates_of(sentence):
            is_apart = all(end <= candidate.start or candidate.end <= start for start, end in found)
            is_read = told[candidate.start, candidate.end] is not None
            if is_apart and (is_read or self._random.random() < KEPT_OTHERS):
                self._add(sentence, candidate, label=False)
        private = {text[start:end] for start, end in found}
        public = {text[one.start : one.end] for one in candidates_of(sentence)} & PUBLIC
        for names, label in ((private, True), (public, False)):
            for name in sorted(names):
                if len(name) in _NAME_SIZES and name[0] in SURNAMES:
                    self._replace(text, name, label=label)

    def _replace(self, text: str, name: str, *, label: bool) -> None:
        place = text.find(name)
        end = place + len(name)
        around = text[max(place - 3, 0) : place], text[end : end + 3]
        self._around[around] += 1
        if self._around[around] > MOST_ALIKE:
            return
        if label and cues.is_on_stage(text) and not cues.is_beside_cue(text, place, end):
            return
        for _ in range(PRIVATE_TIMES if label else PUBLIC_TIMES):
            invented = self._names.invent()
            sentence = self._read(text.replace(name, invented))
            for candidate in candidates_of(sentence):
                if sentence.text[candidate.start : candidate.end] == invented:
                    self._add(sentence, candidate, label=label)
                elif label and candidate.start < place + len(invented) and place < candidate.end:
                    self._add(sentence, candidate, label=False)

    def _add(self, sentence: Sentence, candidate: Candidate, *, label: bool) -> None:
        self.rows.append(features_of(sentence, candidate))
        self.labels.append(label)


def mark_of(text: str, candidate: Candidate) -> str:
    """Under which a label made by hand stands: says nothing to who does not have the text."""
    return digest(text[max(candidate.start - AROUND, 0) : candidate.end + AROUND] + f"|{candidate.end}")


def read_labels() -> dict[str, bool]:
    """Mark of a candidate that no rule found -> whether a reader took it for a private person's name."""
    lines = (OWN / "name_labels.txt").read_text(encoding="utf-8").splitlines()
    return {mark: label == "1" for mark, label in map(str.split, lines)}


def train(examples: Examples) -> tuple[dict[str, int], float, float]:
    """Weights, their scale and the bias: logistic regression, rounded to int8."""
    met = Counter(feature for row in examples.rows for feature in set(row))
    names = sorted(name for name, count in met.items() if count >= MIN_EXAMPLES and name.isprintable())
    columns = {name: column for column, name in enumerate(names)}
    cells = [(row, columns[name]) for row, found in enumerate(examples.rows) for name in set(found) if name in columns]
    rows, places = zip(*cells, strict=True)
    table = sparse.csr_matrix((np.ones(len(cells)), (rows, places)), shape=(len(examples.rows), len(columns)))
    judge = LogisticRegression(C=INVERSE_PENALTY, max_iter=400, solver="liblinear", random_state=SEED)
    judge.fit(table, examples.labels)
    found = judge.coef_.ravel()
    found[np.abs(found) < np.sort(np.abs(found))[-min(KEPT, len(found))]] = 0.0
    scale = float(np.abs(found).max()) / 127
    rounded = np.rint(found / scale).astype(int)
    return {name: int(rounded[place]) for name, place in columns.items() if rounded[place]}, scale, judge.intercept_[0]


def write(path: Path, weights: dict[str, int], scale: float, bias: float) -> None:
    """The file that `detectors.name_model` reads."""
    lines: dict[int, list[str]] = defaultdict(list)
    for name, weight in sorted(weights.items()):
        lines[weight].append(name)
    body = [f"{weight}\t" + "\t".join(names) for weight, names in sorted(lines.items(), reverse=True)]
    path.write_text("\n".join([f"{scale:.6g} {bias:.6g}", *body, ""]), encoding="utf-8")


def main(arguments: Sequence[str] | None = None) -> None:
    """Read, train, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stream", type=Path, required=True)
    parser.add_argument("--rankings", type=Path, required=True)
    options = parser.parse_args(arguments)
    examples = Examples()
    for text in read_texts(options.stream, options.rankings):
        examples.learn(text)
    write(WEIGHTS_FILE, *train(examples))
    names = sum(examples.labels)
    print(f"{len(examples.labels)} examples, {names} names; {WEIGHTS_FILE.name}: {WEIGHTS_FILE.stat().st_size} bytes")


if __name__ == "__main__":
    main()
