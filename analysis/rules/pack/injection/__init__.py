"""INJ: text that steers a model."""
