"""Commands about controls, answers, evidence, the access request, the profile and the policy."""
