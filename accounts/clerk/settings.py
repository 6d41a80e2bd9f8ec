"""What an installation sets of Clerk, as plain values."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ClerkSettings:
    """Whose sessions are accepted, and by which secrets Clerk is asked and believed."""

    issuer: str  # without a slash at its end
    authorized_parties: frozenset[str]  # origins, as a browser says them
    api_url: str = "https://api.clerk.com"
    secret_key: str | None = field(default=None, repr=False)
    webhook_secrets: tuple[str, ...] = field(default=(), repr=False)  # each may have signed
    sign_in_url: str | None = None
