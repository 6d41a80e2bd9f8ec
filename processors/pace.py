"""How many records a chunk of a topic may have, so that its transaction stays short."""

TARGET_SECONDS = 2.0
"""Half of what a transaction may idle while the folds of other lanes have the interpreter."""

LEAST_RECORDS = 100


class Pace:
    """A limit that follows what chunks take: one day's reading may cost a hundred times another.

    It falls at once to what can be done in half the target, and doubles with each chunk of half
    the limit that took less than that. Rows do not depend on it: they are a function of the set of
    events, however cut.
    """

    def __init__(self, most: int) -> None:
        self.limit = most
        self._most = most

    def took(self, records: int, seconds: float) -> None:
        """A chunk of so many records was projected in this time, waiting included."""
        if seconds > TARGET_SECONDS:
            fitting = int(records * TARGET_SECONDS / 2 / seconds)
            self.limit = max(min(self.limit, fitting), min(self._most, LEAST_RECORDS))
        elif seconds < TARGET_SECONDS / 2 and records >= self.limit / 2:
            self.limit = min(2 * self.limit, self._most)
