"""Events that were ever published decode for ever, to what they meant."""

from pathlib import Path

import pytest

from schemas.codec import decode, encode, known_versions
from schemas.topics import Topic

CORPUS = Path(__file__).parent / "corpus"
FILES = sorted(CORPUS.glob("*.jsonl"))


def _topic(file: Path) -> Topic:
    return Topic(file.name.split(".")[0])


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_event_ever_published_is_read(file: Path) -> None:
    """Each line of the frozen corpus decodes to an event of the newest version."""
    topic = _topic(file)
    for line in file.read_bytes().splitlines():
        event = decode(topic, line)
        assert event.v == known_versions(topic)[event.__struct_config__.tag]  # type: ignore[attr-defined]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_events_of_today_are_written_as_they_were_frozen(file: Path) -> None:
    """The newest version's bytes are the same after a round trip."""
    topic = _topic(file)
    newest = max(known_versions(topic).values())
    if file.name.endswith(f".v{newest}.jsonl"):
        for line in file.read_bytes().splitlines():
            assert encode(decode(topic, line)) == line


def test_the_corpus_holds_every_type_and_version() -> None:
    """A type or version without a frozen event has no witness."""
    frozen: dict[Topic, set[tuple[str, int]]] = {}
    for file in FILES:
        for line in file.read_bytes().splitlines():
            event = decode(_topic(file), line)
            frozen.setdefault(_topic(file), set()).add(
                (str(event.__struct_config__.tag), int(file.name.split(".v")[1].split(".")[0]))
            )
    for topic in Topic:
        for kind, newest in known_versions(topic).items():
            for version in range(1, newest + 1):
                assert (kind, version) in frozen[topic], f"no frozen {kind} of version {version}"
