"""The committed JSON Schemas are those of the code, and only ever grow."""

import copy
import json
from pathlib import Path

import jsonschema
import pytest

from schemas.published import FOLDER, Json, additions_only, schemas, write
from tests.schemas.test_corpus import FILES

NAME = "ad-metrics.hours_observation.v1.json"
OTHER = "ad-metrics.coverage.v1.json"


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


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"type": "string", "maxLength": 1024}, {"type": "string", "format": "date"}),
        ({"type": "object"}, {"type": "object", "additionalProperties": False}),
        ({"type": "string"}, {"type": "string", "pattern": "^[a-z]+$"}),
        ({"type": "integer"}, {"type": "integer", "exclusiveMinimum": 0}),
    ],
    ids=["format", "additionalProperties", "pattern", "exclusiveMinimum"],
)
def test_a_keyword_that_was_not_there_is_a_break(old: Json, new: Json) -> None:
    """Each turns away what nothing was said of before."""
    assert additions_only({"properties": {"label": old}}, {"properties": {"label": new}})


def test_a_field_may_be_called_like_a_keyword() -> None:
    """A new one is no limit, one that goes is gone, and one that stays is compared."""
    title: Json = {"properties": {"title": {"type": "string"}}}
    assert additions_only({"properties": {}}, {"properties": {"pattern": {}}}) == []
    assert additions_only(title, {"properties": {}}) == ["/properties/title: is gone"]
    assert additions_only(title, {"properties": {"title": {"type": "integer"}}})


def test_words_about_a_field_are_no_break() -> None:
    """They turn no event away."""
    said: Json = {"type": "string", "title": "T", "description": "D", "default": "", "examples": []}
    assert additions_only({"type": "string"}, said) == []


def test_a_schema_file_is_not_overwritten_by_a_break(tmp_path: Path) -> None:
    """Else one run of the command that writes them would make every change look like none."""
    write(tmp_path)
    held = tmp_path / NAME
    published = json.loads(held.read_text())
    published["$defs"]["HoursReading"]["required"].remove("currency")
    held.write_text(json.dumps(published))
    (tmp_path / OTHER).unlink()
    with pytest.raises(SystemExit, match=r"currency: is required now\. Raise the version") as ended:
        write(tmp_path)
    assert NAME in str(ended.value)
    assert "\n" not in str(ended.value)
    assert json.loads(held.read_text()) == published
    assert not (tmp_path / OTHER).exists()


def test_a_schema_file_grows_by_what_is_added(tmp_path: Path) -> None:
    """An optional field that the file lacks."""
    write(tmp_path)
    held = tmp_path / NAME
    published = json.loads(held.read_text())
    del published["$defs"]["HoursReading"]["properties"]["ad_id"]
    published["$defs"]["HoursReading"]["required"].remove("ad_id")
    held.write_text(json.dumps(published))
    optional = copy.deepcopy(schemas())
    optional[NAME]["$defs"]["HoursReading"]["required"].remove("ad_id")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("schemas.published.schemas", lambda: optional)
        write(tmp_path)
    assert json.loads(held.read_text()) == optional[NAME]
