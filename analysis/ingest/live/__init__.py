"""Live MCP servers: read from client configurations, their tools listed and recorded. No tool is called."""
