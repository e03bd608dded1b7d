"""Commands about the tools of a review: list, show, decide, override, flows, duplicates, changes."""
