"""The sandbox's credentials: public on purpose, worth nothing anywhere else."""
# ruff: noqa: S105 - no secrets

META_APP_ID = "660042004200"
META_APP_SECRET = "metricx-sandbox-meta-secret"
SANDBOX_TOKEN = "metricx-sandbox-token"
"""Opens Meta without any consent, and never ends."""
DEAD_TOKEN = "metricx-sandbox-dead-token"
"""A token of Meta's whose session has expired."""

GOOGLE_CLIENT_ID = "metricx-sandbox.apps.googleusercontent.com"
GOOGLE_CLIENT_SECRET = "metricx-sandbox-google-secret"

SHOPIFY_CLIENT_ID = "metricx-sandbox-shopify"
SHOPIFY_CLIENT_SECRET = "metricx-sandbox-shopify-secret"

CLERK_SECRET_KEY = "sk_test_metricx_sandbox"
CLERK_WEBHOOK_SECRET = "whsec_bWV0cmljeC1zYW5kYm94LWNsZXJrLXdlYmhvb2s="
