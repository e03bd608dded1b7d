"""The gateway: a packet verified, its upstream compared with it, and each call decided, asked about and recorded."""
