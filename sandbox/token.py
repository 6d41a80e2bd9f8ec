"""The sandbox's access token: public on purpose, worth nothing anywhere else."""

SANDBOX_TOKEN = "metricx-sandbox-token"  # noqa: S105 - no secret
