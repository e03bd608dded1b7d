"""What each key of the desk does, by subject. An action asks what it needs, calls the review, and updates the screen."""
