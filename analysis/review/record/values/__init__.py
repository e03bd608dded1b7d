"""Recorded values: what each may look like, whatever kind of event it is in."""
