"""Shop: what truly happened, whatever a platform says of it.

`plan` says which shop; `catalogue`, `generated` and `build` make its world; `calendar` its days;
`hours` and `conversions` what is drawn for an ad and a day; `corrections` how that is taken back;
`ledger` all of it as of an instant, with the injected changes laid over. Start at `ledger.py`.
"""
