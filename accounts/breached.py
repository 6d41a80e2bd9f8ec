"""Passwords that everybody tries first: those of a shipped list, and what names the account."""

import gzip
import string
from functools import cache
from importlib.resources import files

LIST = "breached_passwords.txt.gz"  # made by scripts/list_breached_passwords.py; see the .md
_ADDED = string.digits + string.punctuation
_OURS = "metricx"


def is_breached(password: str, email: str) -> bool:
    """Whether it is on the list, or our name or the e-mail's with digits and signs around it.

    Upper and lower case do not matter.
    """
    folded, email = password.casefold(), email.casefold()
    if folded in _listed() or folded == email:
        return True
    local = email.partition("@")[0]
    return folded == local or folded.strip(_ADDED) in {_OURS, local.strip(_ADDED)} - {""}


@cache
def _listed() -> frozenset[str]:
    """All of the list: two megabytes once somebody has signed up."""
    packed = files(__package__ or "accounts").joinpath(LIST).read_bytes()
    return frozenset(gzip.decompress(packed).decode().split("\n"))
