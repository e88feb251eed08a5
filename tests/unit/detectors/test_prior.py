"""A prior: what an archive teaches a detector that starts on a new stream."""

from collections import Counter

import msgspec
import pytest

from contracts.errors import SettingsError
from contracts.topic import TopicLine
from detectors.broadcast import Broadcast
from detectors.counts import Counts
from detectors.delta import CONVERSATION, Delta, Evidence, quantum_of
from detectors.detector import Detector
from detectors.prior import MAGIC, Prior, counts_at, decode_prior, encode_prior, lack_of, prior_of
from detectors.rules import DetectRules

DAY = 1440
START = 20_000 * DAY  # epoch minutes
MINUTE_MS = 60_000


def archive(days: int = 3) -> Counts:
    """Every minute 20 posts; 作业 (homework) by 2 authors an hour, and by 30 within an hour at 20 o'clock UTC."""
    counts = Counts(half_life_minutes=2160)
    for minute in range(START, START + days * DAY, 10):
        counts.roll(minute)
        of_day = minute % DAY
        uses = 5 if of_day // 60 == 20 else 1 if of_day % 60 < 20 else 0
        terms = {"作业": uses, f"{CONVERSATION}weibo:1": uses}
        counts.add({minute: 200}, {minute: {term: count for term, count in terms.items() if count}})
    return counts


def detector(prior: Prior | None) -> Detector:
    return Detector(DetectRules(), Broadcast({"作业", "校车"}, lambda _: [], str), prior=prior)


def run(judge: Detector, start: int, term: str, authors: int) -> list[TopicLine]:
    """Quiet posts for one hour, then `authors` of one term within ten minutes."""
    lines: list[TopicLine] = []
    for minute in range(start - 60, start):
        lines += judge.step((minute + 1) * MINUTE_MS, [Delta(quantum_of(minute * MINUTE_MS), {minute: 20}, {}, [])])
    for number in range(authors):
        at_ms = start * MINUTE_MS + number * 10_000
        name = f"weibo:{number}"
        evidence = Evidence(name, f"a{number}", at_ms, "weibo", None, name, (term,), ("education",))
        delta = Delta(quantum_of(at_ms), {start: 20}, {at_ms // MINUTE_MS: {term: 1}}, [evidence])
        lines += judge.step(quantum_of(at_ms), [delta])
    return lines


def test_a_prior_survives_its_file() -> None:
    """What is written is what is read."""
    prior = prior_of(archive())

    assert decode_prior(encode_prior(prior), "prior.bin") == prior


def test_a_prior_holds_no_conversation() -> None:
    """Conversations never come again; words do."""
    assert set(prior_of(archive()).authors) == {"作业"}


def test_a_prior_expects_what_the_archive_held() -> None:
    """At any later date: its ordinary rate, and its habit at the hour."""
    prior = prior_of(archive())
    later = START + 400 * DAY
    evening = counts_at(prior, later + 20 * 60)

    assert evening.rhythm.usual("作业", (later + 20 * 60) // 60, posts=1200, window_minutes=60) == pytest.approx(30)
    assert prior.authors["作业"] / prior.posts == pytest.approx((23 * 2 + 30) / (DAY * 20), rel=0.3)


def test_with_a_prior_there_is_no_warm_up() -> None:
    """A new stream's second hour: what is new is raised, what the archive knows as a habit is not."""
    start = START + 400 * DAY + 20 * 60

    assert run(detector(prior_of(archive())), start, "校车", 12)
    assert not run(detector(prior_of(archive())), start, "作业", 12)
    assert not run(detector(None), start, "校车", 12)


def test_on_the_first_day_no_conversation_is_news_by_itself() -> None:
    """No archive knows those that go on already; on the second day the stream itself has told how usual each is."""
    start, lines = START + 400 * DAY, list[TopicLine]()
    judge = detector(prior_of(archive()))
    fresh = (start + 20 * 60, start + DAY + 10)
    for minute in range(start, start + DAY + 40):
        at_ms = minute * MINUTE_MS
        marks = ["old"] if minute % 10 == 0 else []
        marks += [f"new{begin}" for begin in fresh if begin <= minute < begin + 20]
        posts = [
            Evidence(f"weibo:{mark}-{minute}", f"{mark}{minute}", at_ms, "weibo", None, mark, ("作业", f"@{mark}"), ())
            for mark in marks
        ]
        authors = {minute: dict(Counter(term for post in posts for term in post.terms))} if posts else {}
        lines += judge.step(at_ms + MINUTE_MS, [Delta(quantum_of(at_ms), {minute: 20}, authors, posts)])

    assert lines
    assert {name.partition("-")[0] for line in lines for name in line.evidence} == {f"weibo:new{fresh[1]}"}


def test_an_archive_that_is_too_small_is_no_prior() -> None:
    """With five posts, or with hot lists alone, every word of the stream would be news."""
    words = dict.fromkeys((f"词{number}" for number in range(100)), 1.0)
    whole = msgspec.structs.replace(prior_of(archive()), authors=words)

    assert lack_of(whole) == ""
    assert lack_of(msgspec.structs.replace(whole, minutes=41)) == "it is 0.7 hours long, and a prior needs 24"
    assert "hold 5 posts" in lack_of(msgspec.structs.replace(whole, posts=5.2))
    assert "use 1 words" in lack_of(prior_of(archive()))


@pytest.mark.parametrize("place", [0, 5, 22, 60, -1])
def test_a_damaged_file_is_refused_by_name(place: int) -> None:
    """Whichever bit has turned: some would be read as other counts."""
    raw = bytearray(encode_prior(prior_of(archive())))
    raw[place] ^= 4

    with pytest.raises(SettingsError, match=r"detect.prior: x.bin: .*--save-prior"):
        decode_prior(bytes(raw), "detect.prior: x.bin")


@pytest.mark.parametrize("raw", [b"", b"PK\x03\x04", MAGIC + b"\x93"], ids=["empty", "another-kind", "cut"])
def test_a_file_that_is_no_prior_is_refused_by_name(raw: bytes) -> None:
    """One line that says which and how to make one."""
    with pytest.raises(SettingsError, match=r"detect.prior: x.bin: .*--save-prior"):
        decode_prior(raw, "detect.prior: x.bin")
