"""The review document as Markdown and as HTML: two renderings of the same blocks."""
