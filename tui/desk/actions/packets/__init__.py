"""Actions on the packet: export, withdrawal, signature."""
