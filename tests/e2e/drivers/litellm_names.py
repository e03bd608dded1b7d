"""Print the tools that LiteLLM's proxy registers for servers with `spec_path`: for each a list of [method, path, name].

With `preview` as first argument those of `register_tools_from_openapi`, which the proxy's preview follows.
"""

import asyncio
import contextlib
import json
import logging
import sys

logging.disable(logging.CRITICAL)
with contextlib.redirect_stdout(sys.stderr):
    from litellm.proxy._experimental.mcp_server import mcp_server_manager, openapi_to_mcp_generator
    from litellm.proxy._experimental.mcp_server.tool_registry import global_mcp_tool_registry

made: dict[object, tuple[str, str]] = {}
original = openapi_to_mcp_generator.create_tool_function


def create_tool_function(path: str, method: str, *rest: object, **named: object) -> object:
    """Make the handler as LiteLLM does, and note which operation it is for."""
    handler = original(path, method, *rest, **named)
    made[handler] = (method.upper(), path)
    return handler


openapi_to_mcp_generator.create_tool_function = create_tool_function


async def tools(path: str, *, preview: bool) -> object:
    """Return the tools of one document, as the proxy registers them at its start."""
    global_mcp_tool_registry.tools.clear()
    if preview:
        document = await openapi_to_mcp_generator.load_openapi_spec_async(path)
        openapi_to_mcp_generator.register_tools_from_openapi(document, "http://127.0.0.1:9")
    else:
        manager = mcp_server_manager.MCPServerManager()
        await manager.load_servers_from_config({"crm": {"url": "http://127.0.0.1:9", "spec_path": path}})
    return [[*made[tool.handler], tool.name.removeprefix("crm-")] for tool in global_mcp_tool_registry.list_tools()]


async def main() -> list[object]:
    """Return the tools of every document."""
    preview = sys.argv[1] == "preview"
    return [await tools(path, preview=preview) for path in sys.argv[1 + preview :]]


with contextlib.redirect_stdout(sys.stderr):
    found = asyncio.run(main())
print(json.dumps(found))
