"""Sign-offs: SSH signatures over a packet, and what a policy requires of them."""
