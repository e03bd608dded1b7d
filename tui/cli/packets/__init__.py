"""Commands about packets: what is exported, who signs, and what a gateway enforces."""
