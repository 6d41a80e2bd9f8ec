"""Tables of the projector itself: positions, dead letters, and from which date days are open."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    Uuid,
    func,
    text,
)

SCHEMA = "processing"

_metadata = MetaData(schema=SCHEMA)

projection_offset = Table(
    "projection_offset",
    _metadata,
    Column("projection", Text, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("topic", Text, primary_key=True),
    Column("partition", Integer, primary_key=True),
    Column("next_offset", BigInteger, nullable=False, server_default=text("0")),
    Column("applied", BigInteger, nullable=False, server_default=text("0")),
    Column("duplicate", BigInteger, nullable=False, server_default=text("0")),
    Column("dead", BigInteger, nullable=False, server_default=text("0")),
    Column("moved_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    comment="The only record of how far a projection is. next_offset = applied + duplicate + dead.",
    postgresql_with={"fillfactor": "50"},
)

dead_letter = Table(
    "dead_letter",
    _metadata,
    Column("projection", Text, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("topic", Text, primary_key=True),
    Column("partition", Integer, primary_key=True),
    Column("offset", BigInteger, primary_key=True),
    Column("workspace_id", Uuid),
    Column("event_id", Uuid),
    Column("reason", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("stack_hash", Text),
    Column("key", LargeBinary),
    Column("value", LargeBinary),
    Column("parked_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Index("dead_letter_workspace", "workspace_id"),
    comment="Events that a projection refused; one without a workspace is seen by no reader.",
)

open_from = Table(
    "open_from",
    _metadata,
    Column("only_row", Boolean, primary_key=True, server_default=text("true")),
    Column("day", Date, nullable=False),
    CheckConstraint("only_row"),
    comment="Account-local dates from this one on keep quarter-hours; moved forward, never back.",
)

serving = Table(
    "serving",
    _metadata,
    Column("projection", Text, primary_key=True),
    Column("version", Integer, nullable=False),
    comment="The version of each projection that the views show.",
)

TABLES = (projection_offset, dead_letter, open_from, serving)
