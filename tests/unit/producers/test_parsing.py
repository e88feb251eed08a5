"""Ids, times, counts and markup as platforms write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from producers.amounts import amount, listed
from producers.markup import read_markup
from producers.times import time_ms
from producers.weibo_ids import mid_of

NOON_MS = 1_772_424_000_000  # 2026-03-02T12:00:00+08:00


@pytest.mark.parametrize(
    ("bid", "mid"),
    [("z0JH2lOMb", "3501756485200075"), ("ImTGkcdDn", "4454572602912349"), ("Mch46rqPr", "4829255386537989")],
)
def test_a_bid_is_the_mid(bid: str, mid: str) -> None:
    """Golden pairs from three public repositories; a mid stays what it is."""
    assert (mid_of(bid), mid_of(mid), mid_of(int(mid)), mid_of(f"{mid}\t")) == (mid, mid, mid, mid)


@pytest.mark.parametrize("known", ["o2451", "zzzzZZZZZ", "w1", ""])
def test_what_is_no_bid_stays_as_it_is(known: str) -> None:
    """Also where it is of the right length: no block of four stands for more than seven digits."""
    assert mid_of(known) == known


TIMES: dict[str, tuple[object, int]] = {
    "api": ("Mon Mar 02 12:00:00 +0800 2026", NOON_MS),
    "api-west": ("Mon Mar 02 01:00:00 -0300 2026", NOON_MS),
    "api-of-2013": ("Mon May 27 12:07:05 +0800 2013", 1_369_627_625_000),
    "iso-with-zone": ("2026-03-02T04:00:00Z", NOON_MS),
    "iso-with-fraction": ("2026-03-02T04:00:00.000Z", NOON_MS),
    "iso-naive": ("2026-03-02T12:00:00", NOON_MS),
    "wall-clock": ("2026-03-02 12:00", NOON_MS),
    "wall-clock-with-seconds": ("2026-03-02 12:00:00", NOON_MS),
    "with-zone": ("2026-03-02 12:00:00+08:00", NOON_MS),
    "chinese": ("2026年03月02日 12:00", NOON_MS),
    "date-only": ("2026-03-02", NOON_MS - 12 * 3_600_000),
    "mail": ("Mon, 02 Mar 2026 04:00:00 GMT", NOON_MS),
    "mail-naive": ("Mon, 02 Mar 2026 12:00:00", NOON_MS),
    "seconds": (NOON_MS // 1000, NOON_MS),
    "seconds-as-text": (str(NOON_MS // 1000), NOON_MS),
    "milliseconds": (NOON_MS, NOON_MS),
    "minutes-ago": ("3分钟前", NOON_MS - 180_000),
    "today": ("今天 11:59", NOON_MS - 60_000),
    "yesterday": ("昨天 12:00", NOON_MS - 86_400_000),
    "this-year": ("03-01", NOON_MS - 36 * 3_600_000),
    "last-year": ("12-31 12:00", NOON_MS - 61 * 86_400_000),
    "now": ("刚刚", NOON_MS),
}


@pytest.mark.parametrize(("written", "at_ms"), TIMES.values(), ids=TIMES.keys())
def test_a_time_is_read(written: object, at_ms: int) -> None:
    """Where no zone is told it is Beijing's."""
    assert time_ms(written, read_ms=NOON_MS) == at_ms


@pytest.mark.parametrize(
    "written",
    [
        *("", "gestern", None, 0, -5, 10**20, True, "2026-13-40 00:00", "3分钟前", "Mon, 99 Foo 1"),
        *("Mon Mar 02 12:00:61 +0800 2026", "Mon Foo 02 12:00:00 +0800 2026", "Mon Mar 02 12.00:00 +0800 2026"),
    ],
)
def test_what_is_no_time_is_refused(written: object) -> None:
    """As is one that hangs on when it was read, where nobody knows that."""
    with pytest.raises(ValueError, match=r"\w"):
        time_ms(written)


@pytest.mark.parametrize(
    ("written", "count"),
    [
        ("1.2万", 12_000),
        ("100万+", 1_000_000),
        ("1.5亿", 150_000_000),
        ("转发", 0),
        ("1,234", 1234),
        (float("nan"), 0),
        ([], 0),
    ],
)
def test_a_count_is_read(written: object, count: int) -> None:
    """The cap "100万+" is at least what it says."""
    assert amount(written) == count


def test_things_are_counted_never_kept() -> None:
    """Joined by commas, as a Python list, as JSON, or none at all."""
    assert [listed(value) for value in ("a,b", "['a', 'b']", ["a", "b"], "", "无", None)] == [2, 2, 2, 0, 0, 0]


def test_markup_gives_text_and_numbers() -> None:
    """Scripts say nothing; emoticons are text; a search or a mention is no link."""
    html = "<script>x</script>孩子<img alt='[泪]'><img src=1><a href='https://s.weibo.com/weibo?q=1'>#校车#</a><video></video>"

    found = read_markup(html)

    assert (found.text, found.pictures, found.videos, found.links) == ("孩子[泪]#校车#", 1, 1, 0)


@given(html=st.text(alphabet="<>/!-?[]ab= \"'&;校", max_size=80))
def test_any_markup_is_read(html: str) -> None:
    """Whatever stands there; no tag is left in the text of what is well-formed."""
    assert isinstance(read_markup(html).text, str)


HOSTILE = (
    "<",
    "<!--",
    "<a ",
    "<![CDATA[",
    "&",
    "<blockquote>",
    "</",
    "<script>",
    "<?",
    "<a href='",
    "<a href=",
    "<!DOCTYPE [",
)


@pytest.mark.parametrize("piece", HOSTILE)
def test_hostile_markup_costs_linear_time(piece: str) -> None:
    """A megabyte of what never ends is read within the test's deadline."""
    read_markup(piece * (1_000_000 // len(piece)))
