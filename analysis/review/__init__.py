"""The service: composes the organs into a review. The only door for front ends."""
