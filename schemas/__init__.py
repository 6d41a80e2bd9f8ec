"""Schemas: what an event is.

Here: the envelope, one file per topic, the topic catalogue, upcasters from older versions, the
JSON Schema of every type and version (`json/`) and a frozen corpus of events ever published; and
`split.py`, by which all rooms share out an event's amounts to the last micro.
Imports nothing else of ours; everything else may import it.

To change an event: raise its version, add an upcaster in `upcasters/`, run
`python -m schemas.published`, and add an event of the new version to `tests/schemas/corpus/`.
Start at `envelope.py`.
"""
