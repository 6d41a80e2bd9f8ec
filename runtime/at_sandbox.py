"""Settings under which every platform is the sandbox."""

from pydantic import SecretStr

from runtime.settings import Settings

# The sandbox's own, public on purpose: `sandbox/token.py`.
META_TOKEN = "metricx-sandbox-token"  # noqa: S105
DEAD_META_TOKEN = "metricx-sandbox-dead-token"  # noqa: S105
_META_APP = {"app_id": "660042004200", "app_secret": SecretStr("metricx-sandbox-meta-secret")}
_GOOGLE_CLIENT = {
    "client_id": "metricx-sandbox.apps.googleusercontent.com",
    "client_secret": SecretStr("metricx-sandbox-google-secret"),
}
_SHOPIFY_APP = {
    "client_id": "metricx-sandbox-shopify",
    "client_secret": SecretStr("metricx-sandbox-shopify-secret"),
}


def at_sandbox(settings: Settings, base: str) -> Settings:
    """The settings, with the simulated platforms in place of the real ones."""
    meta, google, shopify = settings.meta, settings.google, settings.shopify
    return settings.model_copy(
        update={
            "simulated": True,
            "meta": meta.model_copy(
                update={"base_url": f"{base}/meta", "dialog_url": f"{base}/meta", **_META_APP}
            ),
            "google": google.model_copy(
                update=dict.fromkeys(("base_url", "consent_url", "token_url"), f"{base}/google")
                | _GOOGLE_CLIENT
            ),
            "shopify": shopify.model_copy(
                update={"base_url": f"{base}/shopify/{{shop}}", **_SHOPIFY_APP}
            ),
        }
    )
