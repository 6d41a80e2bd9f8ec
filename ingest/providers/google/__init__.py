"""Google Ads: it can be connected (`oauth`); nothing reads it yet."""
