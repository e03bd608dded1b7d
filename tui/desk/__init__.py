"""The desk: the workstation in the terminal."""
