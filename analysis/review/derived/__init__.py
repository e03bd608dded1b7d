"""What follows from the record: kept up to date from one change feed."""
