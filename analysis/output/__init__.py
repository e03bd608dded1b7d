"""The output of a review: packet and allowlist."""
