"""Questions front ends ask of a review."""
