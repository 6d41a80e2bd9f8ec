"""The committed OpenAPI document: `python -m runtime.openapi` writes `docs/openapi.json`."""

import json
from pathlib import Path
from typing import Any

from fastapi import FastAPI

from accounts.vault import KeyRing
from runtime.application import make_app

COMMITTED = Path(__file__).parent.parent / "docs" / "openapi.json"


def never_started() -> FastAPI:
    """The application as it can be described without a server."""
    return make_app(
        reader_dsn="postgresql://reader@localhost/nowhere",
        control_dsn="postgresql://control@localhost/nowhere",
        secret_key="only-to-describe-the-application",  # noqa: S106  (it never starts)
        key_ring=lambda: KeyRing(()),
        public_url="http://localhost:8000",
    )


def document() -> dict[str, Any]:
    """What `/openapi.json` answers."""
    return never_started().openapi()


def rendered() -> str:
    """The document as it is committed: stable, and readable as a difference."""
    return json.dumps(document(), indent=2, ensure_ascii=False, sort_keys=True) + "\n"


if __name__ == "__main__":
    COMMITTED.write_text(rendered(), encoding="utf-8")
