"""The chapters of the review document: from its data to blocks, free of any markup."""
