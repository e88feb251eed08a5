"""The pages' words in one language, and which language that is; the words themselves are in `feeds.wording`."""

from contracts.platforms import ENGLISH_NAMES, PLATFORMS
from detectors.categories import ENGLISH_LABELS, LABELS
from detectors.reasons import Language
from feeds.triage import MUTING_REASONS, REASONS
from feeds.wording import TEXTS

__all__ = ["Catalogue", "category_name", "language_of", "platform_name", "reasons_offered"]


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


def reasons_offered(t: Catalogue) -> list[tuple[str, str]]:
    """(reason, as whoever dismisses a topic is offered it): one that mutes says so, and none of these is the first.

    >>> reasons_offered(Catalogue("en"))[0], reasons_offered(Catalogue("en"))[-1]
    (('no-news', 'no news'), ('false-alarm', 'false alarm (muted for a week)'))
    """
    mute, settle = ([reason for reason in REASONS if (reason in MUTING_REASONS) is does] for does in (True, False))
    muting = [(reason, t("reason.muting", t(f"reason.{reason}"))) for reason in mute]
    return [(reason, t(f"reason.{reason}")) for reason in settle] + muting


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
