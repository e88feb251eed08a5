"""All known formats, the most particular first."""

from producers.envelopes import enveloped
from producers.feeds import feed_format
from producers.hot_list import hot_list_format
from producers.media_crawler import media_comments_format, media_weibo_format, media_xhs_format
from producers.post_lines import post_lines_format
from producers.source import Context, Format
from producers.tencent import tencent_format
from producers.weibo_api import weibo_api_format, weibo_cards_format, weibo_user_format
from producers.weibo_crawler import crawler_comments_format, crawler_format, crawler_users_format
from producers.weibo_hot_search import hot_search_format
from producers.weibo_search import weibo_search_format
from producers.weibo_spider import spider_comments_format, spider_format, spider_users_format

__all__ = ["formats"]


def formats(context: Context) -> tuple[Format, ...]:
    """The formats for one file or source; what is an array within an answer stands behind what is plain."""
    plain = (
        post_lines_format(context),
        hot_list_format(context),
        hot_search_format(context),
        crawler_comments_format(context),
        crawler_format(context),
        crawler_users_format(context),
        spider_comments_format(context),
        spider_format(context),
        spider_users_format(context),
        media_comments_format(context),
        media_weibo_format(context),
        media_xhs_format(context),
        weibo_search_format(context),
        tencent_format(context),
        weibo_api_format(context),
        weibo_user_format(context),
        weibo_cards_format(context),
        feed_format(context),
    )
    return (*plain, *(enveloped(form) for form in plain if form.name not in _WHOLE))


_WHOLE = ("tongsheng Post lines", "hot-list snapshots", "Weibo hot search")  # never an array within an answer
