"""CRD: credentials and authentication."""
