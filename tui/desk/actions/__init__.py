"""What keys do, one file per noun."""
