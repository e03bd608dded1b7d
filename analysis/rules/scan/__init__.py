"""One look at each distinct text by its tokens alone: which detectors have to read it at all."""
