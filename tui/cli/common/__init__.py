"""What commands share: output, progress, opening files, naming sources."""
