"""Clearance without a terminal: from bytes to findings, decisions, packets and allowlists."""

#: The version of the product; packaging, packets and `clearance --version` read it here.
__version__ = "0.2.0"
