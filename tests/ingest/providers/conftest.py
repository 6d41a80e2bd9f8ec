"""A sandbox with the default shop's accounts, on the machine's own clock."""

from collections.abc import Iterator

import pytest

from tests.sandbox.running import Sandbox, running


@pytest.fixture(scope="session")
def world_of_consents(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """One for all tests that connect accounts."""
    with running(tmp_path_factory.mktemp("consents"), "--days", "2") as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(world_of_consents: Sandbox) -> Sandbox:
    """The same, no fault pending."""
    world_of_consents.http.delete("/admin/faults")
    return world_of_consents
