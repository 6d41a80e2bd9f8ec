"""Every setting of metricx, read from METRICX_… variables and `.env`; each with its meaning."""

import re
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AliasChoices, BaseModel, Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from runtime.errors import NotConfigured
from runtime.settings_platforms import Clerk, Google, Meta, Shopify, listed

PREFIX = "METRICX_"

_LEAST_KEY = 32  # characters
_ORIGIN = re.compile(r"https?://[^/\s*]+")
_NO_DSN = "must be postgresql://user:password@host:port/database"


class Kafka(BaseModel):
    """Where events are kept."""

    bootstrap: str | None = Field(
        default=None,
        description="Kafka's address, `host:port`, several with commas. Unset: `metricx up` and "
        "`metricx demo` start an embedded one.",
    )
    topic_prefix: str = Field(
        default="metricx.",
        description="What the names of all topics and consumer groups begin with; sets "
        "installations that share one Kafka apart.",
    )
    replication: int = Field(
        default=1,
        ge=1,
        description="Replicas of each topic that `metricx migrate` makes; 3 on a cluster.",
    )

    @field_validator("bootstrap")
    @classmethod
    def _has_ports(cls, bootstrap: str | None) -> str | None:
        for server in (bootstrap or "kafka:9092").split(","):
            host, _, port = server.strip().rpartition(":")
            if not host or not port.isdecimal():
                raise ValueError("must be host:port, several with commas")
        return bootstrap


class Postgres(BaseModel):
    """Where read models and control data lie: one DSN for each role, `postgresql://…`."""

    superuser: SecretStr | None = Field(
        default=None,
        description="Only to let `metricx migrate` make roles and the database; leave unset where "
        "an administrator has made them.",
    )
    owner: SecretStr | None = Field(
        default=None, description="Makes tables and views: `metricx migrate`, `metricx swap`."
    )
    writer: SecretStr | None = Field(
        default=None, description="Writes read models: `metricx worker`."
    )
    control: SecretStr | None = Field(
        default=None, description="Users, connections, poll work: `metricx api`, `metricx poller`."
    )
    reader: SecretStr | None = Field(default=None, description="Reads read models: `metricx api`.")
    auditor: SecretStr | None = Field(
        default=None, description="Reads everything: `metricx status`, backups, the oracle."
    )

    @field_validator("*")
    @classmethod
    def _is_dsn(cls, secret: SecretStr | None) -> SecretStr | None:
        try:
            url = make_url(secret.get_secret_value()) if secret else None
        except (ArgumentError, ValueError):
            raise ValueError(_NO_DSN) from None  # their words would hold the password
        if url and (url.drivername not in {"postgresql", "postgres"} or not url.host):
            raise ValueError(_NO_DSN)
        return secret


class Http(BaseModel):
    """Where `metricx api` listens."""

    host: str = Field(default="127.0.0.1", description="Address to listen on.")
    port: int = Field(default=8000, ge=0, le=65535, description="Port to listen on.")
    trusted_proxies: int = Field(
        default=0,
        ge=0,
        le=8,
        description="Reverse proxies of yours between browsers and metricx. That many last entries "
        "of X-Forwarded-For are believed when requests are counted by address; 0 believes none.",
    )


class Log(BaseModel):
    """What the processes say."""

    format: Literal["console", "json"] = Field(
        default="console",
        description="`console` for people, `json` for machines: one object a line.",
    )
    level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="The least level that is written."
    )


class Demo(BaseModel):
    """What `metricx demo` shows."""

    days: int = Field(
        default=90,
        ge=1,
        le=90,  # as far as `ingest.schedule.DEMO` reads back
        description="Days of history of the simulated shop, 90 at most.",
    )
    seed: int = Field(
        default=7, description="Seed of the simulated shop; the same seed, the same shop."
    )


class Settings(BaseSettings):
    """All settings. Nested names are joined by two underscores: METRICX_KAFKA__BOOTSTRAP."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter="__",
        env_file=".env",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        validate_by_name=True,
        validate_by_alias=True,
    )

    data_dir: Path = Field(
        default=Path(".metricx"),
        description="Directory of what this installation keeps on disk: embedded servers, logs, "
        "generated secrets.",
    )
    public_url: str | None = Field(
        default=None,
        description="The URL by which browsers reach metricx. With `https://` cookies are Secure. "
        "Unset: `http://127.0.0.1:PORT`.",
    )
    cors_origins: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(),
        description="Other origins of the same site that may call the API with cookies: "
        "`https://host`, several with commas.",
    )
    secret_key: SecretStr | None = Field(
        default=None,
        description="Signs sessions; at least 32 characters, the same in every `metricx api`. "
        "Unset: one is made and kept in `data_dir`.",
    )
    token_encryption_key: SecretStr | None = Field(
        default=None,
        validation_alias=AliasChoices(f"{PREFIX}TOKEN_ENCRYPTION_KEY", "TOKEN_ENCRYPTION_KEY"),
        description="Key ring that seals access tokens: `name:key`, the key 32 bytes in base64, "
        "several with commas; the first one seals, all open. The same in `metricx api` and "
        "`metricx poller`; TOKEN_ENCRYPTION_KEY is read, too. `metricx keys new` makes one. Unset: "
        "one is made and kept in `data_dir`.",
    )
    simulated: bool = Field(
        default=False,
        description="The platforms are stand-ins: every workspace is marked as demo data, and read "
        "every few seconds. `metricx demo` sets it.",
    )
    kafka: Kafka = Field(default_factory=Kafka)
    postgres: Postgres = Field(default_factory=Postgres)
    http: Http = Field(default_factory=Http)
    meta: Meta = Field(default_factory=Meta)
    google: Google = Field(default_factory=Google)
    shopify: Shopify = Field(default_factory=Shopify)
    clerk: Clerk = Field(default_factory=Clerk)
    log: Log = Field(default_factory=Log)
    demo: Demo = Field(default_factory=Demo)
    workers: int = Field(
        default=1,
        ge=1,
        le=8,
        description="Worker processes that `metricx up` starts; beyond one machine start more "
        "`metricx worker` elsewhere. At most as many as partitions (8) find work.",
    )

    @field_validator("cors_origins", mode="before")
    @classmethod
    def _several(cls, origins: object) -> object:
        return listed(origins)

    @field_validator("cors_origins")
    @classmethod
    def _are_origins(cls, origins: tuple[str, ...]) -> tuple[str, ...]:
        as_said = tuple(origin.strip().removesuffix("/") for origin in origins)  # by a browser
        if not all(_ORIGIN.fullmatch(origin) for origin in as_said):
            raise ValueError("must be https://host, several with commas")
        return as_said

    @field_validator("secret_key")
    @classmethod
    def _is_long(cls, key: SecretStr | None) -> SecretStr | None:
        if key and len(key.get_secret_value()) < _LEAST_KEY:
            raise ValueError(f"must have at least {_LEAST_KEY} characters")
        return key

    def kafka_bootstrap(self) -> str:
        """Kafka's address, which a single process cannot do without."""
        if not self.kafka.bootstrap:
            raise NotConfigured("kafka.bootstrap", "the address of a running Kafka, host:port")
        return self.kafka.bootstrap

    def dsn(self, role: str) -> str:
        """The DSN of one PostgreSQL role, without which its process cannot run."""
        secret: SecretStr | None = getattr(self.postgres, role)
        if secret is None:
            raise NotConfigured(f"postgres.{role}", f"postgresql://metricx_{role}:…@host:port/db")
        return secret.get_secret_value()

    def url(self) -> str:
        """The URL by which browsers reach this installation."""
        return (self.public_url or f"http://127.0.0.1:{self.http.port}").rstrip("/")


def variable(path: str) -> str:
    """The environment variable of a setting: `kafka.bootstrap` → METRICX_KAFKA__BOOTSTRAP."""
    return PREFIX + path.replace(".", "__").upper()


@cache
def settings() -> Settings:
    """The settings of this process."""
    return Settings()
