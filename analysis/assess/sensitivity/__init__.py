"""Sensitivity of tools: data classes by field, confidential content by resource, and the risk table."""
