"""The review document as data: `review.json`, from which the pages are rendered."""
