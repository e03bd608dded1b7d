"""OpenAPI documents as they are exported: read from their bytes, cut to what is approved, written in their own format."""
