"""The modules that projections are made of, found by what they import."""

import ast
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).parents[2]
ROOMS = {"processors", "readmodels", "schemas"}
ROOT = "processors.projections"


def core() -> dict[str, Path]:
    """Every module that some projection imports, directly or not; projections among them."""
    found: dict[str, Path] = {}
    waiting = [
        f"{ROOT}.{path.stem}" for path in (PROJECT / ROOT.replace(".", "/")).glob("[!_]*.py")
    ]
    while waiting:
        name = waiting.pop()
        path = _path(name)
        if path is not None and name not in found:
            found[name] = path
            waiting += _imported(path)
    return dict(sorted(found.items()))


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        match node:
            case ast.Import(names=names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(module=str(module), names=names):
                yield module
                yield from (f"{module}.{alias.name}" for alias in names)  # it may be a module
            case _:
                pass


def _path(name: str) -> Path | None:
    if name.partition(".")[0] not in ROOMS:
        return None
    bare = PROJECT / name.replace(".", "/")
    files = (bare.with_suffix(".py"), bare / "__init__.py")
    return next((path for path in files if path.is_file()), None)
