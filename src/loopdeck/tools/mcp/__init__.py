"""Tools of MCP servers: the client, and what its servers say as tools that are judged like ours."""
