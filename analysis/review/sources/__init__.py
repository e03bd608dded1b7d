"""What comes into a review: documents, servers, the sample, evidence files, recorded calls."""
