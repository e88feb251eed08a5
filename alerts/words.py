"""Put an alert into words: closed vocabularies, templates and numbers only."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import LiteralString, get_args

from alerts.calendar import OFFSETS, local, offset
from alerts.curve import pace, sparkline
from alerts.message import Fact, Message, Part
from alerts.story import epoch_ms, pressing_first
from alerts.texts import MARKS, TEXTS, Texts
from contracts.alert import Alert, Item
from contracts.platforms import ENGLISH_NAMES, PLATFORMS
from contracts.source_health import SourceNotice
from contracts.source_settings import SOURCE_KINDS
from contracts.told import Told, compose, joined, release
from contracts.topic import Audience, Campaign, TopicLine, Uptake, Vanished
from detectors.categories import CATEGORIES, ENGLISH_LABELS, LABELS
from detectors.guidance import guidance
from detectors.reasons import LANGUAGES, Language, reason_of_line
from detectors.regions import english_name

__all__ = ["Wording"]

_TEN_THOUSAND = 10_000
_LEAST_USUAL = 0.1
_STALE_SOURCE_MINUTES = 30  # a source silent this long is worth a look
_SOURCE_KINDS = frozenset(get_args(kind.model_fields["kind"].annotation)[0] for kind in SOURCE_KINDS) | {"follow"}
_BEIJING = OFFSETS[8 * 60]
_HEADLINE_CHANGES = 2  # a lock screen has room for so many
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Wording:
    """Makes messages of alerts."""

    def __init__(
        self,
        *,
        console: str = "",
        zone: str,
        own: Mapping[tuple[str, str], str] | None = None,
        sources: Collection[str] = (),
    ) -> None:
        """Say how.

        Args:
            console: address of the operators' console, without a slash at its end; "" = no links.
            zone: time zone of what is said.
            own: the organisation's wording of guidance (`GuidanceSettings.own`).
            sources: names of the live sources, as the settings have them.
        """
        self._console = console
        self._zone = zone
        self._own = own or {}
        self._names = frozenset(sources)

    def message(self, alert: Alert, *, may_repeat: bool = False) -> Message:
        """The alert in words.

        Args:
            alert: of any kind.
            may_repeat: whether an earlier sending of it was not confirmed.
        """
        languages: Sequence[Language] = LANGUAGES if alert.language == "both" else (alert.language,)
        line = alert.line
        return Message(
            id=alert.id,
            about="" if line is None else line.topic,
            severity=alert.severity,
            parts=tuple(self._part(alert, language, may_repeat=may_repeat) for language in languages),
            link=self._link(alert),
            alert=alert,
        )

    def _link(self, alert: Alert) -> str:
        if not self._console:
            return ""
        return f"{self._console}/topics/{alert.line.topic}" if alert.line is not None else self._console

    def _part(self, alert: Alert, language: Language, *, may_repeat: bool) -> Part:
        texts = TEXTS[language]
        make = {"topic": self._topic, "sample": self._topic, "summary": self._several, "digest": self._several}
        part = make.get(alert.kind, self._notice)(alert, language, texts)
        if not may_repeat:
            return part
        footer = joined(" · ", [part.footer, compose(texts.repeat)] if part.footer else [compose(texts.repeat)])
        return _with_footer(part, footer)

    def _topic(self, alert: Alert, language: Language, texts: Texts) -> Part:
        line = alert.line
        if line is None:
            raise ValueError("alert: one of this kind has a line")
        footer = compose(texts.number, release(line.topic, {line.topic}), alert.number)
        if alert.kind == "sample":
            footer = compose(texts.sample)
        notes = tuple(guidance(flag, language, self._own) for flag in pressing_first(line.flags))
        return Part(
            language=language,
            headline=_headline(alert, _titled(line, language), texts),
            lead=self._lead(alert, line, language, texts),
            facts=tuple(self._facts(alert, line, language, texts)),
            notes=notes,
            link=compose(texts.console),
            footer=footer,
        )

    def _lead(self, alert: Alert, line: TopicLine, language: Language, texts: Texts) -> Told:
        is_over = line.state == "closed" and "vanishing" not in alert.changes
        if is_over and alert.peak is not None and alert.peak.authors:
            lasted = _span(epoch_ms(line.at) - epoch_ms(line.since), texts)
            return compose(texts.lead_closed, alert.peak.authors, self._moment(alert.peak.at_ms, texts), lasted)
        reason = reason_of_line(line, language)
        if reason is not None:
            return reason
        gone = [self._vanished(found, texts) for found in line.vanishing if found.cause == "off-list"]
        return gone[0] if gone else compose(texts.lead_listed)

    def _facts(self, alert: Alert, line: TopicLine, language: Language, texts: Texts) -> list[Fact]:
        facts: list[Fact] = []
        if line.asked is not None:
            many = compose(texts.asked_of, line.asked.authors, line.asked.expected)
            facts.append(Fact(compose(texts.asked), many))
        if line.campaign is not None:
            facts.append(Fact(compose(texts.campaign), self._campaign(line.campaign, texts)))
        gone = [self._vanished(found, texts) for found in line.vanishing]
        facts += [Fact(compose(texts.vanished), said) for said in gone]
        taken = [found for found in line.uptake if _has_sides(found)]
        facts += [Fact(compose(texts.uptake), self._uptake(uptake, texts)) for uptake in taken]
        facts.append(Fact(compose(texts.state), compose(texts.states[line.state])))
        facts += self._numbers(alert, line, texts)
        if line.keywords:
            facts.append(Fact(compose(texts.terms), joined(texts.comma, line.keywords)))
        facts.append(Fact(compose(texts.category), _categories(line.categories, language, texts)))
        facts.append(Fact(compose(texts.since), self._moment(epoch_ms(line.since), texts)))
        names = ENGLISH_NAMES if language == "en" else PLATFORMS
        if line.platforms:
            shares = [(names.get(name, names["other"]), count) for name, count in line.platforms.items()]
            facts.append(Fact(compose(texts.platforms), _shares(shares, texts)))
        if line.regions:
            where = {english_name(region) if language == "en" else region: n for region, n in line.regions.items()}
            facts.append(Fact(compose(texts.regions), _shares(where.items(), texts)))
        if line.audience is not None and line.audience.authors:
            facts.append(Fact(compose(texts.reach), _reach(line.audience, language, texts)))
        return facts

    def _campaign(self, campaign: Campaign, texts: Texts) -> Told:
        """What is called for, by how many, since when, and who began it where that may be told."""
        since = self._moment(epoch_ms(campaign.since), texts)
        action = compose(texts.actions[campaign.action])
        exposed = round(campaign.exposed * 100)
        said = compose(texts.campaign_of, action, campaign.callers, campaign.before, since, exposed)
        if campaign.starter is None:
            return said
        return joined("", (said, compose(texts.starters[campaign.starter])))

    def _vanished(self, found: Vanished, texts: Texts) -> Told:
        """How many posts are gone, since when, and what they shared; or since when it is off its hot list."""
        since = self._moment(epoch_ms(found.since), texts)
        if found.cause == "off-list":
            return compose(texts.off_list, since)
        said = compose(texts.vanished_of, since, found.of, found.count, found.expected or 0.0)
        words = [compose(texts.vanished_words, joined(texts.comma, found.words))] if found.words else []
        return joined("", (said, *words))

    def _uptake(self, uptake: Uptake, texts: Texts) -> Told:
        voices, reposts = uptake.voices, uptake.reposts
        sides = (voices.agree, voices.oppose, voices.neither, reposts.agree, reposts.oppose)
        said = compose(texts.uptake_of, uptake.message, *sides)
        if uptake.turn is None:
            return said
        moment = self._moment(epoch_ms(uptake.turn.at), texts)
        return joined("", (said, compose(texts.uptake_turned[uptake.turn.to], moment)))

    def _numbers(self, alert: Alert, line: TopicLine, texts: Texts) -> list[Fact]:
        """How big, how fast, along which curve, how far exposed; nothing of a topic of hot lists."""
        if not line.posts:
            return []
        size = compose(texts.size_of, line.authors, line.posts)
        if line.expected >= _LEAST_USUAL:
            usual = compose("{:.1f}", line.expected)
            over = line.authors / line.expected
            usual = compose(texts.size_over, usual, _times(over)) if over >= 1 else compose(texts.size_usual, usual)
        else:
            usual = compose(texts.size_new)
        facts = [Fact(compose(texts.size), joined("", (size, usual)))]
        if line.state != "closed" and (change := pace(alert.curve)) is not None and change.authors:
            template: LiteralString = texts.pace_up if change.authors > 0 else texts.pace_down
            facts.append(Fact(compose(texts.pace), compose(template, change.minutes, abs(change.authors))))
        if drawn := sparkline(alert.curve):
            facts.append(Fact(compose(texts.curve), drawn, is_curve=True))
        if line.exposure is not None:
            spread = compose(texts.exposure_of, line.exposure.posts, line.exposure.authors)
            facts.append(Fact(compose(texts.exposure), spread))
        return facts

    def _several(self, alert: Alert, language: Language, texts: Texts) -> Part:
        is_digest = alert.kind == "digest"
        template: LiteralString = texts.digest if is_digest else texts.summary
        items = [_item(item, texts) for item in alert.items]
        if alert.total > len(alert.items):
            items.append(compose(texts.more, alert.total - len(alert.items)))
        start, end = (self._moment(at_ms, texts) for at_ms in alert.period_ms)
        notes, facts = self._sources(alert, language, texts) if is_digest else ([], [])
        what = compose(template, alert.total)
        if is_digest and not alert.total:
            what = compose(texts.digest_doubt) if notes else compose(texts.digest_nothing)
        return Part(
            language=language,
            headline=joined(" ", (compose(MARKS[alert.severity]), what)),
            lead=compose(texts.period, start, end),
            notes=tuple(notes),
            facts=tuple(facts),
            items=tuple(items),
            link=compose(texts.console),
            footer=compose(""),
        )

    def _sources(self, alert: Alert, language: Language, texts: Texts) -> tuple[list[Told], list[Fact]]:
        """(notes, facts): whether silence means that nothing was said. What is not well is a note, never left out."""
        if alert.unwell:
            told = [self._unwell(source, language, texts) for source in alert.unwell]
            return [compose(texts.sources_unwell, alert.sources, len(told), joined(texts.comma, told))], []
        label = compose(texts.sources)
        if not alert.heard_ms:
            return [joined(": ", (label, compose(texts.sources_unknown)))], []
        minutes = max((alert.created_ms - alert.heard_ms) // 60_000, 0)
        if minutes > _STALE_SOURCE_MINUTES:
            silent = compose(texts.sources_silent, self._moment(alert.heard_ms, texts))
            return [joined(": ", (label, silent))], []
        said = [compose(texts.sources_all, alert.sources) if alert.sources else compose(texts.sources_some)]
        said.append(compose(texts.sources_well, minutes))
        said += [compose(texts.sources_learning, alert.learning)] if alert.learning else []
        said += [compose(texts.sources_unread, alert.unread)] if alert.unread else []
        return [], [Fact(label, joined("", said))]

    def _unwell(self, source: SourceNotice, language: Language, texts: Texts) -> Told:
        """A source that is not well, as one of several."""
        state = source.fault.said(language) if source.fault is not None else compose(texts.source_states[source.state])
        return compose(texts.source_since, self._name(source), state, self._moment(source.since_ms, texts))

    def _name(self, source: SourceNotice) -> Told:
        """As the settings call it; one that they do not know by its kind."""
        if source.name in self._names:
            return release(source.name, self._names)
        return release(source.kind, _SOURCE_KINDS) if source.kind in _SOURCE_KINDS else compose("?")

    def _notice(self, alert: Alert, language: Language, texts: Texts) -> Part:
        """What operators are told of a channel or a source."""
        lead = compose("")
        if alert.source is None:
            cause = compose(texts.causes[alert.cause or "refused"])
            what = compose(texts.notice, release(alert.subject, {alert.subject}), cause)
        else:
            source = alert.source
            what = compose(texts.source_notice, self._name(source), compose(texts.source_states[source.state]))
            lead = self._moment(source.since_ms, texts)
            lead = joined(": ", (compose(texts.since), lead))
            if source.fault is not None:
                lead = joined(" · ", (source.fault.said(language), lead))
        headline = joined(" ", (compose(MARKS[alert.severity]), what))
        return Part(language=language, headline=headline, lead=lead, link=compose(texts.console), footer=compose(""))

    def _moment(self, at_ms: int, texts: Texts) -> Told:
        at = local(at_ms, self._zone)
        month: Told | int = at.month if texts is TEXTS["zh"] else release(_MONTHS[at.month - 1], _MONTHS)
        ahead = offset(at)
        is_meant = texts is TEXTS["zh"] and ahead == _BEIJING  # what a time in Chinese is taken for
        zone = compose("") if is_meant else compose(texts.zone, release(ahead, OFFSETS.values()))
        return compose(texts.moment, month, at.day, at.hour, at.minute, zone)


def _headline(alert: Alert, title: Told, texts: Texts) -> Told:
    line = alert.line
    pressing = alert.changes[:_HEADLINE_CHANGES] or ["opened"]
    what = joined(texts.comma, [compose(texts.changes[change]) for change in pressing])
    if pressing == ["state"] and line is not None:
        what = compose(texts.states[line.state])
    severity = compose(texts.severities[alert.severity])
    return compose(texts.headline, compose(MARKS[alert.severity]), severity, what, title)


def _titled(line: TopicLine, language: Language) -> Told:
    """The title is Chinese and begins with its category; English readers are told that in English too."""
    if language == "zh" or not line.categories:
        return line.title
    label = ENGLISH_LABELS.get(line.categories[0], ENGLISH_LABELS["other"])
    return joined(" · ", (release(label, ENGLISH_LABELS.values()), line.title))


def _with_footer(part: Part, footer: Told) -> Part:
    return Part(
        language=part.language,
        headline=part.headline,
        lead=part.lead,
        facts=part.facts,
        notes=part.notes,
        items=part.items,
        link=part.link,
        footer=footer,
    )


def _item(item: Item, texts: Texts) -> Told:
    state = compose(texts.states[item.state])
    for flag in pressing_first(item.flags)[:1]:  # why it is as severe as its mark says
        state = compose(texts.item_flagged, compose(texts.changes[flag]), state)
    if not item.authors:
        return compose(texts.item_listed, compose(MARKS[item.severity]), item.title, state)
    return compose(texts.item, compose(MARKS[item.severity]), item.title, state, item.authors)


def _categories(categories: Sequence[str], language: Language, texts: Texts) -> Told:
    labels = LABELS if language == "zh" else ENGLISH_LABELS
    told: list[Told] = []
    for category in categories:
        known = category if category in CATEGORIES else "other"
        _, articles = CATEGORIES[known]
        name = release(labels[known], labels.values())
        listed = joined(texts.comma, [release(article, articles) for article in articles])
        told.append(compose(texts.articles, name, listed) if articles else name)
    return joined(texts.comma, told)


def _shares(counts: Iterable[tuple[str, int]], texts: Texts) -> Told:
    """The greatest first."""
    ranked = sorted(counts, key=lambda pair: (-pair[1], pair[0]))
    names = {name for name, _ in ranked}
    return joined(texts.comma, [compose(texts.share, release(name, names), count) for name, count in ranked])


def _times(ratio: float) -> Told:
    return compose("{:.1f}", ratio) if ratio < 10 else compose("{:.0f}", ratio)  # noqa: PLR2004 - two digits are enough


def _amount(number: int, language: Language) -> Told:
    if language == "en":
        return compose("{:,}", number)
    if number < _TEN_THOUSAND:
        return compose("{}", number)
    template: LiteralString = "{:.1f} 万" if number < 100 * _TEN_THOUSAND else "{:.0f} 万"
    return compose(template, number / _TEN_THOUSAND)


def _has_sides(uptake: Uptake) -> bool:
    """Whether anybody took a side in the last hour."""
    return any(balance.agree or balance.oppose for balance in (uptake.voices, uptake.reposts))


def _reach(audience: Audience, language: Language, texts: Texts) -> Told:
    """How many speak, how many they reach at most, and how far that is known; what the organisation has in it."""
    authors = _amount(audience.authors, language)
    if audience.people is None:
        said = compose(texts.reach_unknown, authors)
    else:
        said = compose(texts.reach_of, authors, _amount(audience.people, language), round(audience.told * 100))
    if not audience.own and not audience.echoes:
        return said
    return joined("", (said, compose(texts.reach_own, audience.own, audience.echoes)))


def _span(length_ms: int, texts: Texts) -> Told:
    hours, minutes = divmod(length_ms // 60_000, 60)
    return compose(texts.span, hours, minutes) if hours else compose(texts.span_short, minutes)
