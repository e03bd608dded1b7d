"""The names under which capabilities are offered: by this product's gateway, and by the generators that people run."""
