"""Admin: what tests and the demo may do that no platform's client can.

`truth` tells all figures as of an instant, straight from the shop's books; `injections` turns
orders to spend or restate into changes; `routes` is their HTTP. Start at `routes.py`.
"""
