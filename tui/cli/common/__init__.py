"""Code that commands share: options, output, progress, review files, sources, lookup."""
