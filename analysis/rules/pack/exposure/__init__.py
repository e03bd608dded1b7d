"""EXP: exposure of tools to the agent."""
