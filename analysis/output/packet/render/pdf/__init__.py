"""The review document as PDF: the blocks as data (`page_data.py`), set by typst from one fixed template (`review.typ`)."""
