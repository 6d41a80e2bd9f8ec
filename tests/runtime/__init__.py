"""Settings, logging, commands, and the supervisor on real child processes."""
