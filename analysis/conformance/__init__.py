"""Whether a document keeps to its specification: checked in a process of its own, with limits."""
