"""Policy engines: the allowlist as policies that an engine evaluates for every call."""
