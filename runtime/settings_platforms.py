"""Settings of what lies outside: ad platforms, shops, and Clerk."""

import json
from typing import Annotated

from pydantic import BaseModel, Field, SecretStr, field_validator
from pydantic_settings import NoDecode


def listed(value: object) -> object:
    """Several with commas, or a JSON list, as a list; blanks between do not matter."""
    if not isinstance(value, str):
        return value
    if value.startswith("["):
        return json.loads(value)
    return [each.strip() for each in value.split(",") if each.strip()]


class Meta(BaseModel):
    """Meta's Marketing API, and the app that merchants give access to."""

    base_url: str = Field(
        default="https://graph.facebook.com",
        description="Base URL of the Graph API, without a version.",
    )
    dialog_url: str = Field(
        default="https://www.facebook.com",
        description="Base URL of the page on which people give access.",
    )
    version: str = Field(default="v26.0", description="Version of the API that is asked for.")
    app_id: str | None = Field(
        default=None, description="The app's id. Unset: Meta accounts cannot be connected."
    )
    app_secret: SecretStr | None = Field(
        default=None,
        description="The app's secret; ends a consent, and signs each call with `appsecret_proof`.",
    )


class Google(BaseModel):
    """Google Ads' API, and the OAuth client that merchants give access to."""

    base_url: str = Field(
        default="https://googleads.googleapis.com",
        description="Base URL of the Google Ads API, without a version.",
    )
    consent_url: str = Field(
        default="https://accounts.google.com",
        description="Base URL of the page on which people give access.",
    )
    token_url: str = Field(
        default="https://oauth2.googleapis.com", description="Base URL of Google's token endpoints."
    )
    version: str = Field(default="v26", description="Version of the API that is asked for.")
    client_id: str | None = Field(
        default=None, description="The OAuth client's id. Unset: Google cannot be connected."
    )
    client_secret: SecretStr | None = Field(default=None, description="The OAuth client's secret.")


class Shopify(BaseModel):
    """Shopify's Admin API, and the app that merchants install."""

    base_url: str = Field(
        default="https://{shop}",
        description="Base URL of a shop; `{shop}` stands for its myshopify.com domain.",
    )
    version: str = Field(default="2026-10", description="Version of the API that is asked for.")
    client_id: str | None = Field(
        default=None, description="The app's client id. Unset: shops cannot be connected."
    )
    client_secret: SecretStr | None = Field(
        default=None, description="The app's secret; also signs what Shopify sends."
    )


class Clerk(BaseModel):
    """Clerk, where it signs people in. Without an issuer, metricx does it by password."""

    issuer: str | None = Field(
        default=None,
        description="Clerk's Frontend API, `https://clerk.example.com`: who issues the sessions "
        "that are accepted. Unset: people sign in by e-mail and password.",
    )
    api_url: str = Field(
        default="https://api.clerk.com", description="Base URL of Clerk's Backend API."
    )
    secret_key: SecretStr | None = Field(
        default=None,
        description="Key of the Backend API, `sk_…`: reads users that webhooks missed.",
    )
    webhook_secrets: Annotated[tuple[SecretStr, ...], NoDecode] = Field(
        default=(),
        description="Secrets of the webhook endpoint, `whsec_…`; while one is replaced, both, with "
        "commas.",
    )
    authorized_parties: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(),
        description="Origins whose sessions are accepted, with commas. Unset: the public URL's.",
    )
    sign_in_url: str | None = Field(
        default=None, description="The page to which people are sent to sign in."
    )

    @field_validator("webhook_secrets", "authorized_parties", mode="before")
    @classmethod
    def _several(cls, value: object) -> object:
        return listed(value)
