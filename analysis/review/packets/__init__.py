"""From a review to its packet, and from a packet to its verification."""
