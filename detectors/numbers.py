"""Find numbers, accounts and addresses of the net that lead to a person.

Reads a text's plain form (`detectors.disguise`) and the same with spelt digits, gives spans. Touches nothing. Every
repeat is bounded or possessive, so that hostile input costs linear time.
"""

import re
from collections.abc import Collection, Iterator
from typing import NamedTuple

from detectors.signs import Sparse, sign
from detectors.words import led

__all__ = ["Span", "find_accounts", "find_numbers"]


class Span(NamedTuple):
    """Where an identifier stands in the plain text, `[start, end)`, and its kind (`detectors.identity.KINDS`)."""

    start: int
    end: int
    kind: str


class _Chunk(NamedTuple):
    """Digits without anything between them."""

    start: int
    end: int
    digits: str


_SEP = r"[ \t\n\-–—_.·•/*#()~|^+…" "\u3000]"
_STRONG_SIGNS = frozenset("，、,：:;。")
_STRONG = r"[，、,：:;。]"  # between the parts of a telephone number only behind a word for one
_RUN = Sparse(
    rf"[0-9](?:(?:{_SEP}{{0,3}}|{_STRONG} ?)[0-9]){{4}}",
    rf"[0-9](?:(?:{_SEP}{{0,3}}|{_STRONG} ?)[0-9]){{4,}}(?:{_SEP}{{0,2}}x)?",
)
_CHUNK = re.compile("[0-9]++")
_MAX_DIGITS = 19  # of a bank card
_CHECKED = 17  # digits of an identity number before its check character
_OLD_ID = 15  # digits of an identity number of before 1999
_CARD = 16  # digits of the shortest bank card
_GROUPS = 5  # 6222 0200 1111 2222 333
_FEWEST = 10  # digits of the shortest number that chunks make together: a landline with its area
_LONG = 7  # digits from which a number may lead to somebody whatever it is

_CHECK = re.compile(rf"{_SEP}{{0,2}}x")
_AREA = "(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3])[0-9]{4}"
_MONTH_DAY = "(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
_MOBILE = re.compile("(?:(?:00)?86)?1[3-9][0-9]{9}")
_LANDLINE = re.compile("(?:86)?0[1-9][0-9]{1,2}[2-9][0-9]{6,7}(?:[0-9]{3,4})?|[48]00[0-9]{7}")
_ID_18 = re.compile(f"{_AREA}(?:19|20)[0-9]{{2}}{_MONTH_DAY}[0-9]{{3}}[0-9x]")
_ID_15 = re.compile(f"{_AREA}[0-9]{{2}}{_MONTH_DAY}[0-9]{{3}}")

# Told to everyone so that children can be helped; numbers of up to six digits are never masked.
_HELPLINES = frozenset({"4001619995", "01082951332", "8008101117", "4000121212", "4006525580"})

_COUNTED = re.compile(
    r" ?(?:[多余几]?[万亿千百]|[人次元块年月米名个条张倍%度吨美字票只件份套户步]|公里|km|w(?![a-z])|rmb)"
)
# A mobile number with the same odd sign between its groups or its digits: 139转1234转5678, 【139】【1234】【5678】
_ODDLY_PARTED = Sparse(
    "1[3-9][0-9][^0-9\n]{1,3}[0-9]{4}[^0-9\n]|1[^0-9\n]{1,2}[3-9][^0-9\n]{1,2}[0-9][^0-9\n]{1,2}[0-9][^0-9\n]{1,2}[0-9]",
    "1(?<![0-9]1)(?:[3-9][0-9](?P<g>[^0-9\n]{1,3})[0-9]{4}(?P=g)[0-9]{4}|(?P<d>[^0-9\n]{1,2})[3-9](?:(?P=d)[0-9]){9})(?![0-9])",
)
_MONEY = re.compile(r"[￥¥$€]\s?$")
_CALL = re.compile("(?:电话|手机|联系|热线|座机|号码|致电|拨打|拨|打给|短信|tel|phone|mobile|call|☎|📞|📱)[^0-9]{0,8}$")
_LAUGHTER = re.compile(r"2?3{6,}|([0-9])\1{6,}|5201314|1314520")  # what people write for fun

# WeChat, and what people write for it
_WECHAT = (
    "[微威薇徽嶶溦葳维] ?[信芯❤♥]|(?<![a-z])v ?信|v[❤♥]|薇:|薇 ?xin(?![a-z])|绿泡泡|家薇|[+＋](?:薇|v(?![a-z]))"
    "|(?<![a-z])v:"
    "|(?<![a-z])(?:v-?x|wx|wechat|wei ?xin|wei信)(?![a-z])"
)

_WECHAT_ITSELF = (  # without looks around: what they ask, more texts have
    "[微威薇徽嶶溦葳维] ?[信芯❤♥]|v ?信|v[❤♥]|薇:|薇 ?xin|绿泡泡|家薇|[+＋](?:薇|v)|v:|v-?x|wx|wechat|wei ?xin|wei信"
)
_WECHAT_FIRST = "微威薇徽嶶溦葳维绿家vw+＋"

# QQ likewise; a group only with a number that counts nobody
_QQ = (
    "(?<![a-z])(?:qq|扣 ?扣|企 ?鹅号?|抠 ?抠|叩 ?叩|秋秋|q群|加q|球球号?)"
    "|[群裙](?=号?[:： ]{0,2}[1-9][0-9]{5,10}(?![0-9人名个元块户]))"
)

_QQ_ITSELF = "qq|扣 ?扣|企 ?鹅号?|抠 ?抠|叩 ?叩|秋秋|q群|加q|球球号?|[群裙]号?[:： ]{0,2}"
_QQ_FIRST = "q扣企抠叩秋加球群裙"
_LATIN = sign("[a-z@]")  # without one there are no accounts
_DOMAINS = "com|cn|net|org|cc|me|top|xyz|gov|edu|io|co|tv|info|vip|club|site|ly|gl|im"
_SITES = "抖音|快手|小红书|微博|b站|豆瓣|知乎|tiktok|ins|推特|贴吧"


def _behind(word: str, gap: str, number: str, further: str = "", *, word_itself: str = "") -> Sparse:
    """A word for a number, a gap of characters that are neither, and the number as "n"; its sign are word and gap.

    Args:
        word: pattern; a group where `word_itself` is given.
        gap: of the characters between.
        number: pattern; begins with a digit, or up to three letters and a digit.
        further: looks around behind the number.
        word_itself: the word without looks around, where it has such.
    """
    whole = word if word_itself else f"(?:{word})"
    return Sparse(f"(?:{word_itself or word}){gap}[a-z]{{0,3}}[0-9]", f"{whole}{gap}(?P<n>{number}){further}")


_SEPARATED = rf"[0-9](?:{_SEP}{{0,2}}[0-9])"
# A word for the number, a few characters that are neither, and the number
_CUED = (
    ("exam_ticket", _behind(
        "准考证|考生号|考号|学籍|考籍|学号|报名号|报名序号|报考号|学生证|学生编?号",
        r"[^0-9a-z，。！？,;\n]{0,6}", rf"[a-z]{{0,3}}{_SEPARATED}{{4,19}}")),
    ("id_card", _behind(
        "身份证|证件|id ?card",
        r"[^0-9，。！？,;\n]{0,8}", rf"{_SEPARATED}{{3,17}}(?:{_SEP}{{0,2}}x)?|{_SEPARATED}{{2}}{_SEP}{{0,2}}x")),
    ("bank_card", _behind(
        "银行卡|卡号|账号|帐号|账户|户头|存折|尾号|工行|农行|建行|中行|邮政|农商行",
        r"[^0-9，。！？;\n]{0,8}", rf"{_SEPARATED}{{3,18}}")),
    ("qq", _behind(
        led(_QQ_FIRST, _QQ), r"[^0-9a-z，。！？\n]{0,6}", rf"[1-9](?:{_SEP}{{0,2}}[0-9]){{4,10}}", "(?![0-9])",
        word_itself=_QQ_ITSELF)),
    ("wechat", _behind(
        led(_WECHAT_FIRST, _WECHAT), r"[^0-9a-z，。！？\n]{0,6}", "[1-9][0-9]{4,11}", "(?![0-9])",
        word_itself=_WECHAT_ITSELF)),
    ("passport", _behind(
        "护照|通行证|台胞证|回乡证|居留证", r"[^0-9a-z，。！？\n]{0,6}", rf"[a-z]{{0,2}}{_SEPARATED}{{5,9}}")),
    ("number", _behind(
        "警号|工号|病历号|住院号|门诊号|床号|编号|车架号|快递单号|单号",
        r"[^0-9a-z，。！？\n]{0,4}", rf"[a-z]{{0,3}}{_SEPARATED}{{4,19}}")),
    ("phone", _behind(
        "电话|手机|座机|联系方式|热线|致电|拨打|短号|tel",
        r"[^0-9，。！？;\n]{0,6}", rf"{_SEPARATED}{{6,12}}", "(?![0-9])")),
)  # fmt: skip

# Kind and pattern, with the identifier as "n" or all of it
_NET = (
    ("email", Sparse(
        r"[a-z0-9._+-] ?(?:@|#|\(at\)|\[at\]| at ) ?[a-z0-9-]+ ?(?:\.|dot)",
        r"(?<![a-z0-9._+-])[a-z0-9._+-]{1,40} ?(?:@|#|\(at\)|\[at\]| at ) ?"
        r"(?:[a-z0-9-]{1,30} ?(?:\.|dot) ?){1,4}[a-z]{2,6}(?![a-z])")),
    ("link", Sparse(
        rf"https? ?:|www\.|[a-z0-9-] ?\. ?(?:{_DOMAINS})|t ?。 ?cn",
        led("a-z0-9-", r"https? ?: ?/ ?/[a-z0-9/:.?=&%_~+#@!,;-]{0,2000}|www\.[a-z0-9/:.?=&%_~+#-]{1,2000}"
        r"|(?<![a-z0-9.@-])(?:[a-z0-9-]{1,30} ?\. ?){1,3}"
        f"(?:{_DOMAINS})"
        r"(?![a-z0-9])(?: ?/[a-z0-9/:.?=&%_~+#-]{0,2000})?"
        r"|(?<![a-z0-9.@-])t ?[.。] ?cn ?/ ?[a-z0-9]{1,20}"))),
    ("handle", Sparse("@", r"@(?:[\w·-]{1,30}|(?<![^ \n]@) [\w·-]{2,30}(?=[ \n@]|$))")),
    ("handle", Sparse(
        f"(?:{_SITES})(?:账?号|id|用户名?|昵称|主页)|支付宝",
        led("抖快小微b豆知ti推贴支", rf"(?:{_SITES})(?:账?号|id|用户名?|昵称|主页)|支付宝(?:账?号)?(?=[:：])")
        + r"[:： 是为叫]{0,3}(?P<n>[\w.·-]{2,24})")),
    ("wechat", Sparse(
        rf"(?:{_WECHAT_ITSELF}|加v|加微|卫星)[^a-z\n]*(?:id|no|qq)?[^a-z\n]*[a-z][a-z0-9_-]{{5}}",
        led(f"{_WECHAT_FIRST}加卫", rf"{_WECHAT}|加v|加微|卫星号?[:： ]") +
        r"[^0-9a-z\n]{0,4}(?:id|no|qq)?[^0-9a-z\n]{0,10}(?P<n>[a-z][a-z0-9_-]{5,19})(?![a-z0-9_-])")),
)  # fmt: skip
_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领"
_PLATE = Sparse(
    rf"[{_PROVINCES}](?:牌照?|字)?[·.\- ]{{0,2}}[a-hj-np-z][·.\- ]{{0,3}}[a-hj-np-z0-9]",
    rf"[{_PROVINCES}](?:牌照?|字)?"
    r"[·.\- ]{0,2}[a-hj-np-z][·.\- ]{0,3}"
    r"(?=(?:[a-z][ .-]?){0,5}[0-9])(?:[a-hj-np-z0-9][ .-]?){4,5}[a-hj-np-z0-9挂学警港澳](?![a-z0-9])",
)
_LETTERED = (
    ("passport", Sparse(
        "[a-z][0-9]{6}",
        r"(?<![a-z0-9])(?:e[a-hj-np-z]?[0-9]{7,8}|[gdspk]e?[0-9]{7,8}|[hmc][0-9]{8,10}|[a-z][12][0-9]{8}"
        r"|[a-z]{1,2}[0-9]{6}\([0-9a]\))(?![a-z0-9])")),
)  # fmt: skip
# One character, one mark, one character …; in words of more letters there is none
_MARKS = " .·_*-"
_SPACED_OUT = Sparse(
    "[a-z0-9@](?:[ .·_*-][a-z0-9@:/.]){5}",
    r"(?=[a-z0-9@][ .·_*-])(?<![a-z0-9])[a-z0-9@](?=(?P<mark>[ .·_*-]))(?:(?P=mark)[a-z0-9@:/.]){5,200}+(?![a-z0-9])",
)
_OF_ACCOUNTS = frozenset((_SPACED_OUT.sign, *(sparse.sign for _, sparse in (*_NET, *_LETTERED))))
_OF_NUMBERS = frozenset(sparse.sign for sparse in (_PLATE, _ODDLY_PARTED, _RUN, *(sparse for _, sparse in _CUED)))
_PASSPORT = re.compile("[a-z]{1,2}[0-9]{7,9}")
_CONNECTED = re.compile("[:：=号加搜是]|id|为")


def find_accounts(plain: str, signs: Collection[int]) -> Iterator[Span]:
    """E-mail addresses, links, handles, WeChat ids and passports, in a text of these signs."""
    if _LATIN not in signs or _OF_ACCOUNTS.isdisjoint(signs):
        return
    for kind, sparse in _NET:
        for match in sparse.found_in(plain, signs):
            if kind != "wechat":
                yield Span(*match.span("n" if "n" in sparse.pattern.groupindex else 0), kind)
            elif _is_account(match, plain):
                yield Span(*match.span("n"), kind)
    for kind, sparse in _LETTERED:
        for match in sparse.found_in(plain, signs):
            yield Span(*match.span(), kind)
    yield from _spaced_out(plain, signs)


def _spaced_out(plain: str, signs: Collection[int]) -> Iterator[Span]:
    for run in _SPACED_OUT.found_in(plain, signs):
        kind = _kind_spaced_out(plain, run)
        if kind == "plate":
            yield Span(run.start() - 2, run.end(), kind)
        elif kind is not None:
            yield Span(run.start(), run.end(), kind)


def _kind_spaced_out(plain: str, run: re.Match[str]) -> str | None:
    """What has one mark between all its characters: a b c 7 0 6 @ 1 6 3 . c o m."""
    joined = run[0][::2]
    if "@" in joined[1:]:
        return "email"
    if joined.startswith(("http", "www")) or ".c" in joined or "/" in joined:
        return "link"
    if joined[0] == "@":
        return "handle"
    if _is_plated(plain, run.start()):
        return "plate"
    if _PASSPORT.fullmatch(joined):
        return "passport"
    has_both = any(map(str.isdigit, joined)) and any(map(str.isalpha, joined))
    return "wechat" if has_both else None  # letters and digits one by one hide something


def _is_plated(plain: str, start: int) -> bool:
    """Whether the sign of a province and a mark stand before."""
    return start > 1 and plain[start - 2] in _PROVINCES and plain[start - 1] in _MARKS


def _is_account(match: re.Match[str], plain: str) -> bool:
    """Whether Latin letters behind the word for WeChat are an id, and no word as in "微信 android"."""
    name = match["n"]
    return not name.isalpha() or _CONNECTED.search(plain, match.start() + 2, match.start("n")) is not None


def find_numbers(digits: str, signs: Collection[int]) -> Iterator[Span]:
    """Telephone, identity, examination, bank and other numbers, and plates.

    Args:
        digits: a text whose digits are spelt out, as `detectors.disguise.spell_digits` gives it.
        signs: those of it, as `detectors.signs.signs_in` gives them.

    >>> from detectors.signs import signs_in
    >>> text = "电话138-0013-8000，来了1500000人"
    >>> sorted(set(find_numbers(text, signs_in(text))))
    [Span(start=2, end=15, kind='phone')]
    """
    if _OF_NUMBERS.isdisjoint(signs):
        return
    for match in _PLATE.found_in(digits, signs):
        yield Span(*match.span(), "plate")
    for match in _ODDLY_PARTED.found_in(digits, signs):
        yield Span(*match.span(), "phone")
    for kind, sparse in _CUED:
        for match in sparse.found_in(digits, signs):
            if not _is_helpline(match["n"]):
                yield Span(*match.span("n"), kind)
    for run in _RUN.found_in(digits, signs):
        yield from _of_run(digits, run)


def _of_run(digits: str, run: re.Match[str]) -> Iterator[Span]:
    """What the chunks of a run of digits and separators say, longest first, from left to right."""
    text, offset, first = run[0], run.start(), 0  # the text once: each run[0] is a copy
    chunks = [_Chunk(*match.span(), match[0]) for match in _CHUNK.finditer(text)]
    is_call = _CALL.search(digits, max(offset - 14, 0), offset) is not None
    while first < len(chunks):
        last, kind = _longest(chunks, first, text, is_call=is_call)
        if kind is None:
            kind = _alone(digits, offset, chunks[first], is_call=is_call)
        if kind is not None:
            yield Span(offset + chunks[first].start, offset + last, kind)
        while first < len(chunks) and chunks[first].start < last:
            first += 1


def _longest(chunks: list[_Chunk], first: int, run: str, *, is_call: bool) -> tuple[int, str | None]:
    """Where the longest number that begins with chunk `first` ends, and its kind; the chunk's end and None if none."""
    found: tuple[int, str | None] = (chunks[first].end, None)
    joined = ""
    for place in range(first, len(chunks)):
        if place > first and not is_call and not _is_weak(run, chunks[place - 1].end, chunks[place].start):
            break
        joined += chunks[place].digits
        if len(joined) > _MAX_DIGITS:
            break
        if len(joined) < _FEWEST:
            continue
        kind, end = _kind(joined, chunks[first : place + 1], run)
        if kind == "helpline":
            return chunks[place].end, None
        if kind is not None:
            found = end, kind
    return found


def _is_weak(run: str, start: int, end: int) -> bool:
    """Whether what stands between two chunks may stand within any number."""
    return _STRONG_SIGNS.isdisjoint(run[start:end])


def _kind(joined: str, chunks: list[_Chunk], run: str) -> tuple[str | None, int]:
    end = chunks[-1].end
    if joined in _HELPLINES:
        return "helpline", end
    if _MOBILE.fullmatch(joined) or _LANDLINE.fullmatch(joined):
        return "phone", end
    return _long_kind(joined, chunks, run) if len(joined) >= _OLD_ID else (None, end)


def _long_kind(joined: str, chunks: list[_Chunk], run: str) -> tuple[str | None, int]:
    """As `_kind`, of fifteen digits and more."""
    size, end = len(joined), chunks[-1].end
    checked = _CHECK.match(run, end) if size == _CHECKED else None
    if checked is not None and _ID_18.fullmatch(f"{joined}x"):
        return "id_card", checked.end()
    is_whole = len(chunks) == 1 or len(chunks) >= size - 1
    if _ID_18.fullmatch(joined) or (is_whole and _ID_15.fullmatch(joined)):
        return "id_card", end
    is_grouped = len(chunks) >= _GROUPS - 1 and all(len(chunk.digits) == len(chunks[0].digits) for chunk in chunks[:-1])
    is_card = is_grouped or ((is_whole or len(chunks) <= _GROUPS) and _has_luhn(joined))
    return ("bank_card" if size >= _CARD and is_card else None), end


def _alone(digits: str, offset: int, chunk: _Chunk, *, is_call: bool) -> str | None:
    """What a chunk is that is part of nothing longer."""
    if len(chunk.digits) < _LONG or _is_helpline(chunk.digits):
        return None
    start, end = offset + chunk.start, offset + chunk.end
    if _COUNTED.match(digits, end) or _MONEY.search(digits, max(start - 2, 0), start):
        return None
    if is_call:
        return "phone"
    return None if _LAUGHTER.fullmatch(chunk.digits) else "number"


def _is_helpline(number: str) -> bool:
    return "".join(_CHUNK.findall(number)) in _HELPLINES


def _has_luhn(number: str) -> bool:
    """Whether the check digit of a bank card is right."""
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in number[-2::-2])
    return (sum(map(int, number[-1::-2])) + sum(doubled)) % 10 == 0
