"""What the page of connections shows: a card each, composed of control rows and read models.

`states.py` says how a connection does, `card.py` what its card holds; both are pure. `cards.py`
asks PostgreSQL for what they need. `polling.py` is what runtime tells of the pollers.
"""
