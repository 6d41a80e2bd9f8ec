"""Which currency an answer is in: amounts of different ones are never added."""

from collections import Counter
from collections.abc import Iterable


def shown(workspace: str, of_accounts: Iterable[str]) -> tuple[str, list[str]]:
    """The currency to show, and the others that are left out.

    The workspace's own, if any account has it or none has any; else the one that most accounts
    have, the first by name among equals.
    """
    counted = Counter(of_accounts)
    if workspace in counted or not counted:
        chosen = workspace
    else:
        chosen = min(counted, key=lambda currency: (-counted[currency], currency))
    return chosen, sorted(set(counted) - {chosen})
