"""The review document as PDF: the blocks as data (`layout.py`), set by typst from one fixed template (`review.typ`)."""
