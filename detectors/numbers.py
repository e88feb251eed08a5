"""Find numbers, accounts and addresses of the net that lead to a person.

Reads a text's plain form (`detectors.disguise`) and the same with spelt digits, gives spans. Touches nothing. Every
repeat is bounded or possessive, so that hostile input costs linear time.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from detectors.words import has_any, led

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


_SEP = r"[ \t\-–—_.·•/*#()~|^+…\u3000]"
_STRONG_SIGNS = frozenset("，、,：:;。")
_STRONG = r"[，、,：:;。]"  # between the parts of a telephone number only behind a word for one
_RUN = re.compile(rf"[0-9](?:(?:{_SEP}{{0,3}}|{_STRONG} ?)[0-9]){{4,}}(?:{_SEP}{{0,2}}x)?")
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
_DATE = re.compile(f"20[0-3][0-9]{_MONTH_DAY}")

# Told to everyone so that children can be helped; numbers of up to six digits are never masked.
_HELPLINES = frozenset({"4001619995", "01082951332", "8008101117", "4000121212", "4006525580"})

_COUNTED = re.compile(
    r" ?(?:[多余几]?[万亿千百]|[人次元块年月米名个条张倍%度吨美字票只件份套户步]|公里|km|w(?![a-z])|rmb)"
)
# A mobile number with the same odd sign between its groups or its digits: 139转1234转5678, 【139】【1234】【5678】
_ODDLY_PARTED = re.compile(
    "1(?<![0-9]1)(?:[3-9][0-9](?P<g>[^0-9\n]{1,3})[0-9]{4}(?P=g)[0-9]{4}|(?P<d>[^0-9\n]{1,2})[3-9](?:(?P=d)[0-9]){9})(?![0-9])"
)
_MONEY = re.compile(r"[￥¥$€]\s?$")
_CALL = re.compile("(?:电话|手机|联系|热线|座机|号码|致电|拨打|拨|打给|短信|tel|phone|mobile|call|☎|📞|📱)[^0-9]{0,8}$")
_LAUGHTER = re.compile(r"2?3{6,}|([0-9])\1{6,}|5201314|1314520")  # what people write for fun
_BIRTH = re.compile("(?:生于|生日|出生|生辰)[^0-9]{0,6}$")

# WeChat, and what people write for it
_WECHAT = (
    "[微威薇徽嶶溦葳维] ?[信芯❤♥]|(?<![a-z])v ?信|v[❤♥]|薇:|薇 ?xin(?![a-z])|绿泡泡|家薇|[+＋](?:薇|v(?![a-z]))"
    "|(?<![a-z])v:"
    "|(?<![a-z])(?:v-?x|wx|wechat|wei ?xin|wei信)(?![a-z])"
)

_WECHAT_FIRST = "微威薇徽嶶溦葳维绿家vw+＋"

# QQ likewise; a group only with a number that counts nobody
_QQ = (
    "(?<![a-z])(?:qq|扣 ?扣|企 ?鹅号?|抠 ?抠|叩 ?叩|秋秋|q群|加q|球球号?)"
    "|[群裙](?=号?[:： ]{0,2}[1-9][0-9]{5,10}(?![0-9人名个元块户]))"
)

_QQ_FIRST = "q扣企抠叩秋加球群裙"
_SITES = "抖音|快手|小红书|微博|b站|豆瓣|知乎|tiktok|ins|推特|贴吧"

# A word for the number, a few characters that are neither, and the number: kind, signs without which its pattern finds
# nothing, pattern with the number as "n".
_SEPARATED = rf"[0-9](?:{_SEP}{{0,2}}[0-9])"
_CUED = (
    ("exam_ticket", ("考", "学", "报"), re.compile(
        "(?:准考证|考生号|考号|学籍|考籍|学号|报名号|报名序号|报考号|学生证|学生编?号)"
        rf"[^0-9a-z，。！？,;\n]{{0,6}}(?P<n>[a-z]{{0,3}}{_SEPARATED}{{4,19}})")),
    ("id_card", ("证", "id"), re.compile(
        rf"(?:身份证|证件|id ?card)[^0-9，。！？,;\n]{{0,8}}(?P<n>{_SEPARATED}{{3,17}}(?:{_SEP}{{0,2}}x)?"
        rf"|{_SEPARATED}{{2}}{_SEP}{{0,2}}x)")),
    ("bank_card", ("卡", "号", "户", "存折", "行", "邮政"), re.compile(
        rf"(?:银行卡|卡号|账号|帐号|账户|户头|存折|尾号|工行|农行|建行|中行|邮政|农商行)[^0-9，。！？;\n]{{0,8}}(?P<n>{_SEPARATED}{{3,18}})")),
    ("qq", ("q", "扣", "企", "抠", "叩", "秋", "球", "群", "裙"), re.compile(
        rf"{led(_QQ_FIRST, _QQ)}[^0-9a-z，。！？\n]{{0,6}}(?P<n>[1-9](?:{_SEP}{{0,2}}[0-9]){{4,10}})(?![0-9])")),
    ("wechat", ("信", "芯", "❤", "♥", "薇", "v", "wx", "wei", "绿"), re.compile(
        led(_WECHAT_FIRST, _WECHAT) +
        r"[^0-9a-z，。！？\n]{0,6}(?P<n>[1-9][0-9]{4,11})(?![0-9])")),
    ("passport", ("证", "护照"), re.compile(
        rf"(?:护照|通行证|台胞证|回乡证|居留证)[^0-9a-z，。！？\n]{{0,6}}(?P<n>[a-z]{{0,2}}{_SEPARATED}{{5,9}})")),
    ("number", ("号",), re.compile(
        "(?:警号|工号|病历号|住院号|门诊号|床号|编号|车架号|快递单号|单号)"
        rf"[^0-9a-z，。！？\n]{{0,4}}(?P<n>[a-z]{{0,3}}{_SEPARATED}{{4,19}})")),
    ("phone", ("电", "机", "联系", "热线", "拨", "号", "tel"), re.compile(
        rf"(?:电话|手机|座机|联系方式|热线|致电|拨打|短号|tel)[^0-9，。！？;\n]{{0,6}}(?P<n>{_SEPARATED}{{6,12}})(?![0-9])")),
)  # fmt: skip

# Kind, signs without which its pattern finds nothing, pattern with the identifier as "n" or all of it.
_NET = (
    ("email", ("@", "#", "(at)", "[at]", " at "), re.compile(
        r"(?<![a-z0-9._+-])[a-z0-9._+-]{1,40} ?(?:@|#|\(at\)|\[at\]| at ) ?"
        r"(?:[a-z0-9-]{1,30} ?(?:\.|dot) ?){1,4}[a-z]{2,6}(?![a-z])")),
    ("link", (".", "http", "。cn"), re.compile(
        led("a-z0-9-", r"https? ?: ?/ ?/[a-z0-9/:.?=&%_~+#@!,;-]{0,2000}|www\.[a-z0-9/:.?=&%_~+#-]{1,2000}"
        r"|(?<![a-z0-9.@-])(?:[a-z0-9-]{1,30} ?\. ?){1,3}"
        r"(?:com|cn|net|org|cc|me|top|xyz|gov|edu|io|co|tv|info|vip|club|site|ly|gl|im)"
        r"(?![a-z0-9])(?: ?/[a-z0-9/:.?=&%_~+#-]{0,2000})?"
        r"|(?<![a-z0-9.@-])t ?[.。] ?cn ?/ ?[a-z0-9]{1,20}"))),
    ("handle", ("@",), re.compile(r"@(?:[\w·-]{1,30}|(?<![^ \n]@) [\w·-]{2,30}(?=[ \n@]|$))")),
    ("handle", ("号", "id", "名", "昵称", "主页", "支付宝"), re.compile(
        led("抖快小微b豆知ti推贴支", rf"(?:{_SITES})(?:账?号|id|用户名?|昵称|主页)|支付宝(?:账?号)?(?=[:：])")
        + r"[:： 是为叫]{0,3}(?P<n>[\w.·-]{2,24})")),
    ("wechat", ("信", "芯", "❤", "♥", "微", "薇", "v", "卫星", "wx", "wei", "绿"), re.compile(
        led(f"{_WECHAT_FIRST}加卫", rf"{_WECHAT}|加v|加微|卫星号?[:： ]") +
        r"[^0-9a-z\n]{0,4}(?:id|no|qq)?[^0-9a-z\n]{0,10}(?P<n>[a-z][a-z0-9_-]{5,19})(?![a-z0-9_-])")),
)  # fmt: skip
_PLATE_SIGN = re.compile("[a-z][·.\\- ]{0,3}[a-z0-9][ .-]?[a-z0-9]")
_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领](?:牌照?|字)?"
    r"[·.\- ]{0,2}[a-hj-np-z][·.\- ]{0,3}"
    r"(?=(?:[a-z][ .-]?){0,5}[0-9])(?:[a-hj-np-z0-9][ .-]?){4,5}[a-hj-np-z0-9挂学警港澳](?![a-z0-9])"
)
_LETTERED = (
    ("passport", re.compile("[a-z][0-9]{6}"), re.compile(
        r"(?<![a-z0-9])(?:e[a-hj-np-z]?[0-9]{7,8}|[gdspk]e?[0-9]{7,8}|[hmc][0-9]{8,10}|[a-z][12][0-9]{8}"
        r"|[a-z]{1,2}[0-9]{6}\([0-9a]\))(?![a-z0-9])")),
)  # fmt: skip
_LATIN = re.compile("[a-z@]")
# One character, one mark, one character …; in words of more letters there is none
_MARKS = " .·_*-"
_SPACED_OUT = re.compile(
    r"(?=[a-z0-9@][ .·_*-])(?<![a-z0-9])[a-z0-9@](?=(?P<mark>[ .·_*-]))(?:(?P=mark)[a-z0-9@:/.]){5,200}+(?![a-z0-9])"
)
_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领"
_PASSPORT = re.compile("[a-z]{1,2}[0-9]{7,9}")
_CONNECTED = re.compile("[:：=号加搜是]|id|为")
_SOME = re.compile(rf"{_SEPARATED}{{2}}{_SEP}{{0,2}}[0-9x]")  # the least that a word beside it makes a number


def find_accounts(plain: str) -> Iterator[Span]:
    """E-mail addresses, links, handles, WeChat ids and passports. Cost: 8 microseconds for 140 characters."""
    if _LATIN.search(plain) is None:
        return
    for kind, signs, pattern in _NET:
        if not has_any(plain, signs):
            continue
        for match in pattern.finditer(plain):
            if kind != "wechat":
                yield Span(*match.span("n" if "n" in pattern.groupindex else 0), kind)
            elif _is_account(match, plain):
                yield Span(*match.span("n"), kind)
    yield from _spaced_out(plain)
    for kind, sign, pattern in _LETTERED:
        if sign.search(plain) is not None:
            yield from (Span(*match.span(), kind) for match in pattern.finditer(plain))


def _spaced_out(plain: str) -> Iterator[Span]:
    """Accounts, links, passports and plates with one mark between all characters: a b c 7 0 6 @ 1 6 3 . c o m."""
    for run in _SPACED_OUT.finditer(plain):
        joined = run[0][::2]
        if "@" in joined[1:]:
            kind = "email"
        elif joined.startswith(("http", "www")) or ".c" in joined or "/" in joined:
            kind = "link"
        elif joined[0] == "@":
            kind = "handle"
        elif _is_plated(plain, run.start()):
            yield Span(run.start() - 2, run.end(), "plate")
            continue
        elif _PASSPORT.fullmatch(joined):
            kind = "passport"
        elif any(character.isdigit() for character in joined) and any(map(str.isalpha, joined)):
            kind = "wechat"  # letters and digits one by one hide something
        else:
            continue
        yield Span(run.start(), run.end(), kind)


def _is_plated(plain: str, start: int) -> bool:
    """Whether the sign of a province and a mark stand before."""
    return start > 1 and plain[start - 2] in _PROVINCES and plain[start - 1] in _MARKS


def _is_account(match: re.Match[str], plain: str) -> bool:
    """Whether Latin letters behind the word for WeChat are an id, and no word as in "微信 android"."""
    name = match["n"]
    return not name.isalpha() or _CONNECTED.search(plain, match.start() + 2, match.start("n")) is not None


def find_numbers(digits: str) -> Iterator[Span]:
    """Telephone, identity, examination, bank and other numbers, and plates, in a text whose digits are spelt out.

    Args:
        digits: as `detectors.disguise.spell_digits` gives it.

    >>> sorted(set(find_numbers("电话138-0013-8000，来了1500000人")))
    [Span(start=2, end=15, kind='phone')]
    """
    if _PLATE_SIGN.search(digits) is not None:
        yield from (Span(*match.span(), "plate") for match in _PLATE.finditer(digits))
    if "1" in digits:
        yield from (Span(*match.span(), "phone") for match in _ODDLY_PARTED.finditer(digits))
    if _SOME.search(digits) is None:
        return
    for kind, signs, pattern in _CUED:
        for match in pattern.finditer(digits) if has_any(digits, signs) else ():
            if not _is_helpline(match["n"]):
                yield Span(*match.span("n"), kind)
    for run in _RUN.finditer(digits):
        yield from _of_run(digits, run)


def _of_run(digits: str, run: re.Match[str]) -> Iterator[Span]:
    """What the chunks of a run of digits and separators say, longest first, from left to right."""
    chunks = [_Chunk(*match.span(), match[0]) for match in _CHUNK.finditer(run[0])]
    offset, first = run.start(), 0
    is_call = _CALL.search(digits, max(offset - 14, 0), offset) is not None
    while first < len(chunks):
        last, kind = _longest(chunks, first, run[0], is_call=is_call)
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
    if _DATE.fullmatch(chunk.digits):
        return "number" if _BIRTH.search(digits, max(start - 10, 0), start) else None
    if is_call:
        return "phone"
    return None if _LAUGHTER.fullmatch(chunk.digits) else "number"


def _is_helpline(number: str) -> bool:
    return "".join(_CHUNK.findall(number)) in _HELPLINES


def _has_luhn(number: str) -> bool:
    """Whether the check digit of a bank card is right."""
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in number[-2::-2])
    return (sum(map(int, number[-1::-2])) + sum(doubled)) % 10 == 0
