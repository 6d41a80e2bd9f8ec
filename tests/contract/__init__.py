"""What we assume of Faust and aiokafka, and that the transport built on it keeps its promises.

`test_internals.py` turns red when a line changes that ours overrides or leans on; the rest says
what must still hold then.
"""
