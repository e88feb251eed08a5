"""Platforms (contract): the closed set of where posts come from, with the name that people in China use.

A line that names another platform is refused: `platform` goes into what is published, so it must not be able to
carry words of a post.
"""

__all__ = ["ENGLISH_NAMES", "PLATFORMS"]

PLATFORMS = {
    "weibo": "微博",
    "wechat": "微信",
    "tencent": "腾讯微博",
    "xhs": "小红书",
    "douyin": "抖音",
    "kuaishou": "快手",
    "bilibili": "哔哩哔哩",
    "zhihu": "知乎",
    "tieba": "贴吧",
    "toutiao": "今日头条",
    "baidu": "百度",
    "douban": "豆瓣",
    "news": "新闻",
    "web": "网站",
    "other": "其他",
}

ENGLISH_NAMES = {
    "weibo": "Weibo",
    "wechat": "WeChat",
    "tencent": "Tencent Weibo",
    "xhs": "Xiaohongshu",
    "douyin": "Douyin",
    "kuaishou": "Kuaishou",
    "bilibili": "Bilibili",
    "zhihu": "Zhihu",
    "tieba": "Tieba",
    "toutiao": "Toutiao",
    "baidu": "Baidu",
    "douban": "Douban",
    "news": "news",
    "web": "websites",
    "other": "other",
}
