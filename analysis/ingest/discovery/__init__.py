"""Google API discovery documents to an inventory."""
