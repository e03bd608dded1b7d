"""JSON Schema as OpenAPI and MCP use it: field names, references between schemas, and the tree a person reads."""
