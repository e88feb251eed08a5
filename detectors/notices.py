"""Know the text that a platform puts in the place of a post that is gone. Pure.

"抱歉，此微博已被作者删除。查看帮助：http://t.cn/…"   "此内容因违规无法查看"   "对不起，原文已经被作者删除"
"""

import re

__all__ = ["is_notice"]

_MAX_CHARS = 90  # a notice is short; who writes about deletions writes more
_NOTICE = re.compile(
    r"[\s【\[\"“]*(?:抱歉|对不起|很遗憾)?[，,、。！!\s]*"
    "(?:"
    "(?:该|此|这条|原|您访问的|你访问的|您查看的)?(?:微博|内容|文章|帖子|消息|原文|原帖|原微博|视频|笔记|页面|作品|动态|回答|主题)?(?:已经?)?被?(?:发布者|作者|原作者|博主|管理员|用户|本人|系统|平台)?(?:自行)?(?:删除|屏蔽|移除|下架)"
    "|(?:该|此|这条)?(?:微博|内容|文章|帖子|账号|作品|笔记|视频)?(?:因|由于|涉嫌)[^。]{2,30}(?:无法查看|不可见|已被(?:删除|屏蔽)|已(?:删除|屏蔽|下架)|暂时没有这条微博的查看权限)"
    "|(?:该|此)?(?:微博|内容|文章|帖子|页面|作品|笔记|视频)(?:已)?(?:不存在|无法查看|不见了|飞走了)"
    ')[。.！!\\s]*(?:(?:点击|查看)?(?:查看)?帮助[:：]?)?[\\s"”】\\]]*(?:网页链接|https?://[^\\s]*)?[\\s】\\]。]*'
)


def is_notice(text: str) -> bool:
    """Whether the text is such a notice, and nothing else. Cost: a microsecond.

    >>> is_notice("抱歉，此微博已被作者删除。查看帮助：http://t.cn/Rfd3rQV"), is_notice("我的微博被删除了，气死")
    (True, False)
    """
    return 0 < len(text) <= _MAX_CHARS and _NOTICE.fullmatch(text) is not None
