"""What leaves the desk: the packet and the allowlist."""
