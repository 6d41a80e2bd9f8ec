"""What the routes about Clerk take and give."""

from typing import Literal

from pydantic import BaseModel, Field


class AuthMode(BaseModel):
    """How people sign in here."""

    mode: Literal["password", "clerk"] = Field(description="`clerk`: on Clerk's own page")
    sign_in_url: str | None = Field(
        examples=["https://accounts.example.com/sign-in"],
        description="The page to which people are sent to sign in; null: metricx's own",
    )
    simulated: bool = Field(description="The platforms are stand-ins; every workspace is a demo")


class ClerkRepair(BaseModel):
    """What a repair found and did."""

    seen: int = Field(examples=[120], description="Users that Clerk listed")
    created: int = Field(examples=[1])
    updated: int = Field(examples=[0])
    deleted: int = Field(examples=[2], description="Users whom Clerk no longer has")
