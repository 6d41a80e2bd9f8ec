"""Embedded: Kafka and PostgreSQL of our own, from package registries, without root or Docker.

`KafkaServer` and `PostgresServer` keep all they own in one data directory each, listen on
127.0.0.1 alone and end with the process that started them. The same settings point at
servers of your own instead. `python -m runtime.embedded --data DIR` starts both.
"""

from runtime.embedded.kafka import KafkaServer
from runtime.embedded.postgres import PostgresServer

__all__ = ["KafkaServer", "PostgresServer"]
