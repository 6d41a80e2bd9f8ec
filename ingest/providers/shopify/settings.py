"""Where shops are, and by what metricx is known there."""

from collections.abc import Mapping

import msgspec

from ingest.outbound import SHOP
from ingest.providers.errors import Rejected


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`{shop}` in the base URL stands for a shop's domain; without an app nobody can connect."""

    base_url: str
    version: str
    client_id: str | None = None
    client_secret: str | None = None

    def at(self, shop: str | None) -> str:
        """The base URL of a shop; Rejected if it is none, so that no URL is ever made of it."""
        if shop is None or SHOP.fullmatch(shop) is None:
            raise Rejected("that is no shop's domain")
        return self.base_url.replace("{shop}", shop)


def settings_of(told: Mapping[str, object]) -> Settings:
    """These as `Settings`; raises ValueError if they do not fit."""
    try:
        return msgspec.convert(told, Settings)
    except msgspec.ValidationError as error:
        raise ValueError(f"settings of shopify: {error}") from error
