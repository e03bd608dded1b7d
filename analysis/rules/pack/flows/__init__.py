"""FLO: what tools do together."""
