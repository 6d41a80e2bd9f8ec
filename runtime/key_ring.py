"""Where this installation's key ring comes from: the settings, else a file that it keeps."""

import fcntl
import json
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from accounts.errors import BadKeyRing
from accounts.vault import KeyRing, MasterKey, RingSource
from runtime.errors import BadKeys
from runtime.kept import write_whole, writing
from runtime.settings import Settings

_FILE = "token-keys.json"


def ring_source(settings: Settings) -> RingSource:
    """The settings' ring, which must be one; else the one kept in the data directory."""
    text = settings.token_encryption_key
    if text is None:
        return KeptRing(settings.data_dir.absolute())
    try:
        ring = KeyRing.parse(text.get_secret_value())
    except BadKeyRing as why:
        raise BadKeys(
            f"METRICX_TOKEN_ENCRYPTION_KEY is no key ring: {why}.",
            "It is `name:key`, the key 32 bytes in base64, several with commas; "
            "`metricx keys new` makes one.",
        ) from None
    return lambda: ring


class KeptRing:
    """The ring in `token-keys.json`, mode 0600; made when first asked for.

    It is read each time, so that every process seals by it from the moment that it changes.
    """

    def __init__(self, data: Path) -> None:
        self._data = data
        self._file = data / _FILE

    def __call__(self) -> KeyRing:
        """The ring as it is now."""
        return self._read() or self._made()

    def as_it_is(self) -> KeyRing:
        """The same, for who holds the lock."""
        if (ring := self._read()) is None:
            ring = KeyRing([MasterKey.new()])
            self.keep(ring)
        return ring

    @contextmanager
    def locked(self) -> Generator[None]:
        """Nobody else makes or rotates keys meanwhile. The kernel frees a dead one's lock."""
        with writing(self._data):
            self._data.mkdir(parents=True, exist_ok=True)
            lock = (self._data / "token-keys.lock").open("a")
        with lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def keep(self, ring: KeyRing) -> None:
        """This is the ring from here on."""
        write_whole(self._file, {"keys": ring.text().split(",")})

    def _made(self) -> KeyRing:
        with self.locked():
            return self.as_it_is()

    def _read(self) -> KeyRing | None:
        try:
            return KeyRing.parse(",".join(json.loads(self._file.read_text())["keys"]))
        except FileNotFoundError:
            return None
        except OSError as error:
            raise self._unusable(error.strerror or str(error)) from error
        except BadKeyRing as error:
            raise self._unusable(str(error)) from None
        except (ValueError, KeyError, TypeError):
            raise self._unusable("it is damaged") from None  # their words could hold a key

    def _unusable(self, why: str) -> BadKeys:
        return BadKeys(
            f"The key ring in {self._file} cannot be used: {why}.",
            "Bring it back from a back-up: without it every account must be connected again.",
        )
