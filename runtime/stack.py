"""All processes of an installation: what each is started with, and when it is ready."""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

import httpx2
from pydantic import SecretStr

from readmodels.roles import LOGINS
from runtime.addresses import Addresses, file_in, local_url
from runtime.errors import HistoryGone, NotConfigured
from runtime.kept import KeptSecrets, write_whole
from runtime.launch import Launch
from runtime.migrate import Dsns, create_database, migrate, prepare_roles
from runtime.settings import Settings, variable
from runtime.supervisor import Process, Supervisor
from runtime.topics import create_topics, wait_for_groups

if TYPE_CHECKING:
    from runtime.embedded.server import Server

PROJECT = Path(__file__).parents[1]
DATABASE = "metricx"

_HISTORY_GONE = (
    "Kafka lacks events that the read models already hold. Bring back Kafka's data; if it is lost, "
    "remove PostgreSQL's too (embedded: `postgres` in the data directory) and read all anew."
)


@dataclass(frozen=True)
class Ground:
    """The servers on which all else stands."""

    bootstrap: str
    dsns: Dsns


async def start_servers(supervisor: Supervisor, settings: Settings) -> Ground:
    """Kafka and PostgreSQL, those of the settings or embedded ones, with roles and a database.

    Where they are is written down for `metricx status`.
    """
    embedded: list[Process] = []
    bootstrap, superuser = settings.kafka.bootstrap, settings.postgres.superuser
    data = settings.data_dir.absolute()
    if not bootstrap:
        from runtime.embedded.kafka import KafkaServer

        kafka = KafkaServer(data / "kafka")
        bootstrap = kafka.bootstrap
        embedded.append(_server(kafka, stop_within_seconds=5.0))
    if settings.postgres.owner is None and superuser is None:
        from runtime.embedded.postgres import PostgresServer

        postgres = PostgresServer(data / "postgres")
        superuser_dsn = postgres.dsn()
        embedded.append(_server(postgres, stop_within_seconds=5.0))
    else:
        superuser_dsn = superuser.get_secret_value() if superuser else None
    if embedded:
        await supervisor.start(*embedded)
    ground = Ground(bootstrap, await _roles(settings, superuser_dsn))
    write_whole(
        file_in(data),
        Addresses(url=settings.url(), kafka=bootstrap, postgres=ground.dsns.auditor),
    )
    return ground


async def prepare(ground: Ground, settings: Settings) -> None:
    """Tables and topics are as this version expects them."""
    await asyncio.gather(
        migrate(ground.dsns.owner),
        create_topics(
            ground.bootstrap, settings.kafka.topic_prefix, replication=settings.kafka.replication
        ),
        wait_for_groups(ground.bootstrap, worker_group(settings)),
    )


def worker_group(settings: Settings) -> str:
    """The consumer group among whose members the partitions are shared."""
    return f"{settings.kafka.topic_prefix}worker"


def worker(number: int, ground: Ground, settings: Settings) -> Process:
    """One of the workers, which share the partitions."""
    env = {**_common(settings), **_kafka(ground, settings)}
    env[variable("postgres.writer")] = ground.dsns.writer
    return Process(
        name=f"worker-{number}",
        launch=_command("worker", env),
        ready_line=b"worker starts",
        stop_within_seconds=6.0,
        final_codes={HistoryGone.exit_code: _HISTORY_GONE},
    )


def poller(ground: Ground, settings: Settings) -> Process:
    """The poller."""
    env = {**_common(settings), **_kafka(ground, settings), **_outside(settings)}
    env[variable("postgres.control")] = ground.dsns.control
    return Process(
        name="poller",
        launch=_command("poller", env),
        ready_line=b"polling",
        stop_within_seconds=6.0,
    )


def api(ground: Ground, settings: Settings) -> Process:
    """The API with the pages."""
    env = {
        **_common(settings),
        **_outside(settings),
        variable("postgres.reader"): ground.dsns.reader,
        variable("postgres.control"): ground.dsns.control,
        variable("secret_key"): secret_key(settings),
        variable("http.host"): settings.http.host,
        variable("http.port"): str(settings.http.port),
        variable("http.trusted_proxies"): str(settings.http.trusted_proxies),
        variable("public_url"): settings.url(),
    }
    return Process(
        name="api",
        launch=_command("api", env),
        ready=answers(f"{local_url(settings.http)}/ready"),
        stop_within_seconds=4.0,
    )


def sandbox(settings: Settings, port: int) -> Process:
    """The simulated shop with its stand-in platforms."""
    state = settings.data_dir.absolute() / "sandbox"
    arguments = ["--port", str(port), "--state", str(state)]
    arguments += ["--seed", str(settings.demo.seed), "--days", str(settings.demo.days)]
    return Process(
        name="sandbox",
        launch=lambda: Launch(
            argv=[sys.executable, "-m", "sandbox", *arguments], env=_common(settings)
        ),
        ready=answers(f"http://127.0.0.1:{port}/admin/health"),
        stop_within_seconds=4.0,
    )


def answers(url: str) -> Callable[[], Awaitable[bool]]:
    """A gate that opens when the URL is answered with 200."""

    async def is_answered() -> bool:
        try:
            async with httpx2.AsyncClient(timeout=2, trust_env=False) as client:
                return (await client.get(url)).status_code == 200
        except httpx2.HTTPError:
            return False

    return is_answered


def kept_secrets(settings: Settings) -> KeptSecrets:
    """What this installation has made for itself."""
    return KeptSecrets(settings.data_dir.absolute() / "secrets.json")


def secret_key(settings: Settings) -> str:
    """What signs sessions: the key of the settings, else this installation's own."""
    key = settings.secret_key
    return key.get_secret_value() if key else kept_secrets(settings).get("key")


async def _roles(settings: Settings, superuser: str | None) -> Dsns:
    """The roles' DSNs: those of the settings where the owner's is set, else made here."""
    if settings.postgres.owner is not None:
        return Dsns(**{role: settings.dsn(role) for role in LOGINS}, superuser=superuser)
    if superuser is None:
        raise NotConfigured("postgres.owner", "the DSN of metricx_owner, and so for the others")
    kept = kept_secrets(settings)
    passwords = {role: kept.get(f"postgres.{role}") for role in LOGINS}
    in_first = await prepare_roles(superuser, passwords)
    await create_database(superuser, DATABASE)
    return in_first.of_database(DATABASE)


def _server(server: "Server", *, stop_within_seconds: float) -> Process:
    return Process(
        name=server.name,
        launch=server.prepare,
        ready=lambda: asyncio.to_thread(server.is_ready),
        stop_within_seconds=stop_within_seconds,
    )


def _command(name: str, env: Mapping[str, str]) -> Callable[[], Launch]:
    return lambda: Launch(argv=[sys.executable, "-m", "runtime", name], env=env)


def _common(settings: Settings) -> dict[str, str]:
    return {
        "PYTHONPATH": str(PROJECT),
        "PYTHONUNBUFFERED": "1",
        variable("log.format"): "json",
        variable("log.level"): settings.log.level,
        variable("data_dir"): str(settings.data_dir.absolute()),
    }


def _outside(settings: Settings) -> dict[str, str]:
    """Where the platforms and Clerk are, by what we are known there, and what seals their tokens.

    Without a key ring in the settings each process finds the one in the data directory.
    """
    env = {variable("simulated"): str(settings.simulated)}
    if ring := settings.token_encryption_key:
        env[variable("token_encryption_key")] = ring.get_secret_value()
    for name in ("meta", "google", "shopify", "clerk"):
        for field, value in getattr(settings, name):
            if value:
                env[variable(f"{name}.{field}")] = _in_an_environment(value)
    return env


def _in_an_environment(value: object) -> str:
    if isinstance(value, tuple):
        return ",".join(_in_an_environment(each) for each in cast("tuple[object, ...]", value))
    return value.get_secret_value() if isinstance(value, SecretStr) else str(value)


def _kafka(ground: Ground, settings: Settings) -> dict[str, str]:
    return {
        variable("kafka.bootstrap"): ground.bootstrap,
        variable("kafka.topic_prefix"): settings.kafka.topic_prefix,
    }
