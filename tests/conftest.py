"""Real servers for tests: one Kafka and one PostgreSQL per run, started when first asked for."""

import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from runtime.embedded import KafkaServer, PostgresServer
from tests.servers.databases import Database, Databases
from tests.servers.demo import RunningDemo
from tests.servers.pair import Pair
from tests.servers.places import run_directory
from tests.servers.shared import SharedServers

pytest_plugins = ["tests.servers.budgets"]

_SERVERS = {"shared_servers", "own_servers", "own_data", "running_demo"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs a server, so that `-m 'not server'` is what runs anywhere."""
    for item in items:
        faulty = item.get_closest_marker("faults") is not None
        if isinstance(item, pytest.Function) and (faulty or _SERVERS & set(item.fixturenames)):
            item.add_marker("server")


@pytest.fixture(scope="session")
def shared_servers() -> Iterator[SharedServers]:
    """The servers of this run; each is started by the first test that needs it."""
    servers = SharedServers()
    yield servers
    servers.close()


@pytest.fixture(scope="session")
def kafka_bootstrap(shared_servers: SharedServers) -> str:
    """Where this run's Kafka is. Take topic names from `topic_prefix`."""
    return shared_servers.kafka_bootstrap()


@pytest.fixture
def topic_prefix() -> str:
    """What sets this test's topics and groups apart from those of all other tests."""
    return f"t{secrets.token_hex(5)}."


@pytest.fixture
def topics(kafka_bootstrap: str, topic_prefix: str) -> str:
    """The prefix of a catalogue of empty topics of this test's own."""
    from tests.servers.topics import create

    create(kafka_bootstrap, topic_prefix)
    return topic_prefix


@pytest.fixture(scope="session")
def databases(shared_servers: SharedServers) -> Databases:
    """Makes databases in this run's PostgreSQL, migrated, with all roles."""
    return shared_servers.databases()


@pytest.fixture
def database(databases: Databases) -> Iterator[Database]:
    """A migrated database of this test's own, with a DSN for each role."""
    made = databases.make()
    yield made
    databases.drop(made)


@pytest.fixture(scope="module")
def module_database(databases: Databases) -> Iterator[Database]:
    """The same for all tests of a file: what they write they must tell apart by workspace."""
    made = databases.make()
    yield made
    databases.drop(made)


@pytest.fixture
def empty_database(databases: Databases) -> Iterator[Database]:
    """A database with roles but without any migration."""
    made = databases.make(migrated=False)
    yield made
    databases.drop(made)


@pytest.fixture
def own_data() -> Callable[[], Path]:
    """Makes directories that a server's user can enter, gone when the run is over."""

    def make() -> Path:
        made = run_directory() / f"own-{secrets.token_hex(4)}"
        made.mkdir()
        return made

    return make


@pytest.fixture(scope="session")
def running_demo() -> Iterator[RunningDemo]:
    """A demo that all tests of the run may look at, on data of its own."""
    demo = RunningDemo(run_directory() / "demo")
    demo.start()
    yield demo
    demo.close()


@pytest.fixture
def own_servers(own_data: Callable[[], Path]) -> Iterator[Callable[..., Pair]]:
    """Makes a Kafka and a PostgreSQL that this test may kill; all are gone at its end."""
    pairs: list[Pair] = []

    def make(*, proxied_port: int | None = None) -> Pair:
        data = own_data()
        pair = Pair(
            kafka=KafkaServer(data / "kafka", proxied_port=proxied_port),
            postgres=PostgresServer(data / "postgres"),
        )
        pairs.append(pair)
        pair.start()
        return pair

    yield make
    for pair in pairs:
        pair.close()
