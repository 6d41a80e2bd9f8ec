"""Java archives from Maven coordinates, each held to a committed sha256."""

import fcntl
import hashlib
import os
import shutil
import tempfile
from pathlib import Path

from runtime.embedded.server import ServerError

_PROJECT = Path(__file__).parents[2]


def jar_cache() -> Path:
    """Where jars are kept: METRICX_JARS, else `.metricx/jars` of the project."""
    named = os.environ.get("METRICX_JARS")
    return Path(named) if named else _PROJECT / ".metricx" / "jars"


def fetch(endpoint: str, sums: Path, cache: Path | None = None) -> list[Path]:
    """The jars of a Maven endpoint (`group:artifact:version+…`), downloaded once.

    `sums` holds the lines `sha256  name` that the jars must match, one for one; what they
    are checked against is so part of the repository, as pip's hashes are.
    """
    expected = _read_sums(sums)
    directory = (cache or jar_cache()) / f"{sums.stem}-{_digest(sums)[:12]}"
    if not directory.exists():
        directory.parent.mkdir(parents=True, exist_ok=True)
        with (directory.parent / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not directory.exists():
                _download(endpoint, expected, directory)
    return [directory / name for name in sorted(expected)]


def _download(endpoint: str, expected: dict[str, str], directory: Path) -> None:
    import jgo  # a second of imports, needed for the first start alone

    with tempfile.TemporaryDirectory(dir=directory.parent, prefix=".download-") as scratch:
        try:
            built = jgo.build(endpoint, cache_dir=Path(scratch) / "jgo")
        except Exception as error:
            raise ServerError(
                f"{endpoint} could not be downloaded from the Maven registry: {error}.",
                "Check the network and try again; finished downloads are kept.",
            ) from error
        found = {jar.name: jar for jar in built.all_jars}
        wrong = {name for name, jar in found.items() if expected.get(name) != _digest(jar)}
        wrong |= expected.keys() - found.keys()
        if wrong:
            raise ServerError(
                f"jars of {endpoint} differ from the committed sha256 list: "
                f"{', '.join(sorted(wrong))}. Nothing was installed.",
                "If a file of the local Maven repository is damaged, delete it and try again.",
            )
        ready = Path(scratch) / "ready"
        ready.mkdir()
        for name, jar in found.items():
            shutil.copy(jar.resolve(), ready / name)
        ready.rename(directory)


def _read_sums(sums: Path) -> dict[str, str]:
    lines = (line.split() for line in sums.read_text().splitlines() if line.strip())
    return {name: digest for digest, name in lines}


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
