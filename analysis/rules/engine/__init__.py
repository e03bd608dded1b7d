"""The rule engine: declaration, execution, indexing and grouping of findings."""
