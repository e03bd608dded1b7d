"""EFF: effects of tools, and their declarations."""
