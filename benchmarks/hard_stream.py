"""Make an archive's stream harder: no quoted originals, advertisements, a greeting each morning; and a null stream.

Pure and seeded. What a platform's own structure tells (this is a repost of that) is taken away, and what must not
raise a topic is put in.
"""

import heapq
import random
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta, timezone

import msgspec

from contracts.post import Author, Post

__all__ = ["AD", "GREETING", "TALK", "advertisements", "greetings", "hardened", "scattered", "unquoted"]

AD, GREETING, TALK = "ad", "greeting", "talk"  # first part of the ids of what is put in, or scattered
AD_GROUPS, AD_ACCOUNTS, AD_REPEATS = 12, 3, 400
GREETING_PARENTS = 250
_DAY_MS = 86_400_000
_BEIJING = timezone(timedelta(hours=8))
_SHORTEST_PART, _LONGEST_PART = 20, 80  # characters of the original that a post goes on saying
_ADS = (
    "宝宝辅食机限时特价{price}元，孩子爱吃饭，加微信{contact}领券，数量有限",
    "小学英语一对一外教，孩子开口说，试听课{price}元，电话{contact}",
    "进口奶粉代购，{price}元一罐包邮，宝妈都在买，私信{contact}",
    "儿童身高管理，三个月长高五厘米，原价1980现价{price}，咨询{contact}",
    "幼儿园招生啦，名额不多，学费优惠{price}元，联系{contact}",
    "孩子写作业拖拉？专注力训练营{price}元体验，扫码加{contact}",
    "学区房急售，送孩子上名校，首付{price}万，中介电话{contact}",
    "儿童摄影套餐{price}元，给宝贝留下最美童年，预约{contact}",
    "二手童装九成新，{price}元三件，宝妈转让，加{contact}",
    "中考冲刺班最后{price}个名额，名师押题，报名{contact}",
    "儿童座椅厂家直销{price}元，给孩子安全，下单加{contact}",
    "少儿编程免费体验课，原价{price}元，家长速领，微信{contact}",
)
_GREETINGS = (
    "早安！送孩子上学的路上，{mood}", "七点出门送娃上学，{mood}", "又是送孩子上学的早晨，{mood}，早安",
    "早上好，孩子进校门了，{mood}", "送完孩子上学去上班，{mood}", "早安，小朋友们今天也要好好上课，{mood}",
)  # fmt: skip
_MOODS = ("堵车堵得厉害", "今天天气真好", "差点迟到", "红领巾又忘带了", "元气满满", "困死我了", "路上人真多", "加油")


def hardened(posts: Iterable[Post], *, seed: int = 1) -> Iterator[Post]:
    """All of it in one stream, in event-time order; the days are those of `posts`, which are read twice."""
    real = list(unquoted(posts, seed=seed))
    first_ms, last_ms = real[0].at_ms, real[-1].at_ms
    others = sorted(
        [*advertisements(first_ms, last_ms, seed=seed), *greetings(first_ms, last_ms, seed=seed)],
        key=lambda post: post.at_ms,
    )
    return heapq.merge(real, others, key=lambda post: post.at_ms)


def unquoted(posts: Iterable[Post], *, seed: int = 1) -> Iterator[Post]:
    """Reposts as posts of their own: "comment //@name: part of the original", and nothing that says so."""
    chance = random.Random(seed)
    for post in posts:
        if post.of is None:
            yield post
            continue
        part = post.of.text[: chance.randint(_SHORTEST_PART, _LONGEST_PART)]
        text = f"{post.text} //@用户{chance.randrange(10**6)}: {part}"
        yield msgspec.structs.replace(post, text=text, of=None, kind="post")


def advertisements(first_ms: int, last_ms: int, *, seed: int = 1) -> Iterator[Post]:
    """AD_GROUPS groups of AD_ACCOUNTS accounts, each group repeating its own text AD_REPEATS times.

    Every second group does so within one evening, the others over all days.
    """
    chance = random.Random(seed)
    for group, wording in enumerate(_ADS[:AD_GROUPS]):
        text = wording.format(price=chance.randrange(9, 999), contact=f"vx{chance.randrange(10**6)}")
        span_ms = 4 * 3_600_000 if group % 2 else last_ms - first_ms
        start_ms = chance.randrange(first_ms, max(last_ms - span_ms, first_ms + 1))
        for number in range(AD_REPEATS):
            author = f"{AD}{group}-{chance.randrange(AD_ACCOUNTS)}"
            yield _post(f"{AD}{group}.{number}", author, start_ms + chance.randrange(span_ms), text)


def greetings(first_ms: int, last_ms: int, *, seed: int = 1) -> Iterator[Post]:
    """The school run: the same GREETING_PARENTS parents each morning within 20 minutes of seven."""
    chance = random.Random(seed)
    day = datetime.fromtimestamp(first_ms / 1000, tz=UTC).astimezone(_BEIJING).replace(hour=7, minute=0, second=0)
    seven_ms = int(day.timestamp()) * 1000
    for number, morning_ms in enumerate(range(seven_ms, last_ms, _DAY_MS)):
        for parent in range(GREETING_PARENTS):
            text = chance.choice(_GREETINGS).format(mood=chance.choice(_MOODS))
            at_ms = morning_ms + round(chance.gauss(0, 8 * 60_000))
            if first_ms <= at_ms <= last_ms:
                yield _post(f"{GREETING}{number}.{parent}", f"{GREETING}-{parent}", at_ms, text)


def scattered(posts: Iterable[Post], *, seed: int = 1) -> list[Post]:
    """The same posts without any burst: each moves to a random day, its second within the hour of day too.

    A post still quotes what it quoted, so conversations go on, evenly for all days; `unquoted` takes them away before.
    """
    chance = random.Random(seed)
    kept = list(posts)
    first_day = kept[0].at_ms // _DAY_MS
    days = kept[-1].at_ms // _DAY_MS - first_day + 1
    moved: list[Post] = []
    for post in kept:
        hour_ms = post.at_ms % _DAY_MS // 3_600_000 * 3_600_000
        at_ms = (first_day + chance.randrange(days)) * _DAY_MS + hour_ms + chance.randrange(3_600_000)
        moved.append(msgspec.structs.replace(post, at_ms=at_ms, id=post.id.replace(":", f":{TALK}.", 1)))
    return sorted(moved, key=lambda post: post.at_ms)


def _post(name: str, author: str, at_ms: int, text: str) -> Post:
    return Post(id=f"weibo:{name}", platform="weibo", at_ms=at_ms, text=text, author=Author(key=author), archived=True)
