"""The ad and shop platforms as `ingest` takes them: plain settings of each, by its name."""

from collections.abc import Mapping

from pydantic import SecretStr

from runtime.settings import Settings

Platforms = Mapping[str, Mapping[str, object]]


def platforms(settings: Settings) -> Platforms:
    """Where each is, and by what we are known there; the same for api and poller."""
    meta, google, shopify = settings.meta, settings.google, settings.shopify
    return {
        "meta": {
            "base_url": meta.base_url.rstrip("/"),
            "dialog_url": meta.dialog_url.rstrip("/"),
            "version": meta.version,
            "app_id": meta.app_id,
            "app_secret": _plain(meta.app_secret),
        },
        "google": {
            "base_url": google.base_url.rstrip("/"),
            "consent_url": google.consent_url.rstrip("/"),
            "token_url": google.token_url.rstrip("/"),
            "version": google.version,
            "client_id": google.client_id,
            "client_secret": _plain(google.client_secret),
        },
        "shopify": {
            "base_url": shopify.base_url.rstrip("/"),
            "version": shopify.version,
            "client_id": shopify.client_id,
            "client_secret": _plain(shopify.client_secret),
        },
    }


def _plain(secret: SecretStr | None) -> str | None:
    return secret.get_secret_value() if secret else None
