"""A sandbox for what changes its people."""

from collections.abc import Iterator

import pytest

from tests.sandbox.conftest import NOW
from tests.sandbox.running import Sandbox, running


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """One sandbox for each file of tests."""
    with running(tmp_path_factory.mktemp("clerk")) as sandbox:
        yield sandbox


@pytest.fixture
def clerk(own: Sandbox) -> Sandbox:
    """That sandbox, its clock held at NOW, with no endpoint and no fault."""
    own.order("clock", action="hold", at=NOW)
    own.order("clerk/endpoint", url=None)
    own.http.delete("/admin/faults")
    return own
