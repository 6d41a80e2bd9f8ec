"""Long faults under load, and mutants of what only servers can show; `make chaos`.

Each file is one kind of fault. `mutants` are defects that a worker process is started with: a
proof that they do not break proves nothing.
"""
