"""Who recorded what: which events are proven, and who has approved."""
