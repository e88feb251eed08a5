"""[[source]]: the live sources, one table each; `kind` says which keys it has (docs/sources.md shows each)."""

from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

__all__ = [
    "SOURCE_KINDS",
    "FeedSource",
    "FolderSource",
    "HotListSource",
    "SourceSettings",
    "WebhookSource",
    "WechatSource",
    "WeiboApiSource",
]

_HOT_SEARCH = (
    "https://weibo.com/ajax/side/hotSearch",
    "https://weibo.com/ajax/statuses/hot_band",
    "https://m.weibo.cn/api/container/getIndex?containerid=106003type%3D25%26t%3D3%26disable_hot%3D1%26filter_type%3Drealtimehot",
)
_MIN_SECRET_CHARS = 16
_AES_KEY_CHARS = 43


class _Source(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$", description="yours; commands call the source by it")


class _Polled(_Source):
    """What all polled sources share."""

    allow_private: bool = Field(
        default=False,
        description="true where the address is in your own network, such as an RSSHub beside this program",
    )
    requests_per_hour: int = Field(120, ge=1, le=3600, description="budget: no more are made, whatever happens")
    timeout_s: int = Field(20, ge=1, le=120, description="for one answer")
    max_kib: int = Field(4096, ge=16, le=65_536, description="a longer answer is given up")
    cookie: SecretStr | None = Field(None, description="sent with each request, secret")
    cookie_file: Path | None = Field(None, description="file that holds it, instead of `cookie`")

    @model_validator(mode="after")
    def _within_budget(self) -> Self:
        if self.cookie is not None and self.cookie_file is not None:
            raise ValueError("give cookie or cookie_file, not both")
        every_s, asked = int(getattr(self, "every_s", 3600)), 1
        if isinstance(self, FeedSource):
            asked = len(self.addresses)
        needed = -(-3600 * asked // every_s)
        if needed > self.requests_per_hour:
            raise ValueError(
                f"every_s = {every_s} needs {needed} requests an hour, more than requests_per_hour = "
                f"{self.requests_per_hour}; set every_s to {-(-3600 * asked // self.requests_per_hour)} or more"
            )
        return self


class HotListSource(_Polled):
    """Weibo's hot search, asked for at intervals."""

    kind: Literal["weibo-hot-list"]
    every_s: int = Field(60, ge=15, le=86_400, description="seconds between two snapshots, give or take a tenth")
    addresses: tuple[str, ...] = Field(
        _HOT_SEARCH, min_length=1, max_length=10, description="where it is asked for: the next one when one fails"
    )


class FeedSource(_Polled):
    """RSS, Atom or JSON Feed: RSSHub, wewe-rss, we-mp-rss, a site's own."""

    kind: Literal["feed"]
    every_s: int = Field(300, ge=30, le=86_400, description="seconds between two looks, give or take a tenth")
    addresses: tuple[str, ...] = Field(min_length=1, max_length=500, description="of the feeds")
    history_hours: int = Field(
        24, ge=0, le=720, description="older items are passed over; one seen late counts when it is seen"
    )


class WeiboApiSource(_Polled):
    """Sina's open API v2 with an access token."""

    kind: Literal["weibo-api"]
    every_s: int = Field(120, ge=10, le=86_400, description="seconds between two looks, give or take a tenth")
    base: str = Field("https://api.weibo.com/2/", description="of the API")
    path: str = Field(
        "statuses/home_timeline.json",
        pattern=r"^[a-z0-9_/]{1,80}\.json$",
        description="which timeline; it must take since_id, count and page",
    )
    token: SecretStr | None = Field(None, description="access token, secret")
    token_file: Path | None = Field(None, description="file that holds it, instead of `token`")

    @model_validator(mode="after")
    def _one_token(self) -> Self:
        _one_of(self, "token", "token_file")
        return self


class _Served(_Source):
    """What sources that others call share."""

    listen: str = Field(
        "127.0.0.1:8710",
        pattern=r"^(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]):[0-9]{1,5}$",
        description="address and port; put a reverse proxy with TLS before it",
    )
    waiting: int = Field(20, ge=1, le=10_000, description="requests that may wait for Kafka; one more is sent away")


class WechatSource(_Served):
    """Messages that people send to your WeChat official account: private, counted, never sampled."""

    kind: Literal["wechat-callback"]
    path: str = Field("/wechat", pattern=r"^/[A-Za-z0-9/_-]{0,80}$", description="of the callback's address")
    app_id: str = Field(pattern=r"^[A-Za-z0-9_]{4,40}$", description="AppID of the account (开发者ID)")
    token: SecretStr | None = Field(None, description="the token of the callback (令牌), secret")
    token_file: Path | None = Field(None, description="file that holds it, instead of `token`")
    aes_key: SecretStr | None = Field(None, description="EncodingAESKey (消息加解密密钥), 43 characters, secret")
    aes_key_file: Path | None = Field(None, description="file that holds it, instead of `aes_key`")

    @field_validator("aes_key")
    @classmethod
    def _whole_key(cls, key: SecretStr | None) -> SecretStr | None:
        if key is not None and len(key.get_secret_value()) != _AES_KEY_CHARS:
            raise ValueError(f"EncodingAESKey has {_AES_KEY_CHARS} characters")
        return key

    @model_validator(mode="after")
    def _one_of_each(self) -> Self:
        _one_of(self, "token", "token_file")
        if self.aes_key is not None and self.aes_key_file is not None:
            raise ValueError("give aes_key or aes_key_file, not both")
        return self


class WebhookSource(_Served):
    """POST /posts: posts that a program of yours sends, signed."""

    kind: Literal["webhook"]
    secret: SecretStr | None = Field(None, description="at least 16 characters, shared with the sender, secret")
    secret_file: Path | None = Field(None, description="file that holds it, instead of `secret`")
    max_kib: int = Field(1024, ge=1, le=16_384, description="a longer request is refused")

    @field_validator("secret")
    @classmethod
    def _long_secret(cls, secret: SecretStr | None) -> SecretStr | None:
        if secret is not None and len(secret.get_secret_value()) < _MIN_SECRET_CHARS:
            raise ValueError(f"shorter than {_MIN_SECRET_CHARS} characters")
        return secret

    @model_validator(mode="after")
    def _one_secret(self) -> Self:
        _one_of(self, "secret", "secret_file")
        return self


class FolderSource(_Source):
    """Files that something puts into a folder, each read once and moved to `done/`."""

    kind: Literal["folder"]
    folder: Path = Field(description="where they are put, under a name that is theirs at once (write, then rename)")
    settle_s: float = Field(2, ge=0, le=3600, description="a file is read when it has not changed for so long")


SourceSettings = Annotated[
    HotListSource | FeedSource | WeiboApiSource | WechatSource | WebhookSource | FolderSource,
    Field(discriminator="kind"),
]
SOURCE_KINDS = (HotListSource, FeedSource, WeiboApiSource, WechatSource, WebhookSource, FolderSource)


def _one_of(model: BaseModel, *keys: str) -> None:
    given = [key for key in keys if getattr(model, key) is not None]
    if len(given) != 1:
        raise ValueError(f"give {' or '.join(keys)}" + (", not both" if given else ""))
