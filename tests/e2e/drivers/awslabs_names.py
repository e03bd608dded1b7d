"""Print the tools that AWS Labs' openapi-mcp-server makes of documents: for each a list of [method, path, name], or its error."""

import asyncio
import contextlib
import json
import logging
import sys

from loguru import logger

logger.remove()
logging.disable(logging.CRITICAL)

from awslabs.openapi_mcp_server.api.config import Config  # noqa: E402
from awslabs.openapi_mcp_server.server import create_mcp_server_async  # noqa: E402


async def tools(path: str) -> object:
    """Return the tools of the server that the program starts."""
    try:
        server = await create_mcp_server_async(Config(api_spec_path=path, api_base_url="http://127.0.0.1:9"))
    except (SystemExit, ValueError) as error:
        return f"{error}"[:500]
    return [[tool._route.method, tool._route.path, tool.name] for tool in await server.list_tools()]


async def main() -> list[object]:
    """Return the tools of every document."""
    return [await tools(path) for path in sys.argv[1:]]


with contextlib.redirect_stdout(sys.stderr):
    made = asyncio.run(main())
print(json.dumps(made))
