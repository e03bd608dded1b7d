"""Exchange of events through a git remote: every replica has a branch of its own, and everything fetched is data."""
