"""Clearance without a terminal: from bytes to findings, decisions, packets and allowlists."""
