"""Requests to hosted models, and agents that are programs: the allowlist as parts of a request or of a program."""
