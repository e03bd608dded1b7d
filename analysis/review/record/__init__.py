"""The record of a review: events, and the state that they give."""
