"""The texts that the relevance judge learns from, and the labels of ours that go with some of them.

Labelled data stay where the user has them; of ours there are, in tools/data/: texts that were invented for training,
words that stand for a category or a public case, and labels of headlines and remarks under a digest of the text,
which say nothing to who does not have the texts.
"""

import gzip
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

from detectors.features import MAX_CHARS
from detectors.text import clean

__all__ = [
    "Example",
    "digest",
    "longest_descriptions",
    "read_cases",
    "read_category_words",
    "read_invented",
    "read_posts",
    "read_remarks",
    "read_titles",
    "read_unlabelled_titles",
    "unread_titles",
]

OWN = Path(__file__).with_name("data")
# kind of text -> its weight in telling about children, and in telling the category; docs/decisions/0003
WEIGHTS = {
    "title": (1.0, 1.0),
    "post": (4.0, 2.0),  # originals are few and are what is judged
    "own": (0.15, 1.0),  # picked because the judge was in doubt: more of them help titles and harm posts
    "remark": (1.5, 0.5),
    "invented": (3.0, 2.0),
    "case": (0.3, 0.5),
    "category": (0.0, 1.0),
    "read": (0.3, 0.0),  # times `Example.sureness`
}
Cut = Callable[[str], Sequence[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One text.

    Attributes:
        text: cleaned, at most MAX_CHARS characters; words: the same, cut.
        child, categories, unsure: the label; unsure ones are neither trained on nor judged by.
        story: of a post or a remark; -1 of all others.
        picked: a post of the labelled ones, among which those about children are many.
        at: first seen (titles, ISO), started (posts, epoch s); "" where it does not matter.
        variant: a title with its description, which is trained on beside the title.
        title: the headline itself; "" for what is no title of the labelled ones.
        kind: "title", "post", or what is only trained on: "own" (headlines that we labelled), "remark", "invented",
            "case", "category", "read" (headlines that the teacher labels).
        sureness: of the label, 0 to 1; people's are sure.
    """

    text: str
    words: Sequence[str]
    child: int
    categories: Sequence[str]
    kind: str
    unsure: bool = False
    story: int = -1
    picked: bool = False
    at: float | str = ""
    variant: bool = False
    title: str = ""
    sureness: float = 1.0

    @property
    def weight(self) -> float:
        """In telling about children, a labelled title's being 1."""
        return WEIGHTS[self.kind][0] * self.sureness

    @property
    def category_weight(self) -> float:
        """In telling the category."""
        return WEIGHTS[self.kind][1]


def digest(text: str) -> str:
    """Under which a label of ours stands: eight bytes of BLAKE2b, in hex."""
    return blake2b(text.encode(), digest_size=8).hexdigest()


def _of_title(title: str, description: str, cut: Cut, label: dict[str, Any]) -> Iterator[Example]:
    text = clean(title).own
    yield Example(text=text, words=cut(text), **label)
    if description not in ("", title):
        text = clean(f"{title}。{description}").own[:MAX_CHARS]
        yield Example(text=text, words=cut(text), variant=True, **label)


def read_titles(path: Path, cut: Cut) -> Iterator[Example]:
    """Labelled titles {"title", "desc", "child", "cat", "first_seen", "unsure"?}, alone and with description."""
    for line in path.read_text().splitlines():
        row = json.loads(line)
        label = {
            "child": row["child"],
            "categories": row["cat"],
            "unsure": bool(row.get("unsure")),
            "at": row["first_seen"],
            "title": row["title"],
            "kind": "title",
        }
        yield from _of_title(row["title"], row["desc"], cut, label)


def longest_descriptions(path: Path) -> dict[str, str]:
    """Title -> its longest description ("" without one), of hot-list snapshots."""
    longest: dict[str, str] = {}
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            for entry in json.loads(line)["entries"]:
                title, text = entry["title"], entry.get("desc") or ""
                if len(text) >= len(longest.get(title, "")):
                    longest[title] = text
    return longest


def _own_labels(name: str) -> dict[str, dict[str, Any]]:
    """Digest -> label, of a file with "digest child-or-? categories" a line."""
    labels = {}
    for line in (OWN / name).read_text().splitlines():
        key, child, *categories = line.split()
        labels[key] = {"child": int(child == "1"), "categories": categories, "unsure": child == "?"}
    return labels


def read_unlabelled_titles(longest: dict[str, str], known: set[str], cut: Cut) -> Iterator[Example]:
    """Titles of hot lists that stand in no file of labels but ours."""
    labels = _own_labels("title_labels.txt")
    for title, description in longest.items():
        label = labels.get(digest(title)) if title not in known else None
        if label:
            yield from _of_title(title, description, cut, {**label, "kind": "own"})


def unread_titles(longest: dict[str, str], labelled: Iterable[Example], cut: Cut) -> list[tuple[Example, Example]]:
    """Titles of hot lists with a description that nobody labelled: each alone, and with it."""
    known = {"", *(name for example in labelled for name in (example.text, example.title))}
    label: dict[str, Any] = {"child": 0, "categories": (), "kind": "read"}
    found = ([*_of_title(title, text, cut, label)] for title, text in longest.items() if text and title not in known)
    return [(pair[0], pair[1]) for pair in found if len(pair) > 1 and pair[0].text not in known]


def read_posts(posts: Path, originals: Path, stream: Path, cut: Cut) -> Iterator[Example]:
    """All originals; those that stand in no list of labels are told by the stories they belong to."""
    labels = {row["id"]: row for row in map(json.loads, posts.read_text().splitlines())}
    with gzip.open(stream, "rt", encoding="utf-8") as lines:
        full = {row["id"]: row["text"] for row in map(json.loads, lines) if "retweeted_status" not in row}
    for id_, row in json.loads(originals.read_text()).items():
        label = labels.get(id_, row)
        text = clean(full.get(id_, row["text"])).own[:MAX_CHARS]
        yield Example(
            text=text, words=cut(text), child=label["child"], categories=label["cat"], kind="post",
            unsure=bool(label.get("unsure")), story=row["story"], at=row["start"], picked=id_ in labels,
        )  # fmt: skip


def read_remarks(stream: Path, stories: dict[str, int], cut: Cut) -> Iterator[Example]:
    """Reposts' own words that we labelled as they stand alone.

    Args:
        stories: id of an original -> its story.
    """
    labels = _own_labels("remark_labels.txt")
    with gzip.open(stream, "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            if "retweeted_status" not in row:
                continue
            text = clean(row["text"]).own[:300]
            label = labels.pop(digest(text), None)
            if label:
                story = stories[row["retweeted_status"]["id"]]
                yield Example(text=text, words=cut(text), kind="remark", story=story, **label)


def read_invented(cut: Cut) -> Iterator[Example]:
    """Posts that were written for training: {"text", "child", "cat"} a line."""
    for row in map(json.loads, (OWN / "invented_posts.jsonl").read_text().splitlines()):
        text = clean(row["text"]).own[:MAX_CHARS]
        label = {"child": row["child"], "categories": row["cat"]}
        yield Example(text=text, words=cut(text), kind="invented", **label)


def read_cases(cut: Cut) -> Iterator[Example]:
    """Cases and catchwords of public life: "child category word word ..." a line."""
    for line in (OWN / "named_cases.txt").read_text().splitlines():
        if not line.startswith("#"):
            child, category, *words = line.split()
            label: dict[str, Any] = {"child": int(child), "categories": [category] if child == "1" else []}
            yield from _words(words, cut, {**label, "kind": "case"})


def read_category_words(cut: Cut) -> Iterator[Example]:
    """Words that stand for a category, written by hand: "category word word ..." a line."""
    for line in (OWN / "category_words.txt").read_text().splitlines():
        category, *words = line.split()
        yield from _words(words, cut, {"child": 1, "categories": [category], "kind": "category"})


def _words(words: Iterable[str], cut: Cut, label: dict[str, Any]) -> Iterator[Example]:
    for word in words:
        yield Example(text=word, words=cut(word), **label)
