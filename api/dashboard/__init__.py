"""The dashboard's answer: `ask.py` reads it at one instant, the other files make its parts."""
