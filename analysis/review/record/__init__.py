"""What the events of a review say."""
