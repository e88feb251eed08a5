"""Every setting, with its unit in its name; read once, in tongsheng/ (docs/settings.md lists them all).

Reads a parsed TOML mapping and environment variables, gives one frozen `Settings`. Unknown keys and
impossible pairs are refused with the fix.
"""

import difflib
import types
import typing
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_core import ErrorDetails

from contracts.addresses import check_redis_url, checked_brokers
from contracts.alert_settings import AlertsSettings
from contracts.errors import SettingsError
from contracts.feed_settings import FeedSettings
from contracts.organisation_settings import OrganisationSettings
from contracts.source_settings import SOURCE_KINDS, SourceSettings

__all__ = ["ENVIRONMENT_PREFIX", "Settings", "read_settings"]

ENVIRONMENT_PREFIX = "TONGSHENG_"

Positive = Annotated[int, Field(ge=1)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class KafkaSettings(_Section):
    """[kafka]: where the brokers are and how the topics are made."""

    brokers: str = Field("localhost:9092", description="host:port of one or more brokers, comma-separated")
    topic_prefix: str = Field("", pattern=r"^[a-z0-9._-]{0,80}$", description="put before every topic and group name")
    partitions: int = Field(
        4, ge=1, le=64, description="of posts.collected; at least as many as workers, fixed once posts are in"
    )
    replication: int = Field(1, ge=1, le=7, description="copies of each topic; 3 on a real cluster")
    retention_hours: Positive = Field(
        24, le=8760, description="how long raw posts stay on Kafka; longer than any outage"
    )
    session_timeout_s: int = Field(
        10, ge=6, le=60, description="a worker silent this long loses its partitions to the others"
    )

    @field_validator("brokers")
    @classmethod
    def _hosts_and_ports(cls, brokers: str) -> str:
        return checked_brokers(brokers)


class RedisSettings(_Section):
    """[redis]: where the windows live."""

    url: SecretStr = Field(
        SecretStr("redis://localhost:6379/0"), description="Redis >= 7 or Valkey; may hold a password"
    )
    key_prefix: str = Field(
        "", pattern=r"^[A-Za-z0-9._:-]{0,80}$", description="put before every key, to share one server"
    )

    @field_validator("url")
    @classmethod
    def _redis_url(cls, url: SecretStr) -> SecretStr:
        check_redis_url(url.get_secret_value())
        return url


class ProduceSettings(_Section):
    """[produce]: how posts are packed into frames."""

    frame_posts: int = Field(500, ge=1, le=5000, description="a frame is sent at this many posts")
    frame_kib: int = Field(256, ge=1, le=1024, description="or at this many KiB")
    frame_ms: Positive = Field(50, le=10_000, description="or after this many milliseconds")
    in_flight_frames: Positive = Field(
        200, le=10_000, description="unacknowledged frames at most; then the source waits (back-pressure)"
    )
    mark_s: Positive = Field(
        60, le=3600, description="event time between progress marks; also how fine frames of a replay are cut"
    )
    cursor_folder: Path = Field(
        Path(".state/cursors"), description="where each source's place is kept, to resume after a stop"
    )
    live_cursors: Literal["redis", "file"] = Field(
        "redis", description="where those of live sources are: Redis, or cursor_folder on a machine without it"
    )


class WindowsSettings(_Section):
    """[windows]: how posts become counts."""

    lateness_minutes: Positive = Field(
        10, le=60, description="a post this late still counts in its own minute; later ones are only tallied"
    )
    keep_minutes: Positive = Field(75, le=1440, description="how long minute counts stay in Redis (event time)")
    save_minutes: Positive = Field(
        60, le=1440, description="wall time between two saves of the state to windows.saved, against an emptied Redis"
    )

    @model_validator(mode="after")
    def _keep_covers_lateness(self) -> Self:
        if self.keep_minutes < 60 + self.lateness_minutes:
            raise ValueError(
                f"keep_minutes = {self.keep_minutes} is shorter than the 60-minute window plus "
                f"lateness_minutes = {self.lateness_minutes}; set it to {60 + self.lateness_minutes} or more"
            )
        return self


class SegmentSettings(_Section):
    """[segment]: how Chinese text is cut into words."""

    engine: Literal["rjieba", "jieba"] = Field(
        "rjieba", description="rjieba is jieba compiled, many times faster; jieba is the reference"
    )
    user_dictionary: Path | None = Field(
        None, description="your own words, jieba's format: word [frequency] [tag] a line; added to the bundled ones"
    )


class RelevanceSettings(_Section):
    """[relevance]: what counts as being about children."""

    threshold: float | None = Field(
        None, gt=0, lt=1, description="score from which a post counts; unset = the threshold shipped with the model"
    )
    lexicon: Path | None = Field(
        None, description="your own rules (docs/lexicon.md), which win over the bundled ones; read anew when edited"
    )


class DetectSettings(_Section):
    """[detect]: what counts as a topic."""

    false_topics_per_day: float = Field(
        10, gt=0, le=1000, description="topics a day that chance alone may raise; sets the alarm threshold"
    )
    tick_s: int = Field(5, ge=1, le=60, description="event time between two judgements")
    warmup_hours: float = Field(
        3,
        ge=0,
        le=168,
        description="event time after the first post in which nothing is raised; "
        "at least 24 where false_topics_per_day is 5 or less and no prior is loaded",
    )
    min_authors: int | None = Field(
        None,
        ge=2,
        le=1000,
        description="distinct authors a topic needs; unset = 5, from 25 false_topics_per_day on 4, from 50 on 3",
    )
    prior: Path | None = Field(
        None,
        description="what is usual, learned from an archive by `tongsheng backtest --save-prior`; "
        "spares warmup_hours and the first day's caution; only words, not a conversation alone, raise topics that day",
    )
    language: Literal["zh", "en"] = Field("zh", description="of each topic's `reason`; titles are Chinese")
    half_life_days: float = Field(1.5, gt=0, le=60, description="how fast the baseline forgets")
    kappa: float = Field(0.5, ge=0, le=5, description="extra spread allowed to ordinary chatter")
    idle_s: Positive = Field(
        30, le=3600, description="wall time without a record after which a partition no longer holds back the others"
    )
    lease_s: int = Field(10, ge=3, le=120, description="a detector silent this long is replaced by a standby")


class GuidanceSettings(_Section):
    """[guidance]: your own wording of the line that a flag is told with; one line each, told to everyone."""

    asked_zh: str | None = Field(None, max_length=200, description="of `asked`, in Chinese; unset = ours")
    asked_en: str | None = Field(None, max_length=200, description="of `asked`, in English; unset = ours")
    exposure_zh: str | None = Field(None, max_length=200, description="of `exposure`, in Chinese; unset = ours")
    exposure_en: str | None = Field(None, max_length=200, description="of `exposure`, in English; unset = ours")
    minor_at_risk_zh: str | None = Field(None, max_length=200, description="of `minor-at-risk`, in Chinese")
    minor_at_risk_en: str | None = Field(None, max_length=200, description="of `minor-at-risk`, in English")

    campaign_zh: str | None = Field(None, max_length=200, description="of `campaign`, in Chinese; unset = ours")
    campaign_en: str | None = Field(None, max_length=200, description="of `campaign`, in English; unset = ours")
    vanishing_zh: str | None = Field(None, max_length=200, description="of `vanishing`, in Chinese; unset = ours")
    vanishing_en: str | None = Field(None, max_length=200, description="of `vanishing`, in English; unset = ours")

    @field_validator("*")
    @classmethod
    def _one_line(cls, line: str | None) -> str | None:
        if line is not None and not line.isprintable():
            raise ValueError("one line, without line breaks, tabs and signs that cannot be seen")
        return line

    def own(self) -> dict[tuple[str, str], str]:
        """(flag, language) -> the organisation's wording, where there is one."""
        given = {
            ("asked", "zh"): self.asked_zh,
            ("asked", "en"): self.asked_en,
            ("exposure", "zh"): self.exposure_zh,
            ("exposure", "en"): self.exposure_en,
            ("minor-at-risk", "zh"): self.minor_at_risk_zh,
            ("minor-at-risk", "en"): self.minor_at_risk_en,
            ("campaign", "zh"): self.campaign_zh,
            ("campaign", "en"): self.campaign_en,
            ("vanishing", "zh"): self.vanishing_zh,
            ("vanishing", "en"): self.vanishing_en,
        }
        return {place: line for place, line in given.items() if line}


class PrivacySettings(_Section):
    """[privacy]: the secret that turns user ids into keys."""

    salt: SecretStr | None = Field(
        None, description="at least 16 characters, secret, the same for all stages; `doctor --make-salt FILE` makes one"
    )
    salt_file: Path | None = Field(None, description="file that holds the salt, instead of `salt`")

    @model_validator(mode="after")
    def _one_long_salt(self) -> Self:
        if self.salt is not None and self.salt_file is not None:
            raise ValueError("give salt or salt_file, not both")
        if self.salt is not None and len(self.salt.get_secret_value()) < MIN_SALT_CHARS:
            raise ValueError(
                f"salt is shorter than {MIN_SALT_CHARS} characters; `tongsheng doctor --make-salt FILE` makes one"
            )
        return self


class MetricsSettings(_Section):
    """[metrics]: where a stage without pages of its own shows its numbers to Prometheus."""

    host: str = Field(
        "127.0.0.1", pattern=r"^[0-9A-Za-z.:-]{1,255}$", description="address to listen on; 0.0.0.0 = all of them"
    )
    port: int = Field(
        0, ge=0, le=65_535, description="port of /metrics and /healthz, of `tongsheng alert`; 0 = they are not served"
    )


class LogSettings(_Section):
    """[log]: what is logged and how."""

    level: Literal["debug", "info", "warning", "error"] = Field("info", description="least severity logged")
    format: Literal["text", "json"] = Field("text", description="json gives one object a line")


class Settings(_Section):
    """All settings of one process."""

    kafka: KafkaSettings = KafkaSettings()
    redis: RedisSettings = RedisSettings()
    produce: ProduceSettings = ProduceSettings()
    windows: WindowsSettings = WindowsSettings()
    segment: SegmentSettings = SegmentSettings()
    relevance: RelevanceSettings = RelevanceSettings()
    detect: DetectSettings = DetectSettings()
    guidance: GuidanceSettings = GuidanceSettings()
    organisation: OrganisationSettings = OrganisationSettings()
    alerts: AlertsSettings = AlertsSettings()
    feed: FeedSettings = FeedSettings()
    privacy: PrivacySettings = PrivacySettings()
    metrics: MetricsSettings = MetricsSettings()
    log: LogSettings = LogSettings()
    source: tuple[SourceSettings, ...] = Field((), max_length=200, description="the live sources")

    @field_validator("source")
    @classmethod
    def _names_differ(cls, sources: tuple[SourceSettings, ...]) -> tuple[SourceSettings, ...]:
        names = [source.name for source in sources]
        if twice := [name for name in names if names.count(name) > 1]:
            raise ValueError(f"two sources are called {twice[0]}")
        return sources


MIN_SALT_CHARS = 16


def read_settings(table: Mapping[str, Any], environment: Mapping[str, str]) -> Settings:
    """Settings from a parsed tongsheng.toml, overridden by TONGSHENG_SECTION__KEY variables.

    Raises:
        SettingsError: an unknown key (with the nearest right name), a wrong value, an impossible pair.
    """
    merged = {name: dict(part) if isinstance(part, Mapping) else part for name, part in table.items()}
    for variable, value in environment.items():
        if (named := _named(variable)) is not None:
            part = merged.setdefault(named[0], {})
            if isinstance(part, dict):
                part[named[1]] = value
    try:
        return Settings.model_validate(merged)
    except ValidationError as error:
        raise _explain(error.errors(include_url=False, include_input=False)[0]) from None


def _named(variable: str) -> tuple[str, str] | None:
    """(section, key) that an environment variable sets; None where it is none of ours.

    Raises:
        SettingsError: it looks like one of ours and would be passed over.
    """
    if not variable.startswith(ENVIRONMENT_PREFIX):
        return None
    name = variable.removeprefix(ENVIRONMENT_PREFIX).lower()
    section, separator, key = name.partition("__")
    if separator and (not section or not key):
        example = f"{ENVIRONMENT_PREFIX}KAFKA__BROKERS"
        raise SettingsError(variable, f"no such setting; write {ENVIRONMENT_PREFIX}SECTION__KEY, for example {example}")
    if separator:
        return section, key
    section, _, key = name.partition("_")
    # others may be anybody's own: docker-compose.yml has TONGSHENG_SALT and TONGSHENG_REDIS_MEMORY
    if section in Settings.model_fields and (near := difflib.get_close_matches(key, _keys_of(section), 1, 0.8)):
        right = f"{ENVIRONMENT_PREFIX}{section}__{near[0]}".upper()
        raise SettingsError(variable, f"no such setting; did you mean {right}, with two underscores?")
    return None


def _explain(problem: ErrorDetails) -> SettingsError:
    path = [str(part) for part in problem["loc"]]
    if path[0] == "source":
        return _explain_source(problem, path)
    field = _spelt(path) or "tongsheng.toml"
    if problem["type"] == "extra_forbidden":
        return SettingsError(field, _unknown(path))
    if problem["type"] in ("model_type", "model_attributes_type") and len(path) == 1:
        return SettingsError(field, f"this is a section: write [{field}] on a line of its own, and its keys below it")
    return SettingsError(field, problem["msg"].removeprefix("Value error, "))


def _spelt(path: Sequence[str]) -> str:
    """A setting's place, its tables counted as people do.

    >>> _spelt(["alerts", "route", "0", "language"])
    'alerts.route 1.language'
    """
    return "".join(f" {int(part) + 1}" if part.isdecimal() else f".{part}" for part in path).removeprefix(".")


def _explain_source(problem: ErrorDetails, path: list[str]) -> SettingsError:
    """Of one [[source]] table: path is source, its place from 0, its kind, its key."""
    if len(path) == 1:
        fault = problem["msg"].removeprefix("Value error, ")
        return SettingsError("source", fault if "two sources" in fault else "write [[source]] above each source's keys")
    field = _spelt([*path[:2], *path[3:]])
    kinds = {typing.get_args(kind.model_fields["kind"].annotation)[0]: kind for kind in SOURCE_KINDS}
    if problem["type"].startswith("union_tag"):
        return SettingsError(f"{field}.kind", f"one of {', '.join(kinds)}")
    if problem["type"] == "extra_forbidden":
        known = list(kinds[path[2]].model_fields)
        near = difflib.get_close_matches(path[-1], known, n=1, cutoff=0.5)
        return SettingsError(
            field, f"there is no such setting; {f'did you mean {near[0]}?' if near else 'known: ' + ', '.join(known)}"
        )
    return SettingsError(field, problem["msg"].removeprefix("Value error, "))


def _unknown(path: list[str]) -> str:
    """Say which key is meant: the very name in another section, else the nearest one where it was written."""
    sections = {name: _keys_of(name) for name in Settings.model_fields}
    here = _keys_at(path[:-1])
    elsewhere = [f"{name}.{path[-1]}" for name, keys in sections.items() if path[-1] in keys]
    if elsewhere:
        return f"there is no such setting here; did you mean {elsewhere[0]}?"
    near = difflib.get_close_matches(path[-1], here, n=1, cutoff=0.5)
    if near:
        return f"there is no such setting; did you mean {_spelt([*path[:-1], near[0]])}?"
    return f"there is no such setting; known here: {', '.join(sorted(here))}"


def _keys_at(path: list[str]) -> list[str]:
    """The keys of the table at a place, for instance of ["alerts", "route", "0"]."""
    table: type[BaseModel] | None = Settings
    for part in path:
        if table is not None and not part.isdecimal():
            table = _table_of(table.model_fields[part].annotation)
    return list(table.model_fields) if table is not None else []


def _keys_of(section: str) -> list[str]:
    return _keys_at([section])


def _table_of(annotation: object) -> type[BaseModel] | None:
    """The table that a setting is, or a list of such tables; None of a plain value."""
    if typing.get_origin(annotation) in (list, types.UnionType):
        annotation = typing.get_args(annotation)[0]
    return annotation if isinstance(annotation, type) and issubclass(annotation, BaseModel) else None
