"""Versions of other people's programs that the end-to-end tests install: name -> (registry, package, version)."""

from __future__ import annotations

from typing import Final

#: `pip` ones get a virtual environment each, `npm` ones a folder each; see `tests/e2e/installed.py`.
PINS: Final[dict[str, tuple[str, str, str]]] = {
    "fastmcp-4.2": ("pip", "fastmcp", "4.2.3"),
    "fastmcp-4.1": ("pip", "fastmcp", "4.1.2"),
    "fastmcp-3.4": ("pip", "fastmcp", "3.4.10"),
    "awslabs": ("pip", "awslabs.openapi-mcp-server", "1.1.6"),
    "litellm": ("pip", "litellm[proxy]", "1.108.7"),
    "litellm-1.106": ("pip", "litellm[proxy]", "1.106.2"),
    "mcp-openapi-proxy": ("pip", "mcp-openapi-proxy", "0.4.0"),
    "fastapi-mcp": ("pip", "fastapi-mcp", "0.4.0"),
    "openapi-mcp-generator": ("npm", "openapi-mcp-generator", "4.0.1"),
    "ivotoby": ("npm", "@ivotoby/openapi-mcp-server", "1.16.1"),
    "orval": ("npm", "orval", "7.13.2"),
    "claude-code": ("npm", "@anthropic-ai/claude-code", "2.1.332"),
    "codex": ("npm", "@openai/codex", "0.171.0"),
    "copilot": ("npm", "@github/copilot", "1.0.102"),
    "gemini": ("npm", "@google/gemini-cli", "0.61.0"),
    "opencode": ("npm", "opencode-ai", "1.18.33"),
    "openai-agents": ("pip", "openai-agents", "0.24.0"),
    "pydantic-ai": ("pip", "pydantic-ai-slim[mcp,openai]", "2.68.0"),
    "cedar": ("pip", "cedarpy", "4.12.2"),
    "rego": ("pip", "regopy", "1.5.2"),
    "openai": ("pip", "openai", "3.57.0"),
    "redocly": ("npm", "@redocly/cli", "2.77.0"),
    "spectral": ("npm", "@stoplight/spectral-cli", "6.16.3"),
    "spectral-owasp": ("npm", "@stoplight/spectral-owasp-ruleset", "2.0.1"),
    "swagger-parser": ("npm", "@apidevtools/swagger-parser", "13.1.0"),
    "anthropic": ("pip", "anthropic", "2.14.0"),
}
