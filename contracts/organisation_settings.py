"""[organisation] of the settings: who listens, and where its own accounts are."""

from pydantic import BaseModel, ConfigDict, Field, field_validator

from contracts.platforms import PLATFORMS

__all__ = ["AccountSettings", "OrganisationSettings"]

_MAX_NAME_CHARS = 40


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


class OrganisationSettings(BaseModel):
    """[organisation]: who listens; questions to it and its own accounts are looked for."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    names: list[str] = Field(
        ["联合国儿童基金会", "联合国儿基会", "儿基会", "unicef"],
        max_length=50,
        description="how people call you, @ or not; who asks one of them something is counted as asking you",
    )
    account: list[AccountSettings] = Field([], max_length=50, description="see [[organisation.account]]")

    @field_validator("names")
    @classmethod
    def _no_short_name(cls, names: list[str]) -> list[str]:
        for name in names:
            if not 2 <= len(name.strip()) <= _MAX_NAME_CHARS:  # noqa: PLR2004 - one character is no name
                raise ValueError(f"each name has 2 to {_MAX_NAME_CHARS} characters")
        return names
