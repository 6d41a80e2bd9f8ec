"""Google's OAuth and as much of the Google Ads API as it takes to choose an account.

`authorize` asks a person, `tokens` gives out and takes back. `customers` are the accounts that
there are, `queries` reads GAQL, `rows` is what it finds, `ads` its HTTP, `errors` what Google says
of failures. Figures are not simulated. Start at `ads.py`.
"""
