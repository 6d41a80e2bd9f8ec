"""Ad windows: quarter-hours, hours and days of delivery, and conversions, at every level."""

from processors.chunk import Chunk
from processors.projection import Folded, Projection
from processors.tx import Tx
from processors.windows.fold import State, changes, deltas, duplicates
from processors.windows.load import load_state
from processors.windows.readings import readings_in
from processors.windows.write import Delta, write
from readmodels.tables.ad_windows import TABLES, VIEWS, ad_quarter, quarter_reading
from schemas.topics import Topic


async def load(tx: Tx, chunk: Chunk) -> State:
    """The registers held so far of what the chunk is about."""
    return await load_state(tx, readings_in(event for _, event in chunk.events))


def fold(chunk: Chunk, state: State) -> Folded[Delta]:
    """Newer registers, and each window's new figures minus its old ones. Pure."""
    rows, glimpses = deltas(state)
    return Folded(
        Delta(state.after, glimpses, state.glimpses, rows),
        chunk.rejects,
        duplicates(state),
        changes(rows),
    )


projection = Projection(
    name="ad_windows",
    version=1,  # raise it when rows would differ
    topics=(Topic.AD_METRICS,),
    tables=TABLES,
    views=VIEWS,
    load=load,
    fold=fold,
    apply=write,
    open_only=(quarter_reading, ad_quarter),
)
