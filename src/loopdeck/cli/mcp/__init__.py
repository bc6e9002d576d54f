"""MCP servers for the command line: configured, accepted, and at work in a run."""
