"""The categories of child topics, their names, and the CRC articles they rest on."""

__all__ = ["CATEGORIES", "ENGLISH_LABELS", "LABELS"]

# id -> (name as shown, articles of the Convention on the Rights of the Child)
CATEGORIES: dict[str, tuple[str, tuple[str, ...]]] = {
    "abduction": ("拐卖失踪", ("11", "35")),
    "abuse": ("伤害虐待", ("19", "34", "37", "39")),
    "bullying": ("校园欺凌", ("19", "28.2", "29")),
    "safety": ("儿童安全", ("3.3", "6", "38")),
    "health": ("儿童健康", ("6", "24")),
    "nutrition": ("食品营养", ("24.2(c)", "27")),
    "education": ("儿童教育", ("28", "29", "31")),
    "poverty": ("困境儿童", ("20", "23", "26", "27")),
    "online": ("网络与儿童", ("16", "17", "31", "34")),
    "justice": ("司法保护", ("9", "21", "32", "37", "40")),
    "family": ("家庭养育", ("5", "18")),
    "other": ("儿童话题", ()),
}

LABELS = {category: name for category, (name, _) in CATEGORIES.items()}

ENGLISH_LABELS = {
    "abduction": "Abduction and missing children",
    "abuse": "Violence against children",
    "bullying": "Bullying",
    "safety": "Child safety",
    "health": "Child health",
    "nutrition": "Food and nutrition",
    "education": "Education",
    "poverty": "Children in need",
    "online": "Children online",
    "justice": "Children and justice",
    "family": "Family life",
    "other": "Children",
}
