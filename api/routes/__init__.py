"""Thin routes: parse, ask, answer. One file for each part of the API."""
