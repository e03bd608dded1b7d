"""Actions on what several people record on one review."""
