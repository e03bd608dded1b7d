"""Assessment of what an agent can reach besides described tools: resources, prompts, texts of servers, hosted tools."""
