"""The arithmetic of ad windows: registers of readings, and the rows that follow from them.

Pure: no transaction, no clock. `projections/ad_windows.py` loads what `needs` names and writes
what `fold` finds. The rules are docs/architecture.md, "Windows".
"""
