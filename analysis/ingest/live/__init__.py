"""Live MCP servers: named by a client's configuration, asked once for their tools, written down. Nothing is called."""
