"""`python -m runtime.embedded.download`: have Kafka's jars here, or say why not."""

import sys

from runtime.embedded.kafka import fetch_kafka
from runtime.errors import MetricxError


def main() -> int:
    """Download what is missing; 1, and the error, if that does not work."""
    try:
        fetch_kafka()
    except MetricxError as error:
        print(f"{error.wrong} {error.remedy}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
