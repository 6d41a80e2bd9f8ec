"""Writes accounts/breached_passwords.txt.gz from lists that two PyPI packages ship."""

import ast
import gzip
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

WRITTEN = Path(__file__).resolve().parents[1] / "accounts" / "breached_passwords.txt.gz"
SHORTEST = 8  # what is shorter is refused anyway
DJANGO = "django-5.2.19-py3-none-any.whl"
ZXCVBN = "zxcvbn-4.5.0-py2.py3-none-any.whl"
_REQUIREMENTS = """\
django==5.2.19 --hash=sha256:5965d974a5218a2b68a11dd1276434707f23886525c23f0598eccedaf4f4ca00
zxcvbn==4.5.0 --hash=sha256:2b6eed621612ce6d65e6e4c7455b966acee87d0280e257956b1f06ccc66bd5ff
"""


def main() -> None:
    """Fetch both packages by their hashes, join their lists, write the file."""
    with tempfile.TemporaryDirectory() as place:
        fetched = Path(place)
        (fetched / "wanted.txt").write_text(_REQUIREMENTS, encoding="utf-8")
        subprocess.run(
            [
                *(sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"),
                *("--require-hashes", "--only-binary", ":all:"),
                *("--dest", place, "--requirement", str(fetched / "wanted.txt")),
            ],
            check=True,
        )
        listed = _of_django(fetched / DJANGO) | _of_zxcvbn(fetched / ZXCVBN)
    kept = sorted({each.casefold() for each in listed if len(each) >= SHORTEST})
    # Without the date of its making: the same lists give the same bytes.
    WRITTEN.write_bytes(gzip.compress("\n".join(kept).encode(), compresslevel=9, mtime=0))
    print(f"{len(kept):,} passwords, {WRITTEN.stat().st_size:,} bytes")


def _of_django(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as packed:
        raw = packed.read("django/contrib/auth/common-passwords.txt.gz")
    return set(gzip.decompress(raw).decode().split())


def _of_zxcvbn(wheel: Path) -> set[str]:
    """The first string of a dictionary literal: passwords with commas between."""
    with zipfile.ZipFile(wheel) as packed:
        module = ast.parse(packed.read("zxcvbn/frequency_lists.py"))
    for node in ast.walk(module):
        if isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if isinstance(key, ast.Constant) and key.value == "passwords":
                    [text] = (
                        each.value
                        for each in ast.walk(value)
                        if isinstance(each, ast.Constant) and len(str(each.value)) > len(",")
                    )
                    return set(str(text).split(","))
    raise SystemExit(f"{wheel.name} has no list of passwords")


if __name__ == "__main__":
    main()
