"""Shopify's OAuth and as much of its Admin API as it takes to name a shop.

`authorize` asks a person, `callback` signs what comes back; `tokens` gives out, rotates and takes
back. `selection` reads GraphQL, `stores` says what a shop is, `graphql` is its HTTP. Orders are not
simulated. Start at `graphql.py`.
"""
