"""The allowlist: what an agent may call, derived from decisions, default deny."""
