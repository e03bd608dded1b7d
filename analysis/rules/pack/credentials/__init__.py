"""CRD: how credentials are held and sent."""
