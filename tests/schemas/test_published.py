"""The committed JSON Schemas are those of the code, and only ever grow."""

import copy
import json

import jsonschema
import pytest

from schemas.published import FOLDER, additions_only, schemas
from tests.schemas.test_corpus import FILES

NAME = "ad-metrics.hours_observation.v1.json"


@pytest.mark.parametrize("name", sorted(schemas()))
def test_the_committed_schema_is_that_of_the_code(name: str) -> None:
    """A change shows in the file; `python -m schemas.published` writes it."""
    committed = json.loads((FOLDER / name).read_text())
    assert additions_only(committed, schemas()[name]) == [], "raise the version instead"
    assert committed == schemas()[name], "run python -m schemas.published"


def test_frozen_events_fit_the_committed_schemas() -> None:
    """What was published obeys the schema that is published for it."""
    for file in FILES:
        topic, version = file.name.removesuffix(".jsonl").rsplit(".", 1)
        for line in file.read_text().splitlines():
            event = json.loads(line)
            schema = json.loads((FOLDER / f"{topic}.{event['type']}.{version}.json").read_text())
            jsonschema.validate(event, schema)


def test_a_field_that_becomes_required_is_a_break() -> None:
    """Events without it were valid before."""
    old, new = schemas()[NAME], copy.deepcopy(schemas()[NAME])
    new["$defs"]["HoursReading"]["required"].append("reach")
    assert additions_only(old, new)


def test_a_narrower_number_is_a_break() -> None:
    """Figures that were allowed would be refused."""
    old, new = schemas()[NAME], copy.deepcopy(schemas()[NAME])
    hours = new["$defs"]["HoursReading"]["properties"]["hour_seconds"]
    hours["items"]["maximum"] = 3600
    assert additions_only(old, new)


def test_a_new_optional_field_is_no_break() -> None:
    """Old events lack it and stay valid."""
    old, new = schemas()[NAME], copy.deepcopy(schemas()[NAME])
    new["$defs"]["HoursReading"]["properties"]["reach"] = {"type": "integer"}
    assert additions_only(old, new) == []
