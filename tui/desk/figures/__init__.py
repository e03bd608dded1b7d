"""Figures of the overview, each a function from its data and a size to rows; they know how to draw, and no review."""
