"""Webhooks by the Standard Webhooks scheme, which svix (and so Clerk) signs by."""

from collections.abc import Mapping, Sequence

from standardwebhooks import Webhook, WebhookVerificationError

from web.problems import Problem

_SAID_BY = ("svix", "webhook")
_PARTS = ("id", "timestamp", "signature")


class BadSignature(Problem):
    """Not signed by a secret of ours within five minutes; which of it failed is not said."""

    status, code, title = 401, "bad-signature", "This is not signed as it must be"
    meaning = (
        "A webhook came without a valid signature, or more than five minutes from the time that "
        "it was signed with. Nothing was done."
    )
    remedy = (
        "Compare the webhook secret in the settings of metricx with the sender's, and both clocks. "
        "The sender may then send it again."
    )


class SignedWebhooks:
    """The check of one sender's webhooks."""

    def __init__(self, secrets: Sequence[str]) -> None:
        """Any of the `whsec_…` may have signed: two while one replaces the other."""
        self._secrets = [Webhook(secret) for secret in secrets]

    def delivery_id(self, headers: Mapping[str, str], body: bytes) -> str:
        """The id of the delivery, signed with this very body; raises BadSignature."""
        said = _said(headers)
        for secret in self._secrets:
            try:
                secret.verify(body, said, json_parse=False)
            except (WebhookVerificationError, ValueError):  # ValueError: no UTF-8, no base64
                continue
            return said["webhook-id"]
        raise BadSignature(headers={"www-authenticate": 'Webhook-Signature realm="metricx"'})


def _said(headers: Mapping[str, str]) -> dict[str, str]:
    """The three headers under their standard names, all by one of the two names."""
    for prefix in _SAID_BY:
        if f"{prefix}-id" in headers:
            return {f"webhook-{part}": headers.get(f"{prefix}-{part}", "") for part in _PARTS}
    return {}
