"""From an OpenAPI document to its tools."""
