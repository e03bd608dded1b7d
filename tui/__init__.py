"""The terminal: the command line and the desk. Contains no analysis of its own."""
