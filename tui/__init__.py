"""The terminal: the command line and the desk. Holds no rules of the trade."""
