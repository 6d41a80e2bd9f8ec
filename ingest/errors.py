"""What can go wrong on the write side, as one tree.

    IngestError
    ├── EventRefused        no event of its topic, or too large: never taken, mend the sender
    └── NotAccepted         Kafka did not take it in time; an HTTP edge answers 503
        └── SpoolFull       nor did the disk: its bound, or the free space, is reached

What a provider can answer with is another tree, in `providers/errors.py`.
"""


class IngestError(Exception):
    """Anything that keeps an event out of Kafka."""


class EventRefused(IngestError):
    """The event can never be in its topic.

    Nothing was sent where it is seen here. Where Kafka refuses it, others that were published
    with it may be in their topics.
    """


class NotAccepted(IngestError):
    """No acknowledgement in time. It may still arrive; sending it again is harmless."""


class SpoolFull(NotAccepted):
    """The spool may not grow; nothing was kept. Free disk space, or bring Kafka back."""
