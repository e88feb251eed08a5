"""Every word of the pages, Chinese and English: key -> (zh, en); a test sees that each is used and none is missing."""

from contracts.platforms import ENGLISH_NAMES, PLATFORMS
from detectors.categories import ENGLISH_LABELS, LABELS
from detectors.reasons import Language

__all__ = ["TEXTS", "Catalogue", "category_name", "language_of", "platform_name"]

TEXTS: dict[str, tuple[str, str]] = {
    "site": ("童声 · 话题", "Tongsheng · topics"),
    "brand": ("童声", "Tongsheng"),
    "skip": ("跳到话题", "Skip to topics"),
    "nav": ("页面", "Pages"),
    "nav.wire": ("话题", "Topics"),
    "nav.mutes": ("静音词", "Muted words"),
    "nav.audit": ("操作记录", "Audit log"),
    "nav.keys": ("快捷键", "Keys"),
    "nav.language": ("English", "中文"),
    "nav.dark": ("深色", "Dark"),
    "nav.light": ("浅色", "Light"),
    "nav.signout": ("退出", "Sign out"),
    "wire.title": ("当前话题", "Live topics"),
    "wire.count": ("{} 个话题", "topics: {}"),
    "wire.newest": ("最近一条 {}", "newest {}"),
    "wire.more": ("下一页", "Next page"),
    "wire.first": ("回到第一页", "Back to the first page"),
    "wire.news": ("有 {} 个新话题，点此显示", "Show new topics ({})"),
    "wire.reset": ("列表已变化，点此刷新", "The list has changed: show"),
    "wire.live": ("实时", "live"),
    "wire.waiting": ("重新连接中…", "reconnecting…"),
    "wire.empty": ("现在没有话题", "No topics now"),
    "wire.empty.why": (
        "有新的话题时，会自动出现在这里。",
        "The wire is listening: a topic shows here by itself when it emerges.",
    ),
    "wire.none": ("没有符合条件的话题", "No topic matches"),
    "wire.clear": ("清除筛选", "Clear the filters"),
    "filter": ("筛选", "Filter"),
    "filter.apply": ("应用", "Apply"),
    "filter.q": ("搜索", "Search"),
    "filter.q.hint": ("标题、关键词", "title, keywords"),
    "filter.category": ("类别", "Category"),
    "filter.state": ("状态", "State"),
    "filter.platform": ("平台", "Platform"),
    "filter.region": ("地区", "Region"),
    "filter.flag": ("标记", "Flag"),
    "filter.triage": ("处理", "Triage"),
    "filter.mine": ("只看我的", "Mine only"),
    "any": ("全部", "any"),
    "any.state": ("未结束", "not closed"),
    "any.triage": ("未搁置", "not put aside"),
    "state.emerging": ("新出现", "emerging"),
    "state.trending": ("升温", "trending"),
    "state.fading": ("消退", "fading"),
    "state.closed": ("结束", "closed"),
    "state.all": ("全部", "all"),
    "flag.asked": ("有人问我们", "asked"),
    "flag.minor-at-risk": ("孩子有危险", "child at risk"),
    "flag.exposure": ("身份外泄", "exposure"),
    "triage.open": ("待处理", "open"),
    "triage.confirmed": ("已确认", "confirmed"),
    "triage.dismissed": ("已排除", "dismissed"),
    "triage.muted": ("已静音", "muted"),
    "triage.merged": ("已合并", "merged"),
    "triage.all": ("全部", "all"),
    "row.people": ("人", "people"),
    "row.usual": ("平时 {}", "usually {}"),
    "row.merged": ("含合并话题 {} 个", "with {} merged"),
    "row.since": ("始于 {}", "since {}"),
    "age.now": ("刚刚", "just now"),
    "age.minutes": ("{} 分钟", "{} min"),
    "age.hours": ("{} 小时", "{} h"),
    "age.days": ("{} 天", "{} d"),
    "topic.title": ("话题", "topic"),
    "topic.why": ("为什么出现", "Why it was raised"),
    "topic.posts": ("近一小时帖子", "posts in the last hour"),
    "topic.people": ("近一小时人数", "people in the last hour"),
    "topic.expected": ("平时人数", "people usually"),
    "topic.score": ("惊奇度（bans）", "surprise (bans)"),
    "topic.reach": ("24 小时至多触达", "reached at most in 24 hours"),
    "topic.audience": ("触达", "Reach"),
    "topic.audience.authors": ("24 小时参与人数", "people in 24 hours"),
    "topic.audience.posts": ("24 小时帖子", "posts in 24 hours"),
    "topic.audience.told": ("可知粉丝数的帖子", "posts that tell followers"),
    "topic.audience.own": ("我们的账号发布", "posts of our accounts"),
    "topic.audience.echoes": ("转述我们的人", "people who handed them on"),
    "topic.audience.platform": ("{} 人，至多触达 {}", "{} people, {} reached at most"),
    "topic.audience.unknown": ("未知", "unknown"),
    "topic.audience.note": (
        "粉丝按不同作者相加，并按随机重合扣除重复，是上限：并非每位粉丝都会看到。",
        "Followers of distinct authors, less chance overlap. An upper bound: not every follower reads every post.",
    ),
    "topic.asked": ("近一小时 {} 人在问，平时 {:.1f} 人", "{} people asked in the last hour, usually {:.1f}"),
    "row.asked": ("{} 人问我们怎么看", "{} people ask what we say"),
    "row.reach": ("24 小时 {} 人，触达至多 {}", "{} in 24 h, reach {} at most"),
    "topic.explain": ("逐项得分：在服务器上运行", "Score by score, on the server:"),
    "topic.flags": ("须留意", "Bear in mind"),
    "topic.spread": ("近一小时 {} 条帖子、{} 人在传播", "{} posts by {} people spread it in the last hour"),
    "topic.curve": ("曲线", "Curve"),
    "topic.curve.alt": (
        "近 60 分钟人数随时间的变化；阴影为平时范围。数值见下表。",
        "People in the last 60 minutes, over time; the shaded band is what is usual. The table below has the numbers.",
    ),
    "topic.legend.people": ("人数", "people"),
    "topic.legend.usual": ("平时范围", "usual range"),
    "topic.table": ("数值表", "The numbers as a table"),
    "topic.time": ("时间", "time"),
    "topic.platforms": ("平台", "Platforms"),
    "topic.regions": ("地区（近一小时人数）", "Regions (people of the last hour)"),
    "topic.words": ("用词变化", "How its words changed"),
    "topic.related": ("相近话题", "Related topics"),
    "topic.samples": ("脱敏样例", "Redacted samples"),
    "topic.samples.show": ("查看 {} 条样例", "Show samples ({})"),
    "topic.samples.note": (
        "每次查看都会记录。请勿转发、发布或据此寻找当事人。",
        "Each look is logged. Do not pass them on, publish them, or look for the people in them.",
    ),
    "topic.samples.none": ("没有可显示的样例", "There are none to show"),
    "topic.samples.viewer": ("样例仅限操作员查看。", "Samples are for operators only."),
    "topic.trail": ("操作记录", "Audit trail"),
    "topic.trail.none": ("尚无操作", "Nothing yet"),
    "topic.triage": ("处理", "Triage"),
    "topic.by": ("{} 于 {}", "{} at {}"),
    "topic.until": ("静音至 {}", "muted until {}"),
    "topic.assignee": ("负责人", "assigned to"),
    "topic.regraded": ("标记升级，已重新打开", "flagged more gravely since: open again"),
    "topic.merged.into": ("已合并到", "Merged into"),
    "topic.merged": ("并入本话题", "Merged into this one"),
    "topic.merged.note": (
        "数值为各话题之和；同一人可能在多个话题中发言，人数为上限。",
        "Numbers are sums; somebody may speak in several, so people are an upper bound.",
    ),
    "topic.mute": ("静音词语", "Mute words"),
    "topic.mute.note": (
        "所选词语暂时不再引出新话题；多选则更窄。已有话题不受影响，带标记的话题照常出现。",
        "They raise no new topics for that time; more words are narrower. Flagged topics are raised all the same.",
    ),
    "topic.back": ("返回话题列表", "Back to the topics"),
    "act.confirm": ("确认", "Confirm"),
    "act.dismiss": ("排除", "Dismiss"),
    "act.mute": ("静音", "Mute"),
    "act.mute-words": ("静音词语", "muted words"),
    "act.unmute-words": ("取消静音词语", "ended a mute of words"),
    "act.merge": ("合并", "Merge"),
    "act.split": ("拆分", "Split"),
    "act.into": ("合并到", "Merge into"),
    "act.assign": ("指派", "Assign"),
    "act.assign.me": ("由我负责", "Assign to me"),
    "act.note": ("备注", "Note"),
    "act.note.add": ("添加备注", "Add note"),
    "act.reopen": ("重新打开", "Reopen"),
    "act.looked": ("查看样例", "looked at samples"),
    "act.signed-in": ("登录", "signed in"),
    "act.signed-out": ("退出", "signed out"),
    "act.exported": ("导出", "exported"),
    "act.cancel": ("取消", "Cancel"),
    "act.reason": ("原因", "Reason"),
    "act.time": ("时长", "For"),
    "act.to": ("姓名", "Name"),
    "act.text": ("内容", "Text"),
    "reason.not-about-children": ("与儿童无关", "not about children"),
    "reason.no-news": ("不是新情况", "no news"),
    "reason.duplicate": ("重复", "duplicate"),
    "reason.advertising": ("广告营销", "advertising"),
    "reason.false-alarm": ("误报", "false alarm"),
    "reason.handled": ("已处理", "handled"),
    "reason.other": ("其他", "other"),
    "minutes.60": ("1 小时", "1 hour"),
    "minutes.480": ("8 小时", "8 hours"),
    "minutes.1440": ("24 小时", "24 hours"),
    "minutes.10080": ("7 天", "7 days"),
    "mutes.title": ("静音词", "Muted words"),
    "mutes.note": (
        "这些词语暂时不引出新话题：一个词，指多数帖子含有它；几个词，指多数帖子含有其中一半以上。带标记的话题照常出现。",
        "No topic is raised whose posts mostly say them: one word, or half of several. Flagged ones are raised.",
    ),
    "mutes.none": ("现在没有静音词", "No words are muted now"),
    "mutes.words": ("词语", "words"),
    "mutes.until": ("至", "until"),
    "mutes.why": ("缘由", "why"),
    "mutes.by-hand": ("操作员选择", "chosen"),
    "mutes.end": ("取消静音", "End"),
    "keys.title": ("快捷键", "Keys"),
    "keys.move": ("下一个、上一个话题", "next, previous topic"),
    "keys.open": ("打开", "open"),
    "keys.confirm": ("确认", "confirm"),
    "keys.dismiss": ("排除", "dismiss"),
    "keys.mute": ("静音", "mute"),
    "keys.search": ("搜索", "search"),
    "keys.show": ("显示新话题", "show new topics"),
    "keys.close": ("关闭", "Close"),
    "done": ("已完成：{}", "done: {}"),
    "login.title": ("登录", "Sign in"),
    "login.token": ("访问令牌", "Access token"),
    "login.hint": ("由管理员发放。", "Your administrator gave it to you."),
    "login.enter": ("登录", "Sign in"),
    "audit.title": ("操作记录", "Audit log"),
    "audit.when": ("时间", "when"),
    "audit.who": ("谁", "who"),
    "audit.what": ("操作", "what"),
    "audit.topic": ("话题", "topic"),
    "audit.detail": ("说明", "detail"),
    "export.csv": ("导出 CSV", "CSV"),
    "export.atom": ("Atom 订阅", "Atom"),
    "export.json": ("JSON 订阅", "JSON Feed"),
    "foot": (
        "话题说明很多人在谈论，不说明所谈属实。不得用于寻找、监视或评价任何人。",
        "A topic says that many people say something, not that it is true. Never use it to find or watch anybody.",
    ),
    "error.title": ("无法完成", "That did not work"),
    "error.401": ("请先登录", "Sign in first"),
    "error.403": ("没有权限", "Your role does not allow this"),
    "error.404": ("没有这个话题，或它已离开列表", "There is no such topic, or it has left the feed"),
    "error.429": ("请求太多，请稍候", "Too many requests: wait a little"),
    "error.503": ("数据库暂时不可用，页面会自动恢复", "The store is away; the page comes back by itself"),
    "error.token": ("令牌不对", "This is no valid token"),
    "error.stale": ("其他人刚刚处理过，请再看一眼", "Somebody else has just acted on it: look again"),
    "error.reason": ("请选择原因", "Choose a reason"),
    "error.minutes": ("请选择时长", "Choose for how long"),
    "error.name": ("姓名至多 40 个字符", "The name may have 40 characters at most"),
    "error.note": ("备注须有 1 至 500 个字符", "A note has 1 to 500 characters"),
    "error.merge": ("不能合并到该话题", "It cannot be merged into that topic"),
    "error.split": ("该话题没有合并", "It is not merged"),
    "error.words": ("请从该话题的词语中选择", "Choose words of this topic"),
    "error.mutes": ("静音词太多，请先取消一些", "Too many words are muted: end some first"),
    "error.mute": ("没有这个静音词，或它已结束", "There is no such mute, or it has ended"),
    "error.form": ("页面已过期，请刷新后再试", "The page is out of date: reload it and try again"),
    "error.cursor": ("翻页标记无效", "The cursor is none of this feed's"),
}


class Catalogue:
    """The texts of one language, as templates call them: `t("wire.count", 3)`."""

    def __init__(self, language: Language) -> None:
        self.language: Language = language
        self._place = 0 if language == "zh" else 1

    def __call__(self, key: str, *parts: object) -> str:
        """The text, with what stands in its places.

        Raises:
            KeyError: there is none; a test sees that this cannot be.
        """
        return TEXTS[key][self._place].format(*parts)


def category_name(category: str, language: Language) -> str:
    """As shown."""
    names = LABELS if language == "zh" else ENGLISH_LABELS
    return names.get(category, names["other"])


def platform_name(platform: str, language: Language) -> str:
    """As shown."""
    names = PLATFORMS if language == "zh" else ENGLISH_NAMES
    return names.get(platform, names["other"])


def language_of(chosen: str, accepted: str) -> Language:
    """Chosen by the operator, else the browser's first of the two, else Chinese.

    >>> language_of("", "fr, en-GB;q=0.8, zh;q=0.5")
    'en'
    """
    if chosen in ("zh", "en"):
        return "zh" if chosen == "zh" else "en"
    places = {name: accepted.lower().find(name) for name in ("zh", "en")}
    known = {name: place for name, place in places.items() if place >= 0}
    return "en" if known and min(known, key=lambda name: known[name]) == "en" else "zh"
