"""Whole payloads past the last guard: what a channel or feed sends, taken apart, and nothing planted in it passes."""

import json
from collections.abc import Callable
from email.message import EmailMessage
from html import escape
from itertools import product
from random import Random

import pytest
import rjieba

from contracts.topic import Flag
from detectors.categories import LABELS
from detectors.disguise import fold
from detectors.guard import Blocked, Guard
from detectors.guidance import guidance
from detectors.minimal import minimal_alert
from detectors.payload import Format, Frame, UnreadableError, strings_of
from detectors.reasons import LANGUAGES, reason_of_posts
from detectors.regions import PREFECTURES, PROVINCES, told_regions
from detectors.titles import headline
from tests.identities import planted_posts

CONSOLE = "https://console.example.org"
OFFICER = "officer@example.org"
FRAME = Frame(
    keys=frozenset({"msg_type", "content", "text", "timestamp", "sign", "blocks", "elements", "type", "posts"}),
    technical=frozenset({"timestamp", "sign"}),
    addresses=frozenset({OFFICER, "alerts@example.org"}),
)


def as_json(text: str) -> str:
    """As a chat's webhook takes it: nested, with a time and a signature."""
    blocks = [{"type": "section", "elements": [{"type": "text", "text": text}]}]
    return json.dumps({"timestamp": "1772380800", "sign": "Zm9v" * 11, "posts": 38, "blocks": blocks})


def as_json_number(text: str) -> str:
    return json.dumps({"posts": int(text) if text.isdecimal() and text.isascii() else text})


def as_html(text: str) -> str:
    return f'<!DOCTYPE html><html><head><meta charset="utf-8"></head><body><p>{escape(text)}</p></body></html>'


def as_html_attribute(text: str) -> str:
    return f'<p title="{escape(text)}">儿童安全</p>'


def as_html_in_pieces(text: str) -> str:
    return "".join(f"<b>{escape(character)}</b>" for character in text)


def as_atom(text: str) -> str:
    return (
        '<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"><entry>'
        f"<updated>2026-03-02T11:58:25+08:00</updated><title>{escape(text)}</title>"
        f'<link href="{CONSOLE}/topics/5b1ca0d2e3f4"/></entry></feed>'
    )


def as_atom_cdata(text: str) -> str:
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><title><![CDATA[{text}]]></title></feed>'


def mail() -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"] = "alerts@example.org", f"Duty officer <{OFFICER}>"
    message["Date"] = "Mon, 02 Mar 2026 11:58:25 +0800"
    return message


def as_mail_body(text: str) -> str:
    message = mail()
    message["Subject"] = "儿童安全"
    message.set_content(text)
    message.add_alternative(as_html(text), subtype="html")
    return message.as_string()


def as_mail_subject(text: str) -> str:
    message = mail()
    message["Subject"] = " ".join(text.split())
    message.set_content("儿童安全")
    return message.as_string()


PAYLOADS: dict[str, tuple[Format, Callable[[str], str]]] = {
    "text": ("text", str),
    "json": ("json", as_json),
    "json-number": ("json", as_json_number),
    "html": ("html", as_html),
    "html-attribute": ("html", as_html_attribute),
    "html-pieces": ("html", as_html_in_pieces),
    "atom": ("atom", as_atom),
    "atom-cdata": ("atom", as_atom_cdata),
    "mail-body": ("email", as_mail_body),
    "mail-subject": ("email", as_mail_subject),
}


@pytest.mark.parametrize(("form", "wrap"), PAYLOADS.values(), ids=PAYLOADS)
def test_no_planted_identifier_passes_in_any_payload(form: Format, wrap: Callable[[str], str]) -> None:
    """Every kind and disguise, in every place of a payload that carries text."""
    own = Guard(
        console=CONSOLE,
        is_ordinary=lambda word: rjieba.has_word(word) and not rjieba.tag(word)[0][1].startswith("nr"),
    )
    slipped = [
        post.identifier
        for post in planted_posts(seed=31, count=340)
        if own.passed(wrap(post.identifier), wrap("儿童安全"), form=form, frame=FRAME).text == wrap(post.identifier)
        and len(fold(post.bare).text) > 2
    ]

    assert slipped == []


def alerts(count: int) -> list[tuple[str, str]]:
    """Alert texts as channels compose them, with the topic's id of each."""
    chance = Random(5)
    words = ["校车", "侧翻", "食堂", "学生", "家长", "走失"]
    ways = list(product(LABELS, LANGUAGES))
    told = []
    for number in range(count):
        category, language = ways[number % len(ways)]
        since_ms = 1_772_380_800_000 + chance.randrange(10**9)
        authors = chance.randrange(5, 200_000)
        terms = chance.sample(words, 3)
        regions = told_regions([chance.choice([*PROVINCES, *PREFECTURES])] * chance.randrange(15, 60))
        counts = {"weibo": authors, "xhs": chance.randrange(1, 99)}
        reason = reason_of_posts(authors, chance.random() * 9, 10, counts, language, regions=regions)
        flag = guidance(chance.choice(["exposure", "minor-at-risk"]), language)
        link = f"{CONSOLE}/topics/{chance.randrange(16**12):012x}"
        title = f"{headline(category, [], since_ms=since_ms, authors=authors)} {'、'.join(terms)}"
        name = f"{chance.randrange(16**12):012x}"
        told.append((f"{title} [{name}]\n{reason}\n{flag}\n{link}", name))
    return told


def test_a_thousand_alerts_pass() -> None:
    """In each kind of payload, with their numbers, regions, guidance and link to the console."""
    own = Guard(console=CONSOLE, is_ordinary=rjieba.has_word)
    wraps = [PAYLOADS[name] for name in ("text", "json", "html", "atom", "mail-body")]
    blocked = {
        text: passed.faults
        for number, (text, topic) in enumerate(alerts(1000))
        for form, wrap in [wraps[number % len(wraps)]]
        if (passed := own.passed(wrap(text), wrap(""), [topic], form=form, frame=FRAME)).faults
    }

    assert blocked == {}


def test_the_minimal_alert_passes_for_every_kind_of_topic() -> None:
    """In both languages, pressing or not: it is what leaves when nothing else may."""
    own = Guard()
    pressing: tuple[list[Flag], ...] = ([], ["minor-at-risk"])
    told = [minimal_alert(kind, flags, way) for kind, flags, way in product([*LABELS, "苗禾禾"], pressing, LANGUAGES)]

    assert {text: own.check(text) for text in told if own.check(text)} == {}


def test_a_block_is_told_to_the_operator_without_its_text() -> None:
    """Who wanted to send it, what was wrong, how often; and the minimal payload goes out."""
    seen: list[Blocked] = []
    own = Guard(on_block=seen.append)
    body, minimal = as_json("苗禾禾 13800138000"), as_json("儿童安全")
    passed = own.passed(body, minimal, form="json", frame=FRAME, place="alerts.slack")

    assert passed.text == as_json("儿童安全")
    assert seen == [Blocked("alerts.slack", ("number", "words"), is_silent=False, count=1)]
    assert dict(own.faults) == {"number": 1, "words": 1}


@pytest.mark.parametrize(
    ("form", "body"),
    {
        "no-json": ("json", "{"),
        "unknown-key": ("json", '{"苗禾禾": "儿童安全"}'),
        "deep-json": ("json", "[" * 100_000),
        "no-utf-8": ("json", b"\xff"),
        "unknown-header": ("email", b"X-Name: a\n\nhello"),
        "attachment": ("email", b"Content-Type: image/png\n\nabc"),
        "unknown-charset": ("email", b"Content-Type: text/plain; charset=no-such\n\nabc"),
    }.values(),
)
def test_what_cannot_be_taken_apart_is_refused(form: Format, body: str | bytes) -> None:
    """Nothing of it leaves."""
    with pytest.raises(UnreadableError):
        strings_of(body, form, FRAME)


def test_a_number_where_a_signature_belongs_is_read() -> None:
    """A technical key holds a time or a signature, or it is as open to the guard as any other."""
    own = Guard()
    body = json.dumps({"timestamp": "13800138000", "text": "儿童安全"})

    assert own.passed(body, "", form="json", frame=FRAME).faults == ("number",)
