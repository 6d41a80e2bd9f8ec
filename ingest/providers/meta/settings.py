"""Where Meta is, and by what metricx is known there."""

from collections.abc import Mapping

import msgspec


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Base URLs are without version and trailing slash; without an app nobody can connect."""

    base_url: str
    version: str
    dialog_url: str = "https://www.facebook.com"
    app_id: str | None = None
    app_secret: str | None = None
    page_rows: int = 500


def settings_of(told: Mapping[str, object]) -> Settings:
    """These as `Settings`; raises ValueError if they do not fit."""
    try:
        return msgspec.convert(told, Settings)
    except msgspec.ValidationError as error:
        raise ValueError(f"settings of meta: {error}") from error
