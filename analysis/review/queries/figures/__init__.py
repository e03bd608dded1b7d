"""Figures of a review for its overview: what is decided of which risk and type, what costs points, what to know first.

All of them come from views that are kept up to date; none looks at every tool.
"""
