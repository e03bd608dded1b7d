"""Validation of OpenAPI documents against their specification, in a separate process with limits."""
