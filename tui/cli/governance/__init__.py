"""Commands about controls, answers, profile and policy."""
