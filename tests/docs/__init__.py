"""The papers say what is so: links, names, commands, settings, and the way onto servers."""
