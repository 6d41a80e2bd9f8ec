"""What connecting an account takes and gives on the wire."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints

ProviderName = Literal["meta", "google", "shopify"]
Shop = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True,
        to_lower=True,
        max_length=100,
        pattern=r"^[a-zA-Z0-9][a-zA-Z0-9-_]*\.myshopify\.com$",
    ),
]


class ConsentStart(BaseModel):
    """What to connect; `connection_id` for one that is to be connected again."""

    shop: Shop | None = Field(default=None, examples=["demo-store.myshopify.com"])
    connection_id: UUID | None = None


class ConsentAddress(BaseModel):
    """Where to send the browser, within ten minutes."""

    authorize_url: str


class AdAccount(BaseModel):
    """An account that the consent opens."""

    account_id: str = Field(examples=["700420170042"])
    name: str = Field(examples=["Defang Labs"])
    currency: str | None
    zone: str | None
    is_open: bool = Field(description="Whether the platform lets it be read")
    why_closed: str | None
    connection_id: UUID | None = Field(description="If it is connected here already")


class AdAccountList(BaseModel):
    """All accounts that the consent opens, by name."""

    accounts: list[AdAccount]


class AdAccountChoice(BaseModel):
    """Which of them to connect."""

    consent: UUID
    account_ids: list[Annotated[str, StringConstraints(min_length=1, max_length=100)]] = Field(
        min_length=1, max_length=100
    )


class MadeConnection(BaseModel):
    """An account that is now connected."""

    id: UUID
    account_id: str
    label: str


class MadeConnections(BaseModel):
    """All that were connected."""

    connections: list[MadeConnection]
