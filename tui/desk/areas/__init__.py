"""The areas of the desk: what a person works in."""
