"""One module for each consumer of the allowlist; `TARGETS` of the room above lists them."""
