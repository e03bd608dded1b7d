"""Detectors that rules share: prompt injection, secrets, similar tools, the lethal trifecta."""
