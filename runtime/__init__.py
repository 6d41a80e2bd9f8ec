"""Runtime: settings, logging, the command line, the supervisor and the embedded servers.

Here: all that starts, configures or stops a process. It is the only composer: it may import
every room, and no room imports it; what they need is handed to them as plain values.

To add a setting: a field in `settings.py`, then `make docs`. To add a process: a function in
`stack.py`, started in `up.py` and `demo.py`. Start at `cli.py`.
"""
