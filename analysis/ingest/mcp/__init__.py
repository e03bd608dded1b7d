"""From tool lists of MCP servers, in every recorded form, to their tools."""
