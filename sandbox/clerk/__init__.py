"""Clerk: people who sign in, the sessions that prove it, and the webhooks that tell of them.

`users` are the people; `keys` sign `sessions`; `sign_in` is the page that begins one; `backend` the
API that a server asks; `webhooks` tell an endpoint of every change, signed by `signature`. What a
test may do besides is in ../admin/clerk.py. Start at `users.py`.
"""
