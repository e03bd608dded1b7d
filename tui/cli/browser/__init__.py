"""The desk in a browser on this machine."""
