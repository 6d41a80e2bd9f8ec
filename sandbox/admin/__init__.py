"""Admin: what tests and the demo may do that no platform's client can.

`truth` tells all figures as of an instant, straight from the shop's books; `injections` turns
orders to spend or restate into changes; `routes` is their HTTP. `tokens` lets OAuth's tokens die,
`clerk` moves Clerk's people, keys and webhooks. `orders` reads what is ordered. Start at
`routes.py`.
"""
