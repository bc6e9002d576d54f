"""Where sessions are kept: SQLite, memory, JSON lines."""
