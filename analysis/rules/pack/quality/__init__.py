"""QLT: quality of tools for agents."""
