"""The desk application: keys, screens, prompts, background jobs."""
