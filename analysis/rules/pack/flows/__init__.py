"""FLO: information flows."""
