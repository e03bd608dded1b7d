"""Words in context: names that frameworks generate, names of services, and verbs that their object settles."""
