"""``supervise check`` and ``diff``: what a bank does before it files."""
