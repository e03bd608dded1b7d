"""Print the tools that FastMCP makes of OpenAPI documents in JSON: for each a list of [method, path, name], or its error."""

import json
import logging
import pathlib
import sys

logging.disable(logging.CRITICAL)
try:
    import httpx2 as httpx
except ImportError:
    import httpx

from fastmcp.server.providers.openapi import OpenAPIProvider  # noqa: E402


def tools(path: str) -> object:
    """Return the tools of one document."""
    document = json.loads(pathlib.Path(path).read_text("utf-8"))
    try:
        provider = OpenAPIProvider(openapi_spec=document, client=httpx.AsyncClient(base_url="http://127.0.0.1:9"))
    except ValueError as error:
        return f"{error}"[:500]
    return [[tool._route.method, tool._route.path, name] for name, tool in provider._tools.items()]


print(json.dumps([tools(path) for path in sys.argv[1:]]))
