"""What cannot be written down is lost, and nothing else: a full disk ends no process."""

from collections.abc import Generator
from contextlib import contextmanager

import structlog

log = structlog.get_logger(__name__)


class Losses:
    """Each is told once, when it begins; it is over when something could be written again."""

    def __init__(self) -> None:
        self._begun: set[str] = set()

    @contextmanager
    def of(self, what: str) -> Generator[None]:
        """Whatever fails in here stops nobody."""
        try:
            yield
        except Exception as error:
            if what not in self._begun:
                self._begun.add(what)
                log.warning(
                    "cannot be written and is left out", marker="[UP]", what=what, error=str(error)
                )
        else:
            self._begun.discard(what)
