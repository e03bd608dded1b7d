"""EXP: what the agent is given."""
