"""Shopify: a shop can be connected (`oauth`); nothing reads it yet."""
