"""From the changes of the windows to topic lines: one pure step a tick.

    (state, tick, deltas) ──▶ count ──▶ place posts ──▶ score changed terms ──▶ join ──▶ raise ──▶ lifecycle ──▶ lines

The same deltas up to the same ticks give the same lines, live or from an archive; a snapshot taken after
any tick goes on as if nothing had happened.
"""

from collections.abc import Iterable, Mapping, Sequence

from contracts.topic import TopicLine
from detectors.bonds import bind_entries, bind_posts
from detectors.broadcast import Broadcast
from detectors.counts import Counts, earliest
from detectors.deletions import lose
from detectors.delta import CONVERSATION, Delta, Evidence, Voice
from detectors.evidence import EvidenceIndex
from detectors.explain import Explanation, explain_listed, explain_posts
from detectors.grouping import Grouping
from detectors.last_lines import KEPT_MS, last_line_of, without_post
from detectors.lifecycle import advance, pace_of
from detectors.list_report import ended_line
from detectors.lists import Lists
from detectors.orders import NO_ORDERS, Orders
from detectors.own import GONE
from detectors.prior import Prior, counts_at
from detectors.raising import bursts_by_itself, set_raised
from detectors.report import has_moved
from detectors.rules import DAY_MS, DetectRules
from detectors.scorer import BurstScorer, Scorer
from detectors.splitting import heard
from detectors.state import DetectorState
from detectors.telling import Telling
from detectors.topics import Closed, Topic

__all__ = ["Detector"]

_MINUTE_MS = 60_000
_REOPEN_MS = 48 * 3_600_000
_CANDIDATE_MS = 2 * 3_600_000  # a candidate without a burst for this long came to nothing
# On the first day every habit of an hour (the school run, the evening's homework) looks like a burst. Asking three
# decades more halves what that raises and costs real stories nothing: docs/decisions/0007. With a prior, which knows
# words and hours but none of the conversations that go on already, none of these raises a topic by itself that day.
_FIRST_DAY_BANS = 3.0
_RESTART_HALF_LIVES = 5  # after so long a silence the baseline is gone, and the stream as good as new


class Detector:
    """Steps from tick to tick. Cost: about a millisecond a tick with a few hundred changed terms."""

    def __init__(
        self,
        rules: DetectRules,
        broadcast: Broadcast,
        state: DetectorState | None = None,
        *,
        prior: Prior | None = None,
        scorer: Scorer | None = None,
    ) -> None:
        """Start empty, or go on from a snapshot's state.

        Args:
            rules: what the operator decides.
            broadcast: what may be shown.
            state: of a snapshot, None = empty.
            prior: tells an empty detector what is usual.
            scorer: None = the score of `rules`; another one for comparison.
        """
        self._rules = rules
        self._scorer = scorer or BurstScorer(rules.burst, false_topics_per_day=rules.false_topics_per_day)
        self._prior = prior
        self._broadcast = broadcast
        self.state = state or DetectorState(counts=Counts(half_life_minutes=rules.half_life_minutes))
        self._evidence = EvidenceIndex(self.state.evidence)
        self._lists = Lists(self.state.lists, broadcast)
        self._telling = Telling(rules, broadcast, self.state, self._lists)
        self._grouping = Grouping(self.state.topics, self._evidence, self._telling.weigh)
        self._orders = NO_ORDERS  # while a tick is judged

    def step(self, tick_ms: int, deltas: Iterable[Delta], orders: Orders = NO_ORDERS) -> list[TopicLine]:
        """Judge everything up to a tick.

        Args:
            tick_ms: event time, greater than the last tick's; all changes with a quantum up to it are known.
            deltas: those changes, since the last tick, of all partitions, in any order.
            orders: what raises no topic in this tick, while topics that were raised before go on; and what is split.

        Returns:
            Lines to send, in order of topic id.
        """
        state, self._orders = self.state, orders
        deltas = list(deltas)
        minute = (tick_ms - 1) // _MINUTE_MS
        is_new_minute = minute > state.counts.newest
        self._begin(tick_ms, minute)
        state.tick_ms = tick_ms
        state.counts.roll(minute)
        if not is_new_minute and not (orders.splits or state.splits) and all(delta.is_quiet for delta in deltas):
            for delta in deltas:  # three ticks of four; what is an hour old can wait for the next one that looks at it
                state.counts.add(delta.posts, {})
            return []
        self._telling.begin()
        touched = self._count(deltas, tick_ms)
        lines = self._follow_lists(deltas, tick_ms, is_new_minute=is_new_minute)
        if self.warms_up:
            return lines + self._telling.renewed(tick_ms)
        if self._orders.splits or state.splits:
            lines += self._part(self._alarm(), tick_ms)
        if touched:  # else no term has burst in this tick
            alarm = self._alarm()
            self._group(touched, alarm, tick_ms)
            lines += self._raise(alarm, tick_ms)
        if is_new_minute:
            lines += self._age(tick_ms)
        lines += self._telling.renewed(tick_ms)
        return sorted(lines, key=lambda line: line.topic)

    @property
    def warms_up(self) -> bool:
        """Whether so little of the stream is known that posts raise nothing yet."""
        return 0 <= self.state.tick_ms - self.state.first_ms < self._rules.quiet_ms

    def snapshot(self) -> DetectorState:
        """The state to save; valid until the next step."""
        self.state.evidence = list(self._evidence.posts)
        return self.state

    def explain(self, name: str) -> Explanation | None:
        """What a raised topic, live or from lists, rests on now; None where there is none of that id."""
        state, alarm = self.state, self._alarm()
        alarms = (alarm, self._scorer.low(alarm))
        topic, listed = state.topics.get(name), state.lists.topics.get(name)
        if topic is not None:
            burst, broadcast = self._rules.burst, self._broadcast
            return explain_posts(
                topic, state.counts, at_ms=state.tick_ms, alarms=alarms, burst=burst, broadcast=broadcast
            )
        if listed is not None:
            standing = self._lists.standing(listed, state.tick_ms)
            return explain_listed(listed, standing, at_ms=state.tick_ms, alarms=alarms)
        return None

    def _begin(self, tick_ms: int, minute: int) -> None:
        """Start the warm-up at the first tick, and anew after a silence that has emptied the baseline."""
        state = self.state
        silence_ms = tick_ms - state.tick_ms
        if state.first_ms >= 0 and silence_ms < _RESTART_HALF_LIVES * self._rules.half_life_minutes * _MINUTE_MS:
            return
        state.first_ms = tick_ms
        if self._prior is not None:  # no longer new: neither warm-up nor the first day's caution
            state.counts = counts_at(self._prior, minute)
            state.first_ms -= max(DAY_MS, self._rules.warmup_ms)

    def _count(self, deltas: Iterable[Delta], tick_ms: int) -> dict[str, int]:
        """Take in counts and posts; posts in event-time order, so that partitions leave no trace.

        Returns:
            As `Counts.add`, of all deltas.
        """
        touched: dict[str, int] = {}
        seen: dict[int, int] = {}
        posts: list[Evidence] = []
        voices: list[Voice] = []
        lost: list[str] = []
        forgotten: list[str] = []
        for delta in deltas:
            for minute, count in delta.posts.items():
                seen[minute] = seen.get(minute, 0) + count
            posts += delta.evidence
            voices += delta.voices
            lost += delta.gone
            forgotten += delta.forgotten
            if delta.marks:
                self.state.usual.add(delta.marks)
            if delta.authors:  # in most seconds nobody speaks of children
                touched = earliest(touched, self.state.counts.add({}, delta.authors))
        self.state.counts.add(seen, {})
        self._grouping.begin()
        self._grouping.forget(self._evidence.forget(tick_ms))
        for post in sorted(posts, key=lambda post: (post.at_ms, post.post)):
            if self._evidence.add(post):
                self._grouping.place(post)
                self.state.usual.note_platform(post.platform, post.at_ms)
            elif (voice := Voice.of(post)) is not None:
                voices.append(voice)
        voices.sort(key=lambda voice: (voice.at_ms, voice.author, voice.conversation))
        for voice in voices:  # behind the evidence, which opens topics
            self._grouping.hear(voice)
        self._forget_all(lost, forgotten, posts, tick_ms)
        return touched

    def _forget_all(
        self, lost: Iterable[str], forgotten: Iterable[str], posts: Iterable[Evidence], tick_ms: int
    ) -> None:
        """Let go of what is gone now, of what is to be forgotten, and of new posts that are known to be gone."""
        for name in sorted(set(lost)):
            self._lose(name, tick_ms)
        for name in forgotten:
            self._forget(name)
        if self.state.gone:
            for name in [post.post for post in posts if self._broadcast.mark(post.post) in self.state.gone]:
                self._forget(name)

    def _lose(self, name: str, tick_ms: int) -> None:
        """A post's platform no longer shows it: count that once, where it was about children, and forget the post."""
        mark = self._broadcast.mark(name)
        if mark in self.state.gone:
            return
        self.state.gone[mark] = tick_ms
        post = self._evidence.find(name)
        topic = self._grouping.owner(post, mark)
        if post is not None or topic is not None:
            self.state.usual.note(GONE, tick_ms)
        if topic is not None:
            lose(topic, post, mark, tick_ms)
            if topic.line is not None:
                self._telling.changed.add(topic.id)
        self._forget(name)

    def _forget(self, name: str) -> None:
        """Take a post out of all that is kept; topics that showed it get a new line, also those that have closed."""
        gone, mark = self._evidence.remove(name), self._broadcast.mark(name)
        for topic in self.state.topics.values():
            was_there = topic.posts.pop(name, None) is not None
            if CONVERSATION + mark not in topic.terms:  # else it is what ties the topic together
                topic.conversations.discard(mark)
            if topic.line is not None and (was_there or name in topic.line.evidence):
                self._telling.changed.add(topic.id)
        if gone is not None:
            self._grouping.forget([gone])
        for topic_id, (kept, line) in without_post(self.state.last_lines, name).items():
            self._telling.retold[topic_id] = line
            if kept is None:
                del self.state.last_lines[topic_id]
            else:
                self.state.last_lines[topic_id] = kept

    def _follow_lists(self, deltas: Sequence[Delta], tick_ms: int, *, is_new_minute: bool) -> list[TopicLine]:
        """Lines of the topics from hot lists; these need no warm-up, for a list is a trend already."""
        snapshots = [
            (name, at_ms, delta.places.get(name, 0)) for delta in deltas for name, at_ms in delta.lists.items()
        ]
        if not snapshots and not is_new_minute:  # most ticks: entries come with a snapshot of their list
            return []
        rankings = [ranking for delta in deltas for ranking in delta.rankings]
        heard = self._lists.hear(rankings, snapshots, tick_ms)
        bound = bind_entries(heard.due, self._lists, self._grouping)
        due = {bound.get(name, name): entries for name, entries in heard.due.items()}
        aged = self._lists.age(tick_ms) if is_new_minute else []
        ended = [ended_line(topic.line, tick_ms) for topic in heard.ended if topic.line is not None]
        muted = self._orders.muted
        lines = [self._telling.listed(name, due.get(name, ()), tick_ms, muted) for name in sorted({*due, *aged})]
        return sorted([*ended, *filter(None, lines)], key=lambda line: line.topic)

    def _group(self, touched: Mapping[str, int], alarm: float, tick_ms: int) -> None:
        low = self._scorer.low(alarm)
        scores = self._scorer.scores(self.state.counts, touched, least=low)
        if not self.state.counts.knows_conversations:
            scores = {
                term: min(score, low) if term.startswith(CONVERSATION) else score for term, score in scores.items()
            }
        warm = sorted((-score, term) for term, score in scores.items() if score >= low)
        for negative, term in warm:
            self._grouping.join(term, -negative, tick_ms, alarm=alarm)

    def _alarm(self) -> float:
        bans = self._scorer.alarm(self.state.counts)
        return bans + (_FIRST_DAY_BANS if self.state.tick_ms - self.state.first_ms < DAY_MS else 0.0)

    def _raise(self, alarm: float, tick_ms: int) -> list[TopicLine]:
        """Raise the candidates that have enough behind them, each once."""
        lines: list[TopicLine] = []
        for topic in [topic for topic in self.state.topics.values() if not topic.raised_ms]:
            if topic.active_ms != tick_ms or max(topic.terms.values()) < alarm:
                continue
            if len(topic.authors()) < self._rules.authors or self._is_muted(topic, alarm):
                continue
            if not topic.is_about_children():
                continue
            twin = self._grouping.twin_of(topic)
            if twin is not None and not self._goes_on_apart(topic, twin):
                self._grouping.merge(topic, twin)
                continue
            if not self._bursts_by_itself(topic, alarm):
                continue
            set_raised(topic, self.state.counts, alarm=alarm, burst=self._rules.burst, at_ms=tick_ms)
            name, raised = topic.id, self._know_again(topic, tick_ms)
            is_new = raised.id == name
            bind_posts(raised, self._lists, self._grouping)
            self.state.raised += is_new and raised.id not in self.state.lists.topics
            lines.append(self._telling.line(raised, tick_ms))
        return lines

    def _is_muted(self, topic: Topic, alarm: float) -> bool:
        """Whether a candidate is about a mute, or splinters off a muted topic."""
        muted, state = self._orders.muted, self.state
        return muted.covers(topic, alarm) or muted.covers_splinter(
            topic, state.topics, state.closed, self._telling.weigh
        )

    def _bursts_by_itself(self, topic: Topic, alarm: float) -> bool:
        counts, burst, at_ms = self.state.counts, self._rules.burst, self.state.tick_ms
        return bursts_by_itself(topic, counts, self._evidence, alarm=alarm, burst=burst, at_ms=at_ms)

    def _goes_on_apart(self, topic: Topic, twin: Topic) -> bool:
        """Whether a candidate goes on from a closed topic that an operator split from this one."""
        return any(old.id in twin.apart and topic.goes_on(old) for old in self.state.closed)

    def _part(self, alarm: float, tick_ms: int) -> list[TopicLine]:
        """Lines of what operators have split since the last tick, or made one again."""
        state, burst = self.state, self._rules.burst
        changes = heard(
            self._orders.splits,
            state,
            self._grouping,
            burst=burst,
            weigh=self._telling.weigh,
            alarm=alarm,
            at_ms=tick_ms,
        )
        return [change if isinstance(change, TopicLine) else self._telling.line(change, tick_ms) for change in changes]

    def _know_again(self, topic: Topic, tick_ms: int) -> Topic:
        """A topic that goes on from one closed within 48 hours takes up its id."""
        muted = self._orders.muted.topics  # of which what goes on is to be known for as long
        self.state.closed = [
            old for old in self.state.closed if tick_ms - old.closed_ms < _REOPEN_MS or old.id in muted
        ]
        for old in reversed(self.state.closed):
            if topic.goes_on(old):
                self.state.closed.remove(old)
                self.state.last_lines.pop(old.id, None)
                del self.state.topics[topic.id]
                topic.id, topic.first_ms = old.id, old.first_ms
                self.state.topics[topic.id] = topic
                self._grouping = Grouping(self.state.topics, self._evidence, self._telling.weigh)
                return topic
        return topic

    def _age(self, tick_ms: int) -> list[TopicLine]:
        """Once a minute: states, closing, and a line where something has changed."""
        self.state.usual.roll(tick_ms)
        self.state.gone = {mark: at_ms for mark, at_ms in self.state.gone.items() if tick_ms - at_ms < DAY_MS}
        kept = self.state.last_lines
        self.state.last_lines = {name: last for name, last in kept.items() if tick_ms - last.closed_ms < KEPT_MS}
        lines: list[TopicLine] = []
        for topic in list(self.state.topics.values()):
            if not topic.raised_ms:
                if tick_ms - topic.active_ms > _CANDIDATE_MS:
                    self._grouping.drop(topic)
                continue
            usual = 0.0 if topic.line is None else topic.line.expected
            authors = len(topic.authors())
            changed = advance(
                topic, now_ms=tick_ms, pace=pace_of(topic, self.state.counts), authors=authors, usual=usual
            )
            topic.tally.roll(tick_ms)
            is_due = tick_ms - topic.line_ms >= self._rules.line_every_ms
            changed = changed or (is_due and has_moved(topic, self.state.counts, authors))
            if changed or (topic.line is not None and self._telling.flags(topic) != topic.line.flags):
                lines.append(self._telling.line(topic, tick_ms))
            if topic.state == "closed":
                self._close(topic, tick_ms)
                instead = self._let_go(topic.id, tick_ms)
                if instead is not None:
                    lines[-1] = instead
                elif (last := last_line_of(topic, tick_ms)) is not None:
                    self.state.last_lines[topic.id] = last
        return lines

    def _let_go(self, name: str, tick_ms: int) -> TopicLine | None:
        """What is told instead when a topic's posts have closed and it still stands, or stood, on a list."""
        listed = self.state.lists.topics.get(name)
        if listed is None:
            return None
        listed.has_posts = False
        return None if listed.closed_ms else self._telling.listed(name, (), tick_ms, self._orders.muted)

    def _close(self, topic: Topic, tick_ms: int) -> None:
        self._grouping.drop(topic)
        self.state.closed.append(Closed.of(topic, tick_ms))
