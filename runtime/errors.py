"""What can keep metricx from running; each says what is wrong and what to do.

MetricxError
├── NotConfigured     a setting is missing
├── BadKeys           the key ring cannot be used, or lacks a key
├── AlreadyRunning    another `up` or `demo` holds the data directory
├── PortTaken         somebody else listens on the port that was asked for
├── DemoEmailTaken    an account that is not the demo's holds one of its e-mails
├── NotWritable       the data directory cannot be written
├── ServerAway        PostgreSQL or Kafka does not answer, or refuses
├── TopicMismatch     a topic is not what the catalogue says
├── NotStarted        a process ended, or was not ready in time
└── HistoryGone       Kafka lacks events that the read models already hold
"""

EXIT_ERROR = 1
EXIT_HISTORY_GONE = 78


class MetricxError(Exception):
    """Ends a command with one line for the user: what is wrong, and the remedy."""

    exit_code = EXIT_ERROR

    def __init__(self, wrong: str, remedy: str) -> None:
        super().__init__(f"{wrong} {remedy}")
        self.wrong, self.remedy = wrong, remedy


class NotConfigured(MetricxError):
    """A setting that this process needs is unset."""

    def __init__(self, path: str, example: str) -> None:
        name = "METRICX_" + path.replace(".", "__").upper()
        super().__init__(f"{name} is not set.", f"Set it to {example}, in the environment or .env.")


class BadKeys(MetricxError):
    """What seals tokens cannot be used. No word of it is a secret."""


class AlreadyRunning(MetricxError):
    """One data directory has one supervisor."""


class PortTaken(MetricxError):
    """The port that was asked for cannot be listened on."""


class DemoEmailTaken(MetricxError):
    """The demo cannot have its own users."""


class NotWritable(MetricxError):
    """What an installation keeps cannot be kept where it should be."""


class ServerAway(MetricxError):
    """PostgreSQL or Kafka cannot be used now."""


class TopicMismatch(MetricxError):
    """A topic is not what the catalogue says, and cannot be made so."""


class NotStarted(MetricxError):
    """A process that others need does not run."""


class HistoryGone(MetricxError):
    """A worker found its position outside of what Kafka holds."""

    exit_code = EXIT_HISTORY_GONE
