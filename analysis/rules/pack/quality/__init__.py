"""QLT: whether an agent can choose and call a tool well."""
