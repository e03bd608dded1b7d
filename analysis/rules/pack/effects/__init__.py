"""EFF: what a tool does, against what it says it does."""
