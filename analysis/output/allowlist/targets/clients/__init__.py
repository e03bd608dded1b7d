"""Agents that people run: each module has the files of one, and `lock.py` those that tie an agent to the gateway."""
