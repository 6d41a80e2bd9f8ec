"""Codes and tokens that the platforms gave out: kept over restarts, ended by use, word or time."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal

from sandbox.journal import Journal

Provider = Literal["meta", "google", "shopify"]
Ending = Literal["used", "revoked", "expired"]
CODE_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Issued:
    """One code or token."""

    provider: str
    kind: str  # code, access, refresh, or a name of the platform's own
    token: str
    consent: str  # shared by all that came of one Approve
    issued_at: int
    expires_at: int | None  # None: never by itself
    details: dict[str, Any]
    ended: Ending | None = None

    def state(self, now: int) -> Ending | Literal["live"]:
        """Whether it is good, and if not, why."""
        if self.ended:
            return self.ended
        return "expired" if self.expires_at is not None and now >= self.expires_at else "live"


class Grants:
    """Everything that was given out, oldest first."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._issued = dict[str, Issued]()
        for record in journal.records("issued", "ended"):
            told = {name: value for name, value in record.items() if name != "kind"}
            if record["kind"] == "issued":
                told["kind"] = told.pop("of")
                self._keep(Issued(**told))
            else:
                self._keep(_ended(self._issued[told["token"]], told["how"], told["at"]))

    def issue(
        self,
        now: int,
        provider: Provider,
        kind: str,
        seconds: int | None,
        *,
        prefix: str = "",
        consent: str | None = None,
        **details: Any,
    ) -> Issued:
        """A new one; it is on the disk on return. Without `consent` it begins one."""
        issued = Issued(
            provider=provider,
            kind=kind,
            token=prefix + secrets.token_hex(20),
            consent=consent or secrets.token_hex(8),
            issued_at=now,
            expires_at=None if seconds is None else now + seconds,
            details=details,
        )
        self._journal.append(
            {
                "kind": "issued",
                "provider": provider,
                "of": kind,
                "token": issued.token,
                "consent": issued.consent,
                "issued_at": now,
                "expires_at": issued.expires_at,
                "details": details,
            }
        )
        self._keep(issued)
        return issued

    def find(self, provider: Provider, token: str, *kinds: str) -> Issued | None:
        """A platform's code or token of some kinds, ended or not."""
        found = self._issued.get(token)
        if found is None or found.provider != provider or found.kind not in kinds:
            return None
        return found

    def end(self, issued: Issued, how: Ending, now: int) -> None:
        """No longer good from now on; what has ended already stays as it ended."""
        if issued.ended or self._issued[issued.token].ended:
            return
        self._journal.append({"kind": "ended", "token": issued.token, "how": how, "at": now})
        self._keep(_ended(issued, how, now))

    def tokens(self, provider: str | None = None) -> Iterator[Issued]:
        """All tokens, of a platform or of all; codes are none."""
        for issued in tuple(self._issued.values()):
            if issued.kind != "code" and provider in (None, issued.provider):
                yield issued

    def _keep(self, issued: Issued) -> None:
        self._issued[issued.token] = issued


def _ended(issued: Issued, how: Ending, at: int) -> Issued:
    """Expiry by order moves the expiry, so that an error can tell since when."""
    if how == "expired":
        sooner = at if issued.expires_at is None else min(at, issued.expires_at)
        return replace(issued, ended=how, expires_at=sooner)
    return replace(issued, ended=how)
