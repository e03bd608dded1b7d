"""Comparison of definitions: what differs between those that were reviewed and those that are served, field by field.

One comparison serves the drift gate (`clearance check`) and the review of changes after a re-import.
"""
