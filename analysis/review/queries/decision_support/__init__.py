"""What a person is helped with who decides: reasons to fill in or recall, and the signals behind a label."""
