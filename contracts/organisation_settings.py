"""[organisation] of the settings: who listens, where its own accounts are, and which messages it has put out."""

import re
from datetime import date, datetime
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from contracts.platforms import PLATFORMS

__all__ = ["AccountSettings", "MessageSettings", "OrganisationSettings"]

_MAX_PHRASES = 200
_MAX_PHRASE_CHARS = 40
_NAME = re.compile(r"(?=.*\S)[0-9A-Za-z\u4e00-\u9fff -]{1,30}")
# what the last guard takes for a number or an account of somebody, and stops with all that is around it
_LIKE_NUMBER = re.compile(r"[0-9](?:[ -]{0,3}[0-9]){6}")
_LIKE_ACCOUNT = re.compile(r"(?<![A-Za-z0-9-])(?=[A-Za-z-]*[0-9])(?=[0-9-]*[A-Za-z])[A-Za-z0-9-]{5,}")


class AccountSettings(BaseModel):
    """[[organisation.account]]: one of your own accounts; its id is hashed at once, as everybody's."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    platform: str = Field(..., description="weibo, tencent, wechat … (docs/sources.md)")
    id: str = Field(..., min_length=1, max_length=120, description="user id of the account, as the platform gives it")
    followers: int = Field(0, ge=0, le=1 << 53, description="how many it has; counted where posts do not tell")

    @field_validator("platform")
    @classmethod
    def _known(cls, platform: str) -> str:
        if platform not in PLATFORMS:
            raise ValueError(f"none of {', '.join(PLATFORMS)}")
        return platform


class MessageSettings(BaseModel):
    """[[organisation.message]]: something that you ask people to do, and how they say yes and no to it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(
        ...,
        description="how it is called on pages, in alerts and reports; told to everyone",
    )
    phrases_for: list[str] = Field(
        ...,
        min_length=1,
        max_length=_MAX_PHRASES,
        description="how people agree; … stands for a few characters",
    )
    phrases_against: list[str] = Field(
        [], max_length=_MAX_PHRASES, description="what people say who do the opposite, or ask for it"
    )
    since: date | datetime | None = Field(
        None, description="when it was put out (Beijing time unless it says); earlier posts do not count"
    )

    @field_validator("name")
    @classmethod
    def _can_be_told(cls, name: str) -> str:
        if not _NAME.fullmatch(name):
            raise ValueError("a name has 1 to 30 Chinese characters, letters, digits, spaces and hyphens, nothing else")
        if _LIKE_NUMBER.search(name) or _LIKE_ACCOUNT.search(name):
            raise ValueError(f"{name} reads like somebody's number or account; put a space between letters and digits")
        return name

    @field_validator("phrases_for", "phrases_against")
    @classmethod
    def _short(cls, phrases: list[str]) -> list[str]:
        for phrase in phrases:
            if not 1 < len(re.sub(r"[\W_]", "", phrase)) <= _MAX_PHRASE_CHARS:
                raise ValueError(f"each phrase has 2 to {_MAX_PHRASE_CHARS} characters")
        return phrases

    @model_validator(mode="after")
    def _takes_sides(self) -> Self:
        if both := [phrase for phrase in self.phrases_for if phrase in self.phrases_against]:
            raise ValueError(f"{both[0]} is both for and against")
        return self


class OrganisationSettings(BaseModel):
    """[organisation]: who listens; questions to it, its own accounts and its messages are looked for."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    names: list[str] = Field(
        ["联合国儿童基金会", "联合国儿基会", "儿基会", "unicef"],
        max_length=50,
        description="how people call you, @ or not; who asks one of them something is counted as asking you",
    )
    account: list[AccountSettings] = Field([], max_length=50, description="see [[organisation.account]]")
    message: list[MessageSettings] = Field([], max_length=20, description="see [[organisation.message]]")

    @field_validator("names")
    @classmethod
    def _no_short_name(cls, names: list[str]) -> list[str]:
        for name in names:
            if not 2 <= len(name.strip()) <= _MAX_PHRASE_CHARS:  # noqa: PLR2004 - one character is no name
                raise ValueError(f"each name has 2 to {_MAX_PHRASE_CHARS} characters")
        return names

    @model_validator(mode="after")
    def _names_differ(self) -> Self:
        names = [message.name for message in self.message]
        if twice := [name for name in names if names.count(name) > 1]:
            raise ValueError(f"two messages are called {twice[0]}")
        return self
