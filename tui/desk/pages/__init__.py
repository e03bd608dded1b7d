"""Pages about one thing: a tool, its related tools, its schemas."""
