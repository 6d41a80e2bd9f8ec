"""Events through real Kafka, real workers and a real PostgreSQL; the oracle ends every test.

Here: `plant` (topics, database, workers and the verdict), `workers` (processes to kill), and a
file per fault. What takes minutes lies in `tests/chaos`.
"""
