"""Reading documents: loading within limits, JSON and YAML with places, references, canonical text."""
