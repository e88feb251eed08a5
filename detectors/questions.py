"""Know a post that asks the organisation to say or do something; reads its own words, gives yes or no. Pure.

A report of what the organisation said names it as well, and asks nothing: "儿基会呼吁各方保护儿童" (UNICEF calls on
all to protect children). Measured on the labelled lines of tests/unit/detectors/questions.txt.
"""

import re
from collections.abc import Iterable

from detectors.text import spoken

__all__ = ["Questions"]

_SENTENCE = re.compile(r"[^。!\n;…~?]{0,400}[。!\n;…~?]{0,4}")
_ASKING = (
    "怎么(?:看|说|想|办|回应|不|还|就|样|解释|评价)|如何(?:看|评价|回应|解释)|(?:立场|态度|看法|意见|说法|反应|想法)是?(?:什么|啥|怎样)|难道|(?:想|想要|听)(?:听听?|知道|问问?|看看?)[^,。]{0,24}(?:意见|态度|立场|看法|说法|声音|观点|回应)|什么(?:态度|看法|立场|说法|意见|时候|反应)|何时|何在|为何|为什么|为啥"
    "|在哪|在不在|去哪|哪儿去|去了哪|干嘛|干什么|干吗|干啥|[管看说知][不没][管看说知]|能不能|可不可以|可否|能否|是否|是不是|有没有|会不会|要不要"
    r"|[吗呢么嘛吧][\s\"”』」]{0,2}\?|\?|吗[!。~]*$"
)
# who asks about the organisation itself wants no word from it
_ABOUT = re.compile(
    "捐款?|捐赠|下载|成立|电话|官网|网址|地址|邮箱|招聘|实习|应聘|工资|总部|全称|翻译|英文|是什么(?:组织|机构|意思)|购买|报名|志愿者"
)
_WANTED = (
    "回应|表态|表个态|发声|发个声|出声|吱声|吭声|出面|介入|关注|说句话|说两句|说几句|说说话|说说|说话|讲句话|管管|管一管|管一下|给个(?:说法|态度|交代|解释)|站出来|出来"
    "|看看|看一看|解释|调查|查一查|查查|过问|帮帮|帮忙|声援|重视|谈谈|聊聊|谴责|行动|跟进|干预|支招|科普|作答|回答|答复|回复|救救"
)
_BEGGING = (
    "请|求|呼吁|希望|期待|盼|要求|坐等|在线等|静待|等着?|恳请|麻烦|强烈要求|建议|是时候|艾特|圈一下|喊话|召唤|拜托|但愿"
)
# what a report says behind the name: then the organisation speaks, and nobody asks it
_REPORTED = (
    r"[^,，]{0,12}?(?<!怎么)(?<!如何)(?<!没有)(?<!没)(?<!不)(?<!会)(?<!能)(?<!该)(?<!快)(?<!来)(?<!请)"
    "(?:呼吁|表示|指出|发布|声明|强调|宣布|认为|提出|警告|倡议|报告(?:显示|称|说)|数据|统计|估计|称[:,]|说[:,]|发文|推出|启动|举办|提醒|介绍|透露|已(?:经)?(?:回应|发声|表态|介入))"
)


class Questions:
    """Knows the organisation's names."""

    def __init__(self, names: Iterable[str]) -> None:
        """Take the names as people write them; without any nothing is a question."""
        plain = sorted(
            {spoken(name).lstrip("@") for name in names if name.strip()}, key=lambda name: (-len(name), name)
        )
        named = "|".join(map(re.escape, plain)) or "(?!)"
        self._named = re.compile(named)
        self._asking = re.compile(_ASKING)
        self._reported = re.compile(f"(?:{named}){_REPORTED}")
        self._wanted = re.compile(
            f"(?:{_BEGGING})[^,。]{{0,14}}(?:{named})[^。]{{0,24}}?(?:{_WANTED})"
            f"|(?:{named})[^。]{{0,6}}?(?:请|快|赶紧|赶快|倒是|该|能|可以|必须|不|没|都|也|还|出来|别|您|你|求)[^。]{{0,14}}?(?:{_WANTED})"
            f"|(?:{_WANTED})[^。]{{0,4}}@(?:{named})|@(?:{named})[^。]{{0,4}}(?:{_BEGGING})?[^。]{{0,4}}(?:{_WANTED})"
        )

    def asks(self, words: str) -> bool:
        """Whether the words (`detectors.text.spoken`) ask the organisation.

        Cost: 1 microsecond where nobody names it, which is nearly always.

        >>> Questions(["儿基会"]).asks("儿基会怎么看?"), Questions(["儿基会"]).asks("儿基会呼吁各方保护儿童")
        (True, False)
        """
        if self._named.search(words) is None:
            return False
        whole = [found[0] for found in _SENTENCE.finditer(words) if found[0]]
        for place, sentence in enumerate(whole):
            if self._named.search(sentence) is None:
                continue
            is_about = _ABOUT.search(sentence) is not None or self._reported.search(sentence) is not None
            if not is_about and self._asking.search(sentence):
                return True
            if self._wanted.search(sentence):
                return True
            after = whole[place + 1] if place + 1 < len(whole) else ""
            is_call = sentence.strip().startswith("@") and self._named.sub("", sentence).strip(" @。!,:~…") == ""
            if is_call and (self._asking.search(after) or re.search(_WANTED, after)):
                return True
        return False
