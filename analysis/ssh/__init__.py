"""Signatures by SSH keys: those of sign-offs and those of pushed events are made and verified in one place."""
