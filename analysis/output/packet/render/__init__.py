"""The review document as Markdown, as HTML and as PDF: renderings of the same blocks."""
