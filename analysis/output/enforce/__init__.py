"""What the gateway decides and records, without a network: approved tools, callers, checks of a call, audit, approvals."""
