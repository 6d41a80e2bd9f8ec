"""The vault: seals what a database must hold and nobody may read out of it.

A master key of the key ring (`ring.py`) wraps each workspace's data keys (`data_keys.py`); a data
key seals records (`records.py`), each bound to its place: moved to another row, workspace, provider
or column it does not open. `vault.py` joins them; `rotation.py` changes keys under live traffic.
"""

from accounts.vault.ring import KeyRing, MasterKey, RingSource
from accounts.vault.vault import Vault

__all__ = ["KeyRing", "MasterKey", "RingSource", "Vault"]
