"""The judge's file as bytes: what its trainer puts together and takes apart. Its layout: detectors/relevance.py."""

from collections.abc import Sequence
from zlib import compress, crc32, decompress

from detectors.categories import CATEGORIES
from detectors.category_rank import CATEGORY_BUCKETS
from detectors.features import BUCKETS
from detectors.passages import SENSE_BUCKETS
from detectors.relevance import HEADER, MAGIC, Relevance

__all__ = ["file_of", "with_category_tables"]

_CHILD_BYTES = 2 * BUCKETS + SENSE_BUCKETS  # of the tables, those that tell about children


def file_of(tables: bytes, numbers: Sequence[float]) -> bytes:
    """The whole file; `numbers` are the six that end its header."""
    return HEADER.pack(MAGIC, crc32(tables), BUCKETS, CATEGORY_BUCKETS, len(CATEGORIES), *numbers) + compress(tables, 9)


def with_category_tables(model: bytes, tables: bytes) -> bytes:
    """The file with other tables of categories; what tells about children, and how, stays to the last bit.

    Raises:
        SettingsError: the bytes are no whole model of this version.
    """
    Relevance(model, ["x"])
    _, _, _, _, _, *numbers = HEADER.unpack_from(model)
    return file_of(decompress(model[HEADER.size :])[:_CHILD_BYTES] + tables, numbers)
