"""The rule pack: one file or folder per family."""
