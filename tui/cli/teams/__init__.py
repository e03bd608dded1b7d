"""Commands of several people on copies of one review."""
