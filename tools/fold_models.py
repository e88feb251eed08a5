"""Train five relevance judges, each on four fifths of the stories, for measuring on the fifth that it never saw.

    python -m tools.fold_models --data DIR --sentences MODEL.jar --out DIR

Reads what tools/train_relevance.py reads, the data by the names that benchmarks/streams.py knows, and writes 0/ to 4/
(each a folder of detectors/data's kind) and folds.json {"shipped": digest of the shipped model, "folds": {story:
fold}}. Texts that no story owns are in all; catchwords of public cases are in none, for some were written knowing the
posts. Slope, offset and threshold are the shipped model's, which came from such folds. Needs the `train` extra.
"""

import argparse
import json
import shutil
from hashlib import blake2b
from pathlib import Path

from detectors.relevance import CUES_FILE, HEADER, MODEL_FILE
from tools.train_relevance import FOLDS, Sources, fold_of, folds_of, gather, train

SHIPPED = Path(__file__).parents[1] / "detectors" / "data"
_SOURCES = (
    "hot_titles_dev.jsonl", "posts_dev.jsonl", "truth_dev.json", "cascades_dev.jsonl.gz", "hot_search_dev.jsonl.gz",
)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("data", "sentences", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    asked = parser.parse_args()
    titles, posts, originals, stream, rankings = (asked.data / name for name in _SOURCES)
    gathered, vectors, teacher = gather(Sources(titles, posts, originals, stream, rankings, asked.sentences))
    examples = [example for example in gathered if example.kind != "case"]
    folds = folds_of(examples)
    numbers = [fold_of(example, folds) for example in examples]
    shipped = (SHIPPED / MODEL_FILE).read_bytes()
    slope, offset, threshold = HEADER.unpack_from(shipped)[-3:]
    for fold in range(FOLDS):
        folder = asked.out / str(fold)
        folder.mkdir(parents=True, exist_ok=True)
        others = [example for example, number in zip(examples, numbers, strict=True) if number != fold]
        (folder / MODEL_FILE).write_bytes(train(others, vectors, teacher, calibration=(slope, offset, threshold)))
        shutil.copy(SHIPPED / CUES_FILE, folder)
        print(f"fold {fold}: trained on {len(others)} texts", flush=True)
    told = {"shipped": blake2b(shipped, digest_size=8).hexdigest(), "folds": folds}
    (asked.out / "folds.json").write_text(json.dumps(told) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
