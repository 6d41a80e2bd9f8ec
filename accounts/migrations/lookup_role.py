"""Making functions as metricx_lookup, which may create in the schema only meanwhile."""

from collections.abc import Generator
from contextlib import contextmanager

from alembic import op


@contextmanager
def as_lookup() -> Generator[None]:
    """What the block creates belongs to metricx_lookup."""
    op.execute("grant create on schema control to metricx_lookup")
    op.execute("set local role metricx_lookup")
    yield
    op.execute("reset role")
    op.execute("revoke create on schema control from metricx_lookup")


def for_control_alone(signature: str) -> None:
    """A function of metricx_lookup that metricx_control, and nobody else, may call."""
    op.execute(f"revoke all on function control.{signature} from public")
    op.execute(f"grant execute on function control.{signature} to metricx_control")
