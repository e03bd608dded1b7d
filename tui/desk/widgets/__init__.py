"""Parts of the screen that know how to show, and nothing of reviews."""
