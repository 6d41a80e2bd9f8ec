"""Clerk: where it signs people in, this room turns its word into local users and sessions.

Here: its keys and the check of its tokens (`keys.py`, `verify.py`), its Backend API (`client.py`),
what it says of users (`users.py`, `events.py`) and the mirror of that in our tables (`mirror.py`).
Nothing of Clerk leaves the room but through `installation.py` and `sessions.py`.

A user here is a function of the newest that Clerk said: webhooks, first sights and repairs may
come in any order and any number. Start at `mirror.py`.
"""
