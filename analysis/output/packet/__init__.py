"""The packet: the review as files that leave the house, and the sign-offs over them."""
