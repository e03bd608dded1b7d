"""Flow roles in parts: what a call takes, what its result holds, where data leaves, and what is not settled."""
