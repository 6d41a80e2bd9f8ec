"""Where Google is, and by what metricx is known there."""

from collections.abc import Mapping

import msgspec


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Base URLs are without version and trailing slash; without a client nobody can connect."""

    base_url: str
    consent_url: str
    token_url: str
    version: str
    client_id: str | None = None
    client_secret: str | None = None


def settings_of(told: Mapping[str, object]) -> Settings:
    """These as `Settings`; raises ValueError if they do not fit."""
    try:
        return msgspec.convert(told, Settings)
    except msgspec.ValidationError as error:
        raise ValueError(f"settings of google: {error}") from error
