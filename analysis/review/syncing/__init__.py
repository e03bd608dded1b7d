"""Exchange of a review with colleagues through a git remote: see `exchange`."""
