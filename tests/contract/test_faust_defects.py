"""Faust's known defects (F1, F3–F5): they are there, and ours does not have them.

Should the first half of a test turn red, Faust has mended something: see what of ours may go.
"""

import inspect
from collections import defaultdict
from types import SimpleNamespace
from typing import Any

import faust
import faust.streams
import pytest
from faust.transport import conductor, consumer
from faust.transport.consumer import Consumer
from faust.types import TP, ConsumerMessage
from intervaltree import IntervalTree

from processors.transport import ChunkConsumer

PARTITION = TP("t.ad-metrics", 0)


def holding(acked: list[int], committed: int | None, gap: IntervalTree | None = None) -> Any:
    """What a consumer remembers of a partition."""
    return SimpleNamespace(
        _acked=defaultdict(list, {PARTITION: list(acked)}),
        _acked_index=defaultdict(set, {PARTITION: set(acked)}),
        _committed_offset=defaultdict(lambda: None, {PARTITION: committed}),
        _gap=defaultdict(IntervalTree, {PARTITION: gap or IntervalTree()}),
    )


def test_f3_faust_commits_past_a_message_in_flight() -> None:
    """31 is not acknowledged, and Faust commits 34."""
    assert Consumer._new_offset(holding([32, 33], committed=31), PARTITION) == 34


def test_f4_faust_commits_past_it_all_the_more_when_nothing_was_committed() -> None:
    """0 is not acknowledged, and Faust commits 4."""
    assert Consumer._new_offset(holding([1, 2, 3], committed=None), PARTITION) == 4


async def test_f5_faust_takes_the_message_after_a_gap_for_acknowledged() -> None:
    """10 and 20 were read, 20 is not acknowledged, and Faust commits 22."""
    held = holding([21], committed=10)
    await Consumer._add_gap(held, PARTITION, 11, 20)
    assert Consumer._new_offset(held, PARTITION) == 22


def test_ours_commits_behind_the_highest_acknowledged_chunk_and_forgets_the_rest() -> None:
    """Kafka's offset is for tools that show lag; no chunk is skipped for it."""
    held = holding([99, 299, 199], committed=None)
    assert ChunkConsumer._new_offset(held, PARTITION) == 300
    assert held._acked[PARTITION] == []
    assert held._acked_index[PARTITION] == set()
    assert ChunkConsumer._new_offset(held, PARTITION) is None


async def test_ours_adds_no_gap() -> None:
    """A chunk's own range is not a gap."""
    held = holding([], committed=0)
    await ChunkConsumer._add_gap(held, PARTITION, 1, 99)
    assert not held._gap[PARTITION]


def test_f1_the_settings_that_would_keep_a_failed_event_are_read_nowhere() -> None:
    """So an exception that leaves an agent body acknowledges the chunk: none of ours may."""
    for module in (faust.streams, consumer, conductor):
        assert "stream_ack_exceptions" not in inspect.getsource(module)


@pytest.mark.parametrize("compiled", [True, False], ids=["cython", "python"])
async def test_f1_faust_acknowledges_the_event_of_a_body_that_raises(
    compiled: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the compiled iterator and by the one in Python."""
    if not compiled:
        monkeypatch.setattr(faust.streams, "_CStreamIterator", None)
    elif getattr(faust.streams, "_CStreamIterator", None) is None:
        pytest.skip("this wheel of Faust has no compiled iterator")
    app: Any = faust.App("f1", broker="kafka://127.0.0.1:1", web_enabled=False)
    message = ConsumerMessage(
        "t", 0, 7, 0.0, 0, None, None, b"", None, generation_id=app.consumer_generation_id
    )
    message.incref()
    app.topics._acking_topics.add("t")
    app.flow_control.resume()
    channel = app.channel()
    stream: Any = channel.stream()
    stream.channel.queue.put_nowait(faust.Event(app, None, b"value", None, message))

    async def body() -> None:
        iterator: Any = aiter(stream)
        try:
            await anext(iterator)
            raise RuntimeError
        finally:
            await iterator.aclose()

    with pytest.raises(RuntimeError):
        await body()
    assert message.acked
    assert app.consumer._acked[TP("t", 0)] == [7]
