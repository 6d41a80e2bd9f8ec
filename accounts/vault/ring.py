"""The key ring: master keys by name, of which the first one seals and all open."""

import base64
import binascii
import hashlib
import re
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from accounts.errors import BadKeyRing
from accounts.vault.records import KEY_BYTES

_NAME = re.compile(r"[A-Za-z0-9._-]{1,64}")


@dataclass(frozen=True, slots=True)
class MasterKey:
    """A key with the name by which wrapped data keys remember it."""

    name: str
    key: bytes = field(repr=False)

    @classmethod
    def new(cls) -> "MasterKey":
        """A random one; its name says nothing of it."""
        return cls(f"key-{secrets.token_hex(4)}", secrets.token_bytes(KEY_BYTES))

    def text(self) -> str:
        """`name:key` as a key ring holds it. A secret."""
        return f"{self.name}:{base64.b64encode(self.key).decode()}"


class KeyRing:
    """One master key or several; shows their names and never a key."""

    def __init__(self, keys: Iterable[MasterKey]) -> None:
        self._keys = {each.name: each for each in keys}
        self.names = tuple(self._keys)

    @classmethod
    def parse(cls, text: str) -> "KeyRing":
        """A ring from `name:key`, several with commas, the key 32 bytes in base64.

        A key without a name is named by its digest. BadKeyRing says what is wrong.
        """
        parts = [part.strip() for part in text.split(",") if part.strip()]
        if not parts:
            raise BadKeyRing("it holds no key")
        keys = [_parsed(part, number) for number, part in enumerate(parts, start=1)]
        if len({each.name for each in keys}) < len(keys):
            raise BadKeyRing("two keys have the same name")
        if len({each.key for each in keys}) < len(keys):
            raise BadKeyRing("it holds a key twice")
        return cls(keys)

    @property
    def first(self) -> MasterKey:
        """The one that wraps what is new."""
        return self._keys[self.names[0]]

    def get(self, name: str) -> MasterKey | None:
        """The key of this name."""
        return self._keys.get(name)

    def beginning_with(self, key: MasterKey) -> "KeyRing":
        """This ring with a new first key."""
        return KeyRing([key, *self._keys.values()])

    def without(self, names: Iterable[str]) -> "KeyRing":
        """This ring but for the keys of these names."""
        gone = set(names)
        return KeyRing(each for name, each in self._keys.items() if name not in gone)

    def text(self) -> str:
        """What `parse` reads. A secret."""
        return ",".join(each.text() for each in self._keys.values())

    def __repr__(self) -> str:
        return f"KeyRing({', '.join(self.names)})"


RingSource = Callable[[], KeyRing]
"""The key ring as it is now. Asked whenever a data key is wrapped or unwrapped, so that a rotation
is seen without a restart."""


def _parsed(part: str, number: int) -> MasterKey:
    name, named, encoded = part.partition(":")
    if not named:
        name, encoded = "", part
    elif not _NAME.fullmatch(name):
        raise BadKeyRing(f"the name of key {number} is not 1 to 64 of A-Z a-z 0-9 . _ -")
    which = f"key {name!r}" if name else f"key {number}"
    try:
        key = base64.b64decode(encoded.replace("-", "+").replace("_", "/"), validate=True)
    except (binascii.Error, ValueError):
        raise BadKeyRing(f"{which} is not base64") from None  # its words could hold the key
    if len(key) != KEY_BYTES:
        raise BadKeyRing(f"{which} has {len(key)} bytes, not {KEY_BYTES}")
    return MasterKey(name or f"key-{hashlib.sha256(key).hexdigest()[:8]}", key)
