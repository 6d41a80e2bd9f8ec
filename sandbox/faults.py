"""Faults to come: what a test ordered for the next calls of a platform."""

from dataclasses import dataclass, replace
from typing import Any, Literal, cast, get_args

FaultKind = Literal["throttle", "error", "slow", "expired_token", "half_page"]
KINDS = get_args(FaultKind)


class FaultError(ValueError):
    """An order that makes no sense; says why."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One kind of failure, for so many calls whose path and query hold `match`."""

    id: str
    kind: FaultKind
    times: int
    left: int
    match: str = ""
    code: int = 0
    subcode: int | None = None
    status: int = 400
    message: str | None = None
    minutes: int = 0  # until a throttled client may come back
    seconds: int = 0  # that a slow answer takes


class Faults:
    """The orders not yet worked off, oldest first; they do not outlive the process."""

    def __init__(self) -> None:
        self._pending = list[Fault]()
        self._ordered = 0
        self.served = 0

    def order(self, kind: str, **details: Any) -> Fault:
        """Take an order; what it leaves out is filled in from its kind."""
        if kind not in KINDS:
            raise FaultError(f"kind must be one of {', '.join(KINDS)}")
        times = details.get("times", 1)
        if not isinstance(times, int) or times < 1:
            raise FaultError("times must be a whole number from 1")
        self._ordered += 1
        plain = Fault(str(self._ordered), cast("FaultKind", kind), times, times)
        known = {key: value for key, value in details.items() if key != "times"}
        fault = replace(plain, **(_DEFAULTS.get(kind, {}) | known))
        self._pending.append(fault)
        return fault

    def take(self, path: str) -> Fault | None:
        """The oldest fault that matches a call, used up by one."""
        for position, fault in enumerate(self._pending):
            if fault.match in path:
                used = replace(fault, left=fault.left - 1)
                self._pending[position : position + 1] = [used] if used.left else []
                self.served += 1
                return used
        return None

    def pending(self) -> list[Fault]:
        """What is still to come."""
        return list(self._pending)

    def clear(self, fault_id: str | None = None) -> int:
        """Call off one order, or all; says how many there were."""
        kept = [fault for fault in self._pending if fault_id and fault.id != fault_id]
        cleared, self._pending = len(self._pending) - len(kept), kept
        return cleared


_DEFAULTS: dict[str, dict[str, Any]] = {
    "throttle": {"code": 80000, "minutes": 1},
    "error": {"code": 2, "status": 500},
    "slow": {"seconds": 3},
    "expired_token": {"code": 190, "subcode": 463},
}
