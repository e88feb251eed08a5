"""Know a post that calls on others to act, and to what: a closed list of actions. Pure."""

import re

from detectors.stance import negations

__all__ = ["ACTIONS", "CALL", "calls_of"]

_MAX_CHARS = 600
CALL = "call:"  # before an action, in the marks of a post

_WHO = "(?:请|求|帮忙?|大家|各位|朋友们?|一起|号召|呼吁|希望|人人|每个?人|动动手指?|都来|都去|快|见到|看到|遇到|发现)"
# "警方请大家删掉照片" (the police ask all to delete the pictures): who passes that on calls for nothing anew
_PASSED_ON = re.compile(
    "(?:警方|警察|民警|公安|官方|家属|家人|家长)[^,。!?;]{0,4}(?:请|呼吁|希望|提醒|要求)[^,。!?;]*\\Z"
)
_NEWS_OF_OTHERS = frozenset({"stop", "report"})
# action -> how people call for it; a verb alone is no call: "他转发了照片" (he shared the picture)
ACTIONS: dict[str, "re.Pattern[str]"] = {
    "photograph": re.compile(
        f"随手拍|见到就拍|拍下来?[^,。!?]{{0,6}}(?:发|上传|传到)|拍照上传|{_WHO}[^,。!?]{{0,12}}(?:拍照|拍下|拍张|上传照片|发照片)"
    ),
    "stop": re.compile(
        f"停止(?:上传|转发|传播|拍照|扩散)|别(?:再)?(?:拍|传|转|扩散)了|{_WHO}[^,。!?]{{0,8}}(?:删除|删掉|打码|停止|抵制)"
    ),
    "join": re.compile(
        f"{_WHO}[^,。!?]{{0,8}}(?:参与|加入|参加|报名|签名|联名|联署|接力|行动|打卡)|行动起来|接力(?:下去|转|!)|加入我们|签名支持|支持请转"
    ),
    "give": re.compile(
        f"{_WHO}[^,。!?]{{0,10}}(?:捐|募|献爱心|寄(?:衣|书)|出一?份力)|爱心接力|捐(?:一件|一份|一元|款捐物)"
    ),
    "report": re.compile(f"{_WHO}[^,。!?]{{0,10}}(?:报警|举报|打110|拨打110)"),
    "share": re.compile(
        f"求(?:转发?|扩散|转)|{_WHO}[^,。!?]{{0,8}}(?:转发|扩散|转一?[下转])|转(?:发)?起来|扩散(?:出去|开来|!)|转发也是力量|帮转|急转|必转"
    ),
}


def calls_of(words: str) -> tuple[str, ...]:
    """The actions that the words (`detectors.text.spoken`) call for, as marks. Cost: 5 microseconds.

    Who asks others not to do something does not call for it.

    >>> calls_of("随手拍起来,大家一起转发!"), calls_of("他转发了照片"), calls_of("请不要随手拍了,求转发")
    (('call:photograph', 'call:share'), (), ('call:share',))
    >>> calls_of("请大家删掉照片"), calls_of("警方请大家删掉照片")
    (('call:stop',), ())
    """
    words = words[:_MAX_CHARS]
    return tuple(CALL + action for action in ACTIONS if ACTIONS[action].search(words) and _is_called(words, action))


def _is_called(words: str, action: str) -> bool:
    """Whether it is meant in one place at least; the verb, which may be negated, stands at the end of each."""
    ends = [found.end() for found in ACTIONS[action].finditer(words)]
    if action in _NEWS_OF_OTHERS:
        ends = [end for end in ends if not _PASSED_ON.search(words, max(end - 32, 0), end)]
    return any(negations(words, end - 1, end) % 2 == 0 for end in ends)
