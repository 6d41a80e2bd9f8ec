"""One shape of log line for our own code and for the libraries: JSON or console, with markers."""

import logging
import sys
from time import monotonic
from typing import Literal

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

MARKERS = {
    "[SYNC]": "a poller asked a platform, or wrote down what it did",
    "[PIXEL]": "the web pixel's endpoint took or refused events",
    "[FOLD]": "a chunk became rows, or one of its events a dead letter",
    "[SEMANTIC]": "a question was compiled to SQL",
    "[QA]": "the copilot was asked",
    "[WORKER]": "a worker started, lost or gained partitions, stopped",
    "[LIVE]": "the live feed told pages what changed",
    "[AUTH]": "somebody registered, logged in or out, or was refused",
    "[UP]": "a process was started, restarted or stopped",
}
"""Each marker that a line may carry as `marker=`, with what such lines tell."""

# Faust logs each of its own sensors and rebalances; aiokafka each metadata refresh.
_QUIET = ("faust", "mode", "aiokafka", "alembic", "httpx2", "httpcore2", "uvicorn.access")
_SELDOM_SECONDS = 30.0

_TRACES = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
"""Frames without their variables, among which a token may be; the library would show them."""


class _Seldom(logging.Filter):
    """Lets the same words pass only now and then: aiokafka tries twice a second, and says so."""

    def __init__(self) -> None:
        super().__init__()
        self._said_at: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether it is news, or has not been said for a while."""
        words, now = record.getMessage(), monotonic()
        if now - self._said_at.get(words, -_SELDOM_SECONDS) < _SELDOM_SECONDS:
            return False
        if len(self._said_at) > 1_000:
            self._said_at.clear()
        self._said_at[words] = now
        return True


_seldom = _Seldom()


def configure(form: Literal["console", "json"], level: str) -> None:
    """Set up structlog and the standard library's logging for this process."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.processors.StackInfoRenderer(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, structlog.stdlib.ExtraAdder(), _without_colours],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *(_json() if form == "json" else _console()),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    for name in _QUIET:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
    logging.getLogger("aiokafka").addFilter(_seldom)


def _json() -> list[Processor]:
    return [
        structlog.processors.ExceptionRenderer(_TRACES),
        structlog.processors.JSONRenderer(default=str),
    ]


def _console() -> list[Processor]:
    renderer = structlog.dev.ConsoleRenderer(
        colors=sys.stdout.isatty(), exception_formatter=structlog.dev.plain_traceback
    )
    return [_marker_first, renderer]


def _without_colours(_logger: WrappedLogger, _method: str, line: EventDict) -> EventDict:
    """uvicorn sends each message a second time, painted."""
    line.pop("color_message", None)
    return line


def _marker_first(_logger: WrappedLogger, _method: str, line: EventDict) -> EventDict:
    marker = line.pop("marker", None)
    if marker:
        line["event"] = f"{marker} {line['event']}"
    return line
